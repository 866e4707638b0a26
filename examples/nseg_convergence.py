"""
How an attribution depends on the number of compartments
========================================================

The attribution takes each compartment to be well mixed: what leaves it is the same mixture, wherever it
came in. A section of one compartment mixes over its whole length, so the result depends on ``nseg``
until compartments are short against the distances over which the currents differ. This is a convergence
study: the same cell with 1, 3, 9, 27 and 81 compartments a dendrite.
"""

import quantities as pq
from matplotlib.figure import Figure
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")

COUNTS = (1, 3, 9, 27, 81)
WINDOW = {"t_start": 5 * pq.ms, "t_stop": 40 * pq.ms}


def simulate(nseg):
    """Run a soma with two active dendrites of 300 um, each with a synapse; nseg compartments a dendrite."""
    soma, one, two = (h.Section(name=name) for name in ("soma", "near", "far"))
    for section, length, diameter in (
        (soma, 20, 20),
        (one, 300, 1.5),
        (two, 300, 1.5),
    ):
        section.L, section.diam, section.Ra = length, diameter, 120
        section.insert("pas")
        section.g_pas, section.e_pas = 1e-4, -68
        section.insert("hh")
        section.gl_hh = 0
        if section is not soma:
            section.connect(soma(1))
            section.nseg = nseg
            section.gnabar_hh, section.gkbar_hh = 0.012, 0.0036
    soma.gnabar_hh = 0.06
    synapses = []
    for section, x, name in (
        (one, 1 / 6, "E_near"),
        (two, 5 / 6, "E_far"),
        (two, 0.5, "I"),
    ):
        synapse = h.Exp2Syn(section(x))
        synapse.tau1, synapse.tau2 = (0.5, 3) if name != "I" else (0.5, 8)
        synapse.e = -80 if name == "I" else 0
        source = h.NetStim()
        source.start, source.interval, source.number = 10, 8, 3
        weight = {"E_near": 0.0008, "E_far": 0.0015, "I": 0.0006}[name]
        synapses.append(
            (synapse, source, h.NetCon(source, synapse, 0, 0, weight), name)
        )
    names = {synapse.hname(): name for synapse, _, _, name in synapses}
    names |= {"ina_hh": "Na", "ik_hh": "K", "i_pas": "leak", "il_hh": "leak"}
    recorder = neuron.CellRecorder(soma)
    h.finitialize(-68)
    h.continuerun(40)
    segment = recorder.to_segment()
    return ncs.CellRecording.from_segment(
        segment, types=lambda label, site: names.get(label, label)
    )


recordings = {nseg: simulate(nseg) for nseg in COUNTS}
for nseg, recording in recordings.items():
    print(f"nseg = {nseg:2d}: {recording.balance.verdict}")

# %%
# Contributions to the charge at the soma, by type, and how far they are from those of the finest grid.


def contributions(recording, direction):
    """Part of the charge of one direction that each type carries at the soma."""
    found = recording.attribute("soma", **WINDOW)
    charge = getattr(found, direction).sum(axis=1)
    return dict(zip(found.names, charge / charge.sum(), strict=True))


convergence = Figure(figsize=(7, 3), layout="constrained")
lengths = [300 / nseg for nseg in COUNTS[:-1]]
for axes, direction in zip(
    convergence.subplots(1, 2, sharey=True), ("outward", "inward"), strict=True
):
    parts = {
        nseg: contributions(recording, direction)
        for nseg, recording in recordings.items()
    }
    finest = parts[COUNTS[-1]]
    for name, part in sorted(finest.items(), key=lambda item: -item[1])[:5]:
        if part < 0.01:
            continue
        errors = [abs(parts[nseg].get(name, 0) - part) for nseg in COUNTS[:-1]]
        axes.loglog(lengths, errors, "o-", label=f"{name} ({part:.0%})")
        listed = ", ".join(f"{100 * e:.3f}" for e in errors)
        print(
            f"{direction:8s} {name:10s} {part:6.1%}, off by {listed} percentage points"
        )
    axes.set_xlabel("Length of a compartment (µm)")
    axes.set_title(f"{direction.capitalize()} charge at the soma")
    axes.legend(fontsize="small", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
convergence.axes[0].set_ylabel(
    "Difference to the\nfinest grid (part of the charge)"
)

# %%
# The map per length converges as well: more compartments draw the same curve in more detail. A synapse
# is a point, so that its own peak becomes narrower and higher; what the dendrite contributes by its
# membrane does not.

profile = Figure(figsize=(7, 2.8), layout="constrained")
axes = profile.subplots()
for nseg in COUNTS[1:]:
    recording = recordings[nseg]
    found = recording.map("soma", types=["Na", "leak", "capacitive"], **WINDOW)
    shape = recording.morphology
    inside = [
        n
        for n, section in enumerate(shape.sections)
        if section == "near" and not shape.is_joint[n]
    ]
    inside.sort(key=lambda n: shape.distance[n])
    axes.step(
        [shape.distance[n] - 10 for n in inside],
        [100 * found.inward[n] / (300 / nseg) * 10 for n in inside],
        where="mid",
        label=f"nseg = {nseg}",
    )
axes.set_xlabel("Distance from the soma along the dendrite (µm)")
axes.set_ylabel("Contribution to the inward\ncharge (% per 10 µm)")
axes.legend(frameon=False)
axes.spines[["top", "right"]].set_visible(False)

# %%
# The currentscapes themselves, coarse and fine.

coarse = (
    recordings[1]
    .attribute("soma", **WINDOW)
    .plot(title="One compartment a dendrite", size=(6, 4.5))
)
fine = (
    recordings[81]
    .attribute("soma", **WINDOW)
    .plot(title="81 compartments a dendrite", size=(6, 4.5))
)
