: Two potassium currents, of which one inactivates, in one mechanism; its leak adds what it does not show.
NEURON {
    SUFFIX ncs_kahh
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE ika, ikhh, ilast, il, gka, gk, gna, gl, el
}
UNITS { (mA) = (milliamp)  (mV) = (millivolt)  (S) = (siemens) }
PARAMETER { gka = 0.01 (S/cm2)  gk = 0.02 (S/cm2)  gna = 0.004 (S/cm2)  gl = 2e-4 (S/cm2)  el = -60 (mV) }
ASSIGNED {
    v (mV)  ena (mV)  ek (mV)  ina (mA/cm2)  ik (mA/cm2)  il (mA/cm2)
    ika (mA/cm2)  ikhh (mA/cm2)  ilast (mA/cm2)
}
STATE { n  b }
INITIAL { n = inf(v, -35, 9)  b = inf(v, -70, -7) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ika = gka*n*b*(v - ek)
    ikhh = gk*n^4*(v - ek)
    ik = ika + ikhh
    ina = gna*(1 - n)*(v - ena)
    ilast = 0.5*gl*(v - el)*(1 + 0.02(/mV)*(v - el))
    il = gl*(v - el) - 2*ilast
}
DERIVATIVE states {
    n' = (inf(v, -35, 9) - n)/2(ms)
    b' = (inf(v, -70, -7) - b)/15(ms)
}
FUNCTION inf(u (mV), half (mV), slope (mV)) { inf = 1/(1 + exp((half - u)/slope)) }
