"""The whole of an LFPy cell: its morphology, and a Segment that holds it."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.lfpy.segment import to_segment
from neo_currentscape.adapters.lfpy.tree import site_names
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.morphology import Morphology


def morphology(cell: Any) -> Morphology:
    """Read the morphology of an LFPy cell from NEURON's sections.

    Parameters
    ----------
    cell : LFPy.Cell
        Whose sections still exist.

    Returns
    -------
    Morphology
        The compartments in the order of LFPy's arrays, then the joints. The points are LFPy's own, so
        that they follow ``cell.set_pos`` and ``cell.set_rotation``.
    """
    from neo_currentscape.adapters.neuron import morphology as of_neuron

    if getattr(cell, "allseclist", None) is None:
        raise SelectionError(
            "The sections of the cell no longer exist: read the morphology before strip_hoc_objects()."
        )
    found = of_neuron(list(cell.allseclist))
    names = site_names(cell)
    joints = [site for site in found.sites if site not in set(names)]
    ordered = found.reordered([found.index(site) for site in [*names, *joints]])
    ends = [np.stack([getattr(cell, axis)[n] for axis in "xyz"], axis=1) for n in range(len(names))]
    points = [np.column_stack([xyz, np.full(2, cell.d[n])]) for n, xyz in enumerate(ends)]
    return ordered.with_points([*points, *(np.empty((0, 4)) for _ in joints)])


def cell_segment(cell: Any, recorder: Any = None) -> neo.Segment:
    """Put what an LFPy cell recorded into a Segment, with its morphology.

    Parameters
    ----------
    cell : LFPy.Cell
        As for `neo_currentscape.adapters.lfpy.to_segment`.
    recorder : Recorder, optional
        An `neo_currentscape.adapters.lfpy.Recorder` of the cell, for a variable step.

    Returns
    -------
    neo.Segment
        For `neo_currentscape.CellRecording.from_segment`.

    Examples
    --------
    >>> cell.simulate(**lfpy.recorders(cell))                                       # doctest: +SKIP
    >>> recording = ncs.CellRecording.from_segment(lfpy.cell_segment(cell))         # doctest: +SKIP
    """
    segment = to_segment(cell) if recorder is None else recorder.to_segment()
    morphology(cell).annotate(segment)
    return segment
