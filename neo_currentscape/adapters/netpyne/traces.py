"""The traces that NetPyNE records itself, ``simConfig.recordTraces``, as Neo Segments of one cell each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.netpyne.cells import members, sections_of
from neo_currentscape.adapters.netpyne.geometry import compartment
from neo_currentscape.adapters.netpyne.meaning import Meaning, meaning_of
from neo_currentscape.adapters.signals import Clock
from neo_currentscape.conventions.annotations import joinable, signal_annotations
from neo_currentscape.conventions.errors import SignalError, warn
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.values import like

#: What NetPyNE's own recording cannot do, and what can.
ALIGN = "record the cell with adapters.netpyne.record(sim, ...) before the run"


@dataclass(frozen=True)
class Data:
    """What a run left, live or in a file.

    Attributes
    ----------
    traces : mapping
        NetPyNE's ``simData``.
    config, params : mapping
        NetPyNE's simConfig and netParams; empty where they are not known.
    cells : dict of int to mapping
        "tags", "secs" and "stims" of the cells, by gid.
    """

    traces: Mapping[str, Any]
    config: Mapping[str, Any]
    params: Mapping[str, Any]
    cells: Mapping[int, Mapping[str, Any]]

    @property
    def gids(self) -> list[int]:
        """The cells that have traces."""
        found = {
            int(cell.removeprefix("cell_"))
            for _, _, values in self.recorded()
            for cell in values
            if cell.removeprefix("cell_").isdigit()
        }
        return sorted(found)

    @property
    def empty(self) -> list[str]:
        """Traces that were asked for and are of no cell, as NetPyNE leaves out what it does not find."""
        return [name for name, _, values in self.recorded() if not values]

    def recorded(self) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
        """Name, description and values by cell of each trace."""
        described = self.config.get("recordTraces")
        for name, trace in described.items() if isinstance(described, Mapping) else ():
            values = self.traces.get(name)
            if isinstance(values, Mapping) and isinstance(trace, Mapping):
                yield str(name), trace, values


@dataclass(frozen=True)
class _Trace:
    """A trace of one cell at one place."""

    name: str
    site: str | None
    meaning: Meaning
    values: np.ndarray
    times: np.ndarray
    area: float | None
    cm: float | None
    n_alike: int


def of_sim(sim: Any, cell: Any) -> neo.Segment | None:
    """The traces of a cell of a network that was run; None where there are none."""
    described = {"tags": cell.tags, "secs": sections_of(cell), "stims": cell.stims}
    params = vars(sim.net.params)
    data = Data(sim.simData, vars(sim.cfg), params, {int(cell.gid): described})
    found = segments_of(data, [gid for gid in data.gids if gid == cell.gid])
    return found[0] if found else None


def segments_of(data: Data, gids: Sequence[int]) -> list[neo.Segment]:
    """The traces of some cells.

    Parameters
    ----------
    data : Data
    gids : sequence of int

    Returns
    -------
    list of neo.Segment
        As `neo_currentscape.adapters.netpyne.read` has them.

    Warns
    -----
    CurrentscapeWarning
        Of each trace, when it holds what others hold too, or one of several synapses.
    """
    doubts: dict[str, list[int]] = {}
    found = [_segment(data, gid, doubts) for gid in gids]
    for text, cells in doubts.items():
        more = f" and {len(cells) - 1} other{'s' * (len(cells) > 2)}" if len(cells) > 1 else ""
        warn(text.replace("CELL", f"cell {cells[0]}{more}"))
    return found


def _segment(data: Data, gid: int, doubts: dict[str, list[int]]) -> neo.Segment:
    segment = neo.Segment(name=f"NetPyNE cell {gid}")
    segment.annotate(simulator="NEURON", **notes_of(gid, data.cells.get(gid, {}).get("tags") or {}))
    found = [one for trace in data.recorded() for one in _of_cell(data, gid, *trace)]
    texts = []
    for one in found:
        if one.n_alike > 1:
            texts.append(
                f"Trace {one.name!r} of CELL holds one of {one.n_alike} synapses at {one.site}, as NetPyNE "
                f"records one of a label at a place: {ALIGN}, which gives all."
            )
        if _is_counted_already(one, found):
            texts.append(
                f"Trace {one.name!r} of CELL at {one.site} holds what other traces there hold too, and is "
                "taken for no current beside them: leave one of them out of simConfig.recordTraces."
            )
    for text in texts:
        doubts.setdefault(text, []).append(gid)
    put_signals(segment, [_signal(one, data, _is_counted_already(one, found)) for one in found])
    return segment


def notes_of(gid: Any, tags: Mapping[str, Any]) -> dict[str, Any]:
    """The annotations of a cell's Segment: gid, population, and the tags that files can keep."""
    notes: dict[str, Any] = {"gid": int(gid)}
    if isinstance(tags.get("pop"), str):
        notes["population"] = tags["pop"]
    for name, value in tags.items():
        if isinstance(value, str) and name not in ("name", "description", "pop", "label"):
            notes[str(name)] = value
        elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            notes[str(name)] = float(value)
    return notes


def _of_cell(data: Data, gid: int, name: str, trace: Any, values: Any) -> Iterator[_Trace]:
    recorded = values.get(f"cell_{gid}")
    if recorded is None:
        return
    cell = data.cells.get(gid, {})
    meaning = meaning_of(trace, cell, data.params)
    times = values.get(f"cell_time_{gid}")
    several = recorded if isinstance(recorded, Mapping) else {None: recorded}
    for place, one in several.items():
        section, loc = _place(trace, place, name)
        own = _times(data, times.get(place) if isinstance(times, Mapping) else times)
        samples = np.atleast_1d(np.array(one, dtype=float))
        if len(own) != len(samples):
            raise SignalError(
                f"Trace {name!r} of cell {gid} has {len(samples)} samples where {len(own)} times were "
                "recorded: set simConfig.recordTime = True, and run again."
            )
        described = (cell.get("secs") or {}).get(section) or {}
        x, area, cm = compartment(described, loc)
        site = None if section is None else f"{section}({x:g})"
        n_alike = 1 if "index" in trace else _n_alike(described, trace.get("synMech"), x)
        yield _Trace(name, site, meaning, samples, own, area, cm, n_alike)


def _n_alike(section: Mapping[str, Any], label: Any, x: float) -> int:
    """How many synapses of one label a compartment has, of which NetPyNE records one."""
    if not isinstance(label, str):
        return 1
    found = [one.get("loc") for name, one in members(section, "synMechs") if name == label]
    places = [compartment(section, float(loc))[0] for loc in found if isinstance(loc, (int, float))]
    return max(places.count(x), 1)


def _place(trace: Mapping[str, Any], place: str | None, name: str) -> tuple[str | None, float]:
    """Section and position; NetPyNE joins those of many synapses to "dend_0.5", or "dend0.5"."""
    loc = trace.get("loc", 0.5)
    if place is None:
        section = trace.get("sec")
        return (str(section) if isinstance(section, str) else None), float(loc)
    if isinstance(trace.get("sec"), str):
        return trace["sec"], float(place.removeprefix(trace["sec"]).lstrip("_"))
    section, _, loc = place.rpartition("_")
    return section, float(loc)


def _times(data: Data, own: Any) -> np.ndarray:
    found = data.traces.get("t") if own is None else own
    if found is None or not len(found):
        raise SignalError(
            "The times of the traces were not saved: read the folder where ranks saved their own (rank 0 "
            "has the times), or set simConfig.recordTime = True, and run again."
        )
    return np.atleast_1d(np.array(found, dtype=float))


def _is_counted_already(one: _Trace, traces: Sequence[_Trace]) -> bool:
    """Whether a current came before, is the total of an ion beside parts, or a part beside the whole."""
    meaning = one.meaning
    if meaning.role not in ("current", "electrode"):
        return False
    same = [
        other
        for other in traces
        if (other.site, other.meaning.owner, other.meaning.variable)
        == (one.site, meaning.owner, meaning.variable)
    ]
    if same[0] is not one:
        return True
    beside = [other.meaning for other in traces if other.site == one.site and other is not one]
    if meaning.ion is not None:
        return any(m.owner and m.variable == meaning.variable and m.role == "current" for m in beside)
    return not meaning.is_written and any(
        m.owner == meaning.owner and m.is_written and m.role == "current" for m in beside
    )


def _signal(one: _Trace, data: Data, is_counted_already: bool) -> Any:
    meaning = replace(one.meaning, role="other") if is_counted_already else one.meaning
    area = None if one.area is None else one.area * pq.um**2
    if meaning.role:
        notes = signal_annotations(meaning.role, meaning.positive, area=area, site=one.site)
    else:
        # Its unit is to be asked for: the role follows from that.
        given = {"area": joinable(area), "site": one.site}
        notes = {key: value for key, value in given.items() if value is not None}
    if meaning.role == "voltage":
        notes |= _of_voltage(one, data)
    axis = Clock(one.times).axis
    unit = meaning.unit or "dimensionless"
    return like(axis, one.values[:, np.newaxis], unit, one.name, variable=meaning.variable, **notes)


def _of_voltage(one: _Trace, data: Data) -> dict[str, Any]:
    """What the balance needs of a voltage, and why it is not exact."""
    notes: dict[str, Any] = {}
    if one.area is not None and one.cm is not None:
        notes["capacitance"] = joinable(one.cm * one.area * 1e-5 * pq.nF)
    dt = data.config.get("dt")
    if isinstance(dt, (int, float)) and not data.config.get("cvode_active"):
        notes |= {"resolution": joinable(float(dt) * pq.ms), "unaligned": ALIGN}
    return notes
