: Makes its reversal potential once, at the start, and shows neither it nor what is read of the ion.
NEURON {
    SUFFIX ncs_first
    USEION na WRITE ina
    RANGE gbar, ina
    NONSPECIFIC_CURRENT i
    RANGE i
}
COMMENT ENDCOMMENT
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.002 (S/cm2)  base = 30 (mV) }
ASSIGNED { v (mV)  ina (mA/cm2)  i (mA/cm2)  ena (mV)  low (mV) }
STATE { m }
INITIAL {
    m = 0
    ena = base + 2^2*celsius
    low = -ena - 20
}
ASSIGNED { celsius (degC) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gbar*m*(v - ena)
    i = 0.3*gbar*m*(v - low)
}
DERIVATIVE states { m' = (1/(1 + exp(-(v + 40(mV))/5(mV))) - m)/0.5(ms) }
