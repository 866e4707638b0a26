: CONDUCTANCE says what di/dv is, and NEURON believes it although the gate depends on the voltage.
NEURON {
    SUFFIX ncs_hinted
    RANGE i, g
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
ASSIGNED { v (mV)  i (mA/cm2)  g (S/cm2) }
BREAKPOINT {
    CONDUCTANCE g
    g = 3e-4/(1 + exp(-(v + 40(mV))/5(mV)))
    i = g*(v + 80(mV))
}
