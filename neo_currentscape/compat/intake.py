"""From the arguments of `neo_currentscape.plot` to a Recording and the labels of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.labels import in_units
from neo_currentscape.compat.rows import Rows, read_rows
from neo_currentscape.compat.times import SampleTimes, read_times
from neo_currentscape.conventions.errors import ArgumentError, warn
from neo_currentscape.recording.recording import Recording


@dataclass(frozen=True)
class Intake:
    """What is drawn.

    Attributes
    ----------
    recording : Recording
        Currents outward positive.
    labels : dict of str to str
        Label of the axes of "voltage", "current", "ions" and "xaxis".
    time_units : str
        Unit of the time axis.
    """

    recording: Recording
    labels: dict[str, str]
    time_units: str


def take(config: Config, voltage: Any, currents: Any, ions: Any = None, time: Any = None) -> Intake:
    """Check the arguments, and make a Recording of them.

    Parameters
    ----------
    config : Config
    voltage : array, Quantity or neo signal
        Shape (time,).
    currents, ions : arrays, Quantities or neo signals
        Shape (variable, time); currents outward positive.
    time : array or Quantity, optional
        Shape (time,).

    Returns
    -------
    Intake

    Raises
    ------
    CurrentscapeError
        When an array cannot be used; the message names it.
    """
    rows = {
        "current": read_rows(currents, "currents"),
        "voltage": read_rows(voltage, "voltage", single=True),
        "ions": read_rows(ions, "ions_data") if _is_given(ions) else None,
    }
    held = {part: found for part, found in rows.items() if found is not None}
    clock = read_times(config, time, list(held.values()))
    keep = {"voltage": False}
    keep |= {part: config[f"{part}.autoscale_ticks_and_ylim"] for part in ("current", "ions")}
    signals, labels = {}, {"xaxis": clock.label}
    for part, found in held.items():
        signals[part], labels[part] = _signal(config, clock, part, found, keep[part])
    recording = Recording(signals["current"], signals["voltage"], signals.get("ions"))
    return Intake(recording, labels, clock.unit)


def _is_given(ions: Any) -> bool:
    # What is no list is refused where it is read.
    return ions is not None and not (hasattr(ions, "__len__") and len(ions) == 0)


def _signal(config: Config, clock: SampleTimes, part: str, rows: Rows, keep: bool) -> tuple[Any, str]:
    values, unit, label = in_units(config, rows, f"{part}.units", keep)
    names = ["voltage"] if part == "voltage" else _names(config, part, rows)
    return clock.signals(values, unit, part, names), label


def _names(config: Config, part: str, rows: Rows) -> list[str]:
    key = f"{part}.names"
    given: Sequence[str] | None = config[key]
    n = len(rows.values)
    if given is None:
        singular = "ion" if part == "ions" else part
        return _told_apart(rows.what, rows.names or [f"{singular} {k + 1}" for k in range(n)])
    if len(given) != n:
        raise ArgumentError(
            f"Configuration key {key!r} lists {len(given)} names, and {rows.what} has {n} rows: write one "
            "name for each, in the order of the rows."
        )
    _check_own_names(key, given, rows)
    return _told_apart(f"Configuration key {key!r}", given)


def _check_own_names(key: str, given: Sequence[str], rows: Rows) -> None:
    """Refuse to give a row the name that the data have for another."""
    own = rows.names or []
    for k, (name, known) in enumerate(zip(given, own, strict=False)):
        if name != known and name in own:
            raise ArgumentError(
                f"Configuration key {key!r} calls row {k} of {rows.what} {name!r}, the name of row "
                f"{own.index(name)} in the data: write the names in the order of the rows "
                f"({', '.join(map(repr, own))}), or leave the key out."
            )


def _told_apart(source: str, names: Sequence[str]) -> list[str]:
    """The names, with a number behind one that was given before."""
    out: list[str] = []
    for name in names:
        count = 2
        own = name
        while own in out or (own != name and own in names):
            own, count = f"{name} ({count})", count + 1
        out.append(own)
    again = sorted({name for name in names if list(names).count(name) > 1})
    if again:
        drawn = [repr(own) for own, name in zip(out, names, strict=True) if name == again[0]]
        warn(
            f"{source} lists {again[0]!r} more than once: the rows are drawn as currents "
            f"of their own, {', '.join(drawn)}."
        )
    return out
