: Sets the voltage back whenever it is above a threshold.
NEURON {
    POINT_PROCESS NcsReset
    RANGE g, low, high, i
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt)  (nA) = (nanoamp)  (uS) = (microsiemens) }
PARAMETER { g = 0.0007 (uS)  low = -71.3 (mV)  high = -45 (mV) }
ASSIGNED { v (mV)  i (nA) }
INITIAL { net_send(0, 1) }
BREAKPOINT { i = g*(v + 58) }
NET_RECEIVE(w) {
    if (flag == 1) { WATCH (v > high) 2 }
    if (flag == 2) { v = low }
}
