"""The events of a large NEST population as a Segment, against one copy of the same arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from timing import seconds

from neo_currentscape.adapters import nest

#: What an ht_neuron has to record of its currents.
NAMES = ["V_m", "theta", "g_AMPA", "g_NMDA", "g_GABA_A", "g_GABA_B", "I_NaP", "I_KNa", "I_T", "I_h"]

#: Samples that a neuron hands over at a time, and threads of NEST's run.
SLICE, THREADS = 10, 4


def events(n_senders: int, n_samples: int) -> dict[str, Any]:
    """Make the events of a multimeter in NEST's order: by thread, then slice, then sender, then time.

    Returns
    -------
    dict of str to ndarray, shape (senders x samples,)
        As ``multimeter.events``.
    """
    senders = np.arange(1, n_senders + 1)
    times = np.arange(1, n_samples + 1) * 0.1
    parts = []
    for thread in range(THREADS):
        mine = senders[thread::THREADS]
        # Axes: slice, sender, sample of the slice.
        shape = (n_samples // SLICE, len(mine), SLICE)
        stamps = np.broadcast_to(times.reshape(-1, 1, SLICE), shape)
        parts.append((np.broadcast_to(mine[:, None], shape).ravel(), stamps.ravel()))
    out: dict[str, Any] = {
        "senders": np.concatenate([part[0] for part in parts]),
        "times": np.concatenate([part[1] for part in parts]),
    }
    rng = np.random.default_rng(0)
    return out | {name: rng.standard_normal(n_senders * n_samples) for name in NAMES}


def nest_table(repeats: int, n_senders: int = 10_000, n_samples: int = 1000) -> str:
    """Time `adapters.nest.to_segment` of an events dict, by the number of senders.

    Parameters
    ----------
    repeats : int
        Calls of which the median counts.
    n_senders, n_samples : int
        Of the largest case.

    Returns
    -------
    str
    """
    lines = [
        f"NEST's events, {n_samples} samples x {len(NAMES)} variables, to a Segment; and a copy of them",
        "senders   Segment (s)   copy (s)   ratio   million values a second",
    ]
    for n in sorted({max(THREADS, n_senders // k) for k in (100, 10, 1)}):
        recorded = events(n, n_samples)
        nest.to_segment(recorded, model="ht_neuron")
        ours = seconds(lambda e=recorded: nest.to_segment(e, model="ht_neuron"), repeats)
        copy = seconds(lambda e=recorded: [values.copy() for values in e.values()], repeats)
        rate = n * n_samples * len(NAMES) / ours / 1e6
        lines.append(f"{n:7d}  {ours:12.3f}  {copy:9.3f}  {ours / copy:6.1f}  {rate:24.0f}")
    return "\n".join(lines)
