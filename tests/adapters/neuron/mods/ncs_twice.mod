: Its current is set at both ends of the step, and is no straight line in v.
NEURON {
    POINT_PROCESS NcsTwice
    RANGE i
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA) }
STATE { a (uS)  b (uS) }
INITIAL { now()  a = 0  b = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    now()
}
DERIVATIVE states {
    now()
    a' = -a/0.7(ms)
    b' = -b/11(ms)
}
PROCEDURE now() { i = (b - a)*(v + 4(mV))/(1 + exp(-(v + 25(mV))/8(mV))) }
NET_RECEIVE(w (uS)) {
    a = a + w
    b = b + w
}
