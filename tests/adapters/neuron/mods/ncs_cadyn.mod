: Calcium below the membrane.
NEURON {
    SUFFIX ncs_cadyn
    USEION ca READ ica WRITE cai
    RANGE depth, tau, rest
}
UNITS { (mM) = (milli/liter)  (mA) = (milliamp)  (um) = (micron) }
PARAMETER { depth = 0.1 (um)  tau = 50 (ms)  rest = 5e-5 (mM) }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = rest }
BREAKPOINT { SOLVE states METHOD derivimplicit }
DERIVATIVE states { cai' = -(1e4)*ica/(2*96485*depth) - (cai - rest)/tau }
