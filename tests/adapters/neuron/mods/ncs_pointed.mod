: A rectifying synapse that watches another membrane through a POINTER, which its current names or not.
NEURON {
    POINT_PROCESS NcsPointed
    RANGE i, direct
    POINTER pre, rng
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
PARAMETER { direct = 0.001 (uS) }
ASSIGNED { v (mV)  i (nA)  pre (mV)  rng }
STATE { s }
INITIAL { s = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (0.01*s + direct/(1 + exp(-(pre + 30(mV))/8(mV))))*(v - 5(mV))/(1 + exp(-(v + 30(mV))/15(mV)))
}
DERIVATIVE states { s' = (1/(1 + exp(-(pre + 20(mV))/5(mV))) - s)/4(ms) }
