: Hides its current, and scales it with a GLOBAL that is made anew in every step.
NEURON {
    SUFFIX ncs_tadj
    USEION k READ ek WRITE ik
    RANGE gbar
    GLOBAL tadj, q10
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.003 (S/cm2)  q10 = 2.1 }
ASSIGNED { v (mV)  celsius (degC)  ek (mV)  ik (mA/cm2)  tadj }
STATE { n }
INITIAL { rates()  n = 0.2 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = tadj*gbar*n*(v - ek)
}
DERIVATIVE states {
    rates()
    n' = tadj*(1/(1 + exp(-(v + 38(mV))/6(mV))) - n)/5(ms)
}
PROCEDURE rates() { tadj = q10^((celsius - 22(degC))/10(degC)) }
