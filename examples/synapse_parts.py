"""
The NMDA and AMPA parts of a synapse
====================================

Many synapses are one point process whose MOD file adds what several receptors carry,
``i = i_AMPA + i_NMDA``. ``parts=True`` gives what it adds as currents of their own, checked to add up to
the whole.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import quantities as pq
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

# %%
# A synapse of AMPA receptors, which close within milliseconds, and of NMDA receptors, which stay open for
# long but are blocked by magnesium until the membrane is depolarised.

MOD = """
NEURON { POINT_PROCESS Glutamate  RANGE i, i_AMPA, i_NMDA  NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp)  (mV) = (millivolt)  (uS) = (microsiemens) }
ASSIGNED { v (mV)  i (nA)  i_AMPA (nA)  i_NMDA (nA) }
STATE { a (uS)  rise (uS)  fall (uS) }
INITIAL { a = 0  rise = 0  fall = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i_AMPA = a*v
    i_NMDA = (fall - rise)*v/(1 + exp(-0.062(/mV)*v)/3.57)
    i = i_AMPA + i_NMDA
}
DERIVATIVE states { a' = -a/2(ms)  rise' = -rise/4(ms)  fall' = -fall/40(ms) }
NET_RECEIVE(weight (uS)) { a = a + weight  rise = rise + weight  fall = fall + weight }
"""
folder = Path(tempfile.mkdtemp())
(folder / "glutamate.mod").write_text(MOD)
path = os.pathsep.join(
    (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
)
env = {**os.environ, "PATH": path}
subprocess.run(
    ["nrnivmodl", "."], cwd=folder, env=env, check=True, capture_output=True
)
h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.*"))))
h.load_file("stdrun.hoc")

# %%
# On a thin dendrite it is hit once, and then by a volley.

soma, dend = h.Section(name="soma"), h.Section(name="dend")
soma.L = soma.diam = 20
dend.L, dend.diam, dend.nseg = 300, 0.8, 9
dend.connect(soma(1))
for section in (soma, dend):
    section.insert("pas")
    section.e_pas, section.g_pas = -70, 5e-5
synapse = h.Glutamate(dend(0.9))
single, volley = h.NetStim(), h.NetStim()
single.start, single.number, single.noise = 20, 1, 0
volley.start, volley.number, volley.interval, volley.noise = 120, 8, 5, 0
connections = [h.NetCon(train, synapse, 0, 1, 1e-3) for train in (single, volley)]

# %%
# Ten lines, of which one is new: the synapse's current is recorded in parts.

recorder = neuron.Recorder(dend(0.9), parts=True)
h.finitialize(-70)
h.continuerun(250)
segment = recorder.to_segment()

name = synapse.hname()
scape = ncs.Currentscape.from_segment(
    segment,
    currents={"AMPA": f"{name}.i_AMPA", "NMDA": f"{name}.i_NMDA", "leak": "i_pas"},
)
figure = scape.plot(panels=["voltage", "inward", "shares", "currents"])

# %%
# The volley lifts the block, and what drives the dendrite changes from AMPA to NMDA:

for label, start, stop in (("one event", 20, 110), ("volley", 120, 250)):
    part = scape.slice(start * pq.ms, stop * pq.ms)
    ampa, nmda = (
        part.contributions("inward")[part.names.index(name)]
        for name in ("AMPA", "NMDA")
    )
    print(
        f"{label}: NMDA carries {100 * nmda / (ampa + nmda):.0f} % of the synapse's charge"
    )

# %%
# Nothing is counted twice, and nothing is lost: with C dV/dt and what flows along the dendrite the parts
# balance at every step.

print(
    f"unexplained: {ncs.balance(ncs.Recording.from_segment(segment)).unexplained:.1e} of the currents"
)

# %%
# Where another program recorded the whole and its parts into a Segment or a file,
# ``ncs.Currentscape.from_segment(segment, parts={"syn.i": ["syn.i_AMPA", "syn.i_NMDA"]})`` does the same.
