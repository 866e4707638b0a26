: A conductance whose reversal potential is a state: as the current is evaluated, it is a step old.
NEURON {
    SUFFIX ncs_moving
    NONSPECIFIC_CURRENT i
    RANGE g, er
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { g = 0.0015 (S/cm2) }
ASSIGNED { v (mV)  i (mA/cm2) }
STATE { er (mV)  m }
INITIAL { er = -70  m = 0.2 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g*m*(v - er)
}
DERIVATIVE states {
    er' = (0.5*v - 35(mV) - er)/0.8(ms)
    m' = (1/(1 + exp(-(v + 50(mV))/12(mV))) - m)/1.5(ms)
}
