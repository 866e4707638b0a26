"""`Cell`: all membrane currents of a cell, compartment by compartment, and the tree that joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from neo_currentscape.adapters.cable import Tree
from neo_currentscape.conventions.errors import ArgumentError, warn
from neo_currentscape.conventions.roles import UNEXPLAINED
from neo_currentscape.recording.cuts import limits, rows_between
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.recording.regions import labels
from neo_currentscape.spatial.cell_balance import CellBalance, Ledger
from neo_currentscape.spatial.targets import nodes_of
from neo_currentscape.spatial.traces import Traces
from neo_currentscape.spatial.tree import check_parent

#: Values (node x type x time) that are dense at the same time.
BLOCK_VALUES = 1 << 21

#: Area in um**2 below which there is none to speak of: NEURON makes a section without length 1e-9 um long.
NEGLIGIBLE_AREA = 1e-6


class Cell:
    """The traces and the tree of a cell: what each compartment carries, and what flows between them.

    Parameters
    ----------
    traces : Traces
    morphology : Morphology

    Attributes
    ----------
    morphology : Morphology
    names : list of str
        Types of current.
    """

    def __init__(self, traces: Traces, morphology: Morphology) -> None:
        check_parent(morphology.parent)
        self.traces, self.morphology = traces, morphology
        self._cable = Tree.of(morphology, set(traces.voltage))

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
            f"{type(self).__name__} of {len(self.sites) - n_joints} compartments and {n_joints} joints, "
            f"{len(self.names)} types of current: {', '.join(self.names)}; {len(self)} samples"
        )

    def membrane(self, rows: slice = slice(None)) -> np.ndarray:
        """Membrane currents in nA, outward positive, shape (node, type, time).

        Parameters
        ----------
        rows : slice, optional
            Of the samples; all of them by default.

        Returns
        -------
        np.ndarray
            In nA, of shape (node, type, time).
        """
        return self.traces.membrane(len(self.sites), rows)

    def voltage(self, rows: slice = slice(None)) -> np.ndarray:
        """Voltages across the membrane in mV, shape (node, time).

        Those of joints follow from their neighbours'.

        Parameters
        ----------
        rows : slice, optional
            Of the samples; all of them by default.

        Returns
        -------
        np.ndarray
            In mV, of shape (node, time).
        """
        outside = self.traces.outsides(len(self.sites), rows) if self.traces.outside else 0.0
        return self.inside(rows) - outside

    def inside(self, rows: slice = slice(None)) -> np.ndarray:
        """Potentials inside the cell in mV, shape (node, time), which drive the axial currents.

        They differ from the voltages where potentials outside were recorded.

        Parameters
        ----------
        rows : slice, optional
            Of the samples; all of them by default.

        Returns
        -------
        np.ndarray
            In mV, of shape (node, time).
        """
        found = self.traces.voltages(len(self.sites), rows)
        if self.traces.outside:
            found += self.traces.outsides(len(self.sites), rows)
        return self._cable.complete(found, self._injected(rows))

    def axial(self, rows: slice = slice(None)) -> np.ndarray:
        """Axial current from each node's parent into it in nA, from voltages and resistances.

        Parameters
        ----------
        rows : slice, optional
            Of the samples; all of them by default.

        Returns
        -------
        ndarray, shape (node, time)
            0 for the root.
        """
        return self._cable.flow(self.inside(rows))

    def _injected(self, rows: slice) -> dict[int, np.ndarray]:
        """Membrane current at those joints whose voltage is not known."""
        out: dict[int, np.ndarray] = {}
        for trace in self.traces.currents:
            if trace.node in self._cable.unknown:
                value = trace.factor * trace.values[rows]
                out[trace.node] = out.get(trace.node, 0.0) + value
        return out

    def blocks(self, window: slice | None = None) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield rows, membrane currents and axial currents of a bounded number of samples at a time.

        Those of a window, ``slice(first, last)``, or of all; shapes (node, type, time) and (node, time).
        Where more than 1 % of a compartment's current is unexplained, "unexplained" is the last type.

        Parameters
        ----------
        window : slice, optional
            Of the samples; all of them by default.

        Yields
        ------
        rows : slice
        membrane, axial : np.ndarray
            In nA.
        """
        extra = self.balance.is_noticed
        for rows, membrane, axial in self._raw_blocks(window):
            if extra:
                missing = self._cable.inflow(axial) - membrane.sum(axis=1)
                membrane = np.concatenate([membrane, missing[:, None]], axis=1)
            yield rows, membrane, axial

    def _raw_blocks(self, window: slice | None = None) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        for rows in self.block_rows(window):
            yield rows, self.membrane(rows), self.axial(rows)

    def block_rows(self, window: slice | None = None) -> Iterator[slice]:
        """The samples of each block.

        Parameters
        ----------
        window : slice, optional
            Of the samples; all of them by default.

        Returns
        -------
        iterator of slice
        """
        first, last, _ = (slice(None) if window is None else window).indices(len(self))
        step = max(1, BLOCK_VALUES // (len(self.sites) * (len(self.names) + 1)))
        for start in range(first, last, step):
            yield slice(start, min(start + step, last))

    def inflow_of(self, node: int, voltage: np.ndarray) -> np.ndarray:
        """What flows into a node along the cable, nA, shape (time,), of potentials inside (node, time).

        Parameters
        ----------
        node : int
        voltage : np.ndarray
            Potentials inside in mV, of shape (node, time).

        Returns
        -------
        np.ndarray
            In nA, of shape (time,).
        """
        return self._cable.inflow_of(node, voltage)

    @property
    def types(self) -> list[str]:
        """Names of the types that `blocks` gives: the recorded ones, and "unexplained" where needed."""
        return [*self.names, UNEXPLAINED] if self.balance.is_noticed else self.names

    @cached_property
    def balance(self) -> CellBalance:
        """The balance of every compartment, in numbers."""
        return self._measured()

    def _measured(self) -> CellBalance:
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
        unchecked = {self.sites[node]: self._left_at(node) for node in sorted(self.traces.remainders)}
        return replace(ledger.finish(self.morphology), unchecked=unchecked)

    def _left_at(self, node: int) -> str:
        """What the balance of the simulator left at a node, and how much of it."""
        found = self.traces.remainders[node]
        names = dict.fromkeys(self.names[trace.kind] for trace in found)
        most = max(float(np.abs(trace.factor * trace.values[:]).max()) for trace in found)
        return f"{', '.join(map(repr, names))}, up to {most:.3g} nA,"

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
        return nodes_of(self.morphology, target)

    def regions(self, regions: Any = None) -> list[str]:
        """Label every node; see `neo_currentscape.recording.regions.labels`.

        Warns
        -----
        CurrentscapeWarning
            When compartments are left unlabelled; they are shown as "unlabelled".

        Parameters
        ----------
        regions : dict, callable or sequence, optional
            As for the function named above.

        Returns
        -------
        list of str
        """
        found = labels(self.morphology, regions)
        bare = [s for s, label in zip(self.sites, found, strict=True) if not label]
        if bare:
            warn(
                f"{len(bare)} of {len(found)} compartments are in no region ({bare[0]} ...) and shown as "
                "'unlabelled': add them to regions=."
            )
        return [label or "unlabelled" for label in found]

    def rows(self, t_start: Any = None, t_stop: Any = None) -> slice:
        """The samples from one time to another.

        Parameters
        ----------
        t_start, t_stop : Quantity, optional
            To the ends of the recording by default.

        Returns
        -------
        slice

        Raises
        ------
        ArgumentError
            When there are none.
        """
        rows = rows_between(self.traces.clock, *limits(t_start, t_stop))
        if rows.stop <= rows.start:
            raise ArgumentError(f"There is no sample from {t_start} to {t_stop}: choose a longer window.")
        return rows
