"""From a simulated LFPy cell to a Neo Segment: one signal for each variable of each compartment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.lfpy import currents as read
from neo_currentscape.adapters.lfpy.tree import axial_inflow, compartments, site_names
from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, require, unknown_name

_RECORD = "cell.simulate(**lfpy.recorders(cell))"


def to_segment(cell: Any, idx: int | str | Sequence[int | str] | None = None) -> neo.Segment:
    """Put what an LFPy cell recorded into a Neo Segment.

    Every compartment has its membrane currents in nA, outward positive, at the voltage that was
    recorded with them (see `neo_currentscape.adapters.lfpy.align`), its voltage in mV with the
    capacitance, and, where recorded, the capacitive current, the axial inflow and the electrodes:

        capacitive + sum(currents) - electrodes = axial

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated with ``rec_vmem=True`` and ``rec_variables``; `recorders` gives everything.
        Synapses and electrodes need ``record_current=True``. Its sections must still exist.
    idx : int, str or sequence of them, optional
        Compartments, by index or by name (``"soma(0.5)"``); all of them unless told.

    Returns
    -------
    neo.Segment
        One signal for each variable and compartment, annotated with role, positive, site and area;
        AnalogSignals for a fixed step, without the first sample (whose currents NEURON did not
        use), IrregularlySampledSignals for a variable step, with one sample of each time.

    Raises
    ------
    SelectionError
        When the cell was not simulated, or something needed was not recorded.
    CurrentscapeWarning
        As a warning, when a current could not be aligned with the voltage, or a synapse or
        electrode was not recorded.

    Examples
    --------
    >>> cell.simulate(**recorders(cell))                                   # doctest: +SKIP
    >>> segment = to_segment(cell)                                         # doctest: +SKIP
    >>> ncs.Currentscape.from_segment(segment, site="soma(0.5)").plot()    # doctest: +SKIP
    """
    _check(cell)
    if not getattr(cell, "rec_variables", None) and not hasattr(cell, "ipas"):
        raise SelectionError(
            f"cell.rec_variables holds no current: write {_RECORD}, or name them in rec_variables=[...]."
        )
    return assemble(cell, getattr(cell, "rec_variables", {}), idx)


def assemble(cell: Any, variables: Mapping[str, np.ndarray], idx: Any = None) -> neo.Segment:
    """Make the Segment of a simulated cell from its arrays and given recorded variables.

    Parameters
    ----------
    cell : LFPy.Cell
    variables : mapping of str to ndarray, shape (compartment, time)
        As in ``cell.rec_variables``.
    idx : int, str or sequence of them, optional
        As for `to_segment`.

    Returns
    -------
    neo.Segment
    """
    h = require("neuron", "lfpy", "Reading an LFPy cell").h
    _check(cell)
    names = site_names(cell)
    clock = Clock(cell)
    reader = read.Reader(cell, variables, names, clock.is_fixed, h)
    axial = axial_inflow(cell)
    segment = neo.Segment(name="LFPy cell")
    for at in _indices(idx, names):
        _add_compartment(segment, cell, at, names[at], reader, axial[at], clock)
    return segment


def _add_compartment(
    segment: neo.Segment, cell: Any, at: int, site: str, reader: Any, axial: np.ndarray, clock: Any
) -> None:
    area = float(cell.area[at]) * pq.um**2
    found = [
        read.Trace("v", cell.vmem[at], "mV", "voltage", None),
        *reader.currents(at),
        *reader.others(at),
        read.Trace("axial", axial, "nA", "axial", "inward"),
    ]
    for name, role in (("icap", "capacitive"), ("imem", "membrane")):
        if hasattr(cell, name):
            found.append(read.Trace(name, getattr(cell, name)[at], "nA", role, "outward"))
    for trace in found:
        signal = clock.signal(trace, **notes.signal_annotations(trace.role, trace.positive, area, site))
        if trace.role == "voltage":
            capacitance = compartments(cell)[at].cm * pq.uF / pq.cm**2 * area
            signal.annotate(capacitance=notes.joinable(capacitance.rescale("nF")))
            if clock.is_fixed:
                signal.annotate(derivative="backward")
        if not trace.is_aligned:
            signal.annotate(aligned=False)
        (segment.analogsignals if clock.is_fixed else segment.irregularlysampledsignals).append(signal)


class Clock:
    """The times of a simulation, and which of its samples are kept.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated.
    """

    def __init__(self, cell: Any) -> None:
        times = np.asarray(cell.tvec, dtype=float)
        self.is_fixed = bool(np.allclose(np.diff(times), cell.dt, rtol=0, atol=1e-6 * cell.dt))
        self.dt = float(cell.dt)
        # At an event the variable step records a time twice, before and after: keep what is after.
        self.keep = np.append(np.diff(times) > 0, True)
        if self.is_fixed:
            self.keep[0] = False
        self.times = times[self.keep]

    def signal(self, trace: Any, **marks: Any) -> Any:
        """Make the Neo signal of a trace."""
        values = np.asarray(trace.values, dtype=float)[self.keep][:, None]
        if self.is_fixed:
            return neo.AnalogSignal(
                values,
                units=trace.units,
                t_start=self.times[0] * pq.ms,
                sampling_period=self.dt * pq.ms,
                name=trace.name,
                **marks,
            )
        return neo.IrregularlySampledSignal(
            self.times, values, units=trace.units, time_units="ms", name=trace.name, **marks
        )


def _check(cell: Any) -> None:
    if not hasattr(cell, "tvec"):
        raise SelectionError(f"The cell was not simulated: call {_RECORD} first.")
    if getattr(cell, "allseclist", None) is None:
        raise SelectionError(
            "The sections of the cell no longer exist: make the segment before strip_hoc_objects()."
        )
    if not hasattr(cell, "vmem"):
        raise SelectionError(f"cell.vmem was not recorded: write {_RECORD}, or rec_vmem=True.")


def _indices(idx: Any, names: Sequence[str]) -> Iterable[int]:
    if idx is None:
        return range(len(names))
    given = [idx] if isinstance(idx, (int, np.integer, str)) else list(idx)
    for each in given:
        if isinstance(each, str) and each not in names:
            raise unknown_name("compartment", each, names)
        if not isinstance(each, str) and not 0 <= each < len(names):
            raise ArgumentError(f"idx={each} is no compartment: the cell has 0 to {len(names) - 1}.")
    return [names.index(each) if isinstance(each, str) else int(each) for each in given]
