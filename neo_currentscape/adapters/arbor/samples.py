"""Sampled values of Arbor's probes, sorted by site, with times that can be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import SelectionError, SignalError, require
from neo_currentscape.recording.sampling import are_same


@dataclass(frozen=True)
class Stretch:
    """A stretch of a branch, or a point on it; a site of the cell.

    Attributes
    ----------
    branch : int
    start, stop : float
        Relative positions on the branch; equal for a point.
    """

    branch: int
    start: float
    stop: float

    def __str__(self) -> str:
        if self.start == self.stop:
            return f"(location {self.branch} {self.start:g})"
        return f"(cable {self.branch} {self.start:g} {self.stop:g})"

    def holds(self, other: Stretch) -> bool:
        """Whether another stretch lies in this one."""
        return (
            self.branch == other.branch
            and self.start <= other.start + 1e-9
            and other.stop <= self.stop + 1e-9
        )


def stretch_of(meta: Any) -> Stretch:
    """The stretch that Arbor's metadata of a sampled column mean.

    Parameters
    ----------
    meta : arbor.cable, arbor.location or arbor.cable_probe_point_info

    Returns
    -------
    Stretch
    """
    meta = getattr(meta, "location", meta)
    if hasattr(meta, "pos"):
        return Stretch(int(meta.branch), float(meta.pos), float(meta.pos))
    return Stretch(int(meta.branch), float(meta.prox), float(meta.dist))


def columns(simulation: Any, label: str, handle: Any) -> list[tuple[Stretch, np.ndarray, np.ndarray]]:
    """Read what a probe sampled.

    Parameters
    ----------
    simulation : arbor.simulation
    label : str
        For the error.
    handle : arbor handle
        As ``simulation.sample`` returned it.

    Returns
    -------
    list of (Stretch, times, values)
        In ms and in the probe's unit, one for each site.

    Raises
    ------
    SelectionError
        When nothing was sampled.
    """
    sampled = simulation.samples(handle)
    if not sampled or any(len(data) == 0 for data, _ in sampled):
        raise SelectionError(
            f"Probe {label!r} holds no samples: the cell has no such variable there, or the simulation "
            "was not run after simulation.sample(...)."
        )
    out = []
    for data, meta in sampled:
        metas = meta if isinstance(meta, list) else [meta]
        table = np.asarray(data, dtype=float)
        out += [(stretch_of(each), table[:, 0], table[:, k + 1]) for k, each in enumerate(metas)]
    return out


def common_times(found: dict[str, list[tuple[Stretch, np.ndarray, np.ndarray]]]) -> np.ndarray:
    """The times of the samples, which all probes must share.

    Arbor 0.9 to 0.12.2 writes wrong times (each twice) beside the right values of
    ``total_ion_current_cell``, so the times are those of the other probes.

    Parameters
    ----------
    found : dict of str to list
        Columns of each probe.

    Returns
    -------
    ndarray, shape (time,)
        In ms.

    Raises
    ------
    SignalError
        When no probe has increasing times, or two have different ones.
    """
    right = {
        label: times
        for label, sampled in found.items()
        for _, times, _ in sampled[:1]
        if np.all(np.diff(times) > 0)
    }
    if not right:
        raise SignalError(
            f"The samples of {', '.join(map(repr, found))} repeat their times: sample the membrane "
            "voltage on the same schedule, whose times are right."
        )
    first, times = next(iter(right.items()))
    for label, sampled in found.items():
        other = right.get(label, sampled[0][1])
        same = are_same(other, times) if label in right else len(other) == len(times)
        if not same:
            raise SignalError(
                f"Probes {first!r} and {label!r} were sampled at different times ({len(times)} and "
                f"{len(other)} samples): give them the same schedule."
            )
    return times


def area_of(stretch: Stretch, morphology: Any) -> Any:
    """Membrane area of a stretch of cable, the sum of the sides of its frusta.

    Parameters
    ----------
    stretch : Stretch
    morphology : arbor.morphology

    Returns
    -------
    Quantity
        In um**2.
    """
    arbor = require("arbor", "arbor", "Measuring the area of a cable")
    pieces = arbor.place_pwlin(morphology).segments(
        [arbor.cable(stretch.branch, stretch.start, stretch.stop)]
    )
    total = 0.0
    for piece in pieces:
        a, b = piece.prox, piece.dist
        length = np.linalg.norm([b.x - a.x, b.y - a.y, b.z - a.z])
        total += np.pi * (a.radius + b.radius) * float(np.hypot(length, b.radius - a.radius))
    return total * pq.um**2
