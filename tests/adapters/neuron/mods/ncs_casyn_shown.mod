: A synapse that calcium passes, driven by events.
NEURON {
    POINT_PROCESS NcsCaSynShown
    USEION ca READ eca WRITE ica
    NONSPECIFIC_CURRENT i
    RANGE tau, e, frac, g, ica
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
PARAMETER { tau = 5 (ms)  e = 0 (mV)  frac = 0.1 }
ASSIGNED { v (mV)  eca (mV)  i (nA)  ica (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (1 - frac)*g*(v - e)
    ica = frac*g*(v - eca)
}
DERIVATIVE states { g' = -g/tau }
NET_RECEIVE(w (uS)) { g = g + w }
