"""The shape of a cell as its compartments see it: what is next to what, and how far apart.

An adapter reads it from its simulator and writes it into the Segment, as one annotation that files keep.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SelectionError, unknown_name
from neo_currentscape.recording.regions import labels, region_of, section_of

#: Key of the annotation of a Segment.
KEY = "morphology"


@dataclass(frozen=True, eq=False)
class Morphology:
    """Compartments of one cell.

    Parameters
    ----------
    sites : sequence of str
        Name of each node, as in the annotation ``site`` of its signals, e.g. "dend[3](0.5)". A node is a
        compartment, or a joint: a place without membrane where branches meet.
    parent : array_like of int, shape (node,)
        Index of the node towards the root, -1 for the root.
    resistance : array_like, shape (node,)
        Axial resistance to the parent in megohm; that of the root is not used.
    area : array_like, shape (node,)
        Membrane area in um**2; 0 for a joint.
    distance : array_like, shape (node,)
        Path distance from the root in um.
    regions : sequence of str, optional
        Label of each node; by default the name of its section without number.
    points : sequence of array_like, shape (point, 4), optional
        x, y, z and diameter in um along each node; empty for a joint, and where they are not known.
    capacitance : array_like, shape (node,), optional
        Of the membrane, in uF/cm**2; 0 for a joint.

    Raises
    ------
    ArgumentError
        When lengths do not fit, names repeat, or a resistance or area cannot be.

    Examples
    --------
    >>> two = Morphology(
    ...     ["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [100, 50], [0, 60]
    ... )
    >>> two.regions, two.path_from(1)
    (('soma', 'dend'), array([60.,  0.]))
    """

    sites: Sequence[str]
    parent: Any
    resistance: Any
    area: Any
    distance: Any
    regions: Sequence[str] | None = None
    points: Sequence[Any] | None = None
    capacitance: Any = None

    def __post_init__(self) -> None:
        sites = tuple(str(site) for site in self.sites)
        regions = [region_of(site) for site in sites] if self.regions is None else self.regions
        found: dict[str, Any] = {"sites": sites, "regions": tuple(str(label) for label in regions)}
        found["parent"] = np.array(self.parent, dtype=int)
        for name in ("resistance", "area", "distance", *self._optional):
            found[name] = np.array(getattr(self, name), dtype=float)
        if self.points is not None:
            found["points"] = tuple(np.array(p, dtype=float).reshape(-1, 4) for p in self.points)
        for name, value in found.items():
            if len(value) != len(sites):
                raise ArgumentError(
                    f"{name} has {len(value)} values for {len(sites)} sites: give one each."
                )
            object.__setattr__(self, name, value)
        self._check()

    @property
    def _optional(self) -> tuple[str, ...]:
        return () if self.capacitance is None else ("capacitance",)

    def _check(self) -> None:
        repeated = [site for site in set(self.sites) if self.sites.count(site) > 1]
        if repeated:
            raise ArgumentError(f"Two sites are called {repeated[0]!r}: give each its own name.")
        above = self.parent >= 0
        for name, bad in (
            ("resistance", above & ~(self.resistance > 0)),
            ("area", ~(self.area >= 0)),
            ("distance", ~np.isfinite(self.distance)),
        ):
            if bad.any():
                at = int(np.argmax(bad))
                raise ArgumentError(
                    f"{name} of {self.sites[at]} is {getattr(self, name)[at]:g}: write a "
                    f"{'finite' if name == 'distance' else 'positive'} number."
                )

    def __len__(self) -> int:
        return len(self.sites)

    @property
    def sections(self) -> list[str]:
        """Name of the section of each node: its site without the position."""
        return [section_of(site) for site in self.sites]

    @property
    def is_joint(self) -> np.ndarray:
        """Whether a node has no membrane, shape (node,)."""
        return self.area == 0

    @property
    def has_all_points(self) -> bool:
        """Whether every compartment has 3-D points."""
        if self.points is None:
            return False
        return all(len(p) > 1 for p, joint in zip(self.points, self.is_joint, strict=True) if not joint)

    def index(self, site: str) -> int:
        """Position of a site.

        Parameters
        ----------
        site : str

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
            When there is none of that name.
        """
        if site not in self.sites:
            raise unknown_name("site", site, self.sites)
        return self.sites.index(site)

    def path_from(self, node: int) -> np.ndarray:
        """Path distance of every node from one of them, in um.

        Parameters
        ----------
        node : int

        Returns
        -------
        ndarray, shape (node,)
        """
        # Two paths to the root part where their last common node lies: the farthest one on both.
        on_path = np.zeros(len(self), dtype=bool)
        at = int(node)
        while at >= 0:
            on_path[at] = True
            at = int(self.parent[at])
        common = np.full(len(self), -1)
        for n in self.outwards():
            common[n] = n if on_path[n] else common[self.parent[n]]
        return self.distance + self.distance[node] - 2 * self.distance[common]

    def outwards(self) -> np.ndarray:
        """The nodes in an order in which each comes after its parent, shape (node,).

        Returns
        -------
        np.ndarray of int
        """
        depth = np.zeros(len(self), dtype=int)
        above = self.parent.copy()
        for _ in range(len(self)):
            held = above >= 0
            if not held.any():
                return np.argsort(depth, kind="stable")
            depth[held] += 1
            above[held] = self.parent[above[held]]
        raise ArgumentError("parent has a cycle: some node never reaches the root.")

    def with_regions(self, regions: Any, rest: str = "") -> Morphology:
        """The same cell with other labels; see `neo_currentscape.recording.regions.labels`.

        Parameters
        ----------
        regions : mapping, callable or sequence
        rest : str
            Label of the nodes that are in none.

        Returns
        -------
        Morphology
        """
        return replace(self, regions=[label or rest for label in labels(self, regions)])

    def renamed(self, names: Sequence[str]) -> Morphology:
        """The same cell under other names of its sites, in the same order.

        Parameters
        ----------
        names : sequence of str
            One for each site.

        Returns
        -------
        Morphology
        """
        return replace(self, sites=tuple(names))

    def with_points(self, points: Sequence[Any] | None) -> Morphology:
        """The same cell with other 3-D points.

        Parameters
        ----------
        points : sequence of array_like, or None
            Of each node those of shape (point, 4): x, y, z and the diameter in um.

        Returns
        -------
        Morphology
        """
        return replace(self, points=points)

    def reordered(self, order: Any) -> Morphology:
        """The same cell with its nodes in another order.

        Parameters
        ----------
        order : array_like of int, shape (node,)
            Which node becomes the first, the second ...

        Returns
        -------
        Morphology
        """
        order = np.asarray(order, dtype=int)
        if not np.array_equal(np.sort(order), np.arange(len(self))):
            raise ArgumentError(f"order has to name each of the {len(self)} nodes once.")
        new = np.empty(len(self), dtype=int)
        new[order] = np.arange(len(self))
        above = self.parent[order]
        return Morphology(
            sites=[self.sites[n] for n in order],
            parent=np.where(above < 0, -1, new[above]),
            resistance=self.resistance[order],
            area=self.area[order],
            distance=self.distance[order],
            regions=[(self.regions or ())[n] for n in order],
            points=None if self.points is None else [self.points[n] for n in order],
            capacitance=None if self.capacitance is None else self.capacitance[order],
        )

    def annotate(self, segment: Any) -> None:
        """Write the morphology into a Segment, as text that every Neo file keeps.

        Parameters
        ----------
        segment : neo.Segment
        """
        fields: dict[str, Any] = {"sites": self.sites, "regions": self.regions}
        for name in ("parent", "resistance", "area", "distance", *self._optional):
            fields[name] = getattr(self, name).tolist()
        if self.points is not None:
            fields["points"] = [p.tolist() for p in self.points]
        segment.annotate(**{KEY: json.dumps(fields)})

    @classmethod
    def of(cls, segment: Any) -> Morphology:
        """Read the morphology that an adapter wrote into a Segment.

        Parameters
        ----------
        segment : neo.Segment

        Returns
        -------
        Morphology

        Raises
        ------
        SelectionError
            When there is none.
        """
        stored = segment.annotations.get(KEY)
        if stored is None:
            raise SelectionError(
                "The Segment holds no morphology: record the whole cell with an adapter's "
                "cell_segment(...) or CellRecorder, or pass morphology=Morphology(...)."
            )
        return cls(**json.loads(stored))
