: Reads the total of the ion as well as writing its own part, and shows them under one name.
NEURON {
    SUFFIX ncs_exchange
    USEION ca READ cai, ica WRITE cai, ica
    RANGE ica, own
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (mM) = (milli/liter) }
ASSIGNED { v (mV)  ica (mA/cm2)  own (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = 2e-4  own = 3e-5 }
BREAKPOINT {
    SOLVE fill METHOD cnexp
    own = 3e-5*(1 + 0.01*v)
    ica = own
}
DERIVATIVE fill { cai' = -(ica - own)*10 - (cai - 2e-4)/20 }
