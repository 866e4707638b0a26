: A calcium channel with an ohmic current, which it shows.
NEURON {
    SUFFIX ncs_cal_shown
    USEION ca READ eca WRITE ica
    RANGE gbar, ica
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED { v (mV)  eca (mV)  ica (mA/cm2) }
STATE { m }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar*m*m*(v - eca)
}
INITIAL { m = 1/(1 + exp(-(v + 30)/7)) }
DERIVATIVE states { m' = (1/(1 + exp(-(v + 30)/7)) - m)/2 }
