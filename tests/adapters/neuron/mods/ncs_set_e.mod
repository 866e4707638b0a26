: Sets its reversal potential while its current is evaluated, whatever the ion's is.
NEURON {
    SUFFIX ncs_set_e
    USEION na READ nai WRITE ina
    RANGE gbar
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens)  (mM) = (milli/liter) }
PARAMETER { gbar = 0.0004 (S/cm2) }
ASSIGNED { v (mV)  nai (mM)  ena (mV)  ina (mA/cm2) }
BREAKPOINT {
    ena = 31(mV) + 2(mV)*log(nai/1(mM))
    ina = gbar*(v - ena)/(1 + exp(-(v + 20(mV))/9(mV)))
}
