: Hides its current, which names the size of the compartment, the step and an included file.
NEURON {
    SUFFIX ncs_sized
    USEION k READ ek WRITE ik
    RANGE gbar
}
INCLUDE "ncs_table.inc"
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens)  (um) = (micron) }
PARAMETER { gbar = 3e-4 (S/cm2)  scale = 1 }
ASSIGNED { v (mV)  ek (mV)  ik (mA/cm2)  area (um2)  diam (um)  dt (ms) }
BREAKPOINT {
    curve(v)
    ik = scale*gbar*(diam/20 + area/900 + dt)*inf*(v - ek)
}
