"""`CellRecorder`: every current of every compartment of a cell, with its morphology."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.neuron.long_run import LongRun, checked_every
from neo_currentscape.adapters.neuron.morphology import is_end, nodes_of, of_nodes, root_section
from neo_currentscape.adapters.neuron.parts import Parts
from neo_currentscape.adapters.neuron.run import Run
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.conventions.whole_folders import whole_folder
from neo_currentscape.recording.columns_store import checked_store, is_store, write_segment
from neo_currentscape.recording.lazy.files import read_lazy


class CellRecorder:
    """Records all currents of all compartments of one cell.

    Made before ``h.run()`` (or ``h.finitialize()``). Nothing has to be named: the compartments are
    those of the whole tree, with branches attached anywhere, and point processes at the ends of sections.

    Parameters
    ----------
    cell : nrn.Section, nrn.Segment, iterable of sections, or an object with ``soma`` or ``all``
        Any part of the cell stands for all of it.
    sources, unknown, parts : optional
        As for `neo_currentscape.adapters.neuron.Recorder`.
    every : int
        Keep one in so many samples of a fixed step. Those are exactly what they are when all are kept.
    path : str or path, optional
        For runs that are too long for the memory: a folder of Zarr (its name ends with ".zarr") that
        `to_segment` will write. During the run what is kept goes to a file without a name in the same
        folder, of which nothing is left if the run is interrupted. Fixed steps only.

    Attributes
    ----------
    morphology : Morphology
        As it was when the recorder was made.
    every, path
        As given.

    Examples
    --------
    >>> recorder = CellRecorder(soma)                                      # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(100)                             # doctest: +SKIP
    >>> cell = ncs.CellRecording.from_segment(recorder.to_segment())       # doctest: +SKIP

    A second of a cell of hundreds of compartments, on the disk:

    >>> recorder = CellRecorder(soma, every=4, path="second.zarr")         # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(1000)                            # doctest: +SKIP
    >>> cell = ncs.CellRecording.from_segment(recorder.to_segment())       # doctest: +SKIP
    """

    def __init__(
        self,
        cell: Any,
        *,
        sources: Mapping[str, str] | None = None,
        unknown: str | None = None,
        parts: Parts = None,
        every: int = 1,
        path: str | os.PathLike[str] | None = None,
    ) -> None:
        root = root_section(cell)
        nodes = nodes_of(root)
        self.morphology = of_nodes(nodes)
        places = [node.place for node in nodes if not is_end(node.place)]
        joints = [node.place for node in nodes if is_end(node.place)]
        options: dict[str, Any] = {"sources": sources, "unknown": unknown, "parts": parts}
        self.path, self.every = path, checked_every(every)
        self._run: Run
        if path is None:
            self._run = Run(places, joints, **options)
        else:
            folder = checked_store(path).parent
            self._run = LongRun(places, joints, every=self.every, folder=folder, **options)

    def to_segment(
        self, *, every: int | None = None, path: str | os.PathLike[str] | None = None
    ) -> neo.Segment:
        """Put the run into a Neo Segment with the morphology in its annotations.

        Parameters
        ----------
        every : int, optional
            Keep one in so many samples of a fixed step; as the CellRecorder was told by default.
        path : str or path, optional
            Folder of Zarr (its name ends with ".zarr") to write to; the signals then stay there and are
            read chunk by chunk. As the CellRecorder was told by default. Where it was told of none, the
            whole run is in memory already, and is written from there.

        Returns
        -------
        neo.Segment
            As of `neo_currentscape.adapters.neuron.Recorder.to_segment`, and the voltages and point
            processes of the joints. Currents are absolute (nA). With a path one signal for each variable,
            with a channel for each compartment, which is read where it is used;
            ``ncs.read_lazy(path)`` gives the same.

        Raises
        ------
        SelectionError
            When the cell was changed since the recorder was made.
        ArgumentError
            When the CellRecorder was told another ``every``, or the path does not end with ".zarr".
        FileError
            When it cannot be written; what was there stays as it was.
        """
        self._check_unchanged()
        kept = self.every if every is None else checked_every(every)
        path = self.path if path is None else path
        if isinstance(self._run, LongRun) and path is not None:
            self._check_every(kept)
            with whole_folder(checked_store(path), is_store) as draft:
                self._run.write(draft, self.morphology)
            return read_lazy(path)[0].segments[0]
        segment = self._run.to_segment(every=kept)
        self.morphology.annotate(segment)
        if path is None:
            return segment
        with whole_folder(checked_store(path), is_store) as draft:
            write_segment(segment, draft)
        return read_lazy(path)[0].segments[0]

    def _check_every(self, every: int) -> None:
        if every != self.every:
            raise ArgumentError(
                f"every={every} was not what the run kept: one in {self.every} samples is all there is; "
                f"make the recorder with CellRecorder(cell, every={every}, path=...), and run again."
            )

    def _check_unchanged(self) -> None:
        now = of_nodes(nodes_of(self._run.sites[0].segment.sec.wholetree()[0]))
        if now.sites != self.morphology.sites or not np.allclose(
            now.resistance, self.morphology.resistance, rtol=1e-9
        ):
            raise SelectionError(
                "The cell's sections or axial resistances changed after the CellRecorder was made: make "
                "a new one, then run again."
            )
