: Has a reversal potential of its own, though the ion has one: it does not stand under READ.
NEURON {
    SUFFIX ncs_own_e
    USEION na WRITE ina
    RANGE gbar, g
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.3 (S/cm2)  ena = 43 (mV) }
ASSIGNED { v (mV)  ina (mA/cm2)  g (S/cm2) }
STATE { m h }
INITIAL { m = 0  h = 0.6 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*m^3*h
    ina = g*(v - ena)
}
DERIVATIVE states {
    m' = (1/(1 + exp(-(v + 36(mV))/7(mV))) - m)/0.06(ms)
    h' = (1/(1 + exp((v + 58(mV))/6(mV))) - h)/1.1(ms)
}
