"""
Intrinsic currents of a NEST neuron
===================================

NEST's example "Intrinsic currents spiking" with its multimeter read by `nest.to_segment`: ``ht_neuron``
(Hill & Tononi 2005) under spikes at four kinds of receptors. The multimeter holds four currents of the
neuron; the synaptic, leak and repolarising ones, without which nothing balances, are computed.
"""

import nest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as nest_adapter

# %%
# The network of the NEST example: a Poisson generator for each kind of receptor.

nest.ResetKernel()
nest.verbosity = nest.VerbosityLevel.WARNING
nest.set(resolution=0.02, rng_seed=12345)

neuron = nest.Create("ht_neuron")
receptors = neuron.receptor_types
for receptor, weight in {
    "AMPA": 30.0,
    "NMDA": 30.0,
    "GABA_A": 5.0,
    "GABA_B": 10.0,
}.items():
    spikes = nest.Create("poisson_generator", params={"rate": 100.0})
    nest.Connect(
        spikes,
        neuron,
        syn_spec={"receptor_type": receptors[receptor], "weight": weight},
    )

multimeter = nest.Create(
    "multimeter", params={"interval": 0.02, "record_from": neuron.recordables}
)
nest.Connect(multimeter, neuron)
nest.Simulate(250.0)

# %%
# Every variable becomes a Neo signal with its unit, role and sign. The currents of this model are in mV,
# inward positive as NEST records them; its own parameters give those that it does not record.

segment = nest_adapter.to_segment(multimeter)
for signal in segment.analogsignals:
    unit, notes = signal.dimensionality.string, signal.annotations
    kind = "derived" if notes.get("derived") else "recorded"
    print(
        f"{signal.name:8s} {unit:14s} {notes['role']:12s} {notes.get('positive', ''):8s} {kind}"
    )

# %%
# What NEST's own figure shows: potentials, conductances and intrinsic currents. Anything with a method
# ``plot(axes)`` is a panel.


def tex(name):
    """I_GABA_A -> I with an upright index GABA with an index A."""
    letter, _, index = name.partition("_")
    return rf"${letter}_\mathrm{{{index}}}$" if index else rf"$\{letter}$"


class Lines:
    """Signals of one unit, with their names beside them."""

    def __init__(self, ylabel, *names):
        self.ylabel, self.names = ylabel, names

    def plot(self, axes):
        for name in self.names:
            axes.plot(
                signals[name].times.rescale("ms"),
                signals[name].magnitude,
                label=tex(name),
            )
        axes.set_ylabel(self.ylabel)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)


signals = {signal.name: signal for signal in segment.analogsignals}
intrinsic = ["I_h", "I_T", "I_NaP", "I_KNa"]
own = ncs.Recording.from_segment(
    segment, currents={tex(name): name for name in intrinsic}
)

lines = ncs.Figure(
    Lines("Potential (mV)", "V_m", "theta"),
    Lines("Conductance", "g_AMPA", "g_NMDA", "g_GABA_A", "g_GABA_B"),
    ncs.CurrentsPanel(own),
    title="ht_neuron driven by Poisson processes",
)

# %%
# The currentscape of the same run, of all currents: first whether they explain the voltage.

everything = [
    name
    for name, signal in signals.items()
    if signal.annotations["role"] == "current"
]
recording = ncs.Recording.from_segment(
    segment, currents={tex(name): name for name in everything}
)
print(ncs.balance(recording).verdict)

# %%
# Between the spikes the synapses and the leaks push against each other; after a spike, nearly all of the
# outward current is the potassium current that repolarises the neuron.

scape = ncs.Currentscape(recording)
figure = scape.plot(title="ht_neuron: currentscape", voltage={"levels": [-50, 0]})

# sphinx_gallery_thumbnail_number = 2
