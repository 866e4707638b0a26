"""`CellRecorder`: every current of every compartment of a cell, with its morphology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.neuron.morphology import is_end, nodes_of, of_nodes, root_section
from neo_currentscape.adapters.neuron.parts import Parts
from neo_currentscape.adapters.neuron.run import Run
from neo_currentscape.conventions.errors import SelectionError


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

    Attributes
    ----------
    morphology : Morphology
        As it was when the recorder was made.

    Examples
    --------
    >>> recorder = CellRecorder(soma)                                      # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(100)                             # doctest: +SKIP
    >>> cell = ncs.CellRecording.from_segment(recorder.to_segment())       # doctest: +SKIP
    """

    def __init__(
        self,
        cell: Any,
        *,
        sources: Mapping[str, str] | None = None,
        unknown: str | None = None,
        parts: Parts = None,
    ) -> None:
        root = root_section(cell)
        nodes = nodes_of(root)
        self.morphology = of_nodes(nodes)
        places = [node.place for node in nodes if not is_end(node.place)]
        joints = [node.place for node in nodes if is_end(node.place)]
        self._run = Run(places, joints, sources=sources, unknown=unknown, parts=parts)

    def to_segment(self) -> neo.Segment:
        """Put the run into a Neo Segment with the morphology in its annotations.

        Returns
        -------
        neo.Segment
            As of `neo_currentscape.adapters.neuron.Recorder.to_segment`, and the voltages and point
            processes of the joints. Currents are absolute (nA).

        Raises
        ------
        SelectionError
            When the cell was changed since the recorder was made.
        """
        self._check_unchanged()
        segment = self._run.to_segment()
        self.morphology.annotate(segment)
        return segment

    def _check_unchanged(self) -> None:
        now = of_nodes(nodes_of(self._run.sites[0].segment.sec.wholetree()[0]))
        if now.sites != self.morphology.sites or not np.allclose(
            now.resistance, self.morphology.resistance, rtol=1e-9
        ):
            raise SelectionError(
                "The cell's sections or axial resistances changed after the CellRecorder was made: make "
                "a new one, then run again."
            )
