: A receptor with a magnesium block: its current is no straight line in v, and jumps at events.
NEURON {
    POINT_PROCESS NcsNMDA
    NONSPECIFIC_CURRENT i
    RANGE tau1, tau2, e
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
PARAMETER { tau1 = 1 (ms)  tau2 = 30 (ms)  e = 0 (mV) }
ASSIGNED { v (mV)  i (nA) }
STATE { a (uS)  b (uS) }
INITIAL { a = 0  b = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (b - a)*block(v)*(v - e)
}
DERIVATIVE states {
    a' = -a/tau1
    b' = -b/tau2
}
FUNCTION block(v (mV)) { block = 1/(1 + exp(-0.062(/mV)*v)/3.57) }
NET_RECEIVE(w (uS)) {
    a = a + w
    b = b + w
}
