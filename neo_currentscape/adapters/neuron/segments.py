"""Neo signals out of NEURON's vectors: times that Neo can hold, and annotations that say what is what."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.annotations import joinable, signal_annotations
from neo_currentscape.recording.columns_store import described
from neo_currentscape.recording.sampling import regular_step

#: Samples nearer to each other than this (ms) are two sides of a jump.
JUMP = 1e-9


def sides_of_jumps(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make the times of a variable step increase strictly, keeping both sides of every jump.

    At an event CVODE gives two samples at one time, before and after. Neo's analyses need
    increasing times, so the sample before is moved back by half of `JUMP`; of more than two
    samples at one time, the first and the last are kept.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In ms, not decreasing.

    Returns
    -------
    kept : ndarray of int, shape (kept,)
        Which samples to keep.
    times : ndarray, shape (kept,)
        Their times.

    Examples
    --------
    >>> kept, times = sides_of_jumps(np.array([0.0, 1.0, 1.0, 1.0, 2.0]))
    >>> kept, bool(times[1] < times[2] == 1.0)
    (array([0, 1, 3, 4]), True)
    """
    near = np.diff(times) < JUMP
    starts = np.concatenate(([True], ~near))
    ends = np.concatenate((~near, [True]))
    moved = times.copy()
    moved[starts & ~ends] = times[ends & ~starts] - JUMP / 2
    kept = np.flatnonzero(starts | ends)
    return kept, moved[kept]


def on_grid(start: float, step: float) -> float:
    """A time that was added up of steps, without the rounding, so that Neo can join what follows on it."""
    even = float(f"{round(start / step) * step:.12g}")
    return even if abs(even - start) < 1e-5 * step else start


class SiteWriter:
    """Makes the signals of one site.

    Parameters
    ----------
    signals : list
        The signals are added to it.
    site : str
        Name of the recorded place.
    area : float
        In um**2.
    times : ndarray, shape (time,)
        In ms.
    fixed : bool
        Whether the first sample, which no step led to, is dropped.
    density : bool
        Whether currents are divided by the area.
    every : int
        One in so many samples is kept.
    """

    def __init__(
        self,
        signals: list,
        site: str,
        area: float,
        times: np.ndarray,
        fixed: bool,
        density: bool,
        every: int,
    ) -> None:
        self.signals, self.area, self.density = signals, area, density
        self._is_backward = fixed and every == 1
        step = regular_step(times) if fixed else None
        self._kept: Any = slice(1, None, every) if fixed else slice(None)
        times = times[self._kept]
        if step is None:
            inside, times = sides_of_jumps(times)
            self._kept = inside * every + 1 if fixed else inside
        else:
            times = np.append(on_grid(times[0], step), times[1:])
        clock = Clock(times, None if step is None else step * every)
        self._area = joinable(area * pq.um**2) if area else None
        self._writer = Writer(clock, site=site, area=self._area)

    def at(self, site: str, **notes: Any) -> SiteWriter:
        """The same for another site of the same times and area, whose signals have further annotations."""
        out = copy(self)
        out._writer = Writer(self._writer.clock, site=site, area=self._area, **notes)
        return out

    def add(
        self,
        name: str,
        values: np.ndarray,
        units: str,
        role: str,
        positive: str | None = None,
        **notes: Any,
    ) -> None:
        """Add a variable.

        Parameters
        ----------
        name : str
        values : ndarray, shape (time,)
        units, role, positive, **notes
            As for `neo_currentscape.adapters.signals.Writer.add`.
        """
        # NEURON's vectors are overwritten by the next run.
        own = np.array(values[self._kept])
        self.signals.append(self._writer.add(name, own, units, role, positive, **notes))

    def add_voltage(self, values: np.ndarray, cm: float | None) -> None:
        """Add the membrane potential, with what C dV/dt is made of.

        Parameters
        ----------
        values : ndarray, shape (time,)
            In mV.
        cm : float or None
            Specific capacitance in uF/cm**2; None where it was not the same all along.
        """
        notes: dict[str, Any] = {}
        if cm is not None:
            whole = cm * self.area * 1e-5 * pq.nF
            notes["capacitance"] = cm * pq.uF / pq.cm**2 if self.density else whole
        if self._is_backward:
            notes["derivative"] = "backward"
        self.add("v", values, "mV", "voltage", **notes)

    def add_current(self, name: str, values: np.ndarray, role: str, positive: str, **notes: Any) -> None:
        """Add a current.

        Parameters
        ----------
        name : str
        values : ndarray, shape (time,)
            In nA.
        role : str
        positive : {"outward", "inward"}
        **notes
            Further annotations.
        """
        if self.density:
            self.add(name, values * (100.0 / self.area), "mA/cm**2", role, positive, **notes)
        else:
            self.add(name, values, "nA", role, positive, **notes)


class ChunkWriter(SiteWriter):
    """Collects what one site has to say of a chunk of a run.

    Parameters
    ----------
    columns : dict
        The values are added to it; see `neo_currentscape.recording.columns_store.Columns`.
    site : str
    area : float
        In um**2.
    is_backward : bool
        Whether every step was kept, so that the differences of the voltage are C dV/dt.
    described : dict
        What is known of names and sites from earlier chunks.
    """

    def __init__(self, columns: dict, site: str, area: float, is_backward: bool, described: dict) -> None:
        self._described = described
        self.columns, self.site, self.area, self.density = columns, site, area, False
        self._is_backward = is_backward

    def add(
        self,
        name: str,
        values: np.ndarray,
        units: str,
        role: str,
        positive: str | None = None,
        **notes: Any,
    ) -> None:
        """As `SiteWriter.add`; the first sample is left out."""
        key = name, self.site, role, "arrays" in notes, "aligned" in notes, "capacitance" in notes
        if key not in self._described:
            self._described[key] = self._describe(name, units, role, positive, notes)
        variable, channel = self._described[key]
        self.columns.setdefault(variable, {})[channel] = values[1:]

    def _describe(self, name: str, units: str, role: str, positive: str | None, notes: dict) -> tuple:
        capacitance, arrays = notes.pop("capacitance", None), notes.pop("arrays", {})
        return described(
            name, self.site, units, {**signal_annotations(role, positive), **notes},
            area=self.area or None,
            capacitance=None if capacitance is None else float(capacitance.rescale("nF")),
            remainder=bool(np.any(arrays.get("remainder", False))),
        )  # fmt: skip
