"""What a Segment holds: every recorded variable, its role, sign, unit, site and neurons, and why."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import amplifier, inputs, roles, units
from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording.given_units import Stored, by_full_name, unit_of
from neo_currentscape.recording.lazy.files import read_lazy
from neo_currentscape.recording.lazy.proxies import as_lazy
from neo_currentscape.recording.regions import section_of
from neo_currentscape.recording.timebase import is_regular


@dataclass(frozen=True)
class Variable:
    """One recorded variable at one site: some channels of one Neo signal.

    Attributes
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Where the values are, shape (time, channel).
    columns : ndarray of int, shape (neuron,)
        The channels of the signal that belong to this variable.
    neurons : ndarray of int, shape (neuron,), or None
        Index of the neuron in each of the columns; None where nothing tells neurons apart.
    name : str
        Full name, as stored.
    short_name : str
        The name without the site in front.
    site : str or None
        The recorded place; None where the variable names none.
    units : Quantity
        Unit of the values: the stored one, or what the caller said it is.
    role, reason : str
        What the variable is, and what decided it.
    positive : {"outward", "inward"} or None
        The annotated direction of positive values; None where nothing is annotated.
    area : Quantity or None
        The annotated membrane area.
    """

    signal: Any
    columns: np.ndarray
    neurons: np.ndarray | None
    name: str
    short_name: str
    site: str | None
    units: Any
    role: str
    reason: str
    positive: str | None
    area: Any

    @cached_property
    def kind(self) -> str:
        """Physical kind of the unit, e.g. "current density"."""
        return units.kind(self.units)

    @cached_property
    def column_of_neuron(self) -> dict[int, int]:
        """The channel of each neuron that has one of its own; empty where neurons are not told apart."""
        if self.neurons is None:
            return {}
        found, counts = np.unique(self.neurons, return_counts=True)
        often = dict(zip(found.tolist(), counts.tolist(), strict=True))
        pairs = zip(self.neurons.tolist(), self.columns.tolist(), strict=True)
        return {int(neuron): int(column) for neuron, column in pairs if often[neuron] == 1}

    @property
    def sign_and_reason(self) -> tuple[str | None, str]:
        """Direction of positive values, and whether it was annotated or assumed."""
        role = "electrode" if self.role == "command" and self.kind != "voltage" else self.role
        if role not in roles.CANONICAL:
            return None, ""
        if self.positive is not None:
            return self.positive, "annotated"
        return roles.CANONICAL[role], "assumed, as nothing is annotated"


def segment_of(source: Any) -> neo.Segment:
    """Take a Segment, or the one Segment of a Block, or of a file.

    Raises
    ------
    ArgumentTypeError
        When the source is none of them.
    SelectionError
        When a Block holds no segment, or several, or a file several Blocks.
    FileError
        When a file cannot be read, or is a pickle: `neo_currentscape.read_lazy` reads it if it is told to.
    """
    if isinstance(source, (str, os.PathLike)):
        if inputs.is_pickle(source):
            read = "read it with neo_currentscape.read_lazy(path, trust_pickle=True)"
            inputs.check_trust(inputs.existing(source), False, f"{read} and pass one of its segments")
        blocks = read_lazy(source)
        if len(blocks) != 1:
            raise SelectionError(
                f"{str(source)!r} holds {len(blocks)} Blocks where one is needed: read it with "
                "neo_currentscape.read_lazy(path), and pass one of their segments."
            )
        source = blocks[0]
    if isinstance(source, neo.Block):
        if len(source.segments) != 1:
            raise SelectionError(
                f"Block {source.name or ''!r} holds {len(source.segments)} segments where one is "
                "needed: pass one of them, e.g. block.segments[0]."
            )
        return source.segments[0]
    if not isinstance(source, neo.Segment):
        raise ArgumentTypeError(
            f"A neo.Segment is needed, not {type(source).__name__}: pass block.segments[0], or the path of "
            "a file."
        )
    return source


def signals_of(segment: neo.Segment) -> list[Any]:
    """All analog and irregularly sampled signals of a Segment; lazy ones are loaded."""
    return [signal.load() if hasattr(signal, "load") else signal for signal in stored_signals(segment)]


def stored_signals(segment: neo.Segment) -> list[Any]:
    """All analog and irregularly sampled signals of a Segment, and proxies of such."""
    return [*segment.analogsignals, *segment.irregularlysampledsignals]


def put_signals(segment: neo.Segment, signals: Iterable[Any]) -> None:
    """Put signals where a Segment keeps their kind, all at once: one by one Neo compares each with all."""
    given = list(signals)
    segment.analogsignals.extend([s for s in given if is_regular(s)])
    segment.irregularlysampledsignals.extend([s for s in given if not is_regular(s)])


def inventory(source: Any, unit_overrides: Mapping[str, Any] | None = None) -> list[Variable]:
    """List every variable of a Segment with what was decided for it.

    Annotations are believed; then the unit decides, then the name.

    Parameters
    ----------
    source : neo.Segment or neo.Block
        A Block must hold one Segment.
    unit_overrides : mapping of str to str or Quantity, optional
        Units of signals that are stored as dimensionless, by name or pattern.

    Returns
    -------
    list of Variable
        Sorted by the name of the signal, because the order of a Segment's signals is not fixed,
        and within a signal in the order of its channels.

    Raises
    ------
    UnitsError
        When an override contradicts a unit that the signal has.
    SelectionError
        When an override names no signal.

    Examples
    --------
    >>> import quantities as pq
    >>> segment = neo.Segment()
    >>> for name, unit in (("v", "mV"), ("ina", "nA")):
    ...     signal = neo.AnalogSignal(
    ...         [0, 1], units=unit, sampling_period=1 * pq.ms, name=name
    ...     )
    ...     segment.analogsignals.append(signal)
    >>> [(found.name, found.role, found.reason) for found in inventory(segment)]
    [('ina', 'current', 'its unit is that of a current'), ('v', 'voltage', 'its unit is that of a voltage')]
    """
    segment = segment_of(source)
    found = [as_lazy(signal) for signal in stored_signals(segment)]
    signals = sorted(found, key=lambda signal: signal.name or "")
    raw = [part for signal in signals for part in _split(signal)]
    sites = _known_sites(raw)
    stored = [
        Stored(part["name"], _short_of(part, sites), part["signal"].units, part["role"]) for part in raw
    ]
    overrides = by_full_name(unit_overrides, stored)
    same = _same_places(sites)
    decided = [_decide(part, sites, same, overrides) for part in raw]
    return _settled(decided, [part["role"] for part in raw], amplifier.checked_clamp(clamp_of(segment)))


def clamp_of(segment: neo.Segment) -> Any:
    """What a Segment, or the Block that it is of, is annotated to be: ``clamp`` "current" or "voltage"."""
    block = getattr(segment, "block", None)
    return segment.annotations.get("clamp", None if block is None else block.annotations.get("clamp"))


def _settled(
    variables: Sequence[Variable], annotated: Sequence[str | None], clamp: str | None
) -> list[Variable]:
    """Tell what an amplifier recorded, for which all signals are looked at together."""
    facts = [
        amplifier.Fact(
            name=v.short_name if v.site is None else v.name,
            kind=v.kind,
            notes=v.signal.annotations,
            reading=roles.Reading(v.role, v.reason),
            role=role,
            is_described=v.positive is not None or v.area is not None or v.site is not None,
        )
        for v, role in zip(variables, annotated, strict=True)
    ]
    readings = amplifier.read_together(facts, clamp)
    return [replace(v, role=r.role, reason=r.reason) for v, r in zip(variables, readings, strict=True)]


def _split(signal: Any) -> list[dict[str, Any]]:
    """Group the channels of a signal by name and site; what is left in a group is neurons."""
    names = notes.channel_names(signal)
    columns_of: dict[tuple[str, Any], list[int]] = {}
    sites, kinds = notes.sites_of(signal), notes.roles_of(signal)
    directions, areas = notes.directions_of(signal), notes.areas_of(signal)
    for column, key in enumerate(zip(names or [signal.name or ""] * signal.shape[1], sites, strict=True)):
        columns_of.setdefault(key, []).append(column)
    neurons = _neuron_indices(signal, names, alone=len(columns_of) == signal.shape[1])
    return [
        {
            "signal": signal,
            "name": name,
            "site": site,
            "columns": np.array(columns),
            "neurons": None if neurons is None else neurons[columns],
            "role": kinds[columns[0]],
            "positive": directions[columns[0]],
            "area": areas[columns[0]],
            # Names beside an annotated role are labels: a dot in them tells no site.
            "is_label": names is not None and kinds[columns[0]] is not None,
        }
        for (name, site), columns in columns_of.items()
    ]


def _neuron_indices(signal: Any, names: list[str] | None, alone: bool) -> np.ndarray | None:
    """Which neuron each channel belongs to; `alone` where no two channels are of one variable."""
    n_channels = signal.shape[1]
    index = signal.array_annotations.get("channel_index")
    if index is not None and len(index) == n_channels:
        index = np.asarray(index)
        if names is not None and alone and len(np.unique(index)) == n_channels > 1:
            return None  # every channel has its own name and number: the numbers count channels
        return index
    return np.arange(n_channels) if n_channels > 1 and names is None else None


def _known_sites(raw: list[dict[str, Any]]) -> set[str]:
    """The places that variables are recorded at: annotated, with a voltage, or as 'sec(x)'.

    Where there is such a place, the usual names of sections are places as well ("dend.iampa").
    """
    sites = {str(part["site"]) for part in raw if part["site"] is not None}
    prefixes = set()
    for part in raw:
        prefix, dot, rest = _partition_site(part["name"])
        if not prefix or not dot or part["is_label"]:
            continue
        prefixes.add(prefix)
        is_voltage = units.kind(part["signal"]) == "voltage"
        if prefix.endswith(")") or (is_voltage and roles.looks_like_membrane_potential(rest)):
            sites.add(prefix)
    if sites:
        sites |= {prefix for prefix in prefixes if roles.looks_like_a_section(prefix)}
    return sites


def prefix_of(name: str) -> str:
    """What stands before the dot of a name, as the place or the mechanism; empty where there is none."""
    prefix, dot, _ = _partition_site(name)
    return prefix if dot else ""


def _partition_site(name: str) -> tuple[str, str, str]:
    # 'dend[0](0.5).na.ina' has its site before the first dot that follows the bracket.
    end = name.find(").")
    if end >= 0:
        return name[: end + 1], ".", name[end + 2 :]
    return name.partition(".")


def _short(name: str, sites: set[str]) -> str:
    prefix, dot, rest = _partition_site(name)
    return rest if dot and prefix in sites else name


def _short_of(part: Mapping[str, Any], sites: set[str]) -> str:
    return part["name"] if part["is_label"] else _short(part["name"], sites)


def _same_places(sites: set[str]) -> dict[str, str]:
    """Which sites 'sec(x)' are the only recorded place of a section that is also called 'sec'."""
    by_section: dict[str, list[str]] = {}
    for site in sites:
        if site.endswith(")"):
            by_section.setdefault(section_of(site), []).append(site)
    return {
        places[0]: section
        for section, places in by_section.items()
        if section in sites and len(places) == 1
    }


def _decide(
    part: dict[str, Any], sites: set[str], same: Mapping[Any, str], overrides: Mapping[str, Any]
) -> Variable:
    signal, name, site = part["signal"], part["name"], part["site"]
    prefix, dot, _ = _partition_site(name)
    if site is None and dot and prefix in sites and not part["is_label"]:
        site = prefix
    short = _short_of(part, sites)
    unit = unit_of(signal, name, overrides.get(name, overrides.get(short)))
    reading = roles.read_role(short, units.kind(unit))
    if part["role"] in roles.ROLES:
        reading = roles.Reading(part["role"], "its annotation 'role' says so")
    return Variable(
        signal=signal,
        columns=part["columns"],
        neurons=part["neurons"],
        name=name,
        short_name=short,
        site=same.get(site, site),
        units=unit,
        role=reading.role,
        reason=reading.reason,
        positive=part["positive"],
        area=part["area"],
    )
