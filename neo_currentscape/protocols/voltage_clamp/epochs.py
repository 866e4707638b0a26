"""The levels of commands: the stretches in which each sweep is held at one voltage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.response.levels import MOST, levels_of, roughness
from neo_currentscape.protocols.voltage_clamp.averaging import grouped
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps

#: Levels that differ by less than this many mV are the same.
SAME_LEVEL = 0.5

#: The part of a stretch that is at its level.
HELD = 0.8

#: A shorter stretch, in samples, is the flank between two levels.
SHORTEST = 4


@dataclass(frozen=True)
class Epoch:
    """A stretch of samples in which every sweep has one level.

    Attributes
    ----------
    start, stop : int
        The first sample, and the one after the last.
    levels : ndarray, shape (sweep,)
        In mV.
    is_held : bool
        Whether every sweep has a level; a ramp or a wave has none.
    """

    start: int
    stop: int
    levels: np.ndarray
    is_held: bool = True

    @property
    def is_varied(self) -> bool:
        """Whether the sweeps have different levels."""
        return self.is_held and bool(np.ptp(self.levels) > SAME_LEVEL)

    @property
    def window(self) -> slice:
        """Its samples."""
        return slice(self.start, self.stop)


def epochs_of(sweeps: Sweeps) -> list[Epoch]:
    """Cut the sweeps where the command of any of them changes.

    Parameters
    ----------
    sweeps : Sweeps

    Returns
    -------
    list of Epoch
        In order.

    Raises
    ------
    SignalError
        When no command has levels, as ramps and action potentials have none.

    Examples
    --------
    >>> command = np.repeat([[-80.0, -20.0, -80.0], [-80.0, 0.0, -80.0]], 50, axis=1)
    >>> found = epochs_of(Sweeps(np.arange(150.0), np.zeros((2, 150)), command))
    >>> [(epoch.start, epoch.levels.tolist()) for epoch in found]
    [(0, [-80.0, -80.0]), (50, [-20.0, 0.0]), (100, [-80.0, -80.0])]
    """
    edges, moving = {0, len(sweeps.times)}, np.zeros(len(sweeps.times), bool)
    for group in grouped(sweeps.command):
        command = sweeps.command[group[0]]
        for start, stop, held in _stretches(command):
            edges.add(start)
            moving[start:stop] |= not held
    apart = _merged(sorted(edges))
    found = [
        Epoch(a, b, np.median(sweeps.command[:, a:b], axis=1), not moving[a:b].any())
        for a, b in zip(apart, apart[1:], strict=False)
    ]
    if not any(epoch.is_held for epoch in found):
        raise SignalError(
            f"The commands of {sweeps.what} have no levels, as a ramp or an action potential has none: "
            "give sweeps of voltage steps."
        )
    return found


def _stretches(command: np.ndarray) -> list[tuple[int, int, bool]]:
    """Begin and end of each stretch of a command, and whether it is held at one level."""
    if roughness(command) > 0:
        found = levels_of(command, SHORTEST)
        held = len(found) <= MOST
        return [(level.start, level.stop, held and level.flat) for level in found]
    edges = [
        0,
        *(np.flatnonzero(np.abs(np.diff(command)) > 1e-9 * np.abs(command).max()) + 1),
        len(command),
    ]
    begins = np.array(edges[:-1])
    values = command[begins]
    # A ramp is many small steps; what moves by as much at once is a level of its own.
    small = np.abs(np.diff(values)) < SAME_LEVEL
    chains = np.split(np.arange(len(begins)), np.flatnonzero(~small) + 1)
    ends = [(int(begins[chain[0]]), int(edges[chain[-1] + 1])) for chain in chains]
    return [(start, stop, _is_held(command[start:stop])) for start, stop in ends]


def _is_held(part: np.ndarray) -> bool:
    """Whether a stretch has a level, though a recorded voltage comes to it after a while."""
    return float((np.abs(part - np.median(part)) <= SAME_LEVEL).mean()) >= HELD


def _merged(edges: list[int]) -> list[int]:
    """Edges without those that come right after another, as those of recorded commands jitter."""
    kept = [edges[0]]
    for edge in edges[1:-1]:
        if edge - kept[-1] >= SHORTEST:
            kept.append(edge)
    if edges[-1] - kept[-1] < SHORTEST and len(kept) > 1:
        kept.pop()
    return [*kept, edges[-1]]


def step_of(sweeps: Sweeps, onset: Any = None, duration: Any = None) -> tuple[list[Epoch], int]:
    """The epochs, and the index of the one that is looked at: in which the levels differ most.

    Parameters
    ----------
    sweeps : Sweeps
    onset, duration : Quantity, optional
        Where it begins and how long it is, where that is not meant; in the time of the sweep.

    Returns
    -------
    epochs : list of Epoch
    index : int

    Raises
    ------
    SignalError
        When the sweeps all have the same levels, or differ only in the one at which they begin, or there
        is no epoch at the onset.
    """
    epochs = epochs_of(sweeps)
    if onset is not None:
        return _chosen(sweeps, epochs, onset, duration)
    spreads = [float(np.ptp(epoch.levels)) if epoch.is_held else 0.0 for epoch in epochs]
    if max(spreads) <= SAME_LEVEL:
        raise SignalError(
            f"All sweeps of {sweeps.what} have the same command, and the levels of a step are needed: "
            "pass a family of sweeps, or choose the step with onset=..."
        )
    if len(epochs) > 1 and len(np.unique(np.round(epochs[0].levels))) == 2:
        spreads[0] = 0.0  # another level before the first change, as where the holding potential was set
        if max(spreads) <= SAME_LEVEL:
            raise SignalError(
                f"The sweeps of {sweeps.what} differ only in the level at which they begin, which is no "
                "step: pass a family of sweeps, or write onset=0 * pq.ms if it is meant."
            )
    # The first of the widest: what follows a step that is held may differ by as much.
    return epochs, int(np.flatnonzero(np.array(spreads) >= 0.99 * max(spreads))[0])


def _chosen(sweeps: Sweeps, epochs: list[Epoch], onset: Any, duration: Any) -> tuple[list[Epoch], int]:
    begin = units.scalar(onset, "ms", "onset")
    starts = np.array([sweeps.times[epoch.start] for epoch in epochs])
    k = int(np.abs(starts - begin).argmin())
    if abs(starts[k] - begin) > SHORTEST * sweeps.step:
        raise SignalError(
            f"No command changes at onset={begin:g} ms: levels begin at "
            f"{', '.join(f'{t:g}' for t in starts)} ms."
        )
    if duration is None:
        return epochs, k
    stop = epochs[k].start + round(units.positive(duration, "ms", "duration") / sweeps.step)
    stop = min(stop, len(sweeps.times))
    return [*epochs[:k], Epoch(epochs[k].start, stop, epochs[k].levels), *epochs[k + 1 :]], k
