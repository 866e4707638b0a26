r"""Synaptic currents by what sends the spikes: drives and types of cells.

hnn-core has one Exp2Syn for each receptor of a section, on which all connections end. It is linear in its
events: an event of weight w that arrives at :math:`t_j` adds

.. math:: g_j(t) = w\,f\,(e^{-(t - t_j)/\tau_2} - e^{-(t - t_j)/\tau_1}) ,

where f makes its peak w. So the conductance is the sum of those of the sources, and a source carries the
part of the current that it has of the conductance. Sums that do not give the recorded current are not used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.hnn_core.names import Synapse
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import require, warn

#: Part of a current's peak that the sum over the sources may miss.
TOLERATED = 1e-6


@dataclass(frozen=True)
class Link:
    """A connection that ends on a synapse, from a drive or a type of cells; weight in uS, delay in ms."""

    source: str
    gid: int
    weight: float
    delay: float


def links_of(builder: Any) -> dict[str, list[Link]]:
    """The connections of a network that was built, by the synapse ("Exp2Syn[12]") on which they end."""
    found: dict[str, list[Link]] = {}
    for connections in builder.ncs.values():
        for one in connections:
            gid = int(one.srcgid())
            link = Link(builder.net.gid_to_type(gid), gid, float(one.weight[0]), float(one.delay))
            found.setdefault(one.syn().hname(), []).append(link)
    return found


def spikes_of(builder: Any) -> dict[int, np.ndarray]:
    """Times of the spikes in ms of each gid, drives among them."""
    times, gids = np.array(builder._spike_times), np.array(builder._spike_gids, dtype=int)
    order = np.argsort(gids, kind="stable")
    sent, first = np.unique(gids[order], return_index=True)
    return dict(zip(sent.tolist(), np.split(times[order], first[1:]), strict=True)) if len(sent) else {}


def conductances(
    synapse: Any, links: Iterable[Link], spikes: dict[int, np.ndarray], step: float, count: int
) -> dict[str, np.ndarray]:
    """The conductance by source, as NEURON takes it for each fixed step.

    Parameters
    ----------
    synapse : Exp2Syn
        Or anything with ``tau1`` and ``tau2`` in ms.
    links : iterable of Link
    spikes : dict of int to ndarray
        Times in ms, by gid.
    step : float
        In ms.
    count : int
        Of steps.

    Returns
    -------
    dict of str to ndarray, shape (step,)
        In uS, of the sources that sent anything.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> synapse = SimpleNamespace(tau1=0.5, tau2=5.0)
    >>> found = conductances(synapse, [Link("drive", 7, 2.0, 1.0)], {7: np.array([3.0])}, 0.1, 200)
    >>> found["drive"].max().round(3), int(np.flatnonzero(found["drive"])[0])
    (np.float64(2.0), 41)
    """
    filtered = require("scipy.signal", "hnn", "Telling synaptic currents apart").lfilter
    # An event is delivered at the beginning of the step that is nearest to it.
    arrived: dict[str, np.ndarray] = {}
    for link in links:
        at = np.ceil((spikes.get(link.gid, np.empty(0)) + link.delay) / step - 0.5).astype(int)
        at = at[at < count]
        if len(at) and link.weight:
            np.add.at(arrived.setdefault(link.source, np.zeros(count)), at, link.weight)
    tau2 = synapse.tau2
    tau1 = min(synapse.tau1, 0.9999 * tau2)
    peak = tau1 * tau2 / (tau2 - tau1) * np.log(tau2 / tau1)
    factor = 1 / (np.exp(-peak / tau2) - np.exp(-peak / tau1))
    decays = (np.exp(-step / tau2), np.exp(-step / tau1))
    return {
        source: factor * np.subtract(*(filtered([1.0], [1.0, -decay], events) for decay in decays))
        for source, events in arrived.items()
    }


def split_by_source(
    segment: neo.Segment, synapse: Synapse, links: Iterable[Link], spikes: dict[int, np.ndarray]
) -> None:
    """Put currents by source in place of a synaptic current of a Segment.

    Parameters
    ----------
    segment : neo.Segment
        Of a fixed step, without the first sample. It is changed.
    synapse : Synapse
    links : iterable of Link
        Those that end on it.
    spikes : dict of int to ndarray

    Warns
    -----
    CurrentscapeWarning
        When what the sources sent does not give the current, which then stays as it is.
    """
    signals = segment.analogsignals
    at = {s.name: k for k, s in enumerate(signals) if s.annotations.get("site") == synapse.site}
    whole, voltage = signals[at[synapse.receptor]], signals[at["v"]]
    step, process = float(whole.sampling_period.rescale("ms")), synapse.process
    driven, known = voltage.magnitude[:, 0] - process.e, whole.magnitude[:, 0]
    parts = conductances(process, links, spikes, step, len(known))
    currents = {source: conductance * driven for source, conductance in parts.items()}
    missed, peak = (float(np.abs(x).max()) for x in (sum(currents.values()) - known, known))
    if missed > TOLERATED * peak:
        warn(
            f"The current {synapse.receptor} at {synapse.site} is left whole: what its sources sent misses "
            f"it by {missed / peak if peak else 1:.1e} of its peak."
        )
    elif currents:
        writer = Writer(Clock.of(whole), site=synapse.site, area=whole.annotations["area"])
        for source, values in currents.items():
            writer.add(f"{source} {synapse.receptor}", values, "nA", "current", "outward")
        segment.analogsignals = [signal for signal in signals if signal is not whole]
        writer.into(segment)
