"""
A layer-4 style cell, drawn by Currentscape's call
==================================================

A cell with a soma and dendrites, with channels that NEURON has and channels written for this example, is
recorded by `neo_currentscape.adapters.neuron.Recorder` and drawn with its ions by ``plot``, which takes the
arguments and the configuration of the package *currentscape*.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from neuron import h

import neo_currentscape as currentscape
from neo_currentscape.adapters import neuron

# %%
# The mechanisms: a calcium current, a pool of calcium, a potassium current that it opens, and a cation
# current that hyperpolarization opens.

MECHANISMS = {}
MECHANISMS["ca_high"] = """
TITLE Calcium current of high threshold, with an ohmic driving force

NEURON {
    SUFFIX cahigh
    USEION ca READ eca WRITE ica
    RANGE gbar
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}
PARAMETER { gbar = 1e-4 (S/cm2) }
ASSIGNED { v (mV)  eca (mV)  ica (mA/cm2)  minf  mtau (ms) }
STATE { m h }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar*m*m*h*(v - eca)
}
INITIAL {
    m = steady(v, -22, 7)
    h = 1 - steady(v, -35, 9)
}
DERIVATIVE states {
    m' = (steady(v, -22, 7) - m)/(0.4 + 2*exp(-((v + 25)/25)^2))
    h' = (1 - steady(v, -35, 9) - h)/180
}
FUNCTION steady(v (mV), half (mV), slope (mV)) { steady = 1/(1 + exp(-(v - half)/slope)) }
"""
MECHANISMS["ca_pool"] = """
TITLE Calcium below the membrane: fed by the calcium current, emptied with one time constant

NEURON {
    SUFFIX capool
    USEION ca READ ica WRITE cai
    RANGE depth, tau, rest
}
UNITS {
    (mM) = (milli/liter)
    (um) = (micron)
    (mA) = (milliamp)
    FARADAY = (faraday) (coulombs)
}
PARAMETER {
    depth = 0.1 (um)
    tau = 60 (ms)
    rest = 1e-4 (mM)
}
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = rest }
BREAKPOINT { SOLVE pool METHOD cnexp }
DERIVATIVE pool { cai' = -(1e4)*0.05*ica/(2*FARADAY*depth) - (cai - rest)/tau }
"""
MECHANISMS["i_hyper"] = """
TITLE Cation current that hyperpolarization opens

NEURON {
    SUFFIX ih
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}
PARAMETER {
    gbar = 2e-5 (S/cm2)
    e = -45 (mV)
}
ASSIGNED { v (mV)  i (mA/cm2) }
STATE { m }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar*m*(v - e)
}
INITIAL { m = steady(v) }
DERIVATIVE states { m' = (steady(v) - m)/(20 + 200*exp(-((v + 75)/20)^2)) }
FUNCTION steady(v (mV)) { steady = 1/(1 + exp((v + 82)/9)) }
"""
MECHANISMS["k_calcium"] = """
TITLE Potassium current that calcium opens

NEURON {
    SUFFIX kca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (S) = (siemens)
}
PARAMETER {
    gbar = 1e-3 (S/cm2)
    half = 4.3e-4 (mM)
}
ASSIGNED { v (mV)  ek (mV)  cai (mM)  ik (mA/cm2) }
STATE { z }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*z*(v - ek)
}
INITIAL { z = bound(cai) }
DERIVATIVE states { z' = (bound(cai) - z)/2 }
FUNCTION bound(c (mM)) { bound = 1/(1 + (half/c)^4) }
"""
folder = Path(tempfile.mkdtemp())
for name, text in MECHANISMS.items():
    (folder / f"{name}.mod").write_text(text)
scripts = Path(sys.executable).parent
paths = os.pathsep.join((str(scripts), os.environ.get("PATH", "")))
env = {**os.environ, "PATH": paths}
subprocess.run(
    ["nrnivmodl", "."], cwd=folder, env=env, check=True, capture_output=True
)
h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.*"))))
h.load_file("stdrun.hoc")

# %%
# The cell: a soma, four basal dendrites and an apical one.

soma, apical = h.Section(name="soma"), h.Section(name="apical")
basal = [h.Section(name=f"basal{k}") for k in range(4)]
soma.L = soma.diam = 18
apical.L, apical.diam, apical.nseg = 350, 1.6, 9
apical.connect(soma(1))
for dendrite in basal:
    dendrite.L, dendrite.diam, dendrite.nseg = 150, 1.0, 5
    dendrite.connect(soma(0))
for section in [soma, apical, *basal]:
    section.Ra, section.cm = 120, 1
    section.insert("pas")
    section.g_pas, section.e_pas = 5e-5, -72
    section.insert("ih")
for name in ("hh", "cahigh", "capool", "kca"):
    soma.insert(name)
soma.gl_hh, soma.gnabar_hh, soma.gkbar_hh = 0, 0.15, 0.02
soma.ek, soma.ena = -85, 50
soma.gbar_cahigh, soma.gbar_kca = 4e-4, 2e-3

step = h.IClamp(soma(0.5))
step.delay, step.dur, step.amp = 60, 180, 0.5

# %%
# One call before the run, one after. ``plot`` reads units and signs from the signals.

recorder = neuron.Recorder(soma(0.5))
h.celsius = 6.3
h.finitialize(-72)
h.continuerun(300)
labels = {
    "Na": "ina_hh",
    "K": "ik_hh",
    "K(Ca)": "ik_kca",
    "Ca": "ica_cahigh",
    "h": "i_ih",
    "leak": "i_pas",
}
recording = currentscape.Recording.from_segment(
    recorder.to_segment(), currents=labels
)
print(recording)

config = {
    "_comment": "as for the package currentscape",
    "current": {"units": "[pA]"},
    "ions": {"units": "[mM]"},
    "show": {
        "all_currents": True,
        "total_contribution": True,
        "xlabels": True,
        "xticklabels": True,
        "xgridlines": True,
    },
    "pattern": {"use": True},
    "colormap": {"name": "cartocolors.qualitative.Safe_8", "n_colors": 4},
    "xaxis": {"gridline_width": 0.5, "gridline_color": "grey"},
    "legend": {"textsize": 5},
    "figsize": [4.5, 6.5],
}
figure = currentscape.plot(
    recording.voltage, recording.currents, config, recording.ions
)
