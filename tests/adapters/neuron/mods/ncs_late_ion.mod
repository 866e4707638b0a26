: Sets the current of an ion when the step is over, in a procedure that is solved.
NEURON {
    SUFFIX ncs_late_ion
    USEION ca READ eca WRITE ica
    RANGE ica, gbar
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 2e-4 (S/cm2) }
ASSIGNED { v (mV)  eca (mV)  ica (mA/cm2) }
STATE { m }
INITIAL { m = 0  ica = 0 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states {
    ica = gbar*m*(v - eca)
    m' = (1/(1 + exp(-(v + 30(mV))/7(mV))) - m)/2(ms)
}
