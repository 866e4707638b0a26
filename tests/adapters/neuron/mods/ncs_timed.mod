: Hides its current, which depends on the time in the middle of each step.
NEURON {
    SUFFIX ncs_timed
    USEION ca READ eca WRITE ica
    RANGE gbar
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.0001 (S/cm2) }
ASSIGNED { v (mV)  eca (mV)  ica (mA/cm2) }
BREAKPOINT { ica = gbar*sin(t)*(v - eca) }
