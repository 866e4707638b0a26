: Two receptors in one: the parts of its current are shown as well.
NEURON {
    POINT_PROCESS NcsParts
    RANGE i, i_fast, i_slow, g_fast
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA)  i_fast (nA)  i_slow (nA)  g_fast (uS) }
STATE { a (uS)  b (uS)  c (uS) }
INITIAL { a = 0  b = 0  c = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    g_fast = a
    i_fast = g_fast*v
    i_slow = (c - b)*v/(1 + 0.28*exp(-0.062(/mV)*v))
    i = i_fast + i_slow
}
DERIVATIVE states {
    a' = -a/1.7(ms)
    b' = -b/2.3(ms)
    c' = -c/43(ms)
}
NET_RECEIVE(w (uS)) {
    a = a + w
    b = b + 0.8*w
    c = c + 0.8*w
}
