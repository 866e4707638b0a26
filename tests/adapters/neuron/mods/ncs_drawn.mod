: A rectifying synapse with random weights: their generator stands behind a POINTER, set or not.
NEURON {
    POINT_PROCESS NcsDrawn
    RANGE i
    POINTER rng
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA)  rng }
STATE { s (uS) }
INITIAL { s = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = s*(v - 1(mV))/(1 + 0.28*exp(-0.062(/mV)*v))
}
DERIVATIVE states { s' = -s/6(ms) }
NET_RECEIVE(w (uS)) { s = s + w*draw() }
PROCEDURE take() {
VERBATIM
    _p_rng = (double*)nrn_random_arg(1);
ENDVERBATIM
}
FUNCTION draw() {
VERBATIM
    _ldraw = _p_rng ? nrn_random_pick((Rand*)_p_rng) : 1.0;
ENDVERBATIM
}
