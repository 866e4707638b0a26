: An electrode whose current depends on the potential inside, not as a straight line.
NEURON {
    POINT_PROCESS NcsProbe
    ELECTRODE_CURRENT i
    RANGE g, e, i
}
PARAMETER {
    g = 0.002 (uS)
    e = -20 (mV)
}
ASSIGNED {
    v (mV)
    i (nA)
}
BREAKPOINT {
    i = g * (e - v) / (1 + exp(-(v + 40 (mV)) / 8 (mV)))
}
