: Moves its conductance while its current is evaluated, twice in a step, so that NEURON's quotient is no slope.
NEURON {
    POINT_PROCESS NcsGraded
    RANGE i, g
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA)  g (uS)  dt (ms) }
INITIAL { g = 0 }
BREAKPOINT {
    g = g + 0.5*dt*(0.01/(1 + exp(-(v + 50(mV))/4(mV))) - g)/3(ms)
    i = g*(v + 70)
}
