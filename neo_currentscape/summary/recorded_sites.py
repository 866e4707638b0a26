"""The recorded places of a Segment: each neuron and site with the currents that were recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.conventions.plain_text import brief, numbers_told
from neo_currentscape.recording import assemble, canonical, values
from neo_currentscape.recording.choices import Choice, Names, labels_in
from neo_currentscape.recording.described import completed
from neo_currentscape.recording.inventory import Variable, inventory
from neo_currentscape.recording.lazy import stack as lazy
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.parts import Parts, labels_of_parts
from neo_currentscape.recording.parts_check import checked, checks_of
from neo_currentscape.recording.select import choose, is_named
from neo_currentscape.recording.stored_columns import StoredColumn, check_sign, check_times, stored_columns
from neo_currentscape.summary.by_place import BySite, by_neuron
from neo_currentscape.summary.measures import SignalTimes


@dataclass(frozen=True)
class Selection:
    """Which currents are meant, and how they are stored; see `neo_currentscape.Recording.from_segment`.

    Attributes
    ----------
    currents, units, sign, area, nan, parts
        As there.
    neurons : sequence of int, optional
        Only these.
    sites : sequence of str, optional
        Only these.
    trust_pickle : bool
        Whether sources that are pickles are read.
    """

    currents: Names = None
    units: Mapping[str, Any] | None = None
    sign: str | Mapping[str, str] | None = None
    area: Any = None
    nan: str = "error"
    neurons: Sequence[int] | None = None
    sites: Sequence[str] | None = None
    trust_pickle: bool = False
    parts: Parts = None


@dataclass(frozen=True)
class RecordedSite:
    """One neuron and site of a Segment.

    Attributes
    ----------
    neuron, site : int and str, or None where the signals do not tell
    choices : list of Choice
        The currents that were recorded of it.
    checks : list of Choice
        Those that are to add up.
    """

    neuron: int | None
    site: str | None
    choices: list[Choice] = field(repr=False)
    checks: list[Choice] = field(repr=False, default_factory=list)

    def read(self, selection: Selection, unit: Any, seen: Seen) -> tuple[Any, Any, Any, list[str]]:
        """Read the currents, outward positive.

        Parameters
        ----------
        selection : Selection
        unit : Quantity
            In which they are wanted.
        seen : Seen
            What is known of the signals from other places.

        Returns
        -------
        numbers : ndarray or LazyArray, shape (time, current)
            In `unit`.
        gaps : ndarray or LazyGaps of bool, shape (time,), or None
        signal : neo signal
            Whose times they have.
        names : list of str
        """
        found = stored_columns(self.choices, self.neuron, selection.sign, selection.area)
        seen.check(found)
        factors = [
            piece.weight * seen.factor(c.variable, piece, unit)
            for c, piece in zip(self.choices, found, strict=True)
        ]
        signals, columns = [piece.signal for piece in found], [piece.column for piece in found]
        numbers = lazy.stack(signals, columns, factors, "reading currents", assemble.places_of(found))
        names = assemble.labels_of(found)
        if self.checks:
            wholes = stored_columns(self.checks, self.neuron, selection.sign, selection.area)
            numbers = checked(numbers, list(checks_of(wholes, unit)))
        if isinstance(numbers, np.ndarray) and values.bad_rows(numbers) is None:
            return numbers, None, signals[0], names
        marks = {"name": np.array(names)}
        signal = values.like(signals[0], numbers, unit, "currents", array_annotations=marks)
        return numbers, canonical.gaps({"currents": signal}, selection.nan), signal, names


class Seen:
    """What need not be found out again for each neuron of a Segment."""

    def __init__(self) -> None:
        self._checked: set[frozenset[int]] = set()
        self._factors: dict[tuple[int, Any], float] = {}
        self._clocks: dict[int, SignalTimes] = {}

    def clock(self, signal: Any) -> SignalTimes:
        """The times of a signal."""
        if id(signal) not in self._clocks:
            self._clocks[id(signal)] = SignalTimes(signal)
        return self._clocks[id(signal)]

    def check(self, found: Sequence[StoredColumn]) -> None:
        """Refuse signals with different times."""
        signals = frozenset(id(piece.signal) for piece in found)
        if signals not in self._checked:
            check_times(found)
            self._checked.add(signals)

    def factor(self, variable: Variable, piece: StoredColumn, unit: Any) -> float:
        """By which the stored values are multiplied."""
        key = (id(variable), None if piece.area is None else float(piece.area))
        if key not in self._factors:
            assemble.common_unit([piece, _asked(piece, unit)], piece.area is not None)
            self._factors[key] = assemble.factor(piece, unit, "current")
        return self._factors[key]


def _asked(piece: StoredColumn, unit: Any) -> StoredColumn:
    name = "the currents of the first neuron"
    return replace(piece, label=name, name=name, units=unit, area=None)


def recorded_sites(segment: neo.Segment, selection: Selection) -> list[RecordedSite]:
    """List the places of a Segment, in the order of sites and neurons.

    Parameters
    ----------
    segment : neo.Segment
    selection : Selection

    Returns
    -------
    list of RecordedSite

    Raises
    ------
    SelectionError
        When there is no current, or a neuron or a site that was asked for is missing.
    """
    segment = completed(segment)
    variables = inventory(segment, selection.units)
    known = [name for v in variables for name in (v.name, v.short_name)]
    check_sign(selection.sign, [*known, *labels_in(selection.currents), *labels_of_parts(selection.parts)])
    found = list(_places(variables, selection))
    wanted = selection.neurons
    if wanted is not None:
        there = {place.neuron for place in found if place.neuron is not None}
        missing = sorted(set(wanted) - there)
        if missing:
            raise SelectionError(
                f"Neuron {missing[0]} was asked for, and no current of it was recorded: there is any of "
                f"{numbers_told(sorted(there))}."
            )
        kept = set(wanted)
        found = [place for place in found if place.neuron in kept]
    return found


def _sites(variables: Sequence[Variable], selection: Selection) -> list[str | None]:
    if selection.sites is not None:
        return list(selection.sites)
    sites = {v.site for v in variables if v.role == "current"}
    # Variables without a site belong to all sites, where there are any.
    named: list[str | None] = [*sorted(site for site in sites if site is not None)]
    return named or [None]


def _places(variables: Sequence[Variable], selection: Selection) -> Iterator[RecordedSite]:
    neurons = sorted({int(n) for v in variables if v.neurons is not None for n in v.neurons})
    by_site = BySite(variables, selection.currents or selection.parts)
    for site in _sites(variables, selection):
        chosen, _, where = choose(
            by_site.near(site),
            neuron=neurons[0] if neurons else None,
            site=site,
            voltage=False,
            currents=selection.currents,
            ions=False,
            electrode=False,
            parts=selection.parts,
        )
        currents, checks = chosen["currents"], chosen["parts"]
        if all(choice.variable.neurons is None for choice in currents):
            yield RecordedSite(None, where, currents, checks)
            continue
        checks_of_neuron = by_neuron(checks)
        # What was asked for by name must be there; what was found by itself need not.
        for neuron, here in by_neuron(currents).items():
            own = currents if is_named(selection.currents) else here
            yield RecordedSite(neuron, where, own, checks_of_neuron.get(neuron, []))


def packed(found: Sequence[RecordedSite]) -> list[RecordedSite]:
    """The same places with their own channels only, to be sent to another process.

    Parameters
    ----------
    found : sequence of RecordedSite
        Of one Segment.

    Returns
    -------
    list of RecordedSite
    """
    neurons = {place.neuron for place in found}
    kept: dict[int, tuple[Variable, np.ndarray]] = {}
    for place in found:
        for choice in (*place.choices, *place.checks):
            if id(choice.variable) not in kept:
                kept[id(choice.variable)] = (choice.variable, _columns(choice.variable, neurons))
    columns_of: dict[int, set[int]] = {}
    for variable, here in kept.values():
        columns_of.setdefault(id(variable.signal), set()).update(variable.columns[here].tolist())
    signals: dict[int, Any] = {}
    new: dict[int, Variable] = {}
    for key, (variable, here) in kept.items():
        columns = sorted(columns_of[id(variable.signal)])
        signal = signals.setdefault(id(variable.signal), _channels(variable.signal, columns))
        places_there = np.searchsorted(columns, variable.columns[here])
        numbers = None if variable.neurons is None else variable.neurons[here]
        new[key] = replace(variable, signal=signal, columns=places_there, neurons=numbers)

    def moved(choices: Sequence[Choice]) -> list[Choice]:
        return [replace(c, variable=new[id(c.variable)]) for c in choices]

    return [replace(p, choices=moved(p.choices), checks=moved(p.checks)) for p in found]


def _columns(variable: Variable, neurons: set[int | None]) -> np.ndarray:
    if variable.neurons is None or None in neurons:
        return np.arange(len(variable.columns))
    return np.flatnonzero(np.isin(variable.neurons, [n for n in neurons if n is not None]))


def _channels(signal: Any, columns: Sequence[int]) -> Any:
    n_samples = signal.shape[0]
    if is_lazy(signal):
        numbers = signal.lazy_values.read(0, n_samples, columns)
    else:
        # Each channel in one piece: it is read over time.
        numbers = np.ascontiguousarray(values.magnitudes(signal)[:, columns].T).T
    return values.like(signal, numbers, signal.units, signal.name)


def check_wanted(**wanted: Any) -> None:
    """Refuse what lists no neurons, or no sites.

    Raises
    ------
    ArgumentError
    """
    for what, listed in wanted.items():
        is_none = isinstance(listed, (str, int)) or np.size(listed) == 0 or _is_mask(listed)
        if listed is not None and is_none:
            raise ArgumentError(
                f"{what}={brief(listed)} is no list of {what}: list one or more, or leave it out for all."
            )


def _is_mask(listed: Any) -> bool:
    """Whether neurons are marked with True in place of their numbers, of which True would be 1."""
    return np.asarray(listed).dtype.kind == "b"
