"""One Segment of several stretches of time, each with the parameters that held in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.nest.convert import Found
from neo_currentscape.adapters.nest.grid import Channels, Grid
from neo_currentscape.adapters.nest.past import Snapshot
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.given import members
from neo_currentscape.recording.inventory import signals_of
from neo_currentscape.recording.values import magnitudes


def in_order(past: Any) -> list[Snapshot]:
    """The snapshots by their time; refuses what is none."""
    if past is None:
        return []
    several = None if isinstance(past, Snapshot) else members(past)
    given = [past] if several is None else several
    for one in given:
        if not isinstance(one, Snapshot):
            raise ArgumentTypeError(
                f"past= takes what adapters.nest.snapshot(multimeter) returned, not {type(one).__name__}."
            )
    return sorted(given, key=lambda one: one.time)


def split(table: Grid, past: Sequence[Snapshot]) -> list[tuple[Grid, int]]:
    """Cut a table where parameters changed.

    Parameters
    ----------
    table : Grid
    past : sequence of Snapshot
        By their time.

    Returns
    -------
    list of (Grid, int)
        Each stretch with the first sample of the next, at which its last step ends, and the number of
        samples that are its own.
    """
    if not past:
        return [(table, len(table.times))]
    times = [one.time for one in past]
    step = 1e-3 * np.median(np.diff(table.times)) if len(table.times) > 1 else 0.0
    edges = [0, *np.searchsorted(table.times, np.array(times) - step), len(table.times)]
    found = []
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        rows = slice(first, min(last + 1, len(table.times)))
        cut = {name: Channels(c.nodes, c.values[rows]) for name, c in table.variables.items()}
        found.append((Grid(table.times[rows], cut), int(last - first)))
    return found


def join(parts: Sequence[tuple[Found, int]], times: np.ndarray) -> Found:
    """Put the signals of stretches one after the other; a current that one lacks is 0 there.

    Parameters
    ----------
    parts : sequence of (Found, int)
        Each with the number of samples that are its own.
    times : ndarray, shape (time,)
        Of all of them, in ms.

    Returns
    -------
    Found
    """
    if len(parts) == 1:
        return parts[0][0]
    out = Found(neo.Segment(name=parts[0][0].segment.name), [], [])
    by_key: dict[Any, dict[int, Any]] = {}
    for at, (made, _) in enumerate(parts):
        out.missing += made.missing
        out.marked += made.marked
        for signal in signals_of(made.segment):
            by_key.setdefault(_key(signal), {})[at] = signal
    writer = Writer(Clock(times))
    for found in by_key.values():
        _add(writer, found, [number for _, number in parts])
    writer.into(out.segment)
    return out


def _key(signal: Any) -> tuple[Any, ...]:
    notes = signal.annotations
    nodes = tuple(signal.array_annotations["channel_index"].tolist())
    return signal.name, notes.get("site"), notes.get("model"), notes["role"], nodes


def _add(writer: Writer, found: dict[int, Any], numbers: Sequence[int]) -> None:
    last = found[max(found)]
    _check_capacitance(found)
    width = last.shape[1]
    rows = [
        magnitudes(found[at])[:number] if at in found else np.zeros((number, width))
        for at, number in enumerate(numbers)
    ]
    notes = {k: v for k, v in last.annotations.items() if k not in ("role", "positive", "site")}
    arrays = {k: v for k, v in last.array_annotations.items() if k != "channel_index"}
    writer.add(
        last.name,
        np.concatenate(rows),
        last.units,
        last.annotations["role"],
        last.annotations.get("positive"),
        neurons=last.array_annotations["channel_index"],
        site=last.annotations.get("site"),
        arrays=arrays,
        **notes,
    )


def _check_capacitance(found: dict[int, Any]) -> None:
    told = []
    for signal in found.values():
        each = signal.array_annotations.get("capacitance", signal.annotations.get("capacitance"))
        told.append(
            None if each is None else np.broadcast_to(np.asarray(each, dtype=float), signal.shape[1:])
        )
    if any(one is not None and told[0] is not None and (one != told[0]).any() for one in told[1:]):
        raise ArgumentError(
            "The capacitance was changed between two stretches, and a Segment has one: make a Segment of "
            "each, from a multimeter of its own (its start= and stop=)."
        )
