"""Perturbations: how the distributions of voltage and shares change with a parameter."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.archives import read_arrays, write_arrays
from neo_currentscape.experiments.distribution import STORED, Distribution, distribution
from neo_currentscape.experiments.step_values import segments_of, step_values
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction


class Perturbation(OfCurrents):
    """Distributions of the voltage and of each share over a parameter; made by `perturbation`.

    ``to_dataframe()`` has a row for each step and current, by which it is indexed, and columns
    ``mean_share_outward`` and ``mean_share_inward``.

    Parameters
    ----------
    by : str
        Name of the parameter.
    values : Quantity, shape (step,)
    distributions : sequence of Distribution
        One for each step, with the same currents and bins.

    Attributes
    ----------
    by, values, distributions
    names : list of str
    """

    #: Nothing is bundled over steps.
    bundle = None

    def __init__(self, by: str, values: Any, distributions: Sequence[Distribution]) -> None:
        self.by, self.distributions = by, list(distributions)
        if len(self.distributions) == 0:
            raise SelectionError("A perturbation needs one step or more: give their distributions.")
        if not isinstance(values, pq.Quantity):
            values = pq.Quantity(_numbers(values), "dimensionless")
        if len(values) != len(self.distributions):
            raise ArgumentError(f"{len(values)} values do not fit {len(self.distributions)} steps.")
        self.values = values
        _check_alike(self.distributions)

    @property
    def names(self) -> list[str]:
        """Names of the currents."""
        return self.distributions[0].names

    def __len__(self) -> int:
        return len(self.distributions)

    @property
    def voltage(self) -> np.ndarray:
        """Probability of the voltage in each bin, shape (step, voltage bin); each row sums to 1.

        Raises
        ------
        SelectionError
            When there is no voltage.
        """
        rows = [d.voltage for d in self.distributions]
        if any(row is None for row in rows):
            raise SelectionError("The steps hold no voltage: record it, or leave its panel out.")
        return np.array(rows)

    @property
    def voltage_edges(self) -> pq.Quantity:
        """Borders of the voltage's bins, shape (voltage bin + 1,)."""
        return self.distributions[0].voltage_edges

    @property
    def share_edges(self) -> np.ndarray:
        """Borders of the bins of the shares, from 0 to 1."""
        return self.distributions[0].share_edges

    def shares(self, direction: str) -> np.ndarray:
        """Probability of each current's share, shape (step, current, share bin).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray
            Sums to 1 over the bins.
        """
        check_direction(direction)
        return np.array([d.shares[direction] for d in self.distributions])

    def mean_shares(self, direction: str) -> np.ndarray:
        """Mean share of each current in each step up to the width of the bins, (step, current).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (step, current), dimensionless.
        """
        middle = (self.share_edges[1:] + self.share_edges[:-1]) / 2
        return self.shares(direction) @ middle

    def _sizes(self) -> Any:
        """Mean shares over all steps, both directions together."""
        return sum(self.mean_shares(d).mean(axis=0) for d in DIRECTIONS)

    def _table(self) -> Table:
        columns = {f"mean_share_{d}": self.mean_shares(d).ravel() for d in DIRECTIONS}
        index = {
            self.by: np.repeat(self.values.magnitude, len(self.names)),
            "current": np.tile(self.names, len(self)),
        }
        return Table(columns, index, {self.by: units.label(self.values)})

    def plot(self, **options: Any) -> Any:
        """Draw the heat maps; see `neo_currentscape.experiments.figures.perturbation_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import perturbation_figure

        return perturbation_figure(self, **options)

    def save(self, path: Any) -> None:
        """Write everything to a NumPy archive (.npz), from which `load` makes it again.

        Parameters
        ----------
        path : str or path
            Gets the ending ".npz" where it has another.
        """
        arrays = [d.to_arrays() for d in self.distributions]
        stacked = {key: np.array([a[key] for a in arrays]) for key in arrays[0]}
        unit = np.array(self.values.dimensionality.string)
        stacked |= {"by": np.array(self.by), "values": self.values.magnitude, "unit": unit}
        name = os.fspath(path)
        write_arrays(name if name.endswith(".npz") else f"{name}.npz", stacked)

    @classmethod
    def load(cls, path: Any) -> Perturbation:
        """Read what `save` wrote.

        Parameters
        ----------
        path : str or path

        Returns
        -------
        Perturbation

        Raises
        ------
        FileError
            When the file is missing, or holds something else.
        """
        arrays = read_arrays(path, ("by", "values", "unit", *STORED))
        by, values, unit = (arrays.pop(key) for key in ("by", "values", "unit"))
        steps = [{key: array[k] for key, array in arrays.items()} for k in range(len(values))]
        return cls(
            str(by),
            values * units.parse_units(str(unit)),
            [Distribution.from_arrays(step) for step in steps],
        )

    def __repr__(self) -> str:
        return f"Perturbation of {len(self)} steps over {self.by!r}: {', '.join(self.names)}"


def _numbers(values: Any) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except ValueError as cause:
        raise ArgumentTypeError(
            f"A perturbation is shown over numbers, and {values!r} are none: use sweep(...) for conditions "
            "with names, or give the numbers as by=[...]."
        ) from cause


def _check_alike(distributions: Sequence[Distribution]) -> None:
    first = distributions[0]
    for step, other in enumerate(distributions):
        if other.names != first.names:
            raise SelectionError(
                f"Step 0 holds the currents {', '.join(first.names)} and step {step} "
                f"{', '.join(other.names)}: choose those that all have with currents=[...]."
            )
        alike = first.shares["outward"].shape == other.shares["outward"].shape
        if not alike or not np.array_equal(
            first.voltage_edges.rescale("mV").magnitude, other.voltage_edges.rescale("mV").magnitude
        ):
            raise ArgumentError(
                f"Step 0 and step {step} have other bins: give all the same bins and range."
            )


def perturbation(block: Any, by: Any, **options: Any) -> Perturbation:
    """Find the distributions of the voltage and of the shares over a perturbed parameter.

    Parameters
    ----------
    block : neo.Block, or list of neo.Block, neo.Segment or Distribution
        One Segment for each value of the parameter; distributions where these were made already,
        as by ``stg.perturb(..., then=distribution)``.
    by : str or sequence
        Name of an annotation of the Segments; or the values themselves.
    **options
        Of `distribution`: ``voltages``, ``voltage_bins``, ``share_bins``, and keywords of
        `Recording.from_segment`.

    Returns
    -------
    Perturbation

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> block = stg.perturb("CaT", [1, 0.5], t_stop=0.2 * pq.s, transient=0 * pq.s)
    >>> perturbation(block, by="factor", voltage_bins=50).voltage.shape
    (2, 50)

    References
    ----------
    Alonso & Marder, eLife 2019;8:e42722, "Visualizing changes in the waveforms as a parameter is
    changed".
    """
    name = by if isinstance(by, str) else "parameter"
    if isinstance(block, (list, tuple)) and block and all(isinstance(b, Distribution) for b in block):
        if isinstance(by, str):
            raise ArgumentTypeError(
                "Distributions carry no annotations: give the values themselves as by=[...]."
            )
        return Perturbation(name, by, block)
    segments = segments_of(block)
    values = step_values(segments, by)
    return Perturbation(name, values, [distribution(segment, **options) for segment in segments])
