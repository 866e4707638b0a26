: Its current is set when the step is over, so that it flows in the next one.
NEURON {
    POINT_PROCESS NcsLate
    RANGE i
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA) }
STATE { a (uS)  b (uS) }
INITIAL { now()  a = 0  b = 0 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states {
    now()
    a' = -a/0.7(ms)
    b' = -b/11(ms)
}
PROCEDURE now() { i = 0.6*(b - a)*(v + 4(mV)) }
NET_RECEIVE(w (uS)) {
    a = a + w
    b = b + w
}
