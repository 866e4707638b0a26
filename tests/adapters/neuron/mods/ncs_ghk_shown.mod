: A calcium channel after Goldman, Hodgkin and Katz: its current is no straight line in v.
NEURON {
    SUFFIX ncs_ghk_shown
    USEION ca READ cai, cao WRITE ica
    RANGE pbar, ica
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (mM) = (milli/liter) }
PARAMETER { pbar = 2e-5 (cm/s) }
ASSIGNED { v (mV)  cai (mM)  cao (mM)  celsius (degC)  ica (mA/cm2) }
STATE { m h }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = pbar*m*h*ghk(v, cai, cao)
}
INITIAL {
    m = 1/(1 + exp(-(v + 40)/6))
    h = 1/(1 + exp((v + 60)/6))
}
DERIVATIVE states {
    m' = (1/(1 + exp(-(v + 40)/6)) - m)/3
    h' = (1/(1 + exp((v + 60)/6)) - h)/20
}
FUNCTION ghk(v (mV), ci (mM), co (mM)) { LOCAL z
    z = (1e-3)*2*96485*v/(8.314*(273.15 + celsius))
    if (fabs(z) < 1e-4) {
        ghk = (1e-3)*2*96485*(ci*(1 + z/2) - co*(1 - z/2))
    } else {
        ghk = (1e-3)*2*96485*(ci*z/(1 - exp(-z)) + co*z/(1 - exp(z)))
    }
}
