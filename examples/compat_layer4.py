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

here = Path(globals().get("__file__", "examples/compat_layer4.py")).resolve().parent
mods = next(
    p
    for p in (here / "layer4_mods", Path("../examples/layer4_mods").resolve())
    if p.exists()
)
built = tempfile.mkdtemp()
scripts = Path(sys.executable).parent
paths = os.pathsep.join((str(scripts), os.environ.get("PATH", "")))
subprocess.run(
    ["nrnivmodl", str(mods)],
    cwd=built,
    env={**os.environ, "PATH": paths},
    check=True,
    capture_output=True,
)
h.nrn_load_dll(str(next(Path(built).glob("*/libnrnmech.*"))))
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
