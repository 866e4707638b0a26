"""Whether recorded parts of a current add up to it: at once in memory, of a file while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, warn
from neo_currentscape.recording import assemble, timebase, values
from neo_currentscape.recording.lazy import stack as lazy
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.stored_columns import StoredColumn

#: Parts may miss their whole by this share of the largest of them: stored as float32 they are rounded.
SAME = 1e-5


#: So many samples tell whether a current is the sum of others.
SAMPLES = 200


def warn_of_wholes(columns: Sequence[StoredColumn], currents: Any) -> None:
    """Warn of a current that is the sum of those whose names begin with its own, so that all count twice.

    Parameters
    ----------
    columns : sequence of StoredColumn
        Where the currents are stored.
    currents : neo signal
        The same, shape (time, current), outward positive; what is in a file is not read for this.
    """
    names = assemble.labels_of(columns)
    if len(names) < 3 or len(names) < len(columns) or is_lazy(currents):
        return
    full = [column.name for column in columns]
    numbers = values.magnitudes(currents)
    rows = np.unique(np.linspace(0, len(numbers) - 1, SAMPLES).astype(int))
    for whole, name in enumerate(full):
        parts = [k for k, other in enumerate(full) if k != whole and other.startswith(name)]
        if len(parts) < 2:
            continue
        found = np.nan_to_num(numbers[rows][:, [whole, *parts]])
        peak, missed = np.abs(found).max(), np.abs(found[:, 0] - found[:, 1:].sum(axis=1)).max()
        if found[:, 0].any() and missed <= SAME * peak:
            listed = ", ".join(repr(full[k]) for k in parts)
            warn(
                f"Current {name!r} is the sum of {listed}, which count as well: write "
                f"parts={{{name!r}: [{listed}]}}, or name those that are meant with currents=[...]."
            )


@dataclass(frozen=True)
class Check:
    """A whole and its parts, which are to add up to it.

    Attributes
    ----------
    name : str
        Of the whole.
    parts : list of str
    numbers : ndarray or LazyArray, shape (time, 1 + part)
        The whole, negative, then its parts, in the unit.
    unit : Quantity
    signal : neo signal
        Whose times they have.
    """

    name: str
    parts: list[str]
    numbers: Any
    unit: Any
    signal: Any

    def refuse(self, first: int, last: int) -> None:
        """Refuse parts that do not add up in some samples.

        Raises
        ------
        SignalError
        """
        found = np.asarray(self.numbers[first:last])
        with np.errstate(invalid="ignore"):
            peak = np.nanmax(np.abs(found), initial=0.0)
            missed = np.abs(np.nan_to_num(found.sum(axis=1)))
            if missed.max(initial=0.0) <= SAME * peak:
                return
            opposite = np.abs(np.nan_to_num(found[:, 1:].sum(axis=1) - found[:, 0])).max() <= SAME * peak
        at = int(np.argmax(missed))
        time = timebase.float_times(self.signal, "ms", slice(first + at, first + at + 1))[0]
        advice = "name all of them, or write {label: None} for what is left of it"
        if opposite:
            advice = "they add up to its opposite, so say with sign= how each is stored"
        raise SignalError(
            f"The parts of {self.name!r} ({', '.join(map(repr, self.parts))}) miss it by up to "
            f"{missed[at]:.3g} of {peak:.3g} {units.label(self.unit)}, at {time:g} ms: {advice}."
        )


def checks_of(columns: Sequence[StoredColumn], unit: Any) -> Iterator[Check]:
    """What is to add up.

    Parameters
    ----------
    columns : sequence of StoredColumn
        Wholes (of weight -1) and parts; those of one `member` belong together.
    unit : Quantity
        In which they are compared.

    Yields
    ------
    Check
    """
    for name in dict.fromkeys(column.member for column in columns):
        own = [column for column in columns if column.member == name]
        factors = [column.weight * assemble.factor(column, unit, "current") for column in own]
        signals, channels = [c.signal for c in own], [c.column for c in own]
        numbers = lazy.stack(signals, channels, factors, f"checking the parts of {name}")
        yield Check(name, [c.name for c in own[1:]], numbers, unit, own[0].signal)


def checked(numbers: Any, checks: Sequence[Check]) -> Any:
    """Check parts now where they are in memory, else with every piece that is read.

    Parameters
    ----------
    numbers : ndarray or LazyArray, shape (time, current)
        The currents.
    checks : sequence of Check

    Returns
    -------
    ndarray or LazyArray
        The same currents.

    Raises
    ------
    SignalError
        When parts do not add up.
    """
    if not isinstance(numbers, LazyArray):
        for check in checks:
            check.refuse(0, len(numbers))
        return numbers
    if not checks:
        return numbers

    def read(first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        for check in checks:
            check.refuse(first, last)
        return numbers.read(first, last, channels)

    return LazyArray(read, numbers.shape)


def checked_signal(signal: Any, columns: Sequence[StoredColumn]) -> Any:
    """The canonical currents of a Recording, checked; the same signal where nothing is."""
    if not columns:
        return signal
    numbers = values.magnitudes(signal)
    found = checked(numbers, list(checks_of(columns, signal.units)))
    if found is numbers:
        return signal
    arrays = dict(signal.array_annotations)
    return values.like(
        signal, found, signal.units, signal.name, array_annotations=arrays, **signal.annotations
    )
