"""Recordings over whose course parameters changed: each stretch of time by itself, and all as one again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters import signals
from neo_currentscape.adapters.pynn.description import Description, since
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.inventory import put_signals, signals_of

#: Samples on either side with which a stretch is derived, as a current may need its neighbours.
MARGIN = 3

#: What says something of the beginning of the recordings, and not of that of a stretch.
_OF_BEGINNING = ("restarted", "drawn", "cleared")

#: Beginning and end in ms.
Limits = tuple[float, float]

Derive = Callable[[neo.Segment, Description, Any], neo.Segment]


def derived(
    segment: neo.Segment, descriptions: Sequence[Description], electrodes: Any, derive: Derive
) -> neo.Segment:
    """Derive the currents of one population, each stretch with its own parameters.

    Parameters
    ----------
    segment : neo.Segment
        The recordings, at their true times.
    descriptions : sequence of dict
        Of the population, in the order of time.
    electrodes : neo signal, sequence of neo signals, or None
        What the caller says of injected currents.
    derive : callable
        Makes the Segment of a stretch from its recordings, description and electrodes.

    Returns
    -------
    neo.Segment

    Raises
    ------
    SelectionError
        When the capacitance changed.
    """
    if len(descriptions) == 1:
        return derive(segment, descriptions[0], electrodes)
    borders = [-np.inf, *(since(description) for description in descriptions[1:]), np.inf]
    parts: list[neo.Segment] = []
    limits: list[Limits] = []
    for description, first, last in zip(descriptions, borders[:-1], borders[1:], strict=True):
        piece = _cut(segment, first, last)
        if piece is None:
            continue
        if parts:
            description = {k: v for k, v in description.items() if k not in _OF_BEGINNING}
        parts.append(derive(piece, description, _cut_given(electrodes, first, last)))
        limits.append((first, last))
    _check_capacitance(parts, descriptions[0])
    return _joined(parts, limits, float(descriptions[0]["dt"]))


def _cut(segment: neo.Segment, first: float, last: float) -> neo.Segment | None:
    """The recordings from `first` to `last` (ms) with a margin; None where there are none."""
    out = neo.Segment(name=segment.name)
    out.annotate(**segment.annotations)
    out.spiketrains.extend(segment.spiketrains)
    found = False
    for signal in signals_of(segment):
        begin, end = np.searchsorted(timebase.float_times(signal, "ms"), [first, last])
        found = found or end > begin
        put_signals(out, [signal[max(begin - MARGIN, 0) : end + MARGIN]])
    return out if found else None


def _cut_given(electrodes: Any, first: float, last: float) -> Any:
    if electrodes is None:
        return None
    given = neo.Segment()
    put_signals(given, electrodes if isinstance(electrodes, Sequence) else [electrodes])
    piece = _cut(given, first, last)
    return [] if piece is None else list(signals_of(piece))


def _check_capacitance(parts: Sequence[neo.Segment], description: Description) -> None:
    found = [[_capacitance(s) for s in _sorted(part) if _is_voltage(s)] for part in parts]
    if any(other != found[0] for other in found[1:]):
        raise SelectionError(
            f"The capacitance of population {description['label']!r} was changed between two runs of one "
            "segment, whose C dV/dt then has no one meaning: call sim.reset() before the change, so that a "
            "new segment begins."
        )


def _capacitance(signal: Any) -> str:
    return str((signal.annotations.get("capacitance"), signal.array_annotations.get("capacitance")))


def _is_voltage(signal: Any) -> bool:
    return signal.annotations.get("role") == "voltage"


def _sorted(segment: neo.Segment) -> list[Any]:
    return sorted(signals_of(segment), key=_key)


def _key(signal: Any) -> tuple[Any, ...]:
    neurons = tuple(int(n) for n in signal.array_annotations["channel_index"])
    return str(signal.name), str(signal.annotations.get("site")), neurons


#: How much later than its parameters a sample is that goes with a step, as a part of it.
_LATE = {"backward": 0.5, "forward": -0.5}


def _joined(parts: Sequence[neo.Segment], limits: Sequence[Limits], step: float) -> neo.Segment:
    out = neo.Segment(name=parts[0].name)
    out.spiketrains.extend(parts[0].spiketrains)
    # A sample belongs to the stretch in which the step lies that the finite difference takes with it.
    late = step * _LATE.get(str(_rule(parts[0])), 0.0)
    borders = [(first + late, last + late) for first, last in limits]
    known = [{_key(signal): signal for signal in signals_of(part)} for part in parts]
    for key in dict.fromkeys(key for part in known for key in part):
        example = next(part[key] for part in known if key in part)
        pieces = [
            _between(part[key] if key in part else _nothing(part, example), *border)
            for part, border in zip(known, borders, strict=True)
        ]
        put_signals(out, [_concatenated(pieces)])
    _mark(out, parts, borders)
    return out


def _rule(part: neo.Segment) -> str | None:
    return next((s.annotations.get("derivative") for s in signals_of(part) if _is_voltage(s)), None)


def _between(signal: Any, first: float, last: float) -> Any:
    begin, end = np.searchsorted(timebase.float_times(signal, "ms"), [first, last])
    return signal[begin:end]


def _nothing(part: dict[Any, Any], example: Any) -> Any:
    """An injected current in a stretch in which it is zero throughout."""
    like = next(signal for key, signal in part.items() if key[2] == _key(example)[2])
    zeros, arrays = np.zeros(like.shape), dict(example.array_annotations)
    writer = signals.Writer(signals.Clock.of(like))
    return writer.add(example.name, zeros, example.units, arrays=arrays, **example.annotations)


def _concatenated(pieces: Sequence[Any]) -> Any:
    first = pieces[0]
    numbers = np.concatenate([values.magnitudes(piece) for piece in pieces])
    times = np.concatenate([timebase.float_times(piece, "ms") for piece in pieces])
    step = float(first.sampling_period.rescale("ms")) if timebase.is_regular(first) else None
    arrays = dict(first.array_annotations)
    writer = signals.Writer(signals.Clock(times, step))
    return writer.add(first.name, numbers, first.units, arrays=arrays, **first.annotations)


def _mark(out: neo.Segment, parts: Sequence[neo.Segment], limits: Sequence[Limits]) -> None:
    """Mark the clamped times of every stretch, within it."""
    found = []
    for part, (first, last) in zip(parts, limits, strict=True):
        for epoch in part.epochs:
            starts = epoch.times.rescale("ms").magnitude
            stops = np.minimum(starts + epoch.durations.rescale("ms").magnitude, last)
            starts = np.maximum(starts, first)
            kept = stops > starts
            found.append((starts[kept], stops[kept], epoch.array_annotations["channel_index"][kept]))
    signals.mark(out, found)
