: Half of a gap junction.
NEURON {
    POINT_PROCESS NcsGap
    NONSPECIFIC_CURRENT i
    POINTER vother
    RANGE r
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt) }
PARAMETER { r = 100 (megohm) }
ASSIGNED { v (mV)  vother (mV)  i (nA) }
BREAKPOINT { i = (v - vother)/r }
