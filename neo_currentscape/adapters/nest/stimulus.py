"""Currents that generators inject into the recorded neurons, from the running NEST.

No neuron model but glif_* records what generators inject, so it is computed from the generators:
weight times their current, one delay later. A sample gets the current that acts from its time on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.courses import Sampling
from neo_currentscape.adapters.nest.parameters import as_list, built_in
from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording.sampling import TOLERANCE

#: Generators whose current is a function of time that their parameters tell.
KNOWN = ("dc_generator", "ac_generator", "step_current_generator")

#: Those whose current is random.
UNKNOWN = ("noise_generator",)


def injected(
    kernels: Sequence[Any], nodes: np.ndarray, times: np.ndarray, sampling: Sampling
) -> tuple[dict[int, np.ndarray], list[int]]:
    """Currents injected by generators, by receptor.

    Parameters
    ----------
    kernels : sequence of Snapshot, and the running NEST as the last
        Each tells the generators until its time; what they sent before goes on to arrive.
    nodes : ndarray of int, shape (node,)
    times : ndarray of float, shape (time,)
        In ms.
    sampling : Sampling
        The mean is taken over the steps of the interval that begins at each time.

    Returns
    -------
    found : dict of int to ndarray, shape (time, node)
        By receptor type (0 but in compartmental models), inward positive, in the generators' unit;
        empty where no generator is connected.
    unknown : list of int
        Node ids of generators whose current is random.
    """
    every = times[:, None] + (np.arange(sampling.number) * sampling.step if sampling.number > 1 else 0.0)
    out: dict[int, np.ndarray] = {}
    unknown: list[int] = []
    since = -np.inf
    for kernel in kernels:
        # What a generator has at a time it sends in the step that begins there.
        until = np.inf if kernel is kernels[-1] else kernel.time + 0.5 * kernel.resolution
        links = _links(kernel, nodes)
        if links is not None:
            found, random = _sum(kernel, links, nodes, every, (since, until))
            unknown += random
            for receptor, current in found.items():
                out[receptor] = out.get(receptor, 0.0) + current
        since = until
    return out, unknown


def _links(nest: Any, nodes: np.ndarray) -> dict[str, Any] | None:
    generators = current_generators(nest)
    if len(generators) == 0:
        return None
    targets = nest.NodeCollection(nodes.tolist())
    links = nest.GetConnections(source=nest.NodeCollection(generators.tolist()), target=targets)
    return links.get(["source", "target", "weight", "delay", "receptor"]) if len(links) else None


def current_generators(nest: Any) -> np.ndarray:
    """Sorted node ids of the generators of current."""
    stimulators = nest.GetNodes({"element_type": "stimulator"})
    if len(stimulators) == 0:
        return np.array([], dtype=int)
    models = np.array(as_list(stimulators.get("model"), len(stimulators)), dtype=str)
    wanted = [model for model in np.unique(models) if built_in(nest, model) in (*KNOWN, *UNKNOWN)]
    return np.sort(np.array(stimulators.tolist())[np.isin(models, wanted)])


def _sum(
    nest: Any,
    links: dict[str, Any],
    nodes: np.ndarray,
    times: np.ndarray,
    sent: tuple[float, float],
) -> tuple[dict[int, np.ndarray], list[int]]:
    columns = {key: np.atleast_1d(value) for key, value in links.items()}
    out: dict[int, np.ndarray] = {}
    unknown: dict[int, None] = {}
    # One generator reaches many neurons with few delays: its current is computed once for each.
    pairs = np.stack([columns["source"], columns["delay"], columns["receptor"]], axis=1).astype(float)
    for source, delay, receptor in np.unique(pairs, axis=0):
        these = (pairs == (source, delay, receptor)).all(axis=1)
        current = _current(nest, nest.NodeCollection([int(source)]), times - delay)
        if current is None:
            unknown[int(source)] = None
            continue
        current = np.where((times - delay >= sent[0]) & (times - delay < sent[1]), current, 0.0)
        total = out.setdefault(int(receptor), np.zeros((len(times), len(nodes))))
        weights = np.zeros(len(nodes))
        np.add.at(weights, np.searchsorted(nodes, columns["target"][these]), columns["weight"][these])
        total += current.mean(axis=1)[:, None] * weights
    return out, list(unknown)


def _current(nest: Any, generator: Any, times: np.ndarray) -> np.ndarray | None:
    p = generator.get()
    kind = built_in(nest, p["model"])
    # Times are multiples of the resolution up to round-off.
    slack = TOLERANCE * float(nest.resolution)
    # The earliest current is that of the first step.
    begin = max(p["origin"] + p["start"], float(nest.resolution)) - slack
    end = p["origin"] + p["stop"] - slack
    on = (times >= begin) & (times < end)
    if kind == "dc_generator":
        return np.where(on, p["amplitude"], 0.0)
    if kind == "step_current_generator":
        # NEST hands a list of one out as its element.
        steps = np.concatenate([[0.0], np.atleast_1d(p["amplitude_values"])])
        changes = np.atleast_1d(p["amplitude_times"])
        return np.where(on, steps[np.searchsorted(changes, times + slack)], 0.0)
    if kind == "ac_generator":
        phase = 2e-3 * np.pi * p["frequency"] * times + np.deg2rad(p["phase"])
        return np.where(on, p["offset"] + p["amplitude"] * np.sin(phase), 0.0)
    return None


def warn_of_noise(generators: list[int]) -> None:
    """Say that the current of random generators is missing."""
    warn(
        f"The current of noise generator {generators[0]} cannot be computed: record it with a "
        "multimeter of its own and pass it as stimulus=..., or the balance will miss it."
    )
