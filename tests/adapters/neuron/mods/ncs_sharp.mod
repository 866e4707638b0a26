: Switched by a sharp threshold in the voltage.
NEURON {
    SUFFIX ncs_sharp
    RANGE i, edge
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp) }
PARAMETER { edge = -58 (mV) }
ASSIGNED { v (mV)  i (mA/cm2) }
BREAKPOINT {
    if (v > edge) { i = 2e-4*(v - 35) } else { i = 0 }
}
