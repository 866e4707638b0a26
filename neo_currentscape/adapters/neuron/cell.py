"""`CellRecorder`: every current of every compartment of a cell, with its morphology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.neuron.compartments import Neighbours
from neo_currentscape.adapters.neuron.ledger import Ledger
from neo_currentscape.adapters.neuron.mechanisms import Kinds
from neo_currentscape.adapters.neuron.morphology import is_end, nodes_of, of_nodes, root_section
from neo_currentscape.adapters.neuron.recorder import Recorder
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.segments import SiteWriter
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.conventions.errors import SelectionError, require
from neo_currentscape.recording.inventory import put_signals


class CellRecorder:
    """Records all currents of all compartments of one cell.

    Made before ``h.run()`` (or ``h.finitialize()``). Nothing has to be named: the compartments are
    those of the whole tree, with branches attached anywhere, and point processes at the ends of sections.

    Parameters
    ----------
    cell : nrn.Section, nrn.Segment, iterable of sections, or an object with ``soma`` or ``all``
        Any part of the cell stands for all of it.
    sources : mapping of str to str, optional
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

    def __init__(self, cell: Any, *, sources: Mapping[str, str] | None = None) -> None:
        h = require("neuron", "neuron", "The NEURON adapter").h
        root = root_section(cell)
        nodes = nodes_of(root)
        self.morphology = of_nodes(nodes)
        self._recorder = Recorder([node.place for node in nodes if not is_end(node.place)], sources=sources)
        near, kinds = Neighbours(root(0.5)), Kinds(h, sources or {})
        self._joints = [
            _Joint(node.place, kinds, near, self._recorder._tape) for node in nodes if is_end(node.place)
        ]

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
        segment = self._recorder.to_segment()
        signals: list = []
        first = self._recorder._sites[0]
        times = self._recorder._times(first)
        fixed = self._recorder._is_fixed(first, times)
        with Benches(self._recorder._h) as benches:
            for joint in self._joints:
                joint.write(signals, times, fixed, benches)
        put_signals(segment, signals)
        self.morphology.annotate(segment)
        return segment

    def _check_unchanged(self) -> None:
        now = of_nodes(nodes_of(self._recorder._sites[0].segment.sec.wholetree()[0]))
        if now.sites != self.morphology.sites or not np.allclose(
            now.resistance, self.morphology.resistance, rtol=1e-9
        ):
            raise SelectionError(
                "The cell's sections or axial resistances changed after the CellRecorder was made: make "
                "a new one, then run again."
            )


class _Joint:
    """The end of a section where branches meet or a point process sits; it has no membrane."""

    def __init__(self, place: Any, kinds: Kinds, near: Neighbours, tape: Any) -> None:
        self.site = Site(place, kinds, near, tape)

    def write(self, signals: list, times: np.ndarray, fixed: bool, benches: Benches) -> None:
        own: list = []
        writer = SiteWriter(own, self.site.name, 0.0, times, fixed, density=False, every=1)
        ledger = Ledger(self.site, fixed, benches)
        writer.add("v", ledger.v, "mV", "voltage")
        for label, (current, values) in ledger.currents().items():
            if current is None or not current.kind.is_point:
                continue
            if current.electrode:
                writer.add_current(label, values, "electrode", "inward")
            else:
                writer.add_current(label, values, "current", "outward")
        for signal in own:
            signal.annotations.pop("area", None)
        signals += own
