TITLE Potassium current that calcium opens

NEURON {
    SUFFIX kca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (S) = (siemens)
}
PARAMETER {
    gbar = 1e-3 (S/cm2)
    half = 4.3e-4 (mM)
}
ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
}
STATE { z }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*z*(v - ek)
}
INITIAL { z = bound(cai) }
DERIVATIVE states { z' = (bound(cai) - z)/2 }
FUNCTION bound(c (mM)) { bound = 1/(1 + (half/c)^4) }
