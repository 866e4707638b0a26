"""A population summarised by one process and by two, from files and from memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq
from timing import seconds

import neo_currentscape as ncs

N_NEURONS, N_SAMPLES, N_CURRENTS = 2000, 10_000, 8
#: Files that the population is spread over, as the ranks of an MPI run do.
N_FILES = 16


def population(first: int, n_neurons: int, n_samples: int = N_SAMPLES) -> neo.Segment:
    """Currents of some neurons, as PyNN stores them: one signal a current, one channel a neuron."""
    rng = np.random.default_rng(first)
    segment = neo.Segment(name=f"neurons from {first}")
    for k in range(N_CURRENTS):
        values = rng.standard_normal((n_samples, n_neurons)) + k - 3
        signal = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, name=f"I{k}")
        signal.annotate(role="current")
        signal.array_annotate(channel_index=np.arange(first, first + n_neurons))
        segment.analogsignals.append(signal)
    return segment


def write(folder: Path, n_neurons: int) -> list[Path]:
    """The population in several files."""
    paths = []
    for first in range(0, n_neurons, n_neurons // N_FILES):
        block = neo.Block()
        block.segments.append(population(first, n_neurons // N_FILES))
        paths.append(folder / f"{first}.pkl")
        neo.io.PickleIO(str(paths[-1])).write_block(block)
    return paths


def summary_table(repeats: int, n_neurons: int = N_NEURONS) -> str:
    """Time the summary without workers, with one and with two.

    Parameters
    ----------
    repeats : int
        Calls of which the median counts.
    n_neurons : int

    Returns
    -------
    str
    """
    lines = [
        f"summarise {n_neurons} neurons x {N_SAMPLES} samples x {N_CURRENTS} currents",
        "source     here (s)   1 worker (s)   2 workers (s)   ratio",
    ]
    with tempfile.TemporaryDirectory() as folder:
        window = {"t_start": 0 * pq.ms, "t_stop": N_SAMPLES * 0.1 * pq.ms}
        sources: dict[str, Any] = {
            "files": write(Path(folder), n_neurons),
            "memory": population(0, n_neurons),
        }
        for name, source in sources.items():
            call = partial(ncs.summarise, source, trust_pickle=True, **window)
            times = [seconds(call, repeats), *(_with_workers(call, n, repeats) for n in (1, 2))]
            here, one, two = times
            lines.append(f"{name:8s}  {here:9.2f}  {one:13.2f}  {two:14.2f}  {one / two:6.2f}")
    return "\n".join(lines)


def _with_workers(call: Any, n_workers: int, repeats: int) -> float:
    with ProcessPoolExecutor(n_workers) as executor:
        # Workers import the package before the clock runs.
        ncs.summarise([population(0, 4, 100)] * 2 * n_workers, executor)
        return seconds(partial(call, executor), repeats)


def growth_table(repeats: int, sizes: Sequence[int] = (250, 500, 1000, 2000)) -> str:
    """How the summary of files grows with the neurons, on one worker and on two.

    Parameters
    ----------
    repeats : int
        Calls of which the median counts.
    sizes : sequence of int
        Numbers of neurons.

    Returns
    -------
    str
    """
    lines = [
        f"summarise neurons x {N_SAMPLES} samples x {N_CURRENTS} currents from {N_FILES} files",
        "neurons   1 worker (s)   2 workers (s)   ratio   1 worker, ms a neuron",
    ]
    window = {"t_start": 0 * pq.ms, "t_stop": N_SAMPLES * 0.1 * pq.ms}
    for n_neurons in sizes:
        with tempfile.TemporaryDirectory() as folder:
            call = partial(ncs.summarise, write(Path(folder), n_neurons), trust_pickle=True, **window)
            one, two = (_with_workers(call, n, repeats) for n in (1, 2))
        lines.append(
            f"{n_neurons:7d}  {one:13.2f}  {two:14.2f}  {one / two:6.2f}  {1e3 * one / n_neurons:22.2f}"
        )
    return "\n".join(lines)
