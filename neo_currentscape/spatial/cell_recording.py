"""`CellRecording`: all membrane currents of a cell, compartment by compartment, in checked balance."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording.inventory import segment_of
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.spatial.arrays import traces_of
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.cell_balance import CellBalance
from neo_currentscape.spatial.collect import collect
from neo_currentscape.spatial.compartment_map import CompartmentMap, map_of
from neo_currentscape.spatial.grouping import Attribution, attribute
from neo_currentscape.spatial.missing import nature
from neo_currentscape.spatial.sums import summed, summing

if TYPE_CHECKING:
    import neo


class CellRecording(Cell):
    """Every compartment of one cell on one time base, with the tree that connects them.

    Membrane currents are in nA, outward positive. The capacitive current is one of them (type
    "capacitive"), and an electrode's current counts as a membrane current of opposite sign, so that in
    every compartment the sum of all types is what flows in along the cable.

    Parameters
    ----------
    traces : Traces
        Usually through `from_segment` or `from_arrays`.
    morphology : Morphology

    Attributes
    ----------
    morphology : Morphology
    names : list of str
        Types of current.

    Examples
    --------
    A soma and a dendrite with a synapse whose current leaves the cell at the soma:

    >>> import numpy as np, neo_currentscape as ncs
    >>> from neo_currentscape.recording.morphology import Morphology
    >>> two = Morphology(
    ...     ["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [100, 50], [0, 60]
    ... )
    >>> membrane = np.zeros((2, 2, 3))
    >>> membrane[0, 0], membrane[1, 1] = (
    ...     1.0,
    ...     -1.0,
    ... )  # leak at the soma, synapse at the dendrite
    >>> cell = ncs.CellRecording.from_arrays(
    ...     membrane,
    ...     [[-70.0] * 3, [-68.0] * 3],
    ...     two,
    ...     names=["leak", "synapse"],
    ...     times=[0, 1, 2],
    ... )
    >>> cell.attribute("soma").inward
    array([[0., 0., 0.],
           [1., 1., 1.]])
    """

    @classmethod
    def from_segment(
        cls,
        segment: neo.Segment | neo.Block | str | os.PathLike[str],
        morphology: Morphology | None = None,
        *,
        types: Any = None,
        currents: Any = None,
        neuron: int | None = None,
    ) -> CellRecording:
        """Pick all compartments of a cell from a Segment.

        Parameters
        ----------
        segment : neo.Segment, neo.Block, str or path
            As the adapters make it: signals with the annotations ``role``, ``positive`` and ``site``; or a
            Block of one, or a file. What is in a large file stays there, and is read chunk by chunk.
        morphology : Morphology, optional
            By default the one that an adapter wrote into the Segment.
        types : mapping or callable, optional
            Which currents are of one type: ``{type: label, pattern or list of them}``, or a function of
            label and site. By default each label without its number: all "ExpSyn[3]" are "ExpSyn".
        currents : mapping, optional
            Currents that are summed in every compartment, ``{"pump": ["ina_pump", "ik_pump"]}``, by names,
            types or patterns, as at a point; each has to be there. All others stay, as they are needed for
            the balance.
        neuron : int, optional
            Where the signals hold several.

        Returns
        -------
        CellRecording
            The values are not copied.

        Raises
        ------
        SelectionError
            When a compartment lacks voltage or currents.
        SignalError
            When the times of signals differ, or one holds NaN.
        """
        segment = segment_of(segment)
        shape = Morphology.of(segment) if morphology is None else morphology
        named = types if currents is None else summing(segment, currents, types)
        return cls(collect(segment, shape, named, neuron), shape)

    @classmethod
    def from_arrays(
        cls, membrane: Any, voltage: Any, morphology: Morphology, names: Any, times: Any
    ) -> CellRecording:
        """Make a CellRecording of plain arrays.

        Parameters
        ----------
        membrane : array_like, shape (node, current, time)
            nA, outward positive; the capacitive current among them.
        voltage : array_like, shape (node, time)
            mV.
        morphology : Morphology
        names : sequence of str
            Of the currents.
        times : array_like, shape (time,)
            ms, increasing.

        Returns
        -------
        CellRecording

        Raises
        ------
        ArgumentError
            When the shapes do not fit.
        SignalError
            When a value is NaN.
        """
        return cls(traces_of(membrane, voltage, morphology, names, times), morphology)

    @cached_property
    def balance(self) -> CellBalance:
        """The balance of every compartment.

        Warns
        -----
        CurrentscapeWarning
            When more than 1 % of the current of a compartment is unexplained, naming the worst and what
            the missing current looks like.
        """
        found = self._measured()
        if found.is_noticed:
            found = replace(found, nature=nature(self, found))
            warn(found.verdict)
        return found

    def attribute(self, target: Any = None, *, currents: Any = None, **options: Any) -> Attribution:
        """Attribute the current at a target; see `neo_currentscape.spatial.grouping.attribute`.

        Types in a list under a label of ``currents=``, ``{"pump": ["ina_pump", "ik_pump"]}``, are summed in
        every compartment before the directions are told apart.

        Parameters
        ----------
        target : str or sequence of str, optional
            A site, a section or a region; the root by default.
        currents : dict or list, optional
            Which currents, under which labels; a list under a label is summed.
        **options
            As for the function named above.

        Returns
        -------
        Attribution
        """
        return attribute(summed(self, currents), target, **options)

    def map(self, target: Any = None, *, currents: Any = None, **options: Any) -> CompartmentMap:
        """Contribution of each compartment; see `neo_currentscape.spatial.compartment_map.map_of`.

        ``currents=`` sums types as it does for `attribute`.

        Parameters
        ----------
        target : str or sequence of str, optional
            A site, a section or a region; the root by default.
        currents : dict or list, optional
            Which currents, under which labels; a list under a label is summed.
        **options
            As for the function named above.

        Returns
        -------
        CompartmentMap
        """
        return map_of(summed(self, currents), target, **options)

    def currentscape(self) -> Any:
        """The currentscape of the root, attributed by type; see `Attribution.currentscape`.

        Returns
        -------
        Currentscape
        """
        return self.attribute().currentscape()
