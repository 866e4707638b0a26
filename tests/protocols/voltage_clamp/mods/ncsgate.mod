COMMENT
A conductance that opens and inactivates along Boltzmann curves with time constants that do not depend on
the voltage: all that a voltage clamp reads off it has a closed form.
ENDCOMMENT

NEURON {
    SUFFIX ncsgate
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, vm, km, taum, vh, kh, tauh
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.001 (S/cm2)
    e = 40 (mV)
    vm = -25 (mV)
    km = 7 (mV)
    taum = 0.5 (ms)
    vh = -60 (mV)
    kh = 6 (mV)
    tauh = 1e9 (ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { m h }

INITIAL {
    m = 1 / (1 + exp((vm - v) / km))
    h = 1 / (1 + exp((v - vh) / kh))
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar * m * h * (v - e)
}

DERIVATIVE states {
    m' = (1 / (1 + exp((vm - v) / km)) - m) / taum
    h' = (1 / (1 + exp((v - vh) / kh)) - h) / tauh
}
