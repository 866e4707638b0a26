"""
Which currents make the extracellular field
===========================================

A forward model is linear in the membrane currents, so the potential at a contact is a sum of parts, one
for each current. Here a cell of LFPy with active dendrites, along a laminar probe, and its EEG.
"""

import contextlib
import io

import LFPy
import lfpykit
import numpy as np
import quantities as pq
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import lfpy

# %%
# A soma, an apical dendrite of 600 um with a fork, two basal dendrites. Synapses on the tuft drive it.

points = {
    "soma": (None, [(0, 0, -10, 20), (0, 0, 10, 20)]),
    "basal[0]": (("soma", 0), [(0, 0, -10, 2), (110, 0, -110, 1)]),
    "basal[1]": (("soma", 0), [(0, 0, -10, 2), (-110, 0, -110, 1)]),
    "apical": (("soma", 1), [(0, 0, 10, 3), (0, 0, 600, 2)]),
    "tuft[0]": (("apical", 1), [(0, 0, 600, 1.5), (120, 0, 760, 1)]),
    "tuft[1]": (("apical", 1), [(0, 0, 600, 1.5), (-120, 0, 760, 1)]),
}
sections = {}
for name, (parent, places) in points.items():
    section = sections[name] = h.Section(name=name)
    for place in places:
        section.pt3dadd(*place)
    section.nseg, section.Ra = 2 * int(section.L / 40) + 1, 120
    section.insert("pas")
    section.g_pas, section.e_pas = 5e-5, -68
    section.insert("hh")
    section.gl_hh = 0
    if parent:
        section.connect(sections[parent[0]](parent[1]))
        section.gnabar_hh, section.gkbar_hh = 0.02, 0.006

cell = LFPy.Cell(
    morphology=h.SectionList(sections.values()),
    delete_sections=False,
    nsegs_method=None,
    dt=0.025,
    tstop=40,
    v_init=-68,
)
for x in (-90, -40, 40, 90):
    synapse = LFPy.Synapse(
        cell,
        idx=cell.get_closest_idx(x, 0, 720),
        syntype="Exp2Syn",
        tau1=0.3,
        tau2=3,
        weight=0.006,
        record_current=True,
    )
    synapse.set_spike_times(np.array([10.0 + abs(x) / 40]))
with contextlib.redirect_stdout(io.StringIO()):
    cell.simulate(**lfpy.recorders(cell))

# %%
# All compartments, in balance.

recording = ncs.CellRecording.from_segment(
    lfpy.cell_segment(cell),
    types={
        "Na": "ina",
        "K": "ik",
        "leak": ["i_pas", "il_hh"],
        "synapses": "Exp2Syn",
    },
)
print(recording.balance.verdict)
recording.attribute("soma").plot(title="Current at the soma")

# %%
# The map of what the soma gets from where, while the synapses are active and before the spike.

before = recording.map("soma", t_start=11 * pq.ms, t_stop=14 * pq.ms)
ncs.Figure(ncs.TreePanel(before, per="length", vmax=2), size=(4.5, 4.5))

# %%
# A probe of ten contacts 30 um from the cell. The parts sum to what LFPy computes itself.

depths = np.linspace(750, -150, 10)
probe = lfpykit.RecExtElectrode(
    cell, x=np.full(10, 30.0), y=np.zeros(10), z=depths, sigma=0.3
)
field = ncs.extracellular.split_field(recording, probe)
own = probe.get_transformation_matrix() @ cell.imem[:, 1:]
print(
    f"parts - LFPy's own: {np.abs(field.total - own).max() / np.abs(own).max():.0e} of the largest"
)
field = field.rescale("uV")

# %%
# The signal at all contacts, and the part that the soma makes.

by_region = ncs.extracellular.split_field(recording, probe, by="region").rescale(
    "uV"
)
labels = [f"{z:.0f} µm" for z in depths]
ncs.Figure(
    ncs.ContactsPanel(by_region, parts=["soma"], labels=labels),
    title="Along the probe",
)

# %%
# At the soma (contact 7): the parts of the currents are much larger than their sum, as what flows out
# of the cell here flows into it nearby.

ncs.Figure(
    ncs.FieldPanel(field, 7),
    ncs.FieldSharesPanel(field, 7),
    title="LFP at the soma",
)

# %%
# At the tuft (contact 0), where the synapses are.

ncs.Figure(
    ncs.FieldPanel(field, 0),
    ncs.FieldSharesPanel(field, 0),
    title="LFP at the tuft",
)

# %%
# At the soma once more, by where the current crosses the membrane.

ncs.Figure(
    ncs.FieldPanel(by_region, 7),
    ncs.FieldSharesPanel(by_region, 7),
    title="LFP at the soma, by region",
)

# %%
# The EEG on the scalp above, through the current dipole moment and the four-sphere model; and the
# current source density of a layer.

head = lfpykit.eegmegcalc.FourSphereVolumeConductor(np.array([[0.0, 0.0, 90000.0]]))
scalp = ncs.extracellular.split_field(
    recording, head, location=[0, 0, 78000]
).rescale("uV")
layer = lfpykit.LaminarCurrentSourceDensity(
    cell, z=np.array([[500.0, 800.0], [-50.0, 50.0]]), r=np.full(2, 300.0)
)
density = ncs.extracellular.split_field(recording, layer).rescale("nA/mm**3")
ncs.Figure(
    ncs.FieldPanel(scalp, ylabel="EEG\n(µV)"),
    ncs.FieldPanel(density, 0, ylabel="CSD, tuft\n(nA/mm³)"),
    ncs.FieldPanel(density, 1, ylabel="CSD, soma\n(nA/mm³)"),
    title="EEG and CSD by current",
)

# %%
# An electrode in the cell would be a current without a source outside: LFPy's ``imem`` leaves it out,
# so that the cell is a monopole and its dipole moment depends on the origin. Then ``electrodes=True``
# counts it as a source. Here there is none, and the currents of the cell sum to nothing.

print(f"net current: {scalp.net:.0e} nA")

# sphinx_gallery_thumbnail_number = 4
