: Its current is a state, and an event adds to it; of the two names the last is its own.
NEURON {
    POINT_PROCESS NcsNobody
    POINT_PROCESS NcsState
    RANGE tau
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) }
PARAMETER { tau = 2.3 (ms) }
STATE { i (nA) }
INITIAL { i = 0 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states { i' = -i/tau }
NET_RECEIVE(w (nA)) { i = i - w }
