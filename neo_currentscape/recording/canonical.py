"""The parts of a Recording in canonical form, however they were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, ValuesView
from functools import partial
from typing import Any

import numpy as np
import quantities as pq
from neo import Segment
from neo.core.objectlist import ObjectList

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SignalError,
    UnitsError,
)
from neo_currentscape.recording import assemble, sampling, time_checks, timebase, values
from neo_currentscape.recording.choices import SUMMED
from neo_currentscape.recording.lazy import repeats
from neo_currentscape.recording.lazy.gaps import LazyGaps, refuse
from neo_currentscape.recording.lazy.proxies import as_lazy
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.stored_columns import StoredColumn, check_times

#: Role of the signals in each part of a Recording.
ROLE_OF_PART = {
    "currents": "current",
    "voltage": "voltage",
    "ions": "ion",
    "electrode": "electrode",
    "capacitive": "capacitive",
    "axial": "axial",
}

#: What holds several signals, in an order.
SEVERAL = (Sequence, Iterator, ValuesView, ObjectList)


def stack_part(
    part: str,
    found: Sequence[StoredColumn],
    convert: bool = False,
    neuron: int | None = None,
    site: str | None = None,
) -> Any:
    """Make the one signal of a part from pieces of a Segment's signals.

    Parameters
    ----------
    part : str
        A key of `ROLE_OF_PART`.
    found : sequence of StoredColumn
        May be empty.
    convert : bool
        Whether densities become absolute currents with the areas of the pieces.
    neuron, site : optional
        What all pieces belong to; kept in the annotations.

    Returns
    -------
    neo signal or None
        None where nothing was found.
    """
    if not found:
        return None
    role = ROLE_OF_PART[part]
    unit = units.of_cells(_unit_of_part(found, role, convert))
    return assemble.stack(found, unit, role, part, neuron, site)


def _unit_of_part(found: Sequence[StoredColumn], role: str, convert: bool) -> Any:
    if role in roles.CANONICAL:
        return assemble.common_unit(found, convert)
    first = found[0]
    for piece in found[1:]:
        if not units.same_dimension(piece.units, first.units):
            raise UnitsError(
                f"Signals {first.name!r} and {piece.name!r} are both of role {role}, but in "
                f"{units.label(first.units)} and {units.label(piece.units)}: name those of one unit."
            )
    return first.units


def parts(given: Mapping[str, Any], area: Any = None) -> dict[str, Any]:
    """Check the parts of a Recording against each other and bring each into canonical form.

    Parameters
    ----------
    given : mapping of str to neo signal, sequence or mapping of neo signals or None
        One entry for each part.
    area : Quantity, optional
        Membrane area, for densities that stand beside absolute currents.

    Returns
    -------
    dict of str to neo signal or None
    """
    out = {part: _one_signal(part, signal, area) for part, signal in given.items()}
    currents = out["currents"]
    for part, signal in out.items():
        if signal is not None and signal is not currents:
            time_checks.check_same_times(currents, signal, "currents", part)
    if out["voltage"] is not None:
        _check_voltage(out["voltage"])
    unread = next((one for one in out.values() if is_lazy(one) and not timebase.is_regular(one)), None)
    # One and the same for all parts, so that they need not be compared again.
    apart = None if unread is None else repeats.set_apart(unread.times)
    return {part: None if one is None else _with_times_apart(one, apart) for part, one in out.items()}


def _with_times_apart(signal: Any, unread: Any) -> Any:
    if timebase.is_regular(signal):
        return signal
    if is_lazy(signal):
        return repeats.with_times(signal, unread)
    before = signal.times.magnitude
    after = sampling.set_apart(before)
    if after is before:
        return signal
    moved = values.copy_of(signal)
    moved.times = pq.Quantity(after, signal.times.units)
    return moved


def _check_voltage(voltage: Any) -> None:
    if voltage.shape[1] != 1:
        raise SignalError(
            f"voltage has {voltage.shape[1]} channels: pass the one of this neuron, e.g. voltage[:, [0]]."
        )
    if units.kind(voltage) not in ("voltage", "dimensionless"):
        (name,) = _names("voltage", voltage)
        raise UnitsError(
            f"voltage {name!r} is in {units.label(voltage)}, which is no voltage: pass the membrane "
            "potential second, as in Recording(currents, voltage)."
        )


def _one_signal(part: str, given: Any, area: Any) -> Any:
    if given is None and part != "currents":
        return None
    found = _with_names(part, given)
    if not found:
        if part == "currents":
            raise SignalError("currents is empty: a Recording needs at least one current.")
        return None
    if not isinstance(given, Mapping):
        _check_names(part, [name for _, names in found for name in names])
    first, names = found[0]
    if len(found) == 1 and _is_canonical(part, first):
        return _renamed(part, first, names)
    pieces = [piece for signal, own in found for piece in _pieces(part, signal, own, area)]
    check_times(pieces)
    stacked = stack_part(part, pieces, False, neuron_of(first), notes.sites_of(first)[0])
    return _with_area(stacked, pieces)


def _with_names(part: str, given: Any) -> list[tuple[Any, list[str]]]:
    """Each signal with the names of its channels; those of a dict are its keys."""
    if isinstance(given, Mapping):
        _check_names(part, [str(label) for label in given])
        return [
            (_labelled(part, label, one), [str(label)])
            for label, signal in given.items()
            for one in _members(part, label, signal)
        ]
    if isinstance(given, Segment):
        raise ArgumentTypeError(f"{part} is a Segment: write Recording.from_segment(segment).")
    several = isinstance(given, SEVERAL) and not isinstance(given, (str, bytes))
    signals = [as_lazy(one) for one in (given if several else [given])]
    for signal in signals:
        time_checks.check_signal(signal, _what(part, signal))
    return [(signal, _names(part, signal)) for signal in signals]


def _members(part: str, label: Any, given: Any) -> Sequence[Any]:
    """The signals under a label, of which several are summed."""
    if not isinstance(given, (list, tuple)) or ROLE_OF_PART[part] not in SUMMED:
        return [given]
    if not given:
        raise SignalError(f"{part}[{label!r}] lists no signal: list those whose sum it is.")
    return given


def _labelled(part: str, label: Any, given: Any) -> Any:
    signal = as_lazy(given)
    time_checks.check_signal(signal, f"{part}[{label!r}]")
    if signal.shape[1] != 1:
        raise SignalError(
            f"{part}[{label!r}] has {signal.shape[1]} channels: give each a name of its own, or pass the "
            "signal alone with array_annotations={'name': [...]}."
        )
    return signal


def _with_area(signal: Any, found: Sequence[StoredColumn]) -> Any:
    area = next((piece.area for piece in found if piece.area is not None), None)
    if area is not None:
        signal.annotate(area=area)
    return signal


def _what(part: str, signal: Any) -> str:
    name = getattr(signal, "name", None)
    return f"{part} ({name!r})" if name and name != part else part


def _names(part: str, signal: Any) -> list[str]:
    names = notes.channel_names(signal)
    if names is not None:
        # A legend cannot show an empty name.
        return [name or f"{ROLE_OF_PART[part]} {k}" for k, name in enumerate(names)]
    if signal.shape[1] == 1:
        return [signal.name or part]
    if part == "voltage":
        return [f"voltage {channel}" for channel in range(signal.shape[1])]
    raise SignalError(
        f"{part} has {signal.shape[1]} channels and no names: write "
        f"array_annotations={{'name': [...]}} when you make the signal."
    )


def _check_names(part: str, names: Sequence[str]) -> None:
    counts = Counter(names)
    repeated = sorted(name for name, count in counts.items() if count > 1)
    if repeated:
        raise ArgumentError(
            f"{part} has the name {repeated[0]!r} {counts[repeated[0]]} times: give each its own."
        )


def _is_canonical(part: str, signal: Any) -> bool:
    if values.magnitudes(signal).dtype != np.float64 or _has_another_name(signal.units):
        return False
    wanted = roles.CANONICAL.get(ROLE_OF_PART[part])
    return wanted is None or {found or wanted for found in notes.directions_of(signal)} == {wanted}


def _has_another_name(unit: Any) -> bool:
    """Whether a unit is a product that people call by a name, as uS mV."""
    plain = units.parse_units(unit)
    return bool(units.by_name(plain).dimensionality != plain.dimensionality)


def _renamed(part: str, signal: Any, names: Sequence[str]) -> Any:
    """The same values under a signal of our own, so that the caller's is not annotated."""
    role = ROLE_OF_PART[part]
    marks = assemble.marks(role, names, neuron_of(signal), notes.sites_of(signal)[0])
    marks.update(assemble.kept(part, signal, 0))
    assemble.mark_remainders(marks, notes.remainders_of(signal))
    own = values.like(signal, values.magnitudes(signal), signal.units, part, **marks)
    return _with_area(own, _pieces(part, signal, names))


def neuron_of(signal: Any) -> int | None:
    """The one neuron that all channels of a signal belong to, None where it is not told."""
    index = signal.array_annotations.get("channel_index")
    if index is None or len(set(np.asarray(index).tolist())) != 1:
        return None
    return int(index[0])


def _pieces(part: str, signal: Any, names: Sequence[str], area: Any = None) -> list[StoredColumn]:
    wanted = roles.CANONICAL.get(ROLE_OF_PART[part], "outward")
    directions = notes.directions_of(signal)
    areas = notes.areas_of(signal) if area is None else [area] * signal.shape[1]
    return [
        StoredColumn(name, name, signal, column, signal.units, directions[column] or wanted, areas[column])
        for column, name in enumerate(names)
    ]


def gaps(found: Mapping[str, Any], nan: str) -> Any:
    """Find the times with NaN or infinite values in any part, or refuse them.

    Parameters
    ----------
    found : mapping of str to neo signal or None
        The parts.
    nan : {"error", "gap"}
        Whether to refuse or to mark them.

    Returns
    -------
    ndarray of bool, shape (time,), or None
        Of lazily read signals a `LazyGaps`, as nobody knows before they are read; with
        ``nan="error"`` they are refused when they are.
    """
    marked: Any = None
    unread = {part: signal for part, signal in found.items() if is_lazy(signal)}
    for part, signal in found.items():
        if signal is None or part in unread:
            continue
        bad = values.bad_rows(values.magnitudes(signal))
        if bad is None:
            continue
        if nan == "error":
            values.refuse_bad_rows(signal, bad, _bad_name(part, signal, bad))
        marked = bad if marked is None else marked | bad
    if marked is not None and marked.all():
        raise SignalError("No time is left at which all values are finite: mend the recording.")
    if nan == "gap" and unread:
        return LazyGaps([signal.lazy_values for signal in unread.values()], marked)
    for part, signal in unread.items():
        refuse(signal.lazy_values, partial(_channel_name, part, signal), partial(_time_of, signal))
    return marked


def _channel_name(part: str, signal: Any, channel: int) -> str:
    names = notes.channel_names(signal) or [part]
    name = names[channel]
    return f"{ROLE_OF_PART[part].capitalize()} {name!r}" if name != part else part.capitalize()


def _time_of(signal: Any, row: int) -> float:
    return float(timebase.float_times(signal, "ms", slice(row, row + 1))[0])


def _bad_name(part: str, signal: Any, bad: np.ndarray) -> str:
    row = values.magnitudes(signal)[int(np.argmax(bad))]
    return _channel_name(part, signal, int(np.argmax(~np.isfinite(row))))
