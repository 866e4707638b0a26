"""`record` between the making of a network and its run, `to_segment` after it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import neo
import numpy as np

from neo_currentscape.adapters.netpyne import traces
from neo_currentscape.adapters.netpyne.cells import chosen, label_of, local, network_of
from neo_currentscape.adapters.netpyne.names import Names, hobj_of, places
from neo_currentscape.adapters.netpyne.relabel import relabelled
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, require


@dataclass(frozen=True)
class _Recorded:
    """A cell with what records it."""

    cell: Any
    recorder: Any
    names: Names
    is_whole: bool


#: What is recorded of each network, by gid. Beside it, as NetPyNE saves what its own objects hold.
_RECORDED: WeakKeyDictionary[Any, dict[int, _Recorded]] = WeakKeyDictionary()


def record(
    sim: Any,
    cells: Any = None,
    sections: Any = None,
    *,
    synapses: str = "sum",
    sources: Mapping[str, str] | None = None,
    unknown: str | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> list[int]:
    """Record all currents of cells of a NetPyNE network.

    To be called after ``sim.create(...)``, when cells, connections and stimuli are there, and before
    ``sim.simulate()``.

    Parameters
    ----------
    sim : module
        ``from netpyne import sim``.
    cells : int, str, (str, int or list of int), or list of these, optional
        As in NetPyNE: gids, "all", names of populations, or ``("E", [0, 1])`` for cells of one by their
        number in it. By default those of ``simConfig.recordCells``. Of populations each rank records its
        own cells; cells without a membrane are left out of "all".
    sections : str or list of str, optional
        Sections, section lists or places ("soma", "alldend", "dend(0.5)") by NetPyNE's name; "all" for the
        whole cell with its morphology, for `neo_currentscape.CellRecording`. By default the section at the
        root, which mostly is the soma.
    synapses : {"sum", "each", "conn"}
        Whether those of one label at one compartment are summed ("AMPA"), numbered ("AMPA[0]"), or summed
        for each rule of connections and each NetStim ("AMPA E->E").
    sources, unknown, parts : optional
        As for `neo_currentscape.adapters.neuron.Recorder`.

    Returns
    -------
    list of int
        gids of the cells that are recorded on this rank.

    Raises
    ------
    SelectionError
        When there is no network, a cell is not on this rank or has no membrane, or a current cannot be
        known.
    UnknownNameError
        When there is no such population or section.

    Notes
    -----
    The names are NetPyNE's: sites as "soma(0.5)", currents of synapses, stimuli and point processes by
    their label. All else is as `neo_currentscape.adapters.neuron.Recorder` has it. The traces that NetPyNE
    records itself stay what they are, and what NetPyNE saves is not changed.

    Examples
    --------
    >>> sim.create(netParams, simConfig)                                         # doctest: +SKIP
    >>> netpyne.record(sim, cells="E")                                           # doctest: +SKIP
    [0, 1, 2]
    >>> sim.simulate()                                                           # doctest: +SKIP
    >>> ncs.Currentscape.from_segment(netpyne.to_segment(sim, 0)).plot()         # doctest: +SKIP
    """
    net = network_of(sim)
    wanted = chosen(sim, _default(sim, cells))
    options = {"sources": sources, "unknown": unknown, "parts": parts}
    with _as_it_runs(sim):
        found = {int(cell.gid): _recorded(cell, sections, synapses, options) for cell in wanted}
    _RECORDED.setdefault(net, {}).update(found)
    return list(found)


def to_segment(sim: Any, gid: int | None = None, **options: Any) -> neo.Segment:
    """Put what was recorded of a cell into a Neo Segment.

    Parameters
    ----------
    sim : module
        ``from netpyne import sim``.
    gid : int, optional
        May be left out where one cell was recorded.
    **options
        As of the `to_segment` of `neo_currentscape.adapters.neuron.Recorder`, or of its CellRecorder.

    Returns
    -------
    neo.Segment
        Annotations ``gid``, ``population``, and the cell's tags that are numbers or texts. Of a cell that
        was not given to `record` it holds the traces of ``simConfig.recordTraces``, as
        `neo_currentscape.adapters.netpyne.read` has them.

    Raises
    ------
    SelectionError
        When nothing was recorded of the cell, it is not on this rank, or has no membrane.
    SignalError
        When nothing was run.

    Examples
    --------
    >>> netpyne.record(sim, [0])                                         # doctest: +SKIP
    >>> sim.runSim()                                                     # doctest: +SKIP
    >>> ncs.Currentscape.from_segment(netpyne.to_segment(sim, 0)).plot()  # doctest: +SKIP
    """
    recorded = _RECORDED.get(network_of(sim), {})
    gid = _only(recorded) if gid is None else gid
    if not isinstance(gid, (int, np.integer)) or gid not in recorded:
        return _traced(sim, local(sim, gid), options)
    found = recorded[gid]
    segment = found.recorder.to_segment(**options)
    segment.name = f"NetPyNE cell {gid}"
    return relabelled(segment, found.names, **traces.notes_of(found.cell.gid, found.cell.tags))


def to_block(sim: Any, **options: Any) -> neo.Block:
    """Put all recorded cells into a Neo Block, a Segment each, e.g. for `neo_currentscape.summarise`.

    Parameters
    ----------
    sim : module
        ``from netpyne import sim``.
    **options
        As for `to_segment`.

    Returns
    -------
    neo.Block

    Raises
    ------
    SelectionError
        When no cell was given to `record`.

    Examples
    --------
    >>> ncs.summarise(netpyne.to_block(sim))                             # doctest: +SKIP
    """
    recorded = _RECORDED.get(network_of(sim), {})
    if not recorded:
        raise SelectionError(NOTHING)
    block = neo.Block(name="NetPyNE")
    block.segments.extend([to_segment(sim, gid, **options) for gid in sorted(recorded)])
    return block


NOTHING = "No cell was recorded: call record(sim, cells) after sim.create(...) and before sim.simulate()."


def _default(sim: Any, cells: Any) -> Any:
    if cells is not None:
        return cells
    if not sim.cfg.recordCells:
        raise ArgumentError(
            "Neither cells= nor simConfig.recordCells says which cells: write e.g. record(sim, cells=[0])."
        )
    return sim.cfg.recordCells


def _recorded(cell: Any, sections: Any, synapses: str, options: dict[str, Any]) -> _Recorded:
    from neo_currentscape.adapters.neuron import CellRecorder, Recorder

    require("neuron", "netpyne", "The NetPyNE adapter")
    names = Names(cell, synapses)
    if not names.sections:
        raise SelectionError(
            f"{label_of(cell)} has no sections any more, which NetPyNE gives up when it gathers its data "
            "with simConfig.saveCellSecs = False: call record(sim, ...) before sim.simulate()."
        )
    if isinstance(sections, str) and sections == "all":
        whole = [hobj_of(cell, name) for name in names.sections.values()]
        return _Recorded(cell, CellRecorder(whole, **options), names, True)
    return _Recorded(cell, Recorder(places(cell, sections), **options), names, False)


@contextlib.contextmanager
def _as_it_runs(sim: Any) -> Iterator[None]:
    """NEURON with the method of the run, which NetPyNE sets only when it begins: some warnings go by it."""
    before, during = sim.cvode.active(), int(bool(sim.cfg.cvode_active))
    if before != during:
        sim.cvode.active(during)
    try:
        yield
    finally:
        if before != during:
            sim.cvode.active(before)


def _only(recorded: Mapping[int, _Recorded]) -> int:
    if not recorded:
        raise SelectionError(NOTHING)
    if len(recorded) > 1:
        listed = ", ".join(map(str, sorted(recorded)[:10])) + ("..." if len(recorded) > 10 else "")
        raise SelectionError(f"{len(recorded)} cells were recorded ({listed}): write to_segment(sim, gid).")
    return next(iter(recorded))


def _traced(sim: Any, cell: Any, options: Mapping[str, Any]) -> neo.Segment:
    """The traces that NetPyNE recorded itself of a cell."""
    if options:
        raise ArgumentError(
            f"{next(iter(options))}= is for cells that record(sim, ...) recorded, and {label_of(cell)} is "
            "none: leave it out."
        )
    segment = traces.of_sim(sim, cell)
    if segment is None:
        raise SelectionError(
            f"Nothing was recorded of {label_of(cell)[0].lower()}{label_of(cell)[1:]}: call record(sim, "
            f"cells=[{cell.gid}]) after sim.create(...) and before sim.simulate()."
        )
    return segment
