"""What a worker does: read the neurons of a job, and measure each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import CurrentscapeError, SignalError, UnitsError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import values
from neo_currentscape.recording.cuts import rows_between
from neo_currentscape.recording.recording import Recording
from neo_currentscape.summary import population
from neo_currentscape.summary.jobs import Failure, Job, Task, places_of, sentence
from neo_currentscape.summary.measures import Measures, measure
from neo_currentscape.summary.recorded_sites import RecordedSite, Seen, packed
from neo_currentscape.summary.sources import opened


@dataclass(frozen=True)
class Row:
    """One neuron of the table."""

    source: str
    segment: int
    neuron: int | None
    site: str | None
    measures: Measures


@dataclass(frozen=True)
class Part:
    """What became of a job."""

    rows: list[Row]
    population: population.Population | None
    failures: list[Failure]


def work(job: Job, task: Task) -> Part:
    """Summarise the neurons of a job; runs on a worker."""
    rows: list[Row] = []
    failures: list[Failure] = []
    try:
        with opened(job.source, job.label, task.selection.trust_pickle) as source:
            segment = source.segments[job.segment or 0]
            seen = Seen()
            here = places_of(segment, task.selection)[job.first : job.last]
            if isinstance(job.source, list) and isinstance(here[0], RecordedSite) and not job.is_packed:
                here = packed(here)
            for place in here:
                row = _row(job, place, task, seen)
                (rows if isinstance(row, Row) else failures).append(row)  # type: ignore[arg-type]
    except Exception as cause:
        # Nothing half-read: what was summarised of a broken source does not count.
        return Part([], None, [Failure(job.label, None, None, sentence(cause))])
    found = population.of_neurons([r.measures for r in rows], len(task.edges) - 1) if rows else None
    without_bins = [replace(row, measures=replace(row.measures, means={})) for row in rows]
    return Part(without_bins, found, failures)


def _row(job: Job, place: RecordedSite | Recording, task: Task, seen: Seen) -> Row | Failure:
    try:
        if isinstance(place, Recording):
            names, signal, gaps = place.names, place.currents, place.gaps
            numbers = values.magnitudes(signal)
            if not units.same_dimension(signal.units, task.unit):
                raise UnitsError(
                    f"the currents are in {units.label(signal.units)} and those of the first neuron in "
                    f"{units.label(task.unit)}: summarise them apart."
                )
            factor = float(units.parse_units(signal.units).rescale(task.unit))
            numbers = numbers if factor == 1 else np.asarray(numbers) * factor
        else:
            numbers, gaps, signal, names = place.read(task.selection, task.unit, seen)
        clock = seen.clock(signal)
        rows = _rows(signal, task.window)
        measures = measure(names, numbers, gaps, clock, task.edges, rows)
        if not all(np.isfinite(measures.charge[d]).all() for d in DIRECTIONS):
            raise units.too_large("The charge of a current", task.unit)
        return Row(job.label, job.number, place.neuron, place.site, measures)
    except CurrentscapeError as cause:
        return Failure(job.label, place.neuron, place.site, sentence(cause))


def _rows(signal: Any, window: tuple[float | None, float | None]) -> slice | None:
    if window == (None, None):
        return None
    rows = rows_between(signal, *window)
    if rows.stop <= rows.start:
        raise SignalError("no sample lies between t_start and t_stop.")
    return rows
