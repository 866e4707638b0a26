: A potassium channel that shows its current, next to the one of hh.
NEURON {
    SUFFIX ncs_krange
    USEION k READ ek WRITE ik
    RANGE gbar, ik
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.0003 (S/cm2) }
ASSIGNED { v (mV)  ek (mV)  ik (mA/cm2) }
STATE { n }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*(v - ek)
}
INITIAL { n = 1/(1 + exp(-(v + 35)/10)) }
DERIVATIVE states { n' = (1/(1 + exp(-(v + 35)/10)) - n)/30 }
