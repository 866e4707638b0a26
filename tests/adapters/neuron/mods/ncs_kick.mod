: Its current is what the last event made it.
NEURON {
    POINT_PROCESS NcsKick
    RANGE i
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) }
ASSIGNED { i (nA) }
INITIAL { i = 0 }
BREAKPOINT { }
NET_RECEIVE(w (nA)) { i = -i - w }
