: Sets a conductance before its currents are evaluated, and a current after its states are advanced.
NEURON {
    SUFFIX ncs_blocks
    RANGE g, i, j, k, s
    NONSPECIFIC_CURRENT i, j, k
}
UNITS { (mV) = (millivolt)  (mA) = (milliamp)  (S) = (siemens) }
ASSIGNED { v (mV)  i (mA/cm2)  j (mA/cm2)  k (mA/cm2)  g (S/cm2)  s[2]  dt (ms) }
INITIAL { s[0] = 1  s[1] = 0  j = 0 }
BEFORE BREAKPOINT { g = 2e-4*(1 + 0.01*v)^2 }
BREAKPOINT {
    SOLVE states
    i = g*(v + 12)
    k = 1e-4*(s[0] + 3*s[1])*(v + 15)
}
PROCEDURE states() {
    s[0] = s[0] - dt*s[0]/3(ms)
    s[1] = s[1] + dt*(1 - s[1])/4(ms)
}
AFTER SOLVE { j = 1e-4*(v + 25) }
