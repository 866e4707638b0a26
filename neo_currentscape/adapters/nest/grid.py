"""From flat, unsorted events to arrays of shape (time, sender), without a loop over samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neo_currentscape.adapters.nest.events import Events
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording.sampling import TOLERANCE, are_same


@dataclass(frozen=True)
class Channels:
    """One variable of some nodes.

    Attributes
    ----------
    nodes : ndarray of int, shape (node,)
        Sorted node ids.
    values : ndarray of float, shape (time, node)
    """

    nodes: np.ndarray
    values: np.ndarray

    def of(self, nodes: np.ndarray) -> np.ndarray:
        """Values of some of the nodes, shape (time, node); not copied where they are all."""
        if np.array_equal(nodes, self.nodes):
            return self.values
        return self.values[:, np.searchsorted(self.nodes, nodes)]


@dataclass(frozen=True)
class Grid:
    """Variables that were sampled at the same times.

    Attributes
    ----------
    times : ndarray of float, shape (time,)
        In ms, increasing.
    variables : dict of str to Channels
    """

    times: np.ndarray
    variables: dict[str, Channels]

    @property
    def nodes(self) -> np.ndarray:
        """All nodes of all variables, sorted."""
        return np.unique(np.concatenate([channels.nodes for channels in self.variables.values()]))


def to_grid(events: Events) -> Grid:
    """Sort the samples of one multimeter by sender and time.

    Parameters
    ----------
    events : Events

    Returns
    -------
    Grid

    Raises
    ------
    SignalError
        When the senders were not all sampled at the same times.
    """
    nodes, column = _columns(events.senders)
    counts = np.bincount(column, minlength=len(nodes))
    if (counts != counts[0]).any():
        other = int(np.argmax(counts != counts[0]))
        raise SignalError(
            f"Node {nodes[0]} has {counts[0]} samples and node {nodes[other]} has {counts[other]}: pass "
            "the events of neurons that were recorded together, each over the whole run."
        )
    times = np.sort(events.times[column == 0])
    _check_repeats(times, int(nodes[0]))
    flat = _rows(events.times, times, nodes, events.senders) * len(nodes) + column
    shape = (len(times), len(nodes))
    # A sample for every place, and as many samples as places: each place is filled once.
    if np.bincount(flat, minlength=shape[0] * shape[1]).max() > 1:
        raise SignalError("A node has two samples at one time: connect it to the multimeter only once.")
    return Grid(times, {k: Channels(nodes, _scatter(v, flat, shape)) for k, v in events.values.items()})


def _columns(senders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sorted node ids, and the position of each sample's sender among them."""
    low, high = int(senders.min()), int(senders.max())
    if high - low > 4 * len(senders) + 1000:
        return np.unique(senders, return_inverse=True)
    # Node ids are small and dense: a table of them needs no sorting.
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[senders - low] = True
    position = np.cumsum(seen) - 1
    return np.flatnonzero(seen) + low, position[senders - low]


def _check_repeats(times: np.ndarray, node: int) -> None:
    if len(times) > 1 and np.diff(times).min() <= 0:
        at = times[int(np.argmin(np.diff(times)))]
        raise SignalError(
            f"Node {node} has two samples at {at:g} ms: connect it to the multimeter only once."
        )


def _rows(sampled: np.ndarray, times: np.ndarray, nodes: np.ndarray, senders: np.ndarray) -> np.ndarray:
    """The position of each sample among the times."""
    period = (times[-1] - times[0]) / max(len(times) - 1, 1) or 1.0
    row = np.rint((sampled - times[0]) / period).astype(np.int64)
    np.clip(row, 0, len(times) - 1, out=row)
    apart = np.abs(times[row] - sampled)
    if apart.max() > TOLERANCE * period:
        # Not one interval throughout: look every time up.
        row = np.clip(np.searchsorted(times, sampled - TOLERANCE * period), 0, len(times) - 1)
        apart = np.abs(times[row] - sampled)
    if apart.max() > TOLERANCE * period:
        at = int(np.argmax(apart))
        raise SignalError(
            f"Node {senders[at]} was sampled at {sampled[at]:g} ms and node {nodes[0]} was not: pass the "
            "events of neurons that were recorded together, each over the whole run."
        )
    return row


def _scatter(values: np.ndarray, flat: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    out = np.empty(shape)
    out.reshape(-1)[flat] = values
    return out


def merge(grids: Sequence[Grid]) -> list[Grid]:
    """Put the variables of several multimeters together where they were sampled at the same times.

    Parameters
    ----------
    grids : sequence of Grid

    Returns
    -------
    list of Grid
        One for each set of times.

    Raises
    ------
    SignalError
        When two multimeters recorded a variable of one node at the same times, differently.
    """
    merged: list[Grid] = []
    for grid in grids:
        for at, other in enumerate(merged):
            if are_same(grid.times, other.times):
                merged[at] = _join(other, grid)
                break
        else:
            merged.append(grid)
    return merged


def _join(first: Grid, second: Grid) -> Grid:
    variables = dict(first.variables)
    for name, channels in second.variables.items():
        old = variables.get(name)
        variables[name] = channels if old is None else _join_channels(name, old, channels)
    return Grid(first.times, variables)


def _join_channels(name: str, first: Channels, second: Channels) -> Channels:
    both = np.intersect1d(first.nodes, second.nodes)
    if len(both) and not np.array_equal(first.of(both), second.of(both)):
        raise SignalError(
            f"Variable {name!r} of node {both[0]} was recorded twice, with different values: pass the "
            "multimeters of one run."
        )
    new = np.setdiff1d(second.nodes, first.nodes)
    nodes = np.concatenate([first.nodes, new])
    order = np.argsort(nodes, kind="stable")
    return Channels(nodes[order], np.hstack([first.values, second.of(new)])[:, order])
