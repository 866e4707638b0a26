"""The jobs of a summary: small enough to be shared out, and the same for any number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.analysis import summary_population
from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.analysis.summary_measures import Measures, measure
from neo_currentscape.analysis.summary_places import Place, Seen, Selection, packed, places
from neo_currentscape.analysis.summary_shared import Shared
from neo_currentscape.analysis.summary_sources import Opened, RankFile, opened, rank_files
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import CurrentscapeError, SignalError, UnitsError
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording


@dataclass(frozen=True)
class Failure:
    """What could not be summarised, and why.

    Attributes
    ----------
    source : str
        Name of the file or Segment.
    neuron, site : int and str, or None
        None where the whole source is meant.
    reason : str
        One sentence.
    """

    source: str
    neuron: int | None
    site: str | None
    reason: str

    def __str__(self) -> str:
        place = "".join(
            f", {word} {value}"
            for word, value in (("neuron", self.neuron), ("site", self.site))
            if value is not None
        )
        return f"{self.source}{place}: {self.reason}"


@dataclass(frozen=True)
class Row:
    """One neuron of the table."""

    source: str
    segment: int
    neuron: int | None
    site: str | None
    measures: Measures


@dataclass(frozen=True)
class Job:
    """Some neurons of one source.

    Attributes
    ----------
    source : object
        File name, Segment, Recording, list of places, or a function that makes one.
    label : str
        How the source is called in the table and in errors.
    segment : int or None
        Which Segment of the source; None for all.
    number : int
        Its number in the table.
    first, last : int
        Which of its places.
    is_packed : bool
        Whether its signals hold no other neurons than those.
    """

    source: Any
    label: str
    segment: int | None = None
    number: int = 0
    first: int = 0
    last: int | None = None
    is_packed: bool = False


@dataclass(frozen=True)
class Found:
    """What is known of a source before it is summarised.

    Attributes
    ----------
    jobs : list of Job
    span : tuple of float, or None
        First and last time in ms.
    n_samples : int
    unit : Quantity or None
        Of the currents.
    """

    jobs: list[Job]
    span: tuple[float, float] | None = None
    n_samples: int = 0
    unit: Any = None


@dataclass(frozen=True)
class Task:
    """What is wanted of every neuron.

    Attributes
    ----------
    selection : Selection
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    unit : Quantity
        Of the currents.
    window : tuple of float or None
        The samples from the first to before the second time count, in ms.
    """

    selection: Selection
    edges: np.ndarray
    unit: Any
    window: tuple[float | None, float | None]


@dataclass(frozen=True)
class Part:
    """What became of a job."""

    rows: list[Row]
    population: summary_population.Population | None
    failures: list[Failure]


def is_in_memory(job: Job) -> bool:
    """Whether to look at a source costs nothing, and to send it elsewhere does."""
    return isinstance(job.source, (neo.Segment, neo.Block, Recording, Currentscape))


def survey(job: Job, selection: Selection) -> Found | Failure:
    """Look at a source, and cut it into jobs; runs on a worker."""
    try:
        with opened(job.source, job.label) as source:
            return _survey(job, source, selection)
    except Exception as cause:
        return Failure(job.label, None, None, _sentence(cause))


def _survey(job: Job, source: Opened, selection: Selection) -> Found:
    jobs: list[Job] = []
    spans, lengths, unit = [], [], None
    for number, segment in enumerate(source.segments):
        found = _places(segment, selection)
        for first in range(0, len(found), source.batch or len(found)):
            last = min(first + (source.batch or len(found)), len(found))
            if source.in_memory:
                # The places are kept, rather than found again by each job.
                jobs.append(replace(job, source=found[first:last], segment=None, number=number))
            else:
                jobs.append(replace(job, segment=number, number=number, first=first, last=last))
        recording = segment if isinstance(segment, Recording) else None
        signals = [recording.currents] if recording else [c.variable.signal for c in found[0].choices]
        for signal in signals:
            spans.append(timebase.span(signal, "ms"))
            lengths.append(signal.shape[0])
        if unit is None:
            unit = _unit(found[0], recording, selection)
    if not jobs:
        raise SignalError("it holds no segment: nothing was recorded.")
    span = (min(first for first, _ in spans), max(last for _, last in spans))
    return Found(jobs, span, min(lengths), unit)


def _unit(place: Any, recording: Recording | None, selection: Selection) -> Any:
    from neo_currentscape.recording import assemble
    from neo_currentscape.recording.pieces import pieces

    if recording is not None:
        return recording.currents.units
    found = pieces(place.choices, place.neuron, selection.sign, selection.area)
    return assemble.common_unit(found, selection.area is not None)


def _places(segment: Any, selection: Selection) -> list[Any]:
    if isinstance(segment, list):
        return segment
    return [segment] if isinstance(segment, Recording) else places(segment, selection)


def sendable(job: Job, files: Shared | None) -> Job:
    """The same job with no more in it than another process needs."""
    if not isinstance(job.source, list) or not isinstance(job.source[0], Place):
        return job
    found = files.places(job.source) if files is not None else packed(job.source)
    return replace(job, source=found, is_packed=files is None)


def work(job: Job, task: Task) -> Part:
    """Summarise the neurons of a job; runs on a worker."""
    rows: list[Row] = []
    failures: list[Failure] = []
    try:
        with opened(job.source, job.label) as source:
            segment = source.segments[job.segment or 0]
            seen = Seen()
            here = _places(segment, task.selection)[job.first : job.last]
            if isinstance(job.source, list) and isinstance(here[0], Place) and not job.is_packed:
                here = packed(here)
            for place in here:
                row = _row(job, place, task, seen)
                (rows if isinstance(row, Row) else failures).append(row)  # type: ignore[arg-type]
    except Exception as cause:
        # Nothing half-read: what was summarised of a broken source does not count.
        return Part([], None, [Failure(job.label, None, None, _sentence(cause))])
    found = summary_population.of_neurons([r.measures for r in rows], len(task.edges) - 1) if rows else None
    without_bins = [replace(row, measures=replace(row.measures, shares={})) for row in rows]
    return Part(without_bins, found, failures)


def _row(job: Job, place: Place | Recording, task: Task, seen: Seen) -> Row | Failure:
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
        return Row(job.label, job.number, place.neuron, place.site, measures)
    except CurrentscapeError as cause:
        return Failure(job.label, place.neuron, place.site, _sentence(cause))


def _rows(signal: Any, window: tuple[float | None, float | None]) -> slice | None:
    if window == (None, None):
        return None
    first = 0 if window[0] is None else timebase.first_at(signal, window[0])
    last = signal.shape[0] if window[1] is None else timebase.first_at(signal, window[1])
    if last <= first:
        raise SignalError("no sample lies between t_start and t_stop.")
    return slice(first, last)


def _sentence(cause: BaseException) -> str:
    return str(cause) if isinstance(cause, CurrentscapeError) else f"{type(cause).__name__}: {cause}"


def jobs_of(sources: Any) -> list[Job]:
    """One job for each source; files that ranks of an MPI run wrote are sources of their own.

    Parameters
    ----------
    sources : one source or iterable of sources, or dict of them by label

    Returns
    -------
    list of Job
    """
    if isinstance(sources, dict):
        pairs: Iterable[tuple[str | None, Any]] = [(str(key), value) for key, value in sources.items()]
    elif isinstance(sources, (str, Path, neo.Segment, neo.Block, Recording, Currentscape, Callable)):  # type: ignore[arg-type]
        pairs = [(None, sources)]
    else:
        pairs = [(None, source) for source in sources]
    out: list[Job] = []
    for number, (label, source) in enumerate(pairs):
        if isinstance(source, (str, Path)):
            parts: Sequence[Any] = rank_files(source)
            for part in parts:
                path = part.path if isinstance(part, RankFile) else part
                name = str(path) if label is None else label + str(path)[len(str(source)) :]
                out.append(Job(part, name))
        else:
            out.append(Job(source, label or getattr(source, "name", None) or f"source {number}"))
    return out
