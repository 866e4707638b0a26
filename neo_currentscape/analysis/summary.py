"""Many neurons, sites, segments or files in one table, and the population's shares over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.analysis import ordering, summary_population
from neo_currentscape.analysis.reduction import Columns, Extremes
from neo_currentscape.analysis.split import check_direction
from neo_currentscape.analysis.summary_jobs import (
    Failure,
    Found,
    Job,
    Part,
    Row,
    Task,
    is_in_memory,
    jobs_of,
    sendable,
    survey,
    work,
)
from neo_currentscape.analysis.summary_places import Selection
from neo_currentscape.analysis.summary_pool import check_executor, run
from neo_currentscape.analysis.summary_shared import shared
from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import ArgumentError, SignalError, require
from neo_currentscape.conventions.roles import DIRECTIONS

if TYPE_CHECKING:
    import pandas

#: Bins of time, unless told otherwise.
BINS = 200


@dataclass(frozen=True)
class Summary:
    """Charges, contributions and peaks of many neurons, and the shares of their population.

    Attributes
    ----------
    names : list of str
        Of all currents, in the order in which they were met.
    table : dict of str to ndarray, shape (neuron and current,)
        Columns ``source``, ``segment``, ``neuron``, ``site``, ``current``; and for both directions
        ``charge_...``, ``contribution_...``, ``peak_...`` and ``peak_share_...``.
    units : dict of str to str
        Of the columns that have one.
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    population : Population
        The sums behind `shares` and `spread`.
    n_neurons : int
        Neurons and sites in the table.
    failures : list of Failure
        What could not be summarised, with ``errors="skip"``.
    """

    names: list[str]
    table: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    edges: np.ndarray
    population: summary_population.Population
    n_neurons: int
    failures: list[Failure]

    @property
    def times(self) -> pq.Quantity:
        """Centres of the bins, shape (bin,)."""
        return pq.Quantity((self.edges[:-1] + self.edges[1:]) / 2, "ms")

    @property
    def bundle(self) -> None:
        """No currents are bundled here; what panels ask a Currentscape."""
        return None

    @property
    def ranking(self) -> np.ndarray:
        """Indices of the currents by decreasing mean share, both directions together."""
        sums = np.zeros(len(self.names))
        for d in DIRECTIONS:
            sums += (self.population.mean[d] * self.population.count).sum(axis=1)
        return np.argsort(-sums, kind="stable")

    def order(self, by: str | Sequence[str] = "charge") -> list[int]:
        """Indices of the currents in the order in which they are to be shown.

        Parameters
        ----------
        by : {"charge", "recorded", "name"} or list of str
            As for `neo_currentscape.Currentscape.order`; "charge" goes by the mean share here.

        Returns
        -------
        list of int
        """
        return ordering.order(self.names, self.ranking, by, None)

    def shares(self, direction: str) -> neo.AnalogSignal:
        """Mean over the neurons of the share of each current.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal
            Shape (bin, current), dimensionless; NaN in bins in which no neuron has samples. A current
            that a neuron does not have counts as a share of 0.
        """
        check_direction(direction)
        return self._signal(self.population.mean[direction], f"mean {direction} shares")

    def spread(self, direction: str) -> neo.AnalogSignal:
        """Standard deviation over the neurons of the share of each current.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal
            Shape (bin, current), dimensionless.
        """
        check_direction(direction)
        variance = self.population.squares[direction] / np.maximum(self.population.count, 1)
        return self._signal(np.sqrt(variance), f"spread of {direction} shares")

    def columns(self, n_columns: int, t_start: float | None = None, t_stop: float | None = None) -> Columns:
        """The bins as a panel draws them.

        Parameters
        ----------
        n_columns : int
            Of no account: the bins were made once.
        t_start, t_stop : float, optional
            Of no account, too.

        Returns
        -------
        Columns
            Of the bins that hold samples; the extremes "outward shares" and "inward shares" are the
            means less and plus the spread, within 0 and 1.
        """
        kept = self.population.count > 0
        means = {d: self.population.mean[d][:, kept] for d in DIRECTIONS}
        extremes = {}
        for d in DIRECTIONS:
            spread = self.spread(d).magnitude.T[:, kept]
            low, high = (np.clip(means[d] + sign * spread, 0, 1) for sign in (-1, 1))
            extremes[f"{d} shares"] = Extremes(low, high)
        # There is nothing finer behind them that a zoom could show.
        return Columns(self.times.magnitude[kept], means, extremes, {}, reduced=False)

    def _signal(self, rows: np.ndarray, name: str) -> neo.AnalogSignal:
        rows = np.where(self.population.count > 0, rows, np.nan)
        width = self.edges[1] - self.edges[0]
        return neo.AnalogSignal(
            rows.T,
            units="dimensionless",
            t_start=(self.edges[0] + width / 2) * pq.ms,
            sampling_period=width * pq.ms,
            name=name,
            array_annotations={"name": np.array(self.names)},
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """The table, with ``attrs["units"]``.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        MissingDependencyError
            When pandas is not installed.
        """
        frame = require("pandas", "table", "to_dataframe()").DataFrame(dict(self.table))
        frame.attrs["units"] = dict(self.units)
        return frame

    def __repr__(self) -> str:
        failed = f"; {len(self.failures)} failed" if self.failures else ""
        return f"Summary of {self.n_neurons} neurons with {', '.join(self.names)}{failed}"


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
        Whether what cannot be read stops the summary, or is left out and named in its ``failures``.
    neurons, sites : sequence, optional
        Only these; by default every neuron and site of which a current was recorded.
    currents, units, sign, area, nan
        As for `neo_currentscape.Recording.from_segment`.

    Returns
    -------
    Summary
        The same for any number of workers, as parts are always cut and merged in the same way.

    Raises
    ------
    SignalError
        When a source cannot be summarised, and ``errors="raise"``, or when none can; it names them.
    ExecutorError
        When the executor is shut down, or its workers died and are not replaced.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> segment = neo.Segment(name="two neurons")
    >>> for name, values in (("K", [[1, 3], [1, 3]]), ("leak", [[1, 1], [1, 1]])):
    ...     segment.analogsignals.append(neo.AnalogSignal(values, units="nA", name=name,
    ...         sampling_period=1 * pq.ms, role="current", array_annotations={"channel_index": [0, 1]}))
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
    check_executor(executor)
    selection = Selection(currents, units, sign, area, nan, neurons, sites)
    found, failures = _surveyed(jobs_of(sources), selection, executor, errors)
    window = (_ms(t_start, "t_start"), _ms(t_stop, "t_stop"))
    edges = _edges(found, bins, window)
    unit = next(one.unit for one in found)
    jobs = [job for one in found for job in one.jobs]
    parts: list[Part] = []
    task = Task(selection, edges, unit, window)
    with shared(executor, jobs) as files:
        for part in run(work, jobs, (task,), executor, partial(sendable, files=files)):
            _stop_at(part.failures, errors)
            parts.append(part)
    failures += [failure for part in parts for failure in part.failures]
    return _summary(parts, edges, unit, _unique(failures))


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
    there = run(survey, [job for k, job in enumerate(jobs) if k not in here], (selection,), executor)
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
    population = populations[0]
    for other in populations[1:]:
        population = summary_population.merge(population, other)
    table, labels = _table(rows, unit)
    return Summary(population.names, table, labels, edges, population, len(rows), failures)


def _table(rows: Sequence[Row], unit: Any) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    sizes = [len(row.measures.names) for row in rows]

    def repeated(values: list[Any], kind: Any = object) -> np.ndarray:
        return np.repeat(np.array(values, dtype=kind), sizes)

    table = {
        "source": repeated([row.source for row in rows]),
        "segment": repeated([row.segment for row in rows], int),
        "neuron": repeated([row.neuron for row in rows]),
        "site": repeated([row.site for row in rows]),
        "current": np.array([name for row in rows for name in row.measures.names], dtype=object),
    }
    to_charge, charge_unit = _charge_unit(unit)
    for d in DIRECTIONS:
        charges = [row.measures.charge[d] for row in rows]
        table[f"charge_{d}"] = np.concatenate(charges) * to_charge
        table[f"contribution_{d}"] = np.concatenate([_parts(charge) for charge in charges])
        table[f"peak_{d}"] = np.concatenate([row.measures.peak[d] for row in rows])
        table[f"peak_share_{d}"] = np.concatenate([row.measures.peak_share[d] for row in rows])
    labels = {f"charge_{d}": charge_unit for d in DIRECTIONS}
    return table, {**labels, **{f"peak_{d}": unit_tools.label(unit) for d in DIRECTIONS}}


def _parts(charge: np.ndarray) -> np.ndarray:
    total = charge.sum()
    return charge / total if total > 0 else np.zeros_like(charge)


def _charge_unit(unit: Any) -> tuple[float, str]:
    charge = unit_tools.parse_units(unit).units * pq.ms
    wanted = {"current": unit_tools.PICOCOULOMB, "current density": unit_tools.MICROCOULOMB / pq.cm**2}
    target = wanted.get(unit_tools.kind(unit), charge)
    return float((1.0 * charge).rescale(target)), unit_tools.label(pq.Quantity(1.0, target))
