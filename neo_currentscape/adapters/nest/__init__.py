"""NEST: what multimeters recorded, as a Neo Segment.

`to_segment` reads the live device, its events or its files. Each variable becomes a signal of its own for
each model, with a channel for every sender; signals carry

``role``, ``positive``
    from a table of all of NEST's models (`neo_currentscape.adapters.nest.models.MODELS`), because NEST's
    units and signs differ between models: most synaptic currents are inward positive, those of
    iaf_chxk_2008 and iaf_bw_2001 and the ``w`` of aeif models outward, and ``I_syn_in`` of aeif_psc_exp
    is outward positive where that of iaf_psc_exp is inward positive. ht_neuron has its currents in mV.
``derived``
    True for currents that NEST does not record and this module computes from voltage, gates and
    conductances: leak, channels, synapses, spike currents, gap junctions; outward positive.
``model``
    NEST's name of the model (of the one it was copied from, for copies).
``site``
    the compartment, in models that have some.

Currents of the role "electrode" are ``I_e`` and ``I_stim`` (what generators inject), inward positive.
Sums of recorded currents (``I_syn`` of multisynapse models) have the role "other" where their parts were
recorded too.

**The balance.** With all of a model's variables recorded, C dV/dt + currents - electrode = 0. Signals of
role "voltage" carry

``capacitance``
    C_m, in an array annotation where it differs between the neurons; tau_m for ht_neuron, whose currents
    are in mV.
``derivative``
    "forward": (V[k+1] - V[k]) / dt balances the currents of sample k, which are **means over the step
    that begins there**. A conductance that decays with tau has g[k] (1 - exp(-dt/tau)) tau/dt, times the
    mean of V while it decays; alpha and beta functions, gates and voltages likewise, and what NEST
    records one step late (gif_psc_exp, glif_psc, iaf_bw_2001) is put in its place. So a charge does not
    depend on the resolution, and the balance holds to the second order in the step. The currents of
    cm_default are those of its Crank-Nicolson step, which they balance to rounding.
``means``
    True where that is so for a voltage without an action potential of its own; of those of the
    Hodgkin-Huxley models a step sees too little at 0.1 ms.
``resolution``
    NEST's step, where the multimeter sampled less often (its default is 1 ms): the balance then knows
    that it is blind to what flowed in between, and `Currentscape.charge_error` states how far charges are
    uncertain. Of events and files it is taken for 0.1 ms unless ``resolution=`` tells it.

Events that are given without parameters are handed on as NEST recorded them.

**Spikes.** The exponential spike current has, in the step of a spike, the charge C (V_peak - V) that
lifts V to V_peak, at any resolution; the quadratic one of izhikevich likewise. **Synapses that NEST does
not record** (delta synapses; iaf_psc_exp_ps, mat2_psc_exp, gif_*_multisynapse) are ``I_syn``, what the
balance leaves between spikes; it has the annotation ``remainder``, as no balance can check it.

**Models of NESTML.** ``to_segment(multimeter, nestml="neuron.nestml")`` reads PyNESTML's files, or their
text. The equation of the voltage is taken apart into currents: what is added to dV/dt flows in, what is
subtracted flows out, whatever sign a recordable has; leak, channels and synapses that are not recorded are
computed from what is, with the numbers of each neuron. Variables are recorded in NEST's units, whatever is
declared (a conductance in uS as nS). Models without a current in their equation have theirs in mV, for a
membrane whose time constant is 1 ms. Where parts of a recorded sum were not recorded, the sum stands for
them.

**What is missing** of a model's currents is said in one warning, with the variables to record, and stands
in the Segment's annotations ``not_derived`` and ``not_recorded``.

**Neurons** are numbered by their node id: ``neuron=7`` or ``neuron=nodes[2]`` in `Recording.from_segment`,
``neurons=nodes[2:5]`` here.

**Parameters** are those that NEST has when this is called. Who changes them, or a generator, between two
calls of ``nest.Simulate`` keeps the old ones with `snapshot` and passes ``past=``; otherwise currents
that did not move V as it moved are refused, or warned of where coarse samples, spikes in V or synapses
that are the remainder explain a part of it too.

An Epoch "clamped" marks the samples where NEST sets V (the reset, the refractory period, V_min, and the
upstroke of the exponential models), of the node in ``array_annotations["channel_index"]``; no currents
explain V there.
"""

from neo_currentscape.adapters.nest.past import Snapshot, snapshot
from neo_currentscape.adapters.nest.segment import to_segment

__all__ = ["Snapshot", "snapshot", "to_segment"]
