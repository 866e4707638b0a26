"""Currents that generators inject into the recorded neurons, from the running NEST.

No neuron model but glif_* records what generators inject, so it is computed from the generators:
weight times their current, one delay later. A sample gets the current that acts from its time on.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import CurrentscapeWarning

#: Generators whose current is a function of time that their parameters tell.
KNOWN = ("dc_generator", "ac_generator", "step_current_generator")


def injected(nest: Any, nodes: np.ndarray, times: np.ndarray) -> dict[int, np.ndarray]:
    """Currents injected by generators, by receptor.

    Parameters
    ----------
    nest : module
    nodes : ndarray of int, shape (node,)
    times : ndarray of float, shape (time,)
        In ms.

    Returns
    -------
    dict of int to ndarray, shape (time, node)
        By receptor type (0 but in compartmental models), inward positive, in the generators' unit;
        empty where no generator is connected.
    """
    generators = [g for g in nest.GetNodes({"element_type": "stimulator"}) if _kind(nest, g) is not None]
    if not generators:
        return {}
    collection = nest.NodeCollection(sorted(g.global_id for g in generators))
    links = nest.GetConnections(source=collection, target=nest.NodeCollection(nodes.tolist()))
    if len(links) == 0:
        return {}
    return _sum(nest, links.get(["source", "target", "weight", "delay", "receptor"]), nodes, times)


def _kind(nest: Any, node: Any) -> str | None:
    kind = str(nest.GetDefaults(node.get("model")).get("type_id"))
    return kind if kind in KNOWN or kind == "noise_generator" else None


def _sum(nest: Any, links: dict[str, Any], nodes: np.ndarray, times: np.ndarray) -> dict[int, np.ndarray]:
    columns = {key: np.atleast_1d(value) for key, value in links.items()}
    out: dict[int, np.ndarray] = {}
    # One generator reaches many neurons with few delays: its current is computed once for each.
    pairs = np.stack([columns["source"], columns["delay"], columns["receptor"]], axis=1).astype(float)
    for source, delay, receptor in np.unique(pairs, axis=0):
        these = (pairs == (source, delay, receptor)).all(axis=1)
        current = _current(nest, nest.NodeCollection([int(source)]), times - delay)
        if current is None:
            continue
        total = out.setdefault(int(receptor), np.zeros((len(times), len(nodes))))
        weights = np.zeros(len(nodes))
        np.add.at(weights, np.searchsorted(nodes, columns["target"][these]), columns["weight"][these])
        total += current[:, None] * weights
    return out


def _current(nest: Any, generator: Any, times: np.ndarray) -> np.ndarray | None:
    kind, p = _kind(nest, generator), generator.get()
    # Times are multiples of the resolution up to round-off.
    slack = 1e-3 * float(nest.resolution)
    begin, end = p["origin"] + p["start"] - slack, p["origin"] + p["stop"] - slack
    on = (times >= begin) & (times < end)
    if kind == "dc_generator":
        return np.where(on, p["amplitude"], 0.0)
    if kind == "step_current_generator":
        steps = np.concatenate([[0.0], p["amplitude_values"]])
        return np.where(on, steps[np.searchsorted(p["amplitude_times"], times + slack)], 0.0)
    if kind == "ac_generator":
        phase = 2e-3 * np.pi * p["frequency"] * times + np.deg2rad(p["phase"])
        return np.where(on, p["offset"] + p["amplitude"] * np.sin(phase), 0.0)
    warnings.warn(
        f"The current of noise generator {generator.global_id} cannot be computed: record it with a "
        "multimeter of its own and pass it as stimulus=..., or the balance will miss it.",
        CurrentscapeWarning,
        stacklevel=6,
    )
    return None
