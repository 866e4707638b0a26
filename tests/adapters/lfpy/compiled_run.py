"""Balance of an LFPy cell with compiled mechanisms; used by test_compiled.py in a process of its own.

Argument: a folder to compile the mechanisms in. Prints one JSON object.
"""

import json
import os
import shutil
import subprocess
import sys
import warnings

import numpy as np

#: Two writers of ina with RANGE currents, and one whose part is hidden in the total.
CHANNEL = """
NEURON {{
    SUFFIX {name}
    USEION na READ ena WRITE ina
    RANGE gbar, g{range}
}}
PARAMETER {{ gbar = {gbar} (S/cm2) }}
ASSIGNED {{ v (mV) ena (mV) ina (mA/cm2) g (S/cm2) }}
STATE {{ m }}
BREAKPOINT {{
    SOLVE states METHOD cnexp
    g = gbar*m
    ina = g*(v - ena)
}}
INITIAL {{ m = 1/(1 + exp((-40 - v)/9)) }}
DERIVATIVE states {{ m' = (1/(1 + exp((-40 - v)/9)) - m)/{tau} }}
"""

#: A conductance that depends on the voltage at once: its slope is not its conductance.
BLOCKED = """
NEURON {
    SUFFIX blocked
    NONSPECIFIC_CURRENT i
    RANGE g, gbar
}
PARAMETER { gbar = 0.0003 (S/cm2) e = 0 (mV) }
ASSIGNED { v (mV) i (mA/cm2) g (S/cm2) }
BREAKPOINT {
    g = gbar/(1 + exp(-0.062*v)/3.57)
    i = g*(v - e)
}
"""

#: A synapse whose current is one of sodium, and so part of the ion's total.
SYNAPSE = """
NEURON {
    POINT_PROCESS NaSyn
    USEION na READ ena WRITE ina
    RANGE i, tau
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 2 (ms) }
ASSIGNED { v (mV) ena (mV) ina (nA) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = g*(v - ena)
    i = ina
}
DERIVATIVE states { g' = -g/tau }
NET_RECEIVE(weight (uS)) { g = g + weight }
"""

#: One current each, in many spellings; of what is declared and how, the mechanisms differ as well.
LEAKY = """
NEURON {{ SUFFIX {name} NONSPECIFIC_CURRENT i RANGE gbar, {ranges} }}
PARAMETER {{ gbar = 0.0002 (S/cm2) e = -60 (mV) share = 4 }}
ASSIGNED {{ v (mV) i (mA/cm2) g (S/cm2) driving (mV) }}
STATE {{ m }}
{body}
INITIAL {{ m = 0.2 {start} }}
DERIVATIVE states {{ {before} m' = (1/(1 + exp((-50 - v)/7)) - m)/3 {after} }}
PROCEDURE set() {{ i = gbar*m*(v - e) }}
"""

SPELLINGS = {
    "gated": "i = gbar*m*(v - e)",
    "turned": "i = -gbar*(e - v)*m/share",
    "literal": "i = m*(v + 72)*gbar",
    "scaled": "i = 1e-3*(1000*gbar)*(v - (-63))*m",
    "nested": "g = gbar*m^2  i = g*(v - e)",
    "hinted": "CONDUCTANCE g  g = gbar*m  i = g*(v - e)",
    "steady": "i = gbar/share*(v - e)",
    "constant": "i = -0.0004",
}

#: Its own reversal potential has the name of the ion's, which it does not read.
OWN = """
NEURON { SUFFIX own USEION k WRITE ik RANGE gbar, ek, ik }
PARAMETER { gbar = 0.0004 (S/cm2) ek = -30 (mV) }
ASSIGNED { v (mV) ik (mA/cm2) }
STATE { m }
BREAKPOINT { SOLVE states METHOD cnexp  ik = gbar*m*(v - ek) }
INITIAL { m = 0.5 }
DERIVATIVE states { m' = (1/(1 + exp((-45 - v)/8)) - m)/2 }
"""

#: Two calcium currents whose reversal potential moves with the concentration.
CALCIUM = """
NEURON {{ SUFFIX {name} USEION ca READ eca WRITE ica RANGE gbar, ica }}
PARAMETER {{ gbar = {gbar} (S/cm2) }}
ASSIGNED {{ v (mV) eca (mV) ica (mA/cm2) }}
STATE {{ m }}
BREAKPOINT {{ SOLVE states METHOD cnexp  ica = gbar*m*(v - eca) }}
INITIAL {{ m = 0.1 }}
DERIVATIVE states {{ m' = (1/(1 + exp((-30 - v)/6)) - m) }}
"""
POOL = """
NEURON { SUFFIX pool USEION ca READ ica WRITE cai }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
BREAKPOINT { SOLVE states METHOD cnexp }
INITIAL { cai = 5e-5 }
DERIVATIVE states { cai' = -0.5*ica + (5e-5 - cai)/20 }
"""


def _write(folder, name, text):
    with open(os.path.join(folder, f"{name}.mod"), "w") as file:
        file.write(text)


def _write_spellings(folder):
    for name, equation in SPELLINGS.items():
        ranges = "e, g" if "g =" in equation else "e"
        body = f"BREAKPOINT {{ SOLVE states METHOD cnexp  {equation} }}"
        _write(
            folder, name, LEAKY.format(name=name, ranges=ranges, body=body, start="", before="", after="")
        )
    body = "BREAKPOINT { SOLVE states METHOD cnexp }"
    _write(
        folder,
        "slow",
        LEAKY.format(name="slow", ranges="e", body=body, start="set()", before="set()", after=""),
    )
    _write(folder, "own", OWN)
    _write(folder, "pool", POOL)
    for name, gbar in (("caone", 2e-5), ("catwo", 6e-5)):
        _write(folder, name, CALCIUM.format(name=name, gbar=gbar))


def _compile(folder):
    for name, gbar, tau, ranged in (
        ("naslow", 0.0005, 5, ", ina"),
        ("nafast", 0.001, 0.5, ", ina"),
        ("nahidden", 0.0004, 2, ""),
    ):
        text = CHANNEL.format(name=name, gbar=gbar, tau=tau, range=ranged)
        _write(folder, name, text)
    for name, text in (("blocked", BLOCKED), ("nasyn", SYNAPSE)):
        _write(folder, name, text)
    _write_spellings(folder)
    subprocess.run([shutil.which("nrnivmodl")], cwd=folder, check=True, capture_output=True)


def _cell(mechanisms, synapse=None):
    import LFPy
    from neuron import h

    for section in list(h.allsec()):
        h.delete_section(sec=section)
    soma, dend = h.Section(name="soma"), h.Section(name="dend")
    soma.L = soma.diam = 20
    dend.L, dend.diam, dend.nseg = 200, 2, 3
    dend.connect(soma(1))
    for section in (soma, dend):
        section.insert("hh")
        for name in mechanisms:
            section.insert(name)
    h.define_shape()
    cell = LFPy.Cell(
        morphology=h.SectionList([soma, dend]),
        delete_sections=False,
        nsegs_method=None,
        dt=0.025,
        tstop=20,
        v_init=-65,
    )
    cell._keep = (soma, dend)
    LFPy.StimIntElectrode(cell, 0, pptype="IClamp", amp=0.4, dur=10, delay=2, record_current=True)
    if synapse:
        added = LFPy.Synapse(cell, idx=2, syntype=synapse, weight=0.01, record_current=True)
        added.set_spike_times(np.array([5.0]))
    return cell


def _simulate(cell, keep=lambda name: True, more=()):
    from neo_currentscape.adapters import lfpy

    keywords = lfpy.recorders(cell)
    keywords["rec_variables"] = [name for name in keywords["rec_variables"] if keep(name)]
    keywords["rec_variables"] += more
    cell.simulate(**keywords)
    return keywords["rec_variables"]


def _balance(cell):
    import neo_currentscape as ncs
    from neo_currentscape.adapters import lfpy

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ncs.CurrentscapeWarning)
        segment = lfpy.to_segment(cell)
    worst = 0.0
    for site in lfpy.site_names(cell):
        rec = ncs.Recording.from_segment(segment, site=site)
        residual = rec.capacitive.magnitude[:, 0] + rec.currents.magnitude.sum(axis=1)
        residual = residual - rec.axial.magnitude[:, 0]
        if rec.electrode is not None:
            residual = residual - rec.electrode.magnitude[:, 0]
        peak = np.clip(rec.currents.magnitude, 0, None).sum(axis=1).max()
        worst = max(worst, float(np.abs(residual).max() / peak))
    said = sorted({str(w.message) for w in caught if issubclass(w.category, ncs.CurrentscapeWarning)})
    return {"worst": worst, "names": rec.names, "warnings": said}


def _apart(cell):
    """How far the current of `own` is from its equation with the gate before the step, by the peak."""
    import neo_currentscape as ncs
    from neo_currentscape.adapters import lfpy

    gate, v = cell.rec_variables["m_own"][1, :-1], cell.vmem[1, 1:]
    wanted = 0.0004 * gate * (v + 30) * cell.area[1] * 1e-2
    segment = lfpy.to_segment(cell, 1)
    current = ncs.Recording.from_segment(segment, currents="ik_own").currents.magnitude[:, 0]
    return float(np.abs(current - wanted).max() / np.abs(wanted).max())


def run(folder):
    """Compile, simulate each case, and report what was found."""
    _compile(folder)
    os.chdir(folder)
    from neo_currentscape.adapters import lfpy
    from neo_currentscape.conventions.errors import SelectionError

    found = {}
    for case, mechanisms, synapse, keep in (
        ("parts", ("naslow", "nafast"), None, lambda name: True),
        ("hidden", ("naslow", "nahidden"), None, lambda name: True),
        ("total", ("naslow", "nafast"), None, lambda name: not name.endswith(("slow", "fast"))),
        ("blocked", ("blocked",), None, lambda name: True),
        ("own", ("own",), None, lambda name: True),
        ("moving", ("caone", "catwo", "pool"), None, lambda name: name not in ("ica", "dica_dv_")),
        *((name, (name,), None, lambda name: True) for name in (*SPELLINGS, "slow")),
    ):
        cell = _cell(mechanisms, synapse)
        recorded = _simulate(cell, keep, ["m_own"] if case == "own" else [])
        found[case] = {"recorded": recorded, **_balance(cell)}
        if case == "own":
            found[case]["apart"] = _apart(cell)
        cell.strip_hoc_objects()
    cell = _cell((), "NaSyn")
    _simulate(cell)
    try:
        lfpy.to_segment(cell)
    except SelectionError as error:
        found["synapse"] = str(error)
    print("RESULT " + json.dumps(found))


if __name__ == "__main__":
    run(sys.argv[1])
