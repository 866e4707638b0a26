: Half of a gap junction whose other side is transferred (ParallelContext.target_var).
NEURON {
    POINT_PROCESS NcsHalfGap
    NONSPECIFIC_CURRENT i
    RANGE r, vgap
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt) }
PARAMETER { r = 100 (megohm) }
ASSIGNED { v (mV)  vgap (mV)  i (nA) }
BREAKPOINT { i = (v - vgap)/r }
