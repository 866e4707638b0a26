"""The jobs of a summary: small enough to be shared out, and the same for any number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentTypeError, CurrentscapeError, SignalError
from neo_currentscape.recording import time_checks, timebase
from neo_currentscape.recording.recording import Recording
from neo_currentscape.summary.recorded_sites import RecordedSite, Selection, packed, recorded_sites
from neo_currentscape.summary.shared import Shared
from neo_currentscape.summary.sources import Opened, RankFile, opened, rank_files


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


def is_in_memory(job: Job) -> bool:
    """Whether to look at a source costs nothing, and to send it elsewhere does."""
    return isinstance(job.source, (neo.Segment, neo.Block, Recording, Currentscape))


def survey(job: Job, selection: Selection) -> Found | Failure:
    """Look at a source, and cut it into jobs; runs on a worker."""
    try:
        with opened(job.source, job.label, selection.trust_pickle) as source:
            return _survey(job, source, selection)
    except Exception as cause:
        return Failure(job.label, None, None, sentence(cause))


def _survey(job: Job, source: Opened, selection: Selection) -> Found:
    jobs: list[Job] = []
    spans, lengths, unit = [], [], None
    for number, segment in enumerate(source.segments):
        found = places_of(segment, selection)
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
            time_checks.check_length(signal, f"Signal {signal.name!r}")
            time_checks.check_ends(signal, f"Signal {signal.name!r}")
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
    from neo_currentscape.recording.stored_columns import stored_columns

    if recording is not None:
        return recording.currents.units
    found = stored_columns(place.choices, place.neuron, selection.sign, selection.area)
    return units.of_cells(assemble.common_unit(found, selection.area is not None))


def places_of(segment: Any, selection: Selection) -> list[Any]:
    """The recorded places of a Segment; a Recording is one, and a list is one of places."""
    if isinstance(segment, list):
        return segment
    return [segment] if isinstance(segment, Recording) else recorded_sites(segment, selection)


def sendable(job: Job, files: Shared | None) -> Job:
    """The same job with no more in it than another process needs."""
    if not isinstance(job.source, list) or not isinstance(job.source[0], RecordedSite):
        return job
    found = files.places(job.source) if files is not None else packed(job.source)
    return replace(job, source=found, is_packed=files is None)


def sentence(cause: BaseException) -> str:
    """What went wrong, as a `Failure` says it."""
    return str(cause) if isinstance(cause, CurrentscapeError) else f"{type(cause).__name__}: {cause}"


def _listed(sources: Any) -> list[Any]:
    try:
        return list(sources)
    except TypeError:
        raise ArgumentTypeError(
            f"summarise() takes Segments, Blocks, Recordings or paths, one or a list, not {sources!r}."
        ) from None


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
        pairs = [(None, source) for source in _listed(sources)]
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
