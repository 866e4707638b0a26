: A conductance that is a function of the time: it has no state, so that nothing tells its slope afterwards.
NEURON {
    POINT_PROCESS NcsWave
    RANGE gmax, period, i
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (nA) = (nanoamp)  (uS) = (microsiemens) }
PARAMETER { gmax = 0.003 (uS)  period = 9 (ms) }
ASSIGNED { v (mV)  i (nA) }
BREAKPOINT {
    i = gmax*(1 - cos(6.283185307*t/period))*(v + 5)/(1 + 0.2*exp(-0.07*v))
}
