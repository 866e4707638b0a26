"""`Network`: cells in populations, and the connections between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name


@dataclass(frozen=True)
class Network:
    """Cells, their populations, and every connection between them.

    Attributes
    ----------
    populations : list of str
        Names.
    population : ndarray of int, shape (cell,)
        Which of them each cell belongs to.
    ids : ndarray of int, shape (cell,)
        Number of each cell in its source: the index in a PyNN population, the node in a SONATA one.
    source, target : ndarray of int, shape (connection,)
        Cells (index into ``ids``) that each connection comes from and goes to.
    gap : ndarray of bool, shape (connection,)
        Whether it is a gap junction.
    positions : ndarray, shape (cell, 3), or None
        In um; NaN where a cell has none.
    properties : dict of str to ndarray, shape (connection,)
        What else is known of each, e.g. "weight" and "delay".

    Raises
    ------
    ArgumentError
        When the shapes do not fit together.

    Examples
    --------
    >>> Network(["E", "I"], [0, 0, 1], [0, 1, 0], [0, 1, 2], [2, 2, 0])
    Network of 3 cells in 2 populations (E: 2, I: 1) with 3 connections
    """

    populations: list[str]
    population: Any
    ids: Any
    source: Any
    target: Any
    gap: Any = None
    positions: Any = None
    properties: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("population", "ids", "source", "target"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=int))
        gap = (
            np.zeros(len(self.source), dtype=bool) if self.gap is None else np.asarray(self.gap, dtype=bool)
        )
        object.__setattr__(self, "gap", gap)
        if self.positions is not None:
            object.__setattr__(self, "positions", np.asarray(self.positions, dtype=float))
        self._check()

    def _check(self) -> None:
        n_cells, n_edges = len(self.ids), len(self.source)
        shapes: dict[str, tuple[Any, int]] = {
            "population": (self.population, n_cells),
            "target": (self.target, n_edges),
            "gap": (self.gap, n_edges),
            **{name: (values, n_edges) for name, values in self.properties.items()},
        }
        if self.positions is not None:
            shapes["positions"] = (self.positions, n_cells)
        for name, (values, wanted) in shapes.items():
            if len(values) != wanted:
                raise ArgumentError(
                    f"{name} has {len(values)} values, and {wanted} are needed: one for each."
                )
        for name, ends in (("source", self.source), ("target", self.target)):
            if n_edges and not (ends.min() >= 0 and ends.max() < n_cells):
                raise ArgumentError(
                    f"{name} goes from {ends.min()} to {ends.max()}, and there are {n_cells} cells: write "
                    "indices into ids."
                )

    @property
    def sizes(self) -> np.ndarray:
        """Number of cells of each population, shape (population,)."""
        return np.bincount(self.population, minlength=len(self.populations))

    def index(self, name: str) -> int:
        """Position of a population.

        Parameters
        ----------
        name : str

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
            When there is none of that name.
        """
        if name not in self.populations:
            raise unknown_name("population", name, self.populations)
        return self.populations.index(name)

    def cells(self, name: str) -> np.ndarray:
        """The cells of a population, shape (cell,).

        Parameters
        ----------
        name : str

        Returns
        -------
        np.ndarray of int
            Of shape (cell,): their indices among all cells.
        """
        return np.flatnonzero(self.population == self.index(name))

    def chosen(self, gaps: bool | None) -> np.ndarray:
        """The connections that count, shape (connection,): True for gap junctions only, None for all.

        Parameters
        ----------
        gaps : bool or None
            True for gap junctions only, False for all others, None for all.

        Returns
        -------
        np.ndarray of bool
            Of shape (connection,).
        """
        if gaps is None:
            return np.ones(len(self.source), dtype=bool)
        return self.gap if gaps else ~self.gap

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}: {n}" for name, n in zip(self.populations, self.sizes, strict=True))
        return (
            f"Network of {len(self.ids)} cells in {len(self.populations)} populations ({sizes}) with "
            f"{len(self.source)} connections"
        )
