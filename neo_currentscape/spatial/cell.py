"""`CellRecording`: all membrane currents of a cell, compartment by compartment, in checked balance."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning
from neo_currentscape.conventions.roles import UNEXPLAINED
from neo_currentscape.recording.morphology import Morphology, labels
from neo_currentscape.spatial import cable
from neo_currentscape.spatial.cell_balance import CellBalance, Ledger
from neo_currentscape.spatial.traces import Traces, collect
from neo_currentscape.spatial.tree import check_parent

if TYPE_CHECKING:
    import neo

    from neo_currentscape.spatial.grouping import Attribution, CompartmentMap

#: Values (node x type x time) that are dense at the same time.
BLOCK_VALUES = 1 << 21

#: Area in um**2 below which there is none to speak of: NEURON makes a section without length 1e-9 um long.
NEGLIGIBLE_AREA = 1e-6


class CellRecording:
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
    >>> two = Morphology(["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [100, 50], [0, 60])
    >>> membrane = np.zeros((2, 2, 3))
    >>> membrane[0, 0], membrane[1, 1] = 1.0, -1.0          # leak at the soma, synapse at the dendrite
    >>> cell = ncs.CellRecording.from_arrays(membrane, [[-70.0] * 3, [-68.0] * 3], two,
    ...                                      names=["leak", "synapse"], times=[0, 1, 2])
    >>> cell.attribute("soma").inward
    array([[0., 0., 0.],
           [1., 1., 1.]])
    """

    def __init__(self, traces: Traces, morphology: Morphology) -> None:
        check_parent(morphology.parent)
        self.traces, self.morphology = traces, morphology
        self._cable = cable.Cable(morphology, set(traces.voltage))

    @classmethod
    def from_segment(
        cls,
        segment: neo.Segment,
        morphology: Morphology | None = None,
        *,
        types: Any = None,
        neuron: int | None = None,
    ) -> CellRecording:
        """Pick all compartments of a cell from a Segment.

        Parameters
        ----------
        segment : neo.Segment
            As the adapters make it: signals with the annotations ``role``, ``positive`` and ``site``.
        morphology : Morphology, optional
            By default the one that an adapter wrote into the Segment.
        types : mapping or callable, optional
            Which currents are of one type: ``{type: label, pattern or list of them}``, or a function of
            label and site. By default each label without its number: all "ExpSyn[3]" are "ExpSyn".
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
        shape = Morphology.of(segment) if morphology is None else morphology
        return cls(collect(segment, shape, types, neuron), shape)

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
        from neo_currentscape.spatial.arrays import traces_of

        return cls(traces_of(membrane, voltage, morphology, names, times), morphology)

    @property
    def names(self) -> list[str]:
        """Types of current."""
        return list(self.traces.names)

    @property
    def sites(self) -> tuple[str, ...]:
        """Names of the nodes."""
        return tuple(self.morphology.sites)

    @property
    def times(self) -> Any:
        """Times of the samples, Quantity of shape (time,)."""
        return self.traces.clock.times

    def __len__(self) -> int:
        return len(self.traces)

    def __repr__(self) -> str:
        n_joints = int(self.morphology.is_joint.sum())
        return (
            f"CellRecording of {len(self.sites) - n_joints} compartments and {n_joints} joints, "
            f"{len(self.names)} types of current: {', '.join(self.names)}; {len(self)} samples"
        )

    def membrane(self, rows: slice = slice(None)) -> np.ndarray:
        """Membrane currents in nA, outward positive, shape (node, type, time)."""
        return self.traces.membrane(len(self.sites), rows)

    def voltage(self, rows: slice = slice(None)) -> np.ndarray:
        """Voltages in mV, shape (node, time); those of joints follow from their neighbours'."""
        found = self.traces.voltages(len(self.sites), rows)
        return self._cable.complete(found, self._injected(rows))

    def axial(self, rows: slice = slice(None)) -> np.ndarray:
        """Axial current from each node's parent into it in nA, from voltages and resistances.

        Returns
        -------
        ndarray, shape (node, time)
            0 for the root.
        """
        return self._cable.flow(self.voltage(rows))

    def _injected(self, rows: slice) -> dict[int, np.ndarray]:
        """Membrane current at those joints whose voltage is not known."""
        out: dict[int, np.ndarray] = {}
        for trace in self.traces.currents:
            if trace.node in self._cable.unknown:
                value = trace.factor * trace.values[rows]
                out[trace.node] = out.get(trace.node, 0.0) + value
        return out

    def blocks(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield rows, membrane currents and axial currents of a bounded number of samples at a time.

        Where more than 1 % of a compartment's current is unexplained, "unexplained" is the last type.
        """
        extra = self.balance.is_noticed
        for rows, membrane, axial in self._raw_blocks():
            if extra:
                missing = self._cable.inflow(axial) - membrane.sum(axis=1)
                membrane = np.concatenate([membrane, missing[:, None]], axis=1)
            yield rows, membrane, axial

    def _raw_blocks(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        for rows in self.block_rows():
            yield rows, self.membrane(rows), self.axial(rows)

    def block_rows(self) -> Iterator[slice]:
        """The samples of each block."""
        step = max(1, BLOCK_VALUES // (len(self.sites) * (len(self.names) + 1)))
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))

    def inflow_of(self, node: int, voltage: np.ndarray) -> np.ndarray:
        """What flows into a node along the cable, nA, shape (time,), of the voltages (node, time)."""
        return self._cable.inflow_of(node, voltage)

    @property
    def types(self) -> list[str]:
        """Names of the types that `blocks` gives: the recorded ones, and "unexplained" where needed."""
        return [*self.names, UNEXPLAINED] if self.balance.is_noticed else self.names

    @cached_property
    def balance(self) -> CellBalance:
        """The balance of every compartment.

        Warns
        -----
        CurrentscapeWarning
            When more than 1 % of the current of a compartment is unexplained, naming the worst and what
            the missing current looks like.
        """
        from neo_currentscape.spatial.missing import nature

        ledger, joint = Ledger(self._cable.rounding), self.morphology.is_joint
        # What has next to no membrane has but the cell's current to be measured by: NEURON solves for its
        # voltage with resistances of next to nothing, and what flows there is not far from rounding.
        tiny = ~joint & (np.asarray(self.morphology.area) < NEGLIGIBLE_AREA)
        for _, membrane, axial in self._raw_blocks():
            inflow = self._cable.inflow(axial)
            size = np.abs(inflow)
            through = self._cable.through(axial)
            size[joint] = through[joint]
            size[tiny] = through.max(axis=0)
            ledger.add(membrane, inflow, size)
        found = ledger.finish(self.morphology)
        if found.is_noticed:
            found = replace(found, nature=nature(self, found))
            warnings.warn(found.verdict, CurrentscapeWarning, stacklevel=3)
        return found

    def nodes(self, target: Any = None) -> np.ndarray:
        """The nodes that a target means.

        Parameters
        ----------
        target : str, int or sequence, optional
            A site, a section (all its compartments), a region, the index of a node, or several nodes;
            the root by default.

        Returns
        -------
        ndarray of int
        """
        from neo_currentscape.spatial.targets import nodes_of

        return nodes_of(self.morphology, target)

    def regions(self, regions: Any = None) -> list[str]:
        """Label every node; see `neo_currentscape.recording.morphology.labels`.

        Warns
        -----
        CurrentscapeWarning
            When compartments are left unlabelled; they are shown as "unlabelled".
        """
        found = labels(self.morphology, regions)
        bare = [s for s, label in zip(self.sites, found, strict=True) if not label]
        if bare:
            warnings.warn(
                f"{len(bare)} of {len(found)} compartments are in no region ({bare[0]} ...) and shown as "
                "'unlabelled': add them to regions=.",
                CurrentscapeWarning,
                stacklevel=3,
            )
        return [label or "unlabelled" for label in found]

    def attribute(self, target: Any = None, **options: Any) -> Attribution:
        """Attribute the current at a target; see `neo_currentscape.spatial.grouping.attribute`."""
        from neo_currentscape.spatial.grouping import attribute

        return attribute(self, target, **options)

    def map(self, target: Any = None, **options: Any) -> CompartmentMap:
        """Contribution of each compartment; see `neo_currentscape.spatial.grouping.map_of`."""
        from neo_currentscape.spatial.grouping import map_of

        return map_of(self, target, **options)

    def rows(self, t_start: Any = None, t_stop: Any = None) -> slice:
        """The samples from one time to another.

        Raises
        ------
        ArgumentError
            When there are none.
        """
        from neo_currentscape.conventions import units
        from neo_currentscape.recording import timebase

        clock = self.traces.clock
        first = 0 if t_start is None else timebase.first_at(clock, units.scalar(t_start, "ms", "t_start"))
        last = (
            len(self) if t_stop is None else timebase.first_at(clock, units.scalar(t_stop, "ms", "t_stop"))
        )
        if last <= first:
            raise ArgumentError(f"There is no sample from {t_start} to {t_stop}: choose a longer window.")
        return slice(first, last)
