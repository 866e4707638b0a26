: An electrogenic pump: three sodium ions out and two potassium ions in, whatever the voltage.
NEURON {
    SUFFIX ncs_pump
    USEION na READ nai WRITE ina
    USEION k WRITE ik
    RANGE imax, km, ipump
}
UNITS { (mA) = (milliamp)  (mM) = (milli/liter) }
PARAMETER { imax = 0.03 (mA/cm2)  km = 10 (mM) }
ASSIGNED { nai (mM)  ina (mA/cm2)  ik (mA/cm2)  ipump (mA/cm2) }
BREAKPOINT {
    ipump = imax / (1 + km/nai)^3
    ina = 3*ipump
    ik = -2*ipump
}
