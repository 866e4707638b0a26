"""`neo_currentscape.summarise`: look at the sources, share out the work, put the parts together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.summary import population, table
from neo_currentscape.summary.jobs import (
    Failure,
    Found,
    Job,
    Task,
    is_in_memory,
    jobs_of,
    sendable,
    survey,
)
from neo_currentscape.summary.pool import check_executor, run
from neo_currentscape.summary.recorded_sites import Selection, check_wanted
from neo_currentscape.summary.result import Summary
from neo_currentscape.summary.shared import shared
from neo_currentscape.summary.work import Part, work

#: Bins of time, unless told otherwise.
BINS = 200


def summarise(
    sources: Any,
    executor: Any = None,
    *,
    bins: int | None = None,
    t_start: Any = None,
    t_stop: Any = None,
    errors: str = "raise",
    neurons: Sequence[int] | None = None,
    sites: Sequence[str] | None = None,
    currents: Any = None,
    units: Mapping[str, Any] | None = None,
    sign: Any = None,
    area: Any = None,
    nan: str = "error",
    trust_pickle: bool = False,
    parts: Any = None,
) -> Summary:
    """Summarise the currents of many neurons.

    Parameters
    ----------
    sources : source, iterable of sources, or dict of sources by label
        Each is a file name (files that Neo reads lazily are read so; of an MPI run's "x.pkl.0",
        "x.pkl.1" ... the name "x.pkl" will do), a Neo Segment or Block, a Recording or Currentscape,
        or a function without arguments that makes one of these where the work is done.
    executor : concurrent.futures.Executor, optional
        Shares out the work: ``ProcessPoolExecutor()``, ``client.get_executor()`` of dask.distributed,
        ``MPIPoolExecutor()`` of mpi4py. Without it all is done here.
    bins : int, optional
        Bins of time for the population's shares; 200, or as many as there are samples.
    t_start, t_stop : Quantity, optional
        Samples with ``t_start <= t < t_stop`` count; by default all.
    errors : {"raise", "skip"}
        Whether what cannot be read stops the summary, or is left out and named in its ``failures``; so is
        what cannot be sent to a worker, or ends it. Workers that died are replaced then.
    neurons, sites : sequence, optional
        Only these; by default every neuron and site of which a current was recorded.
    currents, units, sign, area, nan, parts
        As for `neo_currentscape.Recording.from_segment`.
    trust_pickle : bool
        Whether files that are pickles are read, which runs the code that they hold.

    Returns
    -------
    Summary
        The same for any number of workers, as parts are always cut and merged in the same way.

    Raises
    ------
    SignalError
        When a source cannot be summarised, and ``errors="raise"``, or when none can; it names them.
    ExecutorError
        When the executor is shut down; with ``errors="raise"`` also when a worker died, or when a source
        cannot be sent to one.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> segment = neo.Segment(name="two neurons")
    >>> for name, values in (("K", [[1, 3], [1, 3]]), ("leak", [[1, 1], [1, 1]])):
    ...     segment.analogsignals.append(
    ...         neo.AnalogSignal(
    ...             values,
    ...             units="nA",
    ...             name=name,
    ...             sampling_period=1 * pq.ms,
    ...             role="current",
    ...             array_annotations={"channel_index": [0, 1]},
    ...         )
    ...     )
    >>> summary = ncs.summarise(segment)
    >>> summary
    Summary of 2 neurons with K, leak
    >>> summary.table["contribution_outward"]
    array([0.5 , 0.5 , 0.75, 0.25])
    >>> summary.shares("outward").magnitude, summary.spread("outward").magnitude[0]
    (array([[0.625, 0.375],
           [0.625, 0.375]]), array([0.125, 0.125]))
    """
    _check(errors, bins)
    check_wanted(neurons=neurons, sites=sites)
    check_executor(executor)
    selection = Selection(currents, units, sign, area, nan, neurons, sites, trust_pickle, parts)
    found, failures = _surveyed(jobs_of(sources), selection, executor, errors)
    window = (_ms(t_start, "t_start"), _ms(t_stop, "t_stop"))
    edges = _edges(found, bins, window)
    unit = next(one.unit for one in found)
    jobs = [job for one in found for job in one.jobs]
    done: list[Part] = []
    task = Task(selection, edges, unit, window)
    with shared(executor, jobs) as files:
        prepare = partial(sendable, files=files)
        for part in run(work, jobs, (task,), executor, prepare, _skipped(errors, _lost_part)):
            _stop_at(part.failures, errors)
            done.append(part)
    failures += [failure for part in done for failure in part.failures]
    return _summary(done, edges, unit, _unique(failures))


def _check(errors: str, bins: int | None) -> None:
    if errors not in ("raise", "skip"):
        raise ArgumentError(f"errors={errors!r} is not an option: write errors='raise' or errors='skip'.")
    if bins is not None and (isinstance(bins, bool) or not isinstance(bins, (int, np.integer)) or bins < 1):
        raise ArgumentError(f"bins={bins!r} is not a number of bins: write 1 or more.")


def _stop_at(failures: Sequence[Failure], errors: str) -> None:
    if failures and errors == "raise":
        raise SignalError(f"{failures[0]} (errors='skip' goes on with the rest.)")


def _surveyed(
    jobs: list[Job], selection: Selection, executor: Any, errors: str
) -> tuple[list[Found], list[Failure]]:
    if not jobs:
        raise ArgumentError("summarise was given no source: pass a file name, Segment or Recording.")
    found: list[Found] = []
    failures: list[Failure] = []
    here = {k: survey(job, selection) for k, job in enumerate(jobs) if is_in_memory(job)}
    away = [job for k, job in enumerate(jobs) if k not in here]
    there = run(survey, away, (selection,), executor, failed=_skipped(errors, _lost))
    for k in range(len(jobs)):
        one = here[k] if k in here else next(there)
        if isinstance(one, Found):
            found.append(one)
        else:
            _stop_at([one], errors)
            failures.append(one)
    if not found:
        raise SignalError(f"None of the {len(jobs)} sources could be summarised; the first: {failures[0]}")
    return found, failures


def _skipped(errors: str, result: Callable[[Job, str], Any]) -> Callable[[Job, str], Any] | None:
    return result if errors == "skip" else None


def _lost(job: Job, reason: str) -> Failure:
    return Failure(job.label, None, None, reason)


def _lost_part(job: Job, reason: str) -> Part:
    return Part([], None, [_lost(job, reason)])


def _edges(found: Sequence[Found], bins: int | None, window: tuple[Any, Any]) -> np.ndarray:
    spans = [one.span for one in found if one.span is not None]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    first = first if window[0] is None else window[0]
    last = last if window[1] is None else window[1]
    if not first < last:
        raise ArgumentError(f"The window from {first:g} to {last:g} ms holds no time: swap the two.")
    n_bins = bins or min(BINS, min(one.n_samples for one in found))
    return np.linspace(first, last, int(n_bins) + 1)


def _ms(time: Any, what: str) -> float | None:
    return None if time is None else unit_tools.scalar(time, "ms", what)


def _unique(failures: Sequence[Failure]) -> list[Failure]:
    # A broken source fails in each of its jobs.
    return list(dict.fromkeys(failures))


def _summary(parts: Sequence[Part], edges: np.ndarray, unit: Any, failures: list[Failure]) -> Summary:
    rows = [row for part in parts for row in part.rows]
    if not rows:
        raise SignalError(f"No neuron could be summarised; the first failure: {failures[0]}")
    populations = [part.population for part in parts if part.population is not None]
    whole = reduce(population.merge, populations)
    columns, labels = table.columns(rows, unit)
    return Summary(whole.names, columns, labels, edges, whole, len(rows), failures, unit)
