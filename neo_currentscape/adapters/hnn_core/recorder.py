"""`record`: cells of a network recorded while `simulate_dipole` builds and runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.hnn_core.choice import check_network, check_trial, gids_of, type_of
from neo_currentscape.adapters.hnn_core.names import biases_of, rename, synapses_of
from neo_currentscape.adapters.hnn_core.presynaptic import links_of, spikes_of, split_by_source
from neo_currentscape.adapters.neuron.cell import CellRecorder
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    MissingDependencyError,
    SelectionError,
    require,
)

#: What the recorder needs of hnn-core's builder of a network, while it is built and after the run.
_NEEDED = ("_cells", "_spike_times", "_spike_gids", "net", "ncs", "trial_idx")

_ELSEWHERE = (
    "simulate_dipole(net, ...) has to run inside `with record(net, ...)`, and in this process, without "
    "MPIBackend"
)

_MODULES = ("hnn_core", "hnn_core.network_builder", "hnn_core.parallel_backends")

#: Classes of hnn-core and their methods that are others while cells are recorded.
_HOOKS = (
    ("NetworkBuilder", "aggregate_data"),
    ("JoblibBackend", "_parallel_func"),
    ("MPIBackend", "simulate"),
)

_PURPOSE = "Recording a network of hnn-core"


class Recorder:
    """What `record` hands out, and what it holds after the run.

    Parameters
    ----------
    net : hnn_core.Network
    gids : list of int
        Of the cells that are recorded.
    by_source : bool
        Whether a synaptic current is divided by what sends the spikes.
    each : callable or None
        Called with the Segment of each cell and trial; its result is kept in the place of the Segment.
    options : mapping
        Of `neo_currentscape.adapters.neuron.CellRecorder`.
    """

    def __init__(
        self,
        net: Any,
        gids: list[int],
        by_source: bool,
        each: Callable[[neo.Segment], Any] | None,
        options: Mapping[str, Any],
    ) -> None:
        self.net, self.gids = net, gids
        self._by_source, self._each, self._options = by_source, each, options
        self._found: dict[tuple[int, int], Any] = {}

    @property
    def trials(self) -> list[int]:
        """The trials that were simulated."""
        return sorted({trial for _, trial in self._found})

    def types(self) -> dict[str, list[int]]:
        """The recorded gids of each type of cells.

        Returns
        -------
        dict of str to list of int
        """
        found: dict[str, list[int]] = {}
        for gid in self.gids:
            found.setdefault(type_of(self.net, gid), []).append(gid)
        return found

    def to_segment(self, gid: int | None = None, trial: int = 0) -> Any:
        """The recording of a cell in a trial.

        Parameters
        ----------
        gid : int, optional
            May be left out where one cell was recorded.
        trial : int

        Returns
        -------
        neo.Segment
            As of `neo_currentscape.adapters.neuron.CellRecorder`, with the names of hnn-core: sites
            ("apical_tuft(0.5)"), synapses ("ampa"), tonic biases; and, of a pyramidal cell, hnn-core's own
            ``dipole`` before its baseline is taken off (nA*um, which is fAm). What ``each=`` made of it,
            where that was given.

        Raises
        ------
        SelectionError
            When it was not recorded.
        """
        if not self._found:
            raise SelectionError(f"Nothing was recorded: {_ELSEWHERE}.")
        if gid is None:
            if len(self.gids) > 1:
                raise SelectionError(
                    f"{len(self.gids)} cells were recorded: write gid={self.gids[0]}, or another of "
                    "recorder.gids."
                )
            gid = self.gids[0]
        if gid not in self.gids:
            raise SelectionError(
                f"gid {gid!r} was not recorded: recorder.gids lists those that were, and cells= of "
                "record() chooses them."
            )
        check_trial(trial, self.trials[-1] + 1)
        if (gid, trial) not in self._found:
            raise SelectionError(f"gid {gid} was built in another process: {_ELSEWHERE}.")
        return self._found[gid, trial]

    def begin(self, builder: Any) -> dict[int, CellRecorder]:
        """Record the chosen cells of a network that was built; the first trial begins a new run.

        Parameters
        ----------
        builder : hnn_core.network_builder.NetworkBuilder
            The network as it was built for a trial.

        Returns
        -------
        dict of int to neo_currentscape.adapters.neuron.CellRecorder
            By gid.
        """
        if builder.trial_idx == 0:
            self._found.clear()
        return {
            cell.gid: CellRecorder(cell._nrn_sections["soma"], **self._options)
            for cell in builder._cells
            if cell.gid in self.gids
        }

    def end(self, builder: Any, recorders: dict[int, CellRecorder]) -> None:
        """Take what was recorded, while the cells still exist.

        Parameters
        ----------
        builder : hnn_core.network_builder.NetworkBuilder
        recorders : dict of int to neo_currentscape.adapters.neuron.CellRecorder
            As `begin` gave them.
        """
        sent = (links_of(builder), spikes_of(builder)) if self._by_source and recorders else None
        for cell in builder._cells:
            if cell.gid in recorders:
                segment = self._segment(recorders.pop(cell.gid), cell, builder, sent)
                found = segment if self._each is None else self._each(segment)
                self._found[cell.gid, builder.trial_idx] = found

    def _segment(self, recorder: CellRecorder, cell: Any, builder: Any, sent: Any) -> neo.Segment:
        segment = recorder.to_segment()
        kind = type_of(self.net, cell.gid)
        synapses = synapses_of(cell)
        receptors = {name: synapse.receptor for name, synapse in synapses.items()}
        rename(segment, cell, receptors | biases_of(self.net, kind, cell))
        if sent is not None:
            links, spikes = sent
            for name, synapse in synapses.items():
                split_by_source(segment, synapse, links.get(name, ()), spikes)
        if hasattr(cell, "dipole"):
            writer = Writer(Clock.of(segment.analogsignals[0]))
            writer.add("dipole", np.array(cell.dipole)[1:], "nA*um", "other")
            writer.into(segment)
        segment.name = f"{kind} {cell.gid}"
        segment.annotate(gid=int(cell.gid), cell_type=kind, trial=int(builder.trial_idx))
        return segment


def record(
    net: Any,
    cells: Any = None,
    *,
    by_source: bool = False,
    each: Callable[[neo.Segment], Any] | None = None,
    sources: Mapping[str, str] | None = None,
    unknown: str | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> contextlib.AbstractContextManager[Recorder]:
    """Record every current of every compartment of chosen cells in the runs of a network.

    Parameters
    ----------
    net : hnn_core.Network
    cells : str, int, or iterable of them
        Types of cells, e.g. "L5_pyramidal", and gids. Voltages, the currents of channels and synapses, and
        concentrations of all compartments are recorded; a pyramidal cell has 40 to 70.
    by_source : bool
        Whether synaptic currents are told apart by what sends the spikes, drives and types of cells:
        "evprox1 ampa" and "L2_basket gabaa" in place of "ampa" and "gabaa".
    each : callable, optional
        What is to be kept in place of a Segment, e.g. the dipole moment by current of a cell:
        ``lambda segment: dipole_by_flow(CellRecording.from_segment(segment), "z")``. So many cells and
        trials fit into memory.
    sources, unknown, parts : optional
        As for `neo_currentscape.adapters.neuron.Recorder`, for mechanisms of your own.

    Returns
    -------
    context manager of a Recorder
        What runs while it lasts is recorded.

    Raises
    ------
    MissingDependencyError
        When hnn-core is not installed, or one that builds its networks in another way.
    SelectionError, UnknownNameError, ArgumentTypeError
        When no cell of the network is meant; from ``simulate_dipole`` under an MPIBackend.

    Notes
    -----
    What hnn-core simulates is not changed: while the context lasts, the class that builds a network is one
    that also records the cells of this network. Trials run one after the other in this process, also those
    of a JoblibBackend with several jobs. Synapses are named as their receptors, and each is in the middle
    of its section.

    Examples
    --------
    >>> with record(net, ["L2_pyramidal", "L5_pyramidal"]) as recorder:   # doctest: +SKIP
    ...     dipoles = simulate_dipole(net, tstop=170)
    >>> cell = ncs.CellRecording.from_segment(recorder.to_segment(170))   # doctest: +SKIP
    """
    check_network(net)
    if each is not None and not callable(each):
        raise ArgumentTypeError(f"each={each!r} cannot be called: pass a function of a Segment.")
    package, builders, backends = (require(name, "hnn", _PURPOSE) for name in _MODULES)
    known = {**vars(builders), **vars(backends)}
    if not all(hasattr(known.get(owner), name) for owner, name in _HOOKS):
        raise _of_another_version(package.__version__)
    options = {"sources": sources, "unknown": unknown, "parts": parts}
    return _recording(Recorder(net, gids_of(net, cells), by_source, each, options), builders, backends)


@contextlib.contextmanager
def _recording(recorder: Recorder, builders: Any, backends: Any) -> Iterator[Recorder]:
    with contextlib.ExitStack() as changed:
        for owner, name, value in (
            (builders, "NetworkBuilder", _recorded(builders.NetworkBuilder, recorder)),
            (backends.JoblibBackend, "_parallel_func", lambda self, function: (list, function)),
            (backends.MPIBackend, "simulate", _refuse),
        ):
            changed.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        yield recorder


def _refuse(backend: Any, *args: Any, **options: Any) -> None:
    raise SelectionError(f"{type(backend).__name__} builds cells in other processes: {_ELSEWHERE}.")


def _of_another_version(version: str) -> MissingDependencyError:
    return MissingDependencyError(
        f"hnn-core {version} builds its networks in another way than hnn-core 0.6: write "
        'pip install "hnn-core>=0.6,<0.7".'
    )


def _recorded(builder: Any, recorder: Recorder) -> Any:
    """The class that builds networks, recording the cells of one."""

    class Recorded(builder):
        def __init__(self, net: Any, *args: Any, **options: Any) -> None:
            super().__init__(net, *args, **options)
            if not all(hasattr(self, name) for name in _NEEDED):
                raise _of_another_version(require("hnn_core", "hnn", _PURPOSE).__version__)
            self._recorders = recorder.begin(self) if net is recorder.net else {}

        def aggregate_data(self, *args: Any, **options: Any) -> Any:
            recorder.end(self, self._recorders)
            return super().aggregate_data(*args, **options)

    return Recorded
