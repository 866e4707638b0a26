TITLE Calcium current of high threshold, with an ohmic driving force

NEURON {
    SUFFIX cahigh
    USEION ca READ eca WRITE ica
    RANGE gbar
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}
PARAMETER { gbar = 1e-4 (S/cm2) }
ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    minf
    mtau (ms)
}
STATE { m h }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar*m*m*h*(v - eca)
}
INITIAL {
    m = steady(v, -22, 7)
    h = 1 - steady(v, -35, 9)
}
DERIVATIVE states {
    m' = (steady(v, -22, 7) - m)/(0.4 + 2*exp(-((v + 25)/25)^2))
    h' = (1 - steady(v, -35, 9) - h)/180
}
FUNCTION steady(v (mV), half (mV), slope (mV)) { steady = 1/(1 + exp(-(v - half)/slope)) }
