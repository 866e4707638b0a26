"""`neo_currentscape.excitation_inhibition`: read the neurons, sum the kinds, average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import ArgumentError, SignalError, UnitsError, unknown_name, warn
from neo_currentscape.experiments.source import check_count
from neo_currentscape.recording.crossings import THRESHOLD
from neo_currentscape.summary.recorded_sites import Selection, check_wanted
from neo_currentscape.synaptic import integrals, kinds
from neo_currentscape.synaptic.reading import Cell, cells, decided, trace
from neo_currentscape.synaptic.result import NAMES, Cells, ExcitationInhibition
from neo_currentscape.synaptic.triggers import Triggers

#: Over what the spread may be.
OVER = ("time", "neurons", "events")

#: Bins, unless told otherwise.
BINS = 200

#: What tells the neurons apart.
WHOSE = ("source", "neuron", "site")

#: Numbers held at once for the windows of a neuron.
HELD = 1 << 20


def excitation_inhibition(
    source: Any,
    over: str | None = None,
    *,
    excitatory: str | Sequence[str] | None = None,
    inhibitory: str | Sequence[str] | None = None,
    events: Any = None,
    before: pq.Quantity = 20 * pq.ms,
    after: pq.Quantity = 50 * pq.ms,
    threshold: pq.Quantity = THRESHOLD,
    bins: int | None = None,
    t_start: Any = None,
    t_stop: Any = None,
    neurons: Sequence[int] | None = None,
    sites: Sequence[str] | None = None,
    currents: Any = None,
    units: Mapping[str, Any] | None = None,
    sign: Any = None,
    area: Any = None,
    nan: str = "error",
    trust_pickle: bool = False,
) -> ExcitationInhibition:
    """Average the excitatory, the inhibitory and the net synaptic current, in amperes.

    With the currents :math:`I_k` (outward positive) of each kind, :math:`E = \\sum_{k \\in exc} I_k`,
    :math:`I = \\sum_{k \\in inh} I_k` and :math:`net = E + I`. The mean of a bin from a to b is
    :math:`\\frac{1}{b - a} \\int_a^b E dt`, where each sample stands for the time around it.

    Parameters
    ----------
    source : Recording, Currentscape, neo.Segment, neo.Block or file name, or several of these
        As for `neo_currentscape.summarise`: of one neuron, or of many.
    over : {"time", "neurons", "events"}, optional
        What the spread is over: the time within each bin; the neurons; or the events, in windows of lags
        around them. By default "events" where some are given, else "neurons" where there are several, and
        "time" for one.
    excitatory, inhibitory : str or list of str, optional
        Names or glob patterns of the currents of each kind. What they do not name is told by an annotated
        ``reversal``, by its name, or by its direction (see `neo_currentscape.synaptic.kinds`); where both
        are given, what they do not name is left out.
    events : optional
        Times for all neurons, as for `neo_currentscape.event_average`; ``{neuron: times}``; spike trains
        with ``channel_index``; or the events of NEST's spike recorder. With ``over="events"`` by default
        the spike trains of each neuron in its Segment, or else the spikes of its voltage.
    before, after : Quantity
        Around each event. Events closer than that to the ends of the recording do not count.
    threshold : Quantity, default -20 mV
        Where spikes of a voltage are detected.
    bins : int, optional
        200, or as many as there are samples.
    t_start, t_stop : Quantity, optional
        Of the bins over time; by default all time.
    neurons, sites, currents, units, sign, area, nan, trust_pickle
        As for `neo_currentscape.summarise`.

    Returns
    -------
    ExcitationInhibition

    Raises
    ------
    SelectionError
        When no current is a synapse, or of one it cannot be known which kind it is.
    SignalError
        When there are no events, or none with all the time around it.
    ArgumentError, UnitsError
        When an argument cannot be used, or the currents of two neurons have no common unit.
    CurrentscapeWarning
        As a warning, when excitation flows outward and inhibition inward on average.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> segment = neo.Segment()
    >>> for name, values in (
    ...     ("I_syn_ex", [[-3, -1], [-5, -1]]),
    ...     ("I_syn_in", [[2, 2], [2, 4]]),
    ... ):
    ...     segment.analogsignals.append(
    ...         neo.AnalogSignal(
    ...             values,
    ...             units="nA",
    ...             name=name,
    ...             role="current",
    ...             sampling_period=1 * pq.ms,
    ...             array_annotations={"channel_index": [0, 1]},
    ...         )
    ...     )
    >>> found = ncs.excitation_inhibition(segment)
    >>> found
    ExcitationInhibition of 2 neurons over time (excitatory: I_syn_ex; inhibitory: I_syn_in)
    >>> found.mean("net"), found.spread("net")
    (array([0., 0.]) * nA, array([1.41421356, 4.24264069]) * nA)
    >>> found.cells.mean("excitatory")
    array([-4., -1.]) * nA
    """
    if over is not None and over not in OVER:
        raise unknown_name("way to spread", over, OVER)
    check_wanted(neurons=neurons, sites=sites)
    selection = Selection(currents, units, sign, area, nan, neurons, sites, trust_pickle)
    listed = list(cells(source, selection))
    if not listed:
        raise SignalError("The source holds no neuron: nothing was recorded.")
    unit = listed[0].unit(selection)
    names = list(dict.fromkeys(name for cell in listed for name in cell.names))
    reversals = {name: found for cell in listed for name, found in cell.reversals().items()}
    known = kinds.known(names, reversals, excitatory, inhibitory)
    found = decided(known, listed, selection, unit)
    over = over or ("events" if events is not None else "neurons" if len(listed) > 1 else "time")
    if over == "events":
        edges = _lags(before, after, bins, listed[0])
        sums: Any = _Events(edges, Triggers(events, threshold))
    else:
        if events is not None:
            raise ArgumentError(
                f"events= is for over='events', and over={over!r} was given: leave one out."
            )
        edges = _edges(listed, bins, t_start, t_stop)
        sums = _Neurons(edges) if over == "neurons" else _Time(edges)
    each = [_one(cell, found, selection, unit, sums) for cell in listed]
    sums.check()
    result = _result(listed, each, sums, edges, over, found, names, unit)
    _say_turned(result)
    return result


def _say_turned(result: ExcitationInhibition) -> None:
    """Warn where all flows the other way in every neuron, as what is stored inward positive does."""
    present = [NAMES.index(kind) for kind, names in result.currents.items() if names]
    excites = np.array([NAMES[k] == kinds.EXCITATORY for k in present])
    means = result.cells._mean[:, present]
    if present and np.all(np.where(excites, means > 0, means < 0)):
        ways = {kinds.EXCITATORY: "outward", kinds.INHIBITORY: "inward"}
        turned = " and ".join(f"{NAMES[k]} currents flow {ways[NAMES[k]]}" for k in present)
        warn(
            f"On average {turned}: if they are stored inward positive, write sign='inward', or annotate "
            "the signals with positive='inward'."
        )


class _Neurons:
    """Means of each neuron in bins of time, and what is between the neurons."""

    def __init__(self, edges: np.ndarray) -> None:
        self.edges, self.found = edges, integrals.Between(len(NAMES), len(edges) - 1)

    def add(self, cell: Cell, current: integrals.Trace) -> int:
        """Take in a neuron."""
        self.found.add(integrals.means(current.integrals(self.edges), self.edges)[:, np.newaxis])
        return 0

    def check(self) -> None:
        """Nothing can be missing."""


class _Time(_Neurons):
    """Means in bins of time, and what is within the bins."""

    def __init__(self, edges: np.ndarray) -> None:
        self.edges = edges
        self.found: Any = integrals.Within(len(NAMES), edges)

    def add(self, cell: Cell, current: integrals.Trace) -> int:
        """Take in a neuron."""
        self.found.add(current)
        return 0


class _Events:
    """Means around the events of each neuron, and what is between the events."""

    def __init__(self, lags: np.ndarray, triggers: Triggers) -> None:
        self.lags, self.triggers = lags, triggers
        self.found = integrals.Between(len(NAMES), len(lags) - 1)
        self.events = 0

    def add(self, cell: Cell, current: integrals.Trace) -> int:
        """Take in a neuron, and tell how many of its windows count."""
        times = self.triggers.of(cell)
        self.events += len(times)
        first, last = current.borders[0], current.borders[-1]
        # Up to the rounding of times that were computed.
        tiny = 1e-9 * max(abs(first), abs(last))
        inside = times[(times + self.lags[0] >= first - tiny) & (times + self.lags[-1] <= last + tiny)]
        most = max(1, HELD // len(self.lags))
        for begin in range(0, len(inside), most):
            edges = inside[begin : begin + most, np.newaxis] + self.lags
            self.found.add(integrals.means(current.integrals(edges), edges))
        return len(inside)

    def check(self) -> None:
        """Refuse events that are none.

        Raises
        ------
        SignalError
        """
        if not self.events:
            level = unit_tools.readable(self.triggers.threshold)
            given = self.triggers.common is not None or self.triggers.given is not None
            raise SignalError(
                "events= holds no event of these neurons: number them as the Segment does."
                if given
                else f"No spike was found, as a train or where the voltage crosses {level}: give another "
                "threshold=..., or events=..., e.g. the events of a spike recorder."
            )
        if not self.found.count.any():
            raise SignalError(
                f"None of the {self.events} events has all of the time from {-self.lags[0]:g} ms before to "
                f"{self.lags[-1]:g} ms after it in the recording: give a shorter before= or after=."
            )


def _one(cell: Cell, found: dict[str, str], selection: Selection, unit: Any, sums: Any) -> tuple[Any, ...]:
    if not unit_tools.same_dimension(cell.unit(selection), unit):
        raise UnitsError(
            f"{cell.source}, neuron {cell.neuron}: its currents are in "
            f"{unit_tools.label(cell.unit(selection))} and those of the first neuron in "
            f"{unit_tools.label(unit)}: average them apart, or give area=..."
        )
    current = trace(cell, found, selection, unit)
    return (*current.moments(), sums.add(cell, current))


def _edges(listed: Sequence[Cell], bins: int | None, t_start: Any, t_stop: Any) -> np.ndarray:
    spans = [cell.span() for cell in _apart(listed)]
    begin, end = min(span[0] for span in spans), max(span[1] for span in spans)
    first = begin if t_start is None else unit_tools.scalar(t_start, "ms", "t_start")
    last = end if t_stop is None else unit_tools.scalar(t_stop, "ms", "t_stop")
    if first >= end or last <= begin:
        raise ArgumentError(
            f"No time from {begin:g} to {end:g} ms, which was recorded, is left by t_start= and t_stop= "
            f"({first:g} to {last:g} ms): choose others."
        )
    if not first < last:
        raise ArgumentError(f"The window from {first:g} to {last:g} ms holds no time: swap the two.")
    fewest = min(_samples(cell) for cell in _apart(listed))
    n = min(BINS, fewest) if bins is None else check_count("bins", bins)
    return np.linspace(first, last, n + 1)


def _apart(listed: Sequence[Cell]) -> list[Cell]:
    """One neuron of each Segment or Recording, as all of a Segment have its times."""
    return list({id(cell.seen): cell for cell in listed}.values())


def _samples(cell: Cell) -> int:
    place = cell.place
    signal = place.currents if hasattr(place, "currents") else place.choices[0].variable.signal
    return int(signal.shape[0])


def _lags(before: Any, after: Any, bins: int | None, cell: Cell) -> np.ndarray:
    start, stop = (unit_tools.scalar(t, "ms", what) for t, what in ((before, "before"), (after, "after")))
    if not start + stop > 0:
        raise ArgumentError(
            f"before={start:g} ms and after={stop:g} ms hold no time: their sum is to be above 0 ms."
        )
    first, last = cell.span()
    step = (last - first) / _samples(cell)
    n = int(np.clip(round((start + stop) / step), 1, BINS)) if bins is None else check_count("bins", bins)
    return np.linspace(-start, stop, n + 1)


def _result(
    listed: Sequence[Cell],
    each: Sequence[tuple[Any, ...]],
    sums: Any,
    edges: np.ndarray,
    over: str,
    found: dict[str, str],
    names: list[str],
    unit: Any,
) -> ExcitationInhibition:
    mean, spread, time, events = zip(*each, strict=True)
    every = Cells(
        **{key: np.array([getattr(cell, key) for cell in listed], dtype=object) for key in WHOSE},
        time=np.array(time),
        events=np.array(events),
        units=unit,
        _mean=np.array(mean),
        _spread=np.array(spread),
    )
    summed = (kinds.EXCITATORY, kinds.INHIBITORY)
    told = {kind: [name for name in names if found.get(name) == kind] for kind in summed}
    return ExcitationInhibition(
        names=list(NAMES),
        edges=pq.Quantity(edges, "ms"),
        axis="lag" if over == "events" else "time",
        over=over,
        count=sums.found.count,
        currents=told,
        left_out=[name for name in names if name not in found],
        cells=every,
        _mean=sums.found.mean,
        _spread=sums.found.spread,
    )
