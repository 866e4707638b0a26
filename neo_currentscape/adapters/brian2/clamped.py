"""Spikes of a Brian2 group, and the times in which its voltage does not follow the currents."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.signals import mark


def add_spikes(segment: neo.Segment, spikes: Any, group: Any, clock: Any) -> None:
    """Add a spike train for each neuron, and an Epoch of the times when its voltage was clamped.

    A spike at t resets the voltage at the end of the step that begins at t; an equation marked
    ``(unless refractory)`` then stays for the refractory time.

    Parameters
    ----------
    segment : neo.Segment
        Is added to.
    spikes : brian2.SpikeMonitor
        Of the group.
    group : brian2.NeuronGroup
    clock : brian2.Clock
        Of the recorded signals.
    """
    times = np.asarray(spikes.t_) * 1e3
    index = np.asarray(spikes.i) + getattr(spikes.source, "start", 0)
    step = float(clock.dt_) * 1e3
    stop = max(float(times.max()) if len(times) else 0.0, float(np.asarray(clock.t_)) * 1e3)
    for neuron in sorted(set(index.tolist())):
        mine = times[index == neuron]
        segment.spiketrains.append(
            neo.SpikeTrain(mine, units="ms", t_stop=stop, name="spikes", channel_index=neuron)
        )
    if _is_reset(group):
        # Both ends of a stretch are clamped: the step of the reset, and those that are skipped.
        mark(segment, [(times, times + max(_refractory(group) - step, 0.0), index)])


def _is_reset(group: Any) -> bool:
    return "spike" in getattr(group, "event_codes", {}) or _refractory(group) > 0


def _refractory(group: Any) -> float:
    """Time in ms for which a voltage marked ``(unless refractory)`` is held after a spike."""
    held = any("unless refractory" in group.equations[name].flags for name in group.equations.diff_eq_names)
    refractory = group._refractory
    if not held or isinstance(refractory, (bool, str)):
        return 0.0
    return float(np.asarray(refractory)) * 1e3
