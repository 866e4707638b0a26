: A density that watches another membrane, and shows two parts of its current.
NEURON {
    SUFFIX ncs_watch
    POINTER seen
    RANGE i, i_one, i_two
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp) }
ASSIGNED { v (mV)  i (mA/cm2)  i_one (mA/cm2)  i_two (mA/cm2)  seen (mV) }
BREAKPOINT {
    i_one = 1e-4*(v - seen)
    i_two = 2e-4*heaviside(v + 50)*(v + 90)
    i = i_one + i_two
}
FUNCTION heaviside(x) {
    if (x > 0) { heaviside = 1 } else { heaviside = 0 }
}
