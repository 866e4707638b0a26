"""Which series of an NWB file are of one sweep: by its tables, sweep numbers, then times and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Part:
    """A stretch of a series; the whole where no table says otherwise.

    Attributes
    ----------
    series : pynwb.TimeSeries
    first, count : int
        Samples; a count below 0 is all.
    """

    series: Any
    first: int = 0
    count: int = -1


@dataclass
class Group:
    """What was recorded together: the responses of a sweep, and what was sent.

    Attributes
    ----------
    responses, stimuli : list of Part
    number : int or None
        Where the file counts its sweeps.
    """

    responses: list[Part] = field(default_factory=list)
    stimuli: list[Part] = field(default_factory=list)
    number: int | None = None


def groups_of(file: Any, responses: Sequence[Any], stimuli: Sequence[Any]) -> list[Group]:
    """Pair the responses with the stimuli, sweep by sweep.

    Parameters
    ----------
    file : pynwb.NWBFile
    responses, stimuli : sequence of pynwb.TimeSeries
        Those of an amplifier, in the groups acquisition and stimulus.

    Returns
    -------
    list of Group
        In the order of their starts.
    """
    found = _of_recordings(file) or _of_sweep_table(file) or _of_numbers(responses, stimuli)
    found = found or _of_times(responses, stimuli)
    found = [group for group in found if group.responses]
    return sorted(found, key=lambda group: start_of(group.responses[0].series))


def start_of(series: Any) -> float:
    """When a series begins, in s."""
    if series.starting_time is not None:
        return float(series.starting_time)
    return float(series.timestamps[0]) if series.timestamps is not None and len(series.timestamps) else 0.0


def _part(reference: Any) -> Part | None:
    series = getattr(reference, "timeseries", None)
    if series is None or reference.idx_start < 0:
        return None
    return Part(series, int(reference.idx_start), int(reference.count))


def _of_recordings(file: Any) -> list[Group]:
    """By the table of intracellular recordings; those that are told to be simultaneous are one sweep."""
    table = file.intracellular_recordings
    if table is None or not len(table):
        return []
    rows = []
    for k in range(len(table)):
        told = [
            _part(table.category_tables[name][what][k])
            for name, what in (("responses", "response"), ("stimuli", "stimulus"))
        ]
        rows.append(Group([told[0]] if told[0] else [], [told[1]] if told[1] else []))
    together = file.icephys_simultaneous_recordings
    if together is None or not len(together):
        return rows
    indices = [
        np.unique(np.asarray(together["recordings"].target.data[slice(*ends)])) for ends in _ends(together)
    ]
    return [_joined([rows[k] for k in index if k < len(rows)]) for index in indices]


def _ends(table: Any) -> list[tuple[int, int]]:
    stops = [int(stop) for stop in np.asarray(table["recordings"].data[:])]
    return list(zip([0, *stops[:-1]], stops, strict=True))


def _joined(groups: Sequence[Group]) -> Group:
    return Group([p for g in groups for p in g.responses], [p for g in groups for p in g.stimuli])


def _of_sweep_table(file: Any) -> list[Group]:
    table = file.sweep_table
    if table is None or not len(table):
        return []
    found: dict[int, Group] = {}
    sent = {id(series) for series in file.stimulus.values()}
    for number, several in zip(table["sweep_number"][:], table["series"][:], strict=True):
        group = found.setdefault(int(number), Group(number=int(number)))
        for series in several if isinstance(several, (list, tuple, np.ndarray)) else [several]:
            (group.stimuli if id(series) in sent else group.responses).append(Part(series))
    return list(found.values())


def _of_numbers(responses: Sequence[Any], stimuli: Sequence[Any]) -> list[Group]:
    told = [getattr(series, "sweep_number", None) for series in (*responses, *stimuli)]
    if not told or any(number is None for number in told[: len(responses)]):
        return []
    found: dict[int, Group] = {}
    for k, (series, number) in enumerate(zip((*responses, *stimuli), told, strict=True)):
        if number is not None:
            group = found.setdefault(int(number), Group(number=int(number)))
            (group.responses if k < len(responses) else group.stimuli).append(Part(series))
    return list(found.values())


def _of_times(responses: Sequence[Any], stimuli: Sequence[Any]) -> list[Group]:
    """By start and electrode; where all begin at once, by the numbers in their names, then by order."""
    found: dict[Any, Group] = {}
    by_start = len({start_of(series) for series in responses}) > 1
    for k, series in enumerate(responses):
        key = round(start_of(series), 6) if by_start else _number(series.name)
        # Two of one electrode and unit are two sweeps, whatever they are called.
        taken = found.get(key)
        if taken is not None and any(_same_place(series, part.series) for part in taken.responses):
            key = ("row", k)
        found.setdefault(key, Group()).responses.append(Part(series))
    left = list(stimuli)
    for group in found.values():
        group.stimuli.extend(_stimuli_of(group, left))
    _by_order(list(found.values()), left)
    return list(found.values())


def _number(name: str) -> Any:
    digits = re.findall(r"\d+", name)
    return int(digits[-1]) if digits else None


def _same_place(one: Any, other: Any) -> bool:
    return one.electrode is other.electrode and one.unit == other.unit


def _stimuli_of(group: Group, left: list[Any]) -> list[Part]:
    """Take out of those that are left the stimuli of the electrodes of a sweep that begin with it."""
    found = []
    for response in [part.series for part in group.responses]:
        own = [s for s in left if s.electrode is response.electrode and s.unit != response.unit]
        begun = [s for s in own if abs(start_of(s) - start_of(response)) < 1e-6]
        named = [s for s in begun if _number(s.name) == _number(response.name)]
        fitting = named or (begun if len(begun) == 1 else [])
        found += [Part(fitting[0])] if fitting else []
        left[:] = [s for s in left if not fitting or s is not fitting[0]]
    return found


def _by_order(groups: list[Group], left: list[Any]) -> None:
    without = [group for group in groups if not group.stimuli]
    if left and len(without) == len(left):
        for group, series in zip(without, left, strict=True):
            group.stimuli.append(Part(series))
