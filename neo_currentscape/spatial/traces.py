"""The currents and voltages of all compartments, as they lie in the signals, and dense where asked.

Nothing is copied until some samples of all compartments are asked for: a cell of a thousand
compartments has more currents than one wants to hold twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError, SignalError, UnitsError
from neo_currentscape.recording import time_checks, timebase
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.spatial.channels import Known, here_or_unread
from neo_currentscape.spatial.unread import Unread, by_source, places_of

#: Name of the capacitive current among the types.
CAPACITIVE = "capacitive"

#: What a label of one of several point processes ends with, e.g. "[3]".
_NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Trace:
    """One current of one node.

    Attributes
    ----------
    node : int
    kind : int
        Which type of current.
    values : ndarray or Unread, shape (time,)
        As stored.
    factor : float
        Makes nA of them, outward positive.
    is_electrode : bool
        Whether the current comes from an electrode, not through the membrane.
    """

    node: int
    kind: int
    values: Any
    factor: float
    is_electrode: bool = False


@dataclass
class Traces:
    """All traces of a cell.

    Attributes
    ----------
    names : list of str
        Types of current.
    currents : list of Trace
    voltage : dict of int to (ndarray or Unread, float)
        Values as stored and the factor to mV, by node.
    clock : neo signal
        Any of them; they all have its times.
    remainders : dict of int to list of Trace
        Nodes at which currents are what the balance leaves, and these.
    outside : dict of int to (ndarray, float)
        Potential just outside the membrane, where it is not 0, as `voltage`.
    """

    names: list[str] = field(default_factory=list)
    currents: list[Trace] = field(default_factory=list)
    voltage: dict[int, tuple[Any, float]] = field(default_factory=dict)
    clock: Any = None
    remainders: dict[int, list[Trace]] = field(default_factory=dict)
    outside: dict[int, tuple[Any, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.clock.shape[0])

    def kind(self, name: str) -> int:
        """Position of a type, which is added where it is new."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    @property
    def electrodes(self) -> list[str]:
        """Types that hold the current of an electrode."""
        return list(dict.fromkeys(self.names[t.kind] for t in self.currents if t.is_electrode))

    def membrane(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Dense currents of some samples, nA, outward positive; shape (node, type, time)."""
        first, last, _ = rows.indices(len(self))
        out = np.zeros((n_nodes, len(self.names), last - first))
        filled = np.zeros((n_nodes, len(self.names)), dtype=bool)
        for trace in self.currents:
            if isinstance(trace.values, Unread):
                continue
            place = trace.node, trace.kind
            if filled[place]:
                out[place] += trace.factor * trace.values[rows]
            else:
                np.multiply(trace.values[rows], trace.factor, out=out[place])
                filled[place] = True
        for source, columns, at, factors, are_apart in self._unread:
            values = source.read(rows, columns) * factors
            if are_apart:
                out[at] += values
            else:  # several synapses of one compartment are of one type
                np.add.at(out, at, values)
        return out

    @cached_property
    def _unread(self) -> list[tuple]:
        return places_of(self.currents)

    def voltages(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Voltages of some samples in mV, NaN where none was recorded; shape (node, time)."""
        return self._filled(np.full((n_nodes, self._count(rows)), np.nan), self.voltage, rows)

    def outsides(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Potentials just outside the membrane in mV, shape (node, time)."""
        return self._filled(np.zeros((n_nodes, self._count(rows))), self.outside, rows)

    def _filled(self, out: np.ndarray, by_node: Mapping[int, tuple[Any, float]], rows: slice) -> np.ndarray:
        held = list(by_node.items())
        for node, (values, factor) in held:
            if not isinstance(values, Unread):
                np.multiply(values[rows], factor, out=out[node])
        for source, columns, places in by_source([values for _, (values, _) in held]):
            factors = np.array([[held[place][1][1]] for place in places])
            out[[held[place][0] for place in places]] = source.read(rows, columns) * factors
        return out

    def _count(self, rows: slice) -> int:
        first, last, _ = rows.indices(len(self))
        return last - first


def type_of(label: str) -> str:
    """The type of a current from its label: without the number of the point process.

    Examples
    --------
    >>> type_of("ExpSyn[3]"), type_of("ina_hh"), type_of("CaSyn[0].ica")
    ('ExpSyn', 'ina_hh', 'CaSyn.ica')
    """
    return _NUMBER.sub("", label)


def typing(types: Any) -> Callable[[str, str], str]:
    """Make the function that says of which type a current is.

    Parameters
    ----------
    types : None, mapping or callable
        None for `type_of`; ``{type: label, pattern or list of them}``, where what no entry fits keeps its
        own; or a function of the label and the site.

    Returns
    -------
    callable
    """
    from fnmatch import fnmatchcase

    if types is None:
        return lambda label, site: type_of(label)
    if not isinstance(types, Mapping):
        return types
    patterns = [
        (pattern, str(name))
        for name, given in types.items()
        for pattern in ([given] if isinstance(given, str) else given)
    ]

    def found(label: str, site: str) -> str:
        plain = type_of(label)
        for pattern, name in patterns:
            if pattern in (label, plain) or fnmatchcase(label, pattern) or fnmatchcase(plain, pattern):
                return name
        return plain

    return found


def collect(segment: Any, morphology: Morphology, types: Any = None, neuron: int | None = None) -> Traces:
    """Sort the signals of a Segment by node and type.

    Parameters
    ----------
    segment : neo.Segment
        Signals with the annotations ``role``, ``site`` and, for currents, ``positive``.
    morphology : Morphology
    types : optional
        See `typing`.
    neuron : int, optional
        Keep the signals whose ``channel_index`` is this.

    Returns
    -------
    Traces

    Raises
    ------
    SelectionError
        When the Segment holds no currents, or none of a compartment.
    SignalError
        When times differ, or a signal holds NaN.
    UnitsError
        When a density has no area.
    """
    name_of = typing(types)
    nodes = {site: n for n, site in enumerate(morphology.sites)}
    found, factors = Traces(), _Factors()
    seen: dict[int, str] = {}
    known = Known()
    for signal, column in _channels(here_or_unread(segment), neuron):
        about = known.of(signal)
        role, site, name = about.roles[column], about.sites[column], about.names[column]
        node = nodes.get(site or "")
        outside = node is None and role == "voltage"
        node = nodes.get(about.around[column] or "") if outside else node
        if node is None or role not in (
            "voltage",
            "current",
            "electrode",
            "capacitive",
        ):
            continue
        _check_times(found, signal, site or "")
        values: Any
        if is_lazy(signal):
            values = Unread(about.source, column)
        else:
            values = signal.view(np.ndarray)[:, column]
            _refuse_nan(values, signal, site or "")
        if role == "voltage":
            held = found.outside if outside else found.voltage
            held[node] = values, factors.of(signal, "mV")
            continue
        seen[node] = site or ""
        label = CAPACITIVE if role == "capacitive" else name_of(name or role, site or "")
        factor = factors.of(signal, "nA", about.areas[column])
        inward = about.directions[column] or ("inward" if role == "electrode" else "outward")
        sign = -1.0 if inward == "inward" else 1.0
        trace = Trace(node, found.kind(label), values, sign * factor, role == "electrode")
        if about.remainders[column]:
            found.remainders.setdefault(node, []).append(trace)
        found.currents.append(trace)
    _check_complete(found, seen, morphology)
    return found


def _channels(signals: Iterable[Any], neuron: int | None) -> Iterable[tuple[Any, int]]:
    for signal in signals:
        index = signal.array_annotations.get("channel_index")
        for column in range(signal.shape[1]):
            if neuron is None or index is None or int(index[column]) == neuron:
                yield signal, column


def _check_times(found: Traces, signal: Any, site: str) -> None:
    if found.clock is None:
        time_checks.check_signal(signal, f"{signal.name!r} of {site}")
        found.clock = signal
        return
    # Signals of one run have the same times to the last digit, which is quickly seen.
    if signal.shape[0] == found.clock.shape[0] and _stamp(signal) == _stamp(found.clock):
        return
    first = notes.sites_of(found.clock)[0]
    time_checks.check_same_times(
        found.clock, signal, f"{found.clock.name} of {first}", f"{signal.name} of {site}"
    )


def _stamp(signal: Any) -> tuple:
    """What tells the times of a signal: of even ones two numbers, of others the array itself."""
    if not timebase.is_regular(signal):
        return (id(signal.times),)
    return _plain(signal.t_start), _plain(signal.sampling_rate)


def _plain(quantity: Any) -> tuple:
    # Comparing or parsing units costs far more than the numbers do.
    return float(quantity.magnitude), *((u.name, n) for u, n in quantity.dimensionality.items())


def _refuse_nan(values: np.ndarray, signal: Any, site: str) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum(dtype=float)):
            return
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        time = timebase.float_times(signal, "ms")[bad[0]]
        raise SignalError(
            f"{signal.name!r} of {site} is {values[bad[0]]} at {time:g} ms ({len(bad)} of {len(values)} "
            "samples): every compartment is needed at every time, so mend it or leave those times out."
        )


class _Factors:
    """Numbers that make nA or mV of stored values; those of a unit are worked out once."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[float, bool]] = {}

    def of(self, signal: Any, wanted: str, area: Any = None) -> float:
        """The factor of a signal, with the area (Quantity) where it is a density."""
        key = wanted, *((unit.name, power) for unit, power in signal.dimensionality.items())
        if key not in self._known:
            self._known[key] = self._of_unit(signal, wanted)
        factor, is_density = self._known[key]
        if not is_density:
            return factor
        if area is None:
            raise UnitsError(
                f"{signal.name!r} of {notes.sites_of(signal)[0]} is a density "
                f"({units.label(signal.units)}) without area: annotate area=..., in um**2."
            )
        return factor * units.positive(area, "um**2", "area")

    def _of_unit(self, signal: Any, wanted: str) -> tuple[float, bool]:
        unit = units.parse_units(signal.units)
        is_density = wanted == "nA" and units.kind(unit) == "current density"
        if is_density:
            unit = unit * units.parse_units("um**2")
        if not units.same_dimension(unit, units.parse_units(wanted)):
            raise UnitsError(
                f"{signal.name!r} of {notes.sites_of(signal)[0]} is in {units.label(signal.units)}, which "
                f"is no {'current' if wanted == 'nA' else 'voltage'}: store it in {wanted}."
            )
        return float(unit.rescale(units.parse_units(wanted).units)), is_density


def _check_complete(found: Traces, seen: Mapping[int, str], morphology: Morphology) -> None:
    if not found.currents:
        raise SelectionError(
            "The Segment holds no currents of the sites of the morphology: their signals need the "
            "annotations role='current' and site=..., which every adapter writes."
        )
    cells = [n for n in range(len(morphology)) if not morphology.is_joint[n]]
    for held, what in ((seen, "current"), (found.voltage, "voltage")):
        missing = [morphology.sites[n] for n in cells if n not in held]
        if missing:
            raise SelectionError(
                f"{len(missing)} of {len(cells)} compartments have no {what} ({missing[0]} ...): record "
                "every compartment of the cell."
            )
