: Scaled with what is neither RANGE nor GLOBAL, so that no copy can be given it and nothing tells its slope.
NEURON {
    POINT_PROCESS NcsWave
    RANGE gmax, period, i
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (nA) = (nanoamp)  (uS) = (microsiemens) }
PARAMETER { gmax = 0.003 (uS)  period = 9 (ms) }
ASSIGNED { v (mV)  i (nA)  inner }
INITIAL { inner = 1 }
BREAKPOINT {
    i = inner*gmax*(1 - cos(6.283185307*t/period))*(v + 5)/(1 + 0.2*exp(-0.07*v))
}
