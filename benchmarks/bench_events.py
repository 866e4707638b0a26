"""Averages over events and cycles of ten million samples, against one pass over the data."""

from __future__ import annotations

import neo
import numpy as np
import quantities as pq
from timing import seconds

import neo_currentscape as ncs
from neo_currentscape.experiments.fold import fold

N_CURRENTS = 4


def events_table(n_samples: int = 10_000_000, repeats: int = 3) -> str:
    """Time both averages; one pass splits the currents by direction and sums each.

    Parameters
    ----------
    n_samples, repeats : int

    Returns
    -------
    str
    """
    rng = np.random.default_rng(0)
    signal = neo.AnalogSignal(
        rng.standard_normal((N_CURRENTS, n_samples)).T,
        units="nA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": [f"I{k}" for k in range(N_CURRENTS)]},
    )
    scape = ncs.Currentscape(ncs.Recording(signal))
    end = n_samples * 0.1
    cycles = np.arange(1000, 0.99 * end, 1000.0)[:, None] + np.linspace(0, 1000, 101)
    events = np.sort(rng.uniform(100, 0.99 * end, 10_000))[:, None] + np.linspace(-20, 50, 101)
    one_pass = seconds(lambda: [scape.total(d) for d in ("outward", "inward")], repeats)
    lines = [f"averages of {n_samples:.0e} samples x {N_CURRENTS} (at most 5 passes)", "average   passes"]
    for name, edges in (("cycles", cycles), ("events", events)):
        spent = seconds(lambda e=edges: fold(scape, e), repeats)
        lines.append(f"{name:8s}  {spent / one_pass:6.1f}")
    return "\n".join(lines)
