"""From a simulated LFPy cell to a Neo Segment: one signal for each variable of each compartment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.lfpy import currents as read
from neo_currentscape.adapters.lfpy.tree import axial_inflow, compartments, site_names
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, require, unknown_name
from neo_currentscape.recording.sampling import regular_step

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
    clock, kept = _clock(cell)
    reader = read.Reader(cell, variables, names, clock.is_regular, h)
    axial, places = axial_inflow(cell), compartments(cell)
    segment = neo.Segment(name="LFPy cell")
    for at in _indices(idx, names):
        writer = Writer(clock, site=names[at], area=float(cell.area[at]) * pq.um**2)
        for trace in _traces(cell, at, reader, axial[at]):
            _add(writer, trace, kept, places[at].cm)
        writer.into(segment)
    return segment


def _clock(cell: Any) -> tuple[Clock, np.ndarray]:
    """The times of the samples that are handed out, and which those are."""
    times = np.asarray(cell.tvec, dtype=float)
    step = regular_step(times, float(cell.dt))
    # At an event the variable step records a time twice, before and after: keep what is after.
    kept = np.append(np.diff(times) > 0, True)
    if step is not None:
        kept[0] = False
    return Clock(times[kept], step), kept


def _traces(cell: Any, at: int, reader: Any, axial: np.ndarray) -> list[read.CompartmentTrace]:
    found = [
        read.CompartmentTrace("v", cell.vmem[at], "mV", "voltage", None),
        *reader.currents(at),
        *reader.others(at),
        read.CompartmentTrace("axial", axial, "nA", "axial", "inward"),
    ]
    for name, role in (("icap", "capacitive"), ("imem", "membrane")):
        if hasattr(cell, name):
            found.append(read.CompartmentTrace(name, getattr(cell, name)[at], "nA", role, "outward"))
    return found


def _add(writer: Writer, trace: read.CompartmentTrace, kept: np.ndarray, cm: float) -> None:
    notes: dict[str, Any] = {}
    if trace.role == "voltage":
        notes["capacitance"] = (cm * pq.uF / pq.cm**2 * writer.area).rescale("nF")
        if writer.clock.is_regular:
            notes["derivative"] = "backward"
    if not trace.is_aligned:
        notes["aligned"] = False
    values = np.asarray(trace.values, dtype=float)[kept]
    writer.add(trace.name, values, trace.units, trace.role, trace.positive, **notes)


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
