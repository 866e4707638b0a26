TITLE Cation current that hyperpolarization opens

NEURON {
    SUFFIX ih
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}
PARAMETER {
    gbar = 2e-5 (S/cm2)
    e = -45 (mV)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
STATE { m }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar*m*(v - e)
}
INITIAL { m = steady(v) }
DERIVATIVE states { m' = (steady(v) - m)/(20 + 200*exp(-((v + 75)/20)^2)) }
FUNCTION steady(v (mV)) { steady = 1/(1 + exp((v + 82)/9)) }
