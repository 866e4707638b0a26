"""Comparisons: what differs between two recordings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    SelectionError,
    SignalError,
    UnitsError,
    unknown_name,
)
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.average import Average, averaged
from neo_currentscape.experiments.events import event_average, recorded_span, shortest_step
from neo_currentscape.experiments.phase import phase_average
from neo_currentscape.experiments.source import as_scape, check_count
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction

#: What recordings may be aligned by.
ALIGNMENTS = ("time", "spike", "phase")

#: Bins of a comparison over time, unless there are fewer samples.
BINS = 1000


class Comparison(OfCurrents):
    """The difference of two recordings, the second minus the first; made by `compare`.

    Its ranking is by how much the shares changed, the most first. As an order, "charge" is that of the
    first recording, and then that of the second.
    ``to_dataframe()`` has a row for each current, by which it is indexed, in that order: for each
    direction the mean share in the first and the second, the difference of these means, and the mean
    absolute difference (``change_...``); ``rank``.

    Attributes
    ----------
    first, second : Average
        On the same bins.
    labels : tuple of str
        What the two are called.
    names : list of str
        The currents of both; one that a recording does not hold carries nothing there.
    """

    bundle = None

    def __init__(self, first: Average, second: Average, labels: Sequence[str]) -> None:
        self.first, self.second = first, second
        self.labels = (str(labels[0]), str(labels[1]))
        self.names = list(dict.fromkeys([*first.names, *second.names]))
        unit, own = first.recording.currents.units, second.recording.currents.units
        if not units.same_dimension(unit, own):
            raise UnitsError(
                f"The currents of {self.labels[0]!r} are in {units.label(unit) or 'no unit'} and those of "
                f"{self.labels[1]!r} in {units.label(own) or 'no unit'}: give area=... for both."
            )

    @property
    def edges(self) -> pq.Quantity:
        """Borders of the bins, shape (bin + 1,)."""
        return self.first.edges

    @property
    def axis(self) -> str:
        """What the bins are: "time", "lag" or "phase"."""
        return self.first.axis

    @property
    def has_voltage(self) -> bool:
        """Whether both hold a voltage."""
        return self.first.has_voltage and self.second.has_voltage

    def shares_of(self, which: int, direction: str) -> np.ndarray:
        """Mean shares of the first (0) or the second (1), shape (bin, current), in the common order.

        Parameters
        ----------
        which : {0, 1}
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (bin, current), dimensionless.
        """
        average = (self.first, self.second)[which]
        own = average.shares(direction)
        out = np.zeros((len(own), len(self.names)))
        out[:, [self.names.index(name) for name in average.names]] = own
        return out

    def shares(self, direction: str) -> np.ndarray:
        """Difference of the shares, from -1 to 1.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray, shape (bin, current)
        """
        check_direction(direction)
        return self.shares_of(1, direction) - self.shares_of(0, direction)

    def total(self, direction: str) -> pq.Quantity:
        """Difference of the totals, Quantity of shape (bin,) in the unit of the first.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        Quantity
            Of shape (bin,): the second less the first.
        """
        before = self.first.total(direction)
        return self.second.total(direction).rescale(before.units) - before

    @property
    def voltage(self) -> pq.Quantity:
        """Difference of the voltages, Quantity of shape (bin,) in the unit of the first."""
        before = self.first.voltage
        return self.second.voltage.rescale(before.units) - before

    def distance_over(self, direction: str) -> np.ndarray:
        r"""Distance in each bin, from 0 (the same shares) to 1 (nothing in common), shape (bin,).

        The total variation :math:`\frac12 \sum_k |s_k - r_k|`, with what is missing to a sum of 1
        as one more share, so that "nothing flows" is as far from anything as can be.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (bin,).
        """
        a, b = (self.shares_of(which, direction) for which in (0, 1))
        missing = np.abs(a.sum(axis=1) - b.sum(axis=1))
        return (np.abs(a - b).sum(axis=1) + missing) / 2

    @property
    def distance(self) -> float:
        """Mean distance over all bins and both directions, from 0 to 1."""
        return float(np.mean([np.nanmean(self.distance_over(d)) for d in DIRECTIONS]))

    def change(self, direction: str) -> np.ndarray:
        """Mean absolute difference of each current's share, shape (current,).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (current,), from 0 to 1.
        """
        return np.nanmean(np.abs(self.shares(direction)), axis=0)

    @cached_property
    def _by_charge(self) -> Any:
        told = [average.names[k] for average in (self.first, self.second) for k in average.order()]
        return [self.names.index(name) for name in dict.fromkeys(told)]

    def _sizes(self) -> Any:
        """How much the shares changed, both directions together."""
        return sum(self.change(d) for d in DIRECTIONS)

    def _table(self) -> Table:
        columns: dict[str, Any] = {}
        for d in DIRECTIONS:
            means = [np.nanmean(self.shares_of(which, d), axis=0) for which in (0, 1)]
            columns |= {f"{label}_{d}": mean for label, mean in zip(self.labels, means, strict=True)}
            columns |= {f"difference_{d}": means[1] - means[0], f"change_{d}": self.change(d)}
        found = {name: column[self.ranking] for name, column in columns.items()}
        found["rank"] = np.arange(1, len(self.names) + 1)
        return Table(found, {"current": [self.names[k] for k in self.ranking]})

    def plot(self, **options: Any) -> Any:
        """Draw both and their difference; see `neo_currentscape.experiments.figures.comparison_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import comparison_figure

        return comparison_figure(self, **options)

    def __repr__(self) -> str:
        most = self.names[self.ranking[0]]
        return (
            f"Comparison of {self.labels[0]!r} and {self.labels[1]!r} over {self.axis}: distance "
            f"{self.distance:.3f}, most in {most}"
        )


def compare(
    first: Any,
    second: Any,
    by: str = "time",
    *,
    bins: int | None = None,
    labels: Sequence[str] = ("first", "second"),
    **options: Any,
) -> Comparison:
    """Compare two recordings: control and drug, two models, or one model in two simulators.

    Parameters
    ----------
    first, second : Currentscape, Recording, neo.Segment or neo.Block
        They may be sampled differently: means over the same bins are compared.
    by : {"time", "spike", "phase"}, default "time"
        At the same time, where both were recorded; around the spikes of each (`event_average`); or at
        the same phase of the cycles of each (`phase_average`).
    bins : int, optional
        By default at most 1000 of time, 200 around spikes, and 100 phases.
    labels : two str
    **options
        Of `event_average` (``before``, ``after``, ``threshold``) or `phase_average` (``cycle="burst"``
        or "spike", ``max_interval``, ``min_spikes``, ``threshold``).

    Returns
    -------
    Comparison

    Raises
    ------
    SignalError
        When the two have no time in common, or one has no spikes or cycles.
    UnitsError
        When one holds densities and the other absolute currents.

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> short = dict(t_stop=1 * pq.s)
    >>> half = stg.simulate(stg.MODELS["A"].scaled("CaT", 0.5), **short)
    >>> found = compare(
    ...     stg.simulate("A", **short), half, by="spike", labels=("control", "half CaT")
    ... )
    >>> round(found.distance, 2), found.names[found.ranking[0]]
    (0.3, 'Kd')
    """
    averages = align([first, second], by, bins, labels, **options)
    return Comparison(averages[0], averages[1], labels)


def align(
    sources: Sequence[Any], by: str, bins: int | None, labels: Sequence[str], **options: Any
) -> list[Average]:
    """Bring recordings onto the same bins; see `compare`.

    Parameters
    ----------
    sources : sequence of Currentscape, Recording, neo.Segment or neo.Block
    by : {"time", "spike", "phase"}
    bins : int or None
    labels : sequence of str
        By which an error names a recording.
    **options

    Returns
    -------
    list of Average
    """
    if not isinstance(by, str) or by not in ALIGNMENTS:
        raise unknown_name("alignment", by, ALIGNMENTS)
    scapes = [as_scape(source) for source in sources]
    number = {} if bins is None else {"bins": check_count("bins", bins)}
    if by == "time":
        if options:
            raise unknown_name("option of a comparison by time", next(iter(options)), ["bins", "labels"])
        return _by_time(scapes, bins)
    if by == "spike":
        # The first decides how finely the time around spikes is divided.
        found: list[Average] = []
        for scape, label in zip(scapes, labels, strict=True):
            with _of(label):
                found.append(event_average(scape, **number, **options))
            number = {"bins": len(found[0].count)}
        return found
    cycle, found = options.pop("cycle", "burst"), []
    for scape, label in zip(scapes, labels, strict=True):
        with _of(label):
            found.append(phase_average(scape, cycle, **number, **options))
    return found


@contextlib.contextmanager
def _of(label: str) -> Iterator[None]:
    """Name the recording of which something is wrong."""
    try:
        yield
    except (SelectionError, SignalError) as cause:
        raise type(cause)(f"{label}: {cause}") from cause


def _by_time(scapes: Sequence[Currentscape], bins: int | None) -> list[Average]:
    spans = [recorded_span(scape) for scape in scapes]
    first, last = max(start for start, _ in spans), min(stop for _, stop in spans)
    if not first < last:
        listed = " and ".join(f"from {start:g} to {stop:g} ms" for start, stop in spans[:4])
        raise SignalError(
            f"The recordings have no time in common ({listed}): shift one of them, or compare them "
            "by='spike' or by='phase'."
        )
    samples = min((last - first) / shortest_step(scape) for scape in scapes)
    n = bins if bins is not None else int(np.clip(np.floor(samples + 1e-6), 1, BINS))
    edges = np.linspace(first, last, n + 1)
    return [averaged(scape, edges[None], pq.Quantity(edges, "ms"), "time", 0) for scape in scapes]
