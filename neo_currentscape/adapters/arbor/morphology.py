"""The whole of an Arbor cable cell: its control volumes as nodes of a tree, and a Segment that holds it.

Arbor's control volumes are stretches of cable; at a fork there is one without extent, which is a joint. The
resistance between two is that of the cable between their middles (a joint is where it is):
:math:`R = \\int r_L / (\\pi a(x)^2)\\, dx` with the axial resistivity :math:`r_L` and the radius :math:`a`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.arbor.samples import Stretch, area_of
from neo_currentscape.adapters.arbor.segment import to_segment
from neo_currentscape.adapters.signals import Clock, capacitive_current
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError, require
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.morphology import Morphology

#: Axial resistivity of ``arbor.neuron_cable_properties()``.
RESISTIVITY = 35.4 * pq.ohm * pq.cm

#: Names of the tags of a morphology, as SWC has them.
TAGS = {1: "soma", 2: "axon", 3: "dend", 4: "apic"}

#: ohm cm / um in megohm.
_MEGOHM = 1e-2


def morphology(cell: Any, shape: Any, resistivity: Any = RESISTIVITY) -> Morphology:
    """Read the control volumes of a cable cell.

    Parameters
    ----------
    cell : arbor.cable_cell
        With a policy for its control volumes.
    shape : arbor.morphology or arbor.segment_tree
        That the cell was made of.
    resistivity : Quantity
        Axial resistivity of the whole cell; by default that of ``arbor.neuron_cable_properties()``.

    Returns
    -------
    Morphology
        Its sites are the cables, as in `neo_currentscape.adapters.arbor.to_segment`; its regions the tags
        of the segments (1 soma, 2 axon, 3 dend, 4 apic).

    Raises
    ------
    ArgumentError
        When the cell has no policy, or a control volume reaches round a fork.
    """
    arbor = require("arbor", "arbor", "Reading a cable cell")
    if not isinstance(cell, arbor.cable_cell):
        raise ArgumentTypeError(f"An arbor.cable_cell is needed, not {brief(cell)}.")
    if not isinstance(shape, (arbor.morphology, arbor.segment_tree)):
        raise ArgumentTypeError(
            f"The morphology or the segment_tree that the cell was made of is needed, not {brief(shape)}."
        )
    data = arbor.cv_data(cell)
    if data is None:
        raise ArgumentError(
            "The cable cell has no policy for its control volumes: write e.g. "
            'arbor.cable_cell(tree, decor, labels, arbor.cv_policy("(max-extent 20)")).'
        )
    if isinstance(shape, arbor.segment_tree):
        shape = arbor.morphology(shape)
    line = _Line(arbor, shape)
    ohm_cm = units.positive(resistivity, "ohm*cm", "resistivity")
    stretches = [_stretch(data.cables(n)) for n in range(data.num_cv)]
    parent = np.array([data.parent(n) for n in range(data.num_cv)])
    links = [_between(stretches, n, int(parent[n])) for n in range(data.num_cv)]
    distance = np.zeros(data.num_cv)
    for n, link in enumerate(links):
        if link is not None:
            distance[n] = distance[parent[n]] + line.length(link)
    joints = [stretch.start == stretch.stop for stretch in stretches]
    return Morphology(
        sites=[str(stretch) for stretch in stretches],
        parent=parent,
        resistance=[0.0 if link is None else ohm_cm * _MEGOHM * line.ixa(link) for link in links],
        area=[
            0.0 if joint else float(area_of(p, shape).magnitude)
            for p, joint in zip(stretches, joints, strict=True)
        ],
        distance=distance,
        regions=[line.region(stretch) for stretch in stretches],
        points=[np.empty((0, 4)) if j else line.points(p) for p, j in zip(stretches, joints, strict=True)],
    )


def _stretch(cables: Any) -> Stretch:
    """The stretch of a control volume: its cable, or the point of a fork."""
    real = [cable for cable in cables if cable.dist > cable.prox]
    if len(real) > 1:
        listed = ", ".join(str(cable) for cable in real)
        raise ArgumentError(
            f"A control volume reaches round a fork ({listed}): use a policy with borders at forks, such "
            "as (max-extent 20) or (fixed-per-branch 3)."
        )
    first = (real or list(cables))[0]
    return Stretch(int(first.branch), float(first.prox), float(first.dist))


def _between(stretches: list[Stretch], n: int, parent: int) -> Stretch | None:
    """The cable between the middles of a control volume and its parent."""
    if parent < 0:
        return None
    here, above = stretches[n], stretches[parent]
    stop = (here.start + here.stop) / 2
    # A parent on another branch is the fork that this branch begins at.
    start = (above.start + above.stop) / 2 if above.branch == here.branch else 0.0
    return Stretch(here.branch, start, stop)


class _Line:
    """Lengths, resistances and points along the branches of a morphology."""

    def __init__(self, arbor: Any, shape: Any) -> None:
        self._arbor, self._pieces = arbor, arbor.place_pwlin(shape)

    def _frusta(self, stretch: Stretch) -> list[tuple[float, float, float]]:
        """Length and both radii of the frusta along a stretch."""
        out = []
        for piece in self._segments(stretch):
            a, b = piece.prox, piece.dist
            length = float(np.linalg.norm([b.x - a.x, b.y - a.y, b.z - a.z]))
            if length > 0:
                out.append((length, a.radius, b.radius))
        return out

    def _segments(self, stretch: Stretch) -> list[Any]:
        return list(self._pieces.segments([self._arbor.cable(stretch.branch, stretch.start, stretch.stop)]))

    def length(self, stretch: Stretch) -> float:
        """Length in um."""
        return sum(length for length, _, _ in self._frusta(stretch))

    def ixa(self, stretch: Stretch) -> float:
        """Integral of 1 / cross section, in 1/um."""
        return sum(length / (np.pi * a * b) for length, a, b in self._frusta(stretch))

    def points(self, stretch: Stretch) -> np.ndarray:
        """x, y, z and diameter along a stretch."""
        pieces = self._segments(stretch)
        ends = [pieces[0].prox, *(piece.dist for piece in pieces)]
        return np.array([[p.x, p.y, p.z, 2 * p.radius] for p in ends])

    def region(self, stretch: Stretch) -> str:
        """Name of the tag in the middle of a stretch."""
        middle = (stretch.start + stretch.stop) / 2
        near = max(stretch.stop - stretch.start, 1e-6) / 2
        around = Stretch(stretch.branch, max(0.0, middle - near), min(1.0, middle + near))
        tag = max(self._segments(around), key=lambda piece: _extent(piece)).tag
        return TAGS.get(int(tag), f"tag {int(tag)}")


def _extent(piece: Any) -> float:
    a, b = piece.prox, piece.dist
    return float(np.linalg.norm([b.x - a.x, b.y - a.y, b.z - a.z]))


def cell_segment(
    simulation: Any,
    probes: Mapping[str, tuple[str, Any]],
    cell: Any,
    shape: Any,
    *,
    capacitance: Any,
    resistivity: Any = RESISTIVITY,
    **options: Any,
) -> neo.Segment:
    """Put what the probes of a whole cable cell sampled into a Segment, with its morphology.

    Parameters
    ----------
    simulation, probes, **options
        As for `neo_currentscape.adapters.arbor.to_segment`; probes of the whole cell, with all its currents
        and stimuli.
    cell, shape, resistivity
        As for `morphology`.
    capacitance : Quantity
        Of the membrane per area, for the capacitive current.

    Returns
    -------
    neo.Segment
        For `neo_currentscape.CellRecording.from_segment`. The capacitive current is the difference
        quotient of the voltage, so that the balance checks resistances and currents independently; one
        sample is lost to it.

    Raises
    ------
    SelectionError
        When the voltage was not probed everywhere.

    Examples
    --------
    >>> segment = cell_segment(                                          # doctest: +SKIP
    ...     simulation, probes, cell, tree, capacitance=1 * pq.uF / pq.cm**2
    ... )
    >>> ncs.CellRecording.from_segment(segment).balance.worst            # doctest: +SKIP
    """
    found = to_segment(simulation, probes, morphology=shape, capacitance=capacitance, **options)
    read = morphology(cell, shape, resistivity)
    areas = dict(zip(read.sites, np.asarray(read.area), strict=True))
    per_area = units.positive(capacitance, "uF/cm**2", "capacitance")
    segment = neo.Segment(name="Arbor cell")
    out: list[Any] = []
    for signal in found.analogsignals:
        site = signal.annotations.get("site")
        if signal.name not in (*probes, "nonspecific", "axial"):
            continue  # of the fork at the end of a cable, which follows from its neighbours
        if areas.get(site, 0.0) == 0.0 and signal.annotations["role"] != "voltage":
            continue
        backward = _is_backward(found)
        kept = signal[1:] if backward else signal[:-1]
        out.append(kept)
        if signal.annotations["role"] == "voltage" and areas.get(site, 0.0) > 0:
            nanofarad = per_area * areas[site] * 1e-5
            out.append(capacitive_current(signal, nanofarad, Clock.of(kept)))
    if not out:
        raise SelectionError("The probes were sampled at uneven times: use a regular schedule.")
    segment.analogsignals.extend(out)
    read.annotate(segment)
    return segment


def _is_backward(found: neo.Segment) -> bool:
    """Whether all currents belong to the step before their sample."""
    rules = {s.annotations.get("derivative") for s in found.analogsignals} - {None}
    if len(rules) > 1:
        raise ArgumentError(
            "Some sites could be aligned with the step and others not: give reversal= potentials for all "
            "currents, or for none."
        )
    return rules == {"backward"}
