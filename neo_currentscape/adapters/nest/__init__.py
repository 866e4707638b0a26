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
    the difference quotient of V at a sample k that balances the currents of that sample. NEST updates a
    neuron from one step to the next, and a spike changes its currents at the end of a step:

    - "forward", (V[k+1] - V[k]) / dt, for the integrate-and-fire models, whose state at k drives the
      step that begins there;
    - "backward", (V[k] - V[k-1]) / dt, for gif_psc_exp, iaf_bw_2001 and cm_default, which record the
      currents that drove the step that ends at k;
    - "central", (V[k+1] - V[k-1]) / (2 dt), for the Hodgkin-Huxley models and iaf_chxk_2008, whose V is
      smooth; I_stim is the mean of both steps then.

    It holds for an interval of the multimeter that is NEST's resolution. What is left is the error of the
    difference quotient: about dt / (2 tau) of a current with the time constant tau where it is one-sided.

An Epoch "clamped" marks the samples where NEST sets V (the reset, the refractory period, and the upstroke
of the exponential models), of the node in ``array_annotations["channel_index"]``; no currents explain V
there.
"""

from neo_currentscape.adapters.nest.past import Snapshot, snapshot
from neo_currentscape.adapters.nest.segment import to_segment

__all__ = ["Snapshot", "snapshot", "to_segment"]
