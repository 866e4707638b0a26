"""The excitatory and inhibitory current of each neuron of a source, read one neuron at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import time_checks, timebase, values
from neo_currentscape.recording.inventory import Variable, inventory
from neo_currentscape.recording.recording import Recording
from neo_currentscape.summary.jobs import jobs_of, places_of
from neo_currentscape.summary.measures import SignalTimes
from neo_currentscape.summary.recorded_sites import Seen, Selection
from neo_currentscape.summary.sources import opened
from neo_currentscape.synaptic import kinds
from neo_currentscape.synaptic.integrals import Trace


@dataclass(frozen=True)
class Cell:
    """One neuron and site of a source.

    Attributes
    ----------
    source : str
    neuron, site : int and str, or None
    segment : neo.Segment or None
        Which holds it; None of a Recording.
    place : RecordedSite or Recording
    variables : sequence of Variable
        Of the Segment.
    seen : Seen
        What is known of its signals from other neurons.
    """

    source: str
    neuron: int | None
    site: str | None
    segment: Any
    place: Any
    variables: Sequence[Variable]
    seen: Seen

    @property
    def names(self) -> list[str]:
        """Names of the currents."""
        if isinstance(self.place, Recording):
            return list(self.place.names)
        return [choice.label for choice in self.place.choices]

    def reversals(self) -> dict[str, Any]:
        """The reversal potentials that the signals have annotated."""
        if isinstance(self.place, Recording):
            return {}
        notes = {c.label: c.variable.signal.annotations.get("reversal") for c in self.place.choices}
        return {name: found for name, found in notes.items() if found is not None}

    def read(self, selection: Selection, unit: Any) -> tuple[Any, Any, SignalTimes, list[str]]:
        """Currents, outward positive in a unit, the gaps in them, their times and names."""
        if isinstance(self.place, Recording):
            signal = self.place.currents
            factor = float(units.parse_units(signal.units).rescale(unit))
            numbers = values.magnitudes(signal)
            numbers = numbers if factor == 1.0 else np.asarray(numbers) * factor
            return numbers, self.place.gaps, self.seen.clock(signal), self.names
        numbers, gaps, signal, names = self.place.read(selection, unit, self.seen)
        return numbers, gaps, self.seen.clock(signal), names

    def unit(self, selection: Selection) -> Any:
        """The unit of its currents."""
        if isinstance(self.place, Recording):
            return self.place.currents.units
        from neo_currentscape.recording import assemble
        from neo_currentscape.recording.stored_columns import stored_columns

        found = stored_columns(self.place.choices, self.place.neuron, selection.sign, selection.area)
        return units.of_cells(assemble.common_unit(found, selection.area is not None))

    def span(self) -> tuple[float, float]:
        """From when to when the samples stand for time, in ms."""
        is_recording = isinstance(self.place, Recording)
        signal = self.place.currents if is_recording else self.place.choices[0].variable.signal
        time_checks.check_length(signal, f"Signal {signal.name!r}")
        first, last = timebase.span(signal, "ms")
        half = float(signal.sampling_period.rescale("ms")) / 2 if timebase.is_regular(signal) else 0.0
        return first - half, last + half


def cells(sources: Any, selection: Selection) -> Iterator[Cell]:
    """The neurons and sites of sources, one after the other.

    Parameters
    ----------
    sources
        As for `neo_currentscape.summarise`.
    selection : Selection

    Yields
    ------
    Cell
    """
    for job in jobs_of(sources):
        with opened(job.source, job.label, selection.trust_pickle) as source:
            for segment in source.segments:
                alone = isinstance(segment, Recording)
                variables = () if alone else inventory(segment, selection.units)
                seen = Seen()
                for place in places_of(segment, selection):
                    yield Cell(
                        job.label,
                        place.neuron,
                        place.site,
                        None if alone else segment,
                        place,
                        variables,
                        seen,
                    )


def trace(cell: Cell, found: dict[str, str], selection: Selection, unit: Any) -> Trace:
    """The excitatory, the inhibitory and the net current of a neuron.

    Parameters
    ----------
    cell : Cell
    found : dict of str to str
        The kind of each current.
    selection : Selection
    unit : Quantity
        In which they are wanted.

    Returns
    -------
    Trace
        Of three rows, outward positive.
    """
    numbers, gaps, clock, names = cell.read(selection, unit)
    rows = slice(0, len(numbers))
    numbers = np.asarray(numbers[rows])
    blank = None if gaps is None else np.asarray(gaps[rows])
    out = np.empty((3, len(numbers)))
    for row, kind in enumerate((kinds.EXCITATORY, kinds.INHIBITORY)):
        out[row] = numbers[:, kinds.of_kind(found, names, kind)].sum(axis=1)
    out[2] = out[0] + out[1]
    if blank is not None:
        out[:, blank] = 0.0
    durations = np.broadcast_to(clock.durations(gaps, rows), len(numbers))
    if not durations.any():
        raise SignalError(f"{cell.source}, neuron {cell.neuron}: no sample of its currents is a number.")
    return Trace(out, durations, _borders(clock, rows))


def _borders(clock: SignalTimes, rows: slice) -> np.ndarray:
    times = clock.times(rows)
    if clock.period is not None:
        return clock.start + clock.period * (np.arange(len(times) + 1) - 0.5)
    return np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])


def decided(
    found: dict[str, str], listed: Sequence[Cell], selection: Selection, unit: Any
) -> dict[str, str]:
    """The kinds of all synapses, those that only the direction tells by their charges.

    Parameters
    ----------
    found : dict of str to str
        As of `kinds.known`.
    listed : sequence of Cell
    selection : Selection
    unit : Quantity

    Returns
    -------
    dict of str to str
        Without what never flows.
    """
    open_ones = [name for name, kind in found.items() if kind == "synaptic"]
    if not open_ones:
        return found
    charges = {name: np.zeros(2) for name in open_ones}
    for cell in listed:
        if not set(open_ones) & set(cell.names):
            continue
        numbers, gaps, clock, names = cell.read(selection, unit)
        rows = slice(0, len(numbers))
        durations = np.broadcast_to(clock.durations(gaps, rows), len(numbers))
        for name in set(open_ones) & set(names):
            column = np.nan_to_num(np.asarray(numbers[rows])[:, names.index(name)])
            charges[name] += np.maximum(column, 0) @ durations, np.maximum(-column, 0) @ durations
    told = {name: kinds.by_direction(name, *charges[name]) for name in open_ones}
    whole = {**found, **told}
    return {name: kind for name, kind in whole.items() if kind is not None}
