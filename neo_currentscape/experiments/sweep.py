"""Sweeps: charges, contributions and shares over the value that each Segment was run with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError, UnitsError
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.step_values import segments_of, step_values
from neo_currentscape.reduction import bundling
from neo_currentscape.reduction.mean_shares import both_mean_shares
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction


class Sweep(OfCurrents):
    """Currentscapes of several runs that differ in one value; made by `sweep`.

    ``to_dataframe()`` has a row for each step and current, by which it is indexed, and columns
    ``charge_outward``, ``charge_inward``, ``contribution_...`` and ``share_...``.

    Attributes
    ----------
    by : str
        Name of the value.
    values : Quantity or ndarray, shape (step,)
    scapes : list of Currentscape
    """

    #: Nothing is bundled in a sweep: what is small in one step may be large in another.
    bundle = None

    def __init__(self, by: str, values: Any, scapes: Sequence[Currentscape]) -> None:
        self.by, self.values, self.scapes = by, values, list(scapes)
        _check_alike(self.scapes)

    @property
    def names(self) -> list[str]:
        """Names of the currents, in the order in which the first step has them."""
        return self.scapes[0].names

    def __len__(self) -> int:
        return len(self.scapes)

    def _rows(self, what: Any) -> np.ndarray:
        """One row for each step, its currents in the order of the first."""
        rows = []
        for scape in self.scapes:
            places = [scape.names.index(name) for name in self.names]
            rows.append(np.asarray(what(scape))[places])
        return np.array(rows)

    def charge(self, direction: str) -> pq.Quantity:
        """Charge of each current in each step.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        Quantity, shape (step, current)
            >= 0 in both directions, in the unit of the first step.
        """
        unit = self.scapes[0].charge(direction).units
        return pq.Quantity(self._rows(lambda s: s.charge(direction).rescale(unit).magnitude), unit)

    def contributions(self, direction: str) -> np.ndarray:
        """Part of the charge of a step that each current carries.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray, shape (step, current)
            Each row sums to 1, or to 0 where nothing flows in that direction.
        """
        return self._rows(lambda scape: scape.contributions(direction))

    def shares(self, direction: str) -> np.ndarray:
        """Mean share of each current over the time of each step, shape (step, current).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (step, current), dimensionless.
        """
        check_direction(direction)
        return self._mean_shares[direction]

    @cached_property
    def _mean_shares(self) -> dict[str, np.ndarray]:
        found = self._rows(lambda scape: np.transpose([*both_mean_shares(scape.recording).values()]))
        return dict(zip(DIRECTIONS, np.moveaxis(found, -1, 0), strict=True))

    def _sizes(self) -> Any:
        """Contributions of all steps and both directions together."""
        return sum(self.contributions(d).sum(axis=0) for d in DIRECTIONS)

    @cached_property
    def _by_charge(self) -> Any:
        return bundling.ranking(sum(self.charge(d).magnitude.sum(axis=0) for d in DIRECTIONS))

    def _table(self) -> Table:
        columns: dict[str, np.ndarray] = {}
        for name in ("charge", "contribution", "share"):
            for direction in DIRECTIONS:
                method = getattr(self, name if name == "charge" else f"{name}s")
                columns[f"{name}_{direction}"] = np.asarray(method(direction)).ravel()
        index = {
            self.by: np.repeat(np.asarray(self.values), len(self.names)),
            "current": np.tile(self.names, len(self)),
        }
        unit = units.label(self.scapes[0].charge("outward"))
        labels = {"charge_outward": unit, "charge_inward": unit}
        if isinstance(self.values, pq.Quantity):
            labels[self.by] = units.label(self.values)
        return Table(columns, index, labels)

    def plot(self, **options: Any) -> Any:
        """Draw the stacked contributions; see `neo_currentscape.experiments.figures.sweep_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import sweep_figure

        return sweep_figure(self, **options)

    def __repr__(self) -> str:
        return f"Sweep of {len(self)} steps over {self.by!r}: {', '.join(self.names)}"


def _check_alike(scapes: Sequence[Currentscape]) -> None:
    first = scapes[0]
    for step, scape in enumerate(scapes):
        missing = set(first.names) ^ set(scape.names)
        if missing:
            raise SelectionError(
                f"Step 0 and step {step} differ in the currents {', '.join(map(repr, sorted(missing)))}: "
                "choose those that all have with currents=[...]."
            )
        unit, own = first.recording.currents.units, scape.recording.currents.units
        if not units.same_dimension(unit, own):
            raise UnitsError(
                f"The currents are in {units.label(unit) or 'no unit'} in step 0 and in "
                f"{units.label(own) or 'no unit'} in step {step}: give area=... to make all absolute."
            )


def sweep(block: Any, by: Any, **selection: Any) -> Sweep:
    """Compare the Segments of a Block over a value with which each is annotated.

    PyNN writes such annotations with ``reset(annotations={"amplitude": 0.2 * pq.nA})``.

    Parameters
    ----------
    block : neo.Block, or list of neo.Block or neo.Segment
    by : str or sequence
        Name of an annotation of the Segments; or the values themselves, one for each Segment.
    **selection
        Keywords of `Recording.from_segment`, for every Segment.

    Returns
    -------
    Sweep

    Raises
    ------
    SelectionError
        When a Segment lacks the annotation, or holds other currents than the first.
    UnitsError
        When the values, or the currents, have units that do not fit together.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> block = neo.Block()
    >>> for amplitude in (0.1, 0.2) * pq.nA:
    ...     run = neo.Segment(amplitude=amplitude)
    ...     for name, value in (("I_K", 5 * amplitude), ("I_Na", -10 * amplitude)):
    ...         run.analogsignals.append(
    ...             neo.AnalogSignal(
    ...                 np.full((5, 1), value),
    ...                 units="nA",
    ...                 name=name,
    ...                 sampling_period=1 * pq.ms,
    ...             )
    ...         )
    ...     block.segments.append(run)
    >>> found = sweep(block, by="amplitude", voltage=False)
    >>> found.charge("outward")
    array([[2.5, 0. ],
           [5. , 0. ]]) * pC
    """
    segments = segments_of(block)
    values = step_values(segments, by)
    scapes = [Currentscape.from_segment(segment, **selection) for segment in segments]
    return Sweep(by if isinstance(by, str) else "step", values, scapes)
