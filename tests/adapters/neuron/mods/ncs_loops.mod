: COMMENT in a comment, a VERBATIM of words, and loops that count with the name of the current.
TITLE A synapse { with COMMENT and VERBATIM in its title
COMMENT
    : NEURON { SUFFIX nothing }
ENDCOMMENT and what stands behind it
NEURON {
    POINT_PROCESS NcsLoops  : RANGE hidden
    RANGE i, past           ? RANGE hidden
    NONSPECIFIC_CURRENT i
}
DEFINE LENGTH 500
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA)  past[LENGTH] }
STATE { s (uS) }
INITIAL { s = 0  FROM i = 0 TO LENGTH-1 { past[i] = 0 } }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = s*(v + 3(mV))/(1 + exp(-(v + 20(mV))/13(mV)))
}
DERIVATIVE states { s' = -s/(18(ms) + 0*sum(v)) }
FUNCTION sum(i) {
    LOCAL k
    k = 0
    FROM i = 0 TO 3 { k = k + past[i] }
    sum = k
VERBATIM
    /* i = 0; NEURON { */
ENDVERBATIM
}
NET_RECEIVE(w (uS)) {
    s = s + w
    past[1] = t
}
