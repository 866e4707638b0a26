"""Cells that bmtool's tuners and its segregation change, run in NEURON; used by test_bmtool.py.

Arguments: what ("synapse", "gap" or "segregation") and a folder. Writes what was found into
``found.json``, and a picture.
"""

import json
import os
import subprocess
import sys

import numpy as np

#: A channel whose activation bmtool can shift: a line of the form that it looks for.
CHANNEL = """
NEURON { SUFFIX kslow USEION k READ ek WRITE ik RANGE gbar, g }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.004 (S/cm2) v (mV) ek (mV) }
STATE { n }
ASSIGNED { ik (mA/cm2) g (S/cm2) ninf ntau (ms) }
BREAKPOINT {
  SOLVE states METHOD cnexp
  g = gbar * n
  ik = g * (v - ek)
}
INITIAL {
  rates(v)
  n = ninf
}
DERIVATIVE states {
  rates(v)
  n' = (ninf - n) / ntau
}
PROCEDURE rates(v (mV)) {
  ninf = 1.0 / (1.0 + (exp((v + 45.0) / (-6.0))))
  ntau = 3.0
}
"""

LEAK = """
NEURON { SUFFIX leak NONSPECIFIC_CURRENT i RANGE gbar_leak, eleak }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar_leak = 0.0001 (S/cm2) eleak = -65 (mV) v (mV) }
ASSIGNED { i (mA/cm2) }
BREAKPOINT { i = gbar_leak * (v - eleak) }
"""

GAP = """
NEURON { POINT_PROCESS Gap NONSPECIFIC_CURRENT i RANGE g, i, vgap }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { g = 0 (uS) }
ASSIGNED { v (mV) vgap (mV) i (nA) }
BREAKPOINT { i = g * (v - vgap) }
"""

TEMPLATE = """
begintemplate Tuned
public soma, all
create soma[1]
objref all
proc init() {
  all = new SectionList()
  soma[0] all.append()
  soma[0] { L = 20 diam = 20 insert leak insert kslow ek = -85 }
}
endtemplate Tuned
"""


def compiled(folder, **mods):
    """Compile the MOD files in the folder and load them."""
    from neuron import h

    os.makedirs("mods", exist_ok=True)
    for name, text in mods.items():
        with open(f"mods/{name}.mod", "w") as file:
            file.write(text)
    subprocess.run(["nrnivmodl", "mods"], check=True, capture_output=True)
    if not hasattr(h, next(iter(mods))):
        h.nrn_load_dll(os.path.join(os.uname().machine, "libnrnmech.so"))
    h.load_file("stdrun.hoc")
    with open("template.hoc", "w") as file:
        file.write(TEMPLATE)
    h.load_file("template.hoc")
    return h


def balanced(recorder, picture=None):
    """Names, charges and the balance of a recorded site."""
    import neo_currentscape as ncs

    recording = ncs.Recording.from_segment(recorder.to_segment())
    found = ncs.balance(recording)
    if picture:
        ncs.Currentscape(recording).plot(size="column").save(picture, dpi=150)
    step = float(np.median(np.diff(recording.times.rescale("ms").magnitude)))
    currents = recording.currents.rescale("nA").magnitude
    return {
        "unexplained": float(found.unexplained),
        "verdict": found.verdict,
        "charges": {n: float(currents[:, k].sum() * step) for k, n in enumerate(recording.names)},
        "peaks": {n: float(np.abs(currents[:, k]).max()) for k, n in enumerate(recording.names)},
        "voltage": [
            float(x) for x in recording.voltage.rescale("mV").magnitude.ravel()[:: round(1 / step)]
        ],
    }


def synapse(folder):
    """A synapse that the SynapseTuner made, before and after it is tuned."""
    h = compiled(folder, leak=LEAK, kslow=CHANNEL)
    from bmtool.synapses import SynapseTuner

    from neo_currentscape.adapters.neuron import Recorder

    settings = {
        "spec_settings": {
            "post_cell": "Tuned",
            "vclamp_amp": -70.0,
            "sec_x": 0.5,
            "sec_id": 0,
            "level_of_detail": "exp2syn",
        },
        "spec_syn_param": {"e": 0.0, "tau1": 0.5, "tau2": 4.0},
    }
    tuner = SynapseTuner(
        conn_type_settings={"E2T": settings},
        connection="E2T",
        hoc_cell=h.Tuned(),
        general_settings={"vclamp": False, "weight": 2e-3, "tstart": 20.0, "tdur": 60.0, "dt": 0.025},
    )
    recorder = Recorder(tuner.cell.soma[0](0.5))
    found = {}
    for name, changes in (("before", {}), ("after", {"tau2": 12.0})):
        tuner._set_syn_prop(**changes)
        _event(h, tuner)
        found[name] = balanced(recorder, f"{name}.png")
        found[name]["theirs"] = float(np.trapezoid(np.array(tuner.rec_vectors["i"]), dx=h.dt))
    return found


def _event(h, tuner):
    """What its SingleEvent does, but for the clamp of the voltage, and NumPy 2's missing trapz."""
    settings = tuner.general_settings
    tuner.nstim.start, tuner.nstim.number, tuner.nstim.noise = settings["tstart"], 1, 0
    tuner.nstim2.number = 0
    for at in range(3):
        tuner.vcl.dur[at] = 0
    h.tstop, h.v_init = settings["tstart"] + settings["tdur"], -65
    h.run()


def gap(folder):
    """Two cells that the GapJunctionTuner joins, weakly and strongly."""
    h = compiled(folder, leak=LEAK, kslow=CHANNEL, Gap=GAP)
    from bmtool.synapses import GapJunctionTuner

    from neo_currentscape.adapters.neuron import Recorder

    tuner = GapJunctionTuner(
        hoc_cell=h.Tuned(),
        conn_type_settings={"T2T": {"cell": "Tuned", "sec_id": 0, "sec_x": 0.5}},
        general_settings={"tstart": 20.0, "tdur": 100.0, "dt": 0.025, "iclamp_amp": -0.02},
    )
    cells = (tuner.cell1, tuner.cell2)
    recorders = [Recorder(cell.soma[0](0.5)) for cell in cells]
    found = {}
    for name, conductance in (("weak", 2e-4), ("strong", 1e-3)):
        tuner.model(conductance)
        found[name] = [balanced(recorder, f"{name}.png") for recorder in recorders]
        traces = (np.array(v) for v in (tuner.t_vec, tuner.soma_v_1, tuner.soma_v_2))
        found[f"{name} coupling"] = float(tuner.coupling_coefficient(*traces, 20.0, 120.0))
    return found


def segregation(folder):
    """A cell before and after bmtool segregates its channel, and with its activation shifted."""
    h = compiled(folder, leak=LEAK, kslow=CHANNEL)
    from bmtool.util.neuron.celltuner import CellTunerGUI

    from neo_currentscape.adapters.neuron import Recorder

    gui = CellTunerGUI(".", "mods", tstop=100)
    gui.hoc_templates = ["template.hoc"]
    gui.template_name, gui.template = "Tuned", h.Tuned()
    gui.root_sec = gui.template.soma[0]
    os.makedirs("segregated", exist_ok=True)
    shifted = gui.seg_mechs(folder=os.path.abspath("segregated"))
    name = gui.seg_template(os.path.abspath("segregated/template.hoc"), shifted, outappend=False)
    subprocess.run(["nrnivmodl", "."], check=True, capture_output=True, cwd="segregated")
    h.nrn_load_dll(os.path.join("segregated", os.uname().machine, "libnrnmech.so"))
    h.load_file(os.path.abspath("segregated/template.hoc"))
    found = {"mechanisms": shifted, "template": name}
    cells = {"plain": h.Tuned(), "segregated": getattr(h, name)(), "shifted": getattr(h, name)()}
    cells["shifted"].soma[0].nseg_kslowseg = -55
    clamps = []
    for cell in cells.values():
        clamps.append(h.IClamp(cell.soma[0](0.5)))
        clamps[-1].delay, clamps[-1].dur, clamps[-1].amp = 20, 60, 0.05
    recorders = {which: Recorder(cell.soma[0](0.5)) for which, cell in cells.items()}
    h.dt, h.tstop, h.v_init = 0.025, 100, -65
    h.run()
    for which, recorder in recorders.items():
        found[which] = balanced(recorder, f"{which}.png")
    return found


if __name__ == "__main__":
    os.chdir(sys.argv[2])
    made = {"synapse": synapse, "gap": gap, "segregation": segregation}[sys.argv[1]](sys.argv[2])
    with open("found.json", "w") as file:
        json.dump(made, file)
