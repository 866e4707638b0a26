r"""The current dipole moment of a cell by current: which of them drive it up, and which down.

With :math:`I_{n,k}` the current k that leaves compartment n through the membrane, and :math:`\mathbf r_n`
the middle of the compartment,

.. math:: \mathbf p(t) = \sum_n \sum_k I_{n,k}(t)\,(\mathbf r_n - \mathbf r_0)
          = \sum_n i_n(t)\,(\mathbf r_n - \mathbf r_{\mathrm{parent}(n)}) ,

where :math:`i_n` is what flows along the cable from the parent into n: the moment of the membrane
currents is that of the currents inside the cell (Naess et al. 2021, NeuroImage 225:117467). All currents
of a cell sum to zero, so the origin :math:`\mathbf r_0` does not matter for their sum. It does for the
part of a single current, which flows back as others: its part is the moment of that current together with
a return current at the origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.extracellular.field import Field
from neo_currentscape.extracellular.forward import Forward
from neo_currentscape.extracellular.split import split_by
from neo_currentscape.recording import time_checks
from neo_currentscape.recording.morphology import Morphology

if TYPE_CHECKING:
    from neo_currentscape.spatial.cell_recording import CellRecording

#: Unit of the moment of currents in nA; it is the same as fA m.
UNIT = "nA*um"

_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


def dipole(
    cell: CellRecording,
    axis: Any = None,
    *,
    origin: Any = "membrane",
    by: Any = "type",
    regions: Any = None,
    electrodes: bool = True,
    t_start: Any = None,
    t_stop: Any = None,
) -> Field:
    """Split the current dipole moment of a cell by the membrane currents that make it.

    Parameters
    ----------
    cell : CellRecording
        With 3-D points.
    axis : {"x", "y", "z"} or array_like, shape (3,), optional
        The direction along which it is wanted, e.g. from the soma to the tuft; all three by default.
    origin : {"membrane", "root"} or array_like, shape (3,)
        Where each current is taken to flow back: "membrane", the middle of the cell's membrane (mean place,
        weighted with the capacitance), is where a current returns that charges the whole cell evenly;
        "root" is the root compartment, mostly the soma; or a place in um.
    by : {"type", "region", "section", "distance"} or tuple of them
        What the parts are; see `neo_currentscape.spatial.grouping.attribute`.
    regions : optional
        Labels for ``by="region"``.
    electrodes : bool
        Whether the current of an intracellular electrode counts as a source. True is what the currents
        inside the cell give.
    t_start, t_stop : Quantity, optional
        A window.

    Returns
    -------
    Field
        Its contacts are the axes, "p_x", "p_y", "p_z" or "p"; the unit is nA*um (which is fA m).

    Raises
    ------
    ArgumentError
        When the cell has no 3-D points, or axis and origin are none.

    Warns
    -----
    CurrentscapeWarning
        When the currents do not sum to zero over the cell.

    Notes
    -----
    A part says what the moment is made of, and not what it would be without that current, which would
    change all others. Point processes at joints count in the compartment next to them.

    Examples
    --------
    A synapse draws 1 nA into the dendrite, which leaves as leak at the soma 100 um below:

    >>> import numpy as np, neo_currentscape as ncs
    >>> points = [[[0, 0, -10, 10], [0, 0, 10, 10]], [[0, 0, 60, 1], [0, 0, 140, 1]]]
    >>> two = Morphology(["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [300, 100], [0, 100], points=points)
    >>> membrane = np.zeros((2, 2, 2))
    >>> membrane[0, 0], membrane[1, 1] = 1.0, -1.0          # leak at the soma, synapse at the dendrite
    >>> cell = ncs.CellRecording.from_arrays(membrane, [[-70.0] * 2, [-68.0] * 2], two,
    ...                                      names=["leak", "synapse"], times=[0, 1])
    >>> p = dipole(cell, "z")                               # the middle of the membrane is at 25 um
    >>> p.names, p.parts[0, :, 0], p.total[0, 0]
    (['leak', 'synapse'], array([-25., -75.]), np.float64(-100.0))
    """
    directions, names = directions_of(axis)
    places = middles(cell.morphology)
    matrix = directions @ (places - _origin(cell.morphology, places, origin)).T
    found = Forward(matrix, UNIT, names, True)
    return split_by(
        cell, found, by=by, regions=regions, electrodes=electrodes, t_start=t_start, t_stop=t_stop
    )


def middles(morphology: Morphology) -> np.ndarray:
    """The middle of every compartment, between its two ends.

    Parameters
    ----------
    morphology : Morphology
        With 3-D points.

    Returns
    -------
    ndarray, shape (compartment, 3)
        In um, without joints.

    Raises
    ------
    ArgumentError
        When the morphology has no 3-D points.
    """
    if morphology.points is None or not morphology.has_all_points:
        raise ArgumentError(
            "The morphology has no 3-D points, or not of every compartment, which a dipole moment needs: "
            "give the sections points (h.pt3dadd, or h.define_shape()) before recording."
        )
    inside = [p for p, joint in zip(morphology.points, morphology.is_joint, strict=True) if not joint]
    return np.array([(p[0, :3] + p[-1, :3]) / 2 for p in inside])


def directions_of(axis: Any) -> tuple[np.ndarray, list[str]]:
    """Unit vectors of what was given as ``axis=``, shape (axis, 3), and their names.

    Raises
    ------
    ArgumentError
        When it is no direction.
    """
    if axis is None:
        return np.array(list(_AXES.values())), [f"p_{name}" for name in _AXES]
    if isinstance(axis, str):
        if axis not in _AXES:
            raise ArgumentError(
                f"axis={axis!r} is none: write 'x', 'y', 'z', or a vector of three numbers."
            )
        return np.array([_AXES[axis]]), [f"p_{axis}"]
    vector = _three(axis, "axis")
    length = float(np.linalg.norm(vector))
    if length == 0:
        raise ArgumentError("axis=(0, 0, 0) has no direction: write e.g. axis='z' or axis=(0, 0, 1).")
    return vector[None] / length, ["p"]


def _origin(morphology: Morphology, places: np.ndarray, origin: Any) -> np.ndarray:
    if not isinstance(origin, str):
        return _three(origin, "origin")
    inside = ~morphology.is_joint
    if origin == "membrane":
        capacitance = 1.0 if morphology.capacitance is None else morphology.capacitance
        return np.average(places, axis=0, weights=(morphology.area * capacitance)[inside])
    if origin == "root":
        return places[int(np.argmax(morphology.parent[inside] < 0))]
    raise ArgumentError(
        f"origin={origin!r} is none: write 'membrane', 'root', or a place of three numbers."
    )


def _three(given: Any, name: str) -> np.ndarray:
    try:
        vector = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        vector = np.empty(0)
    if vector.shape != (3,) or not np.isfinite(vector).all():
        raise ArgumentError(f"{name}={given!r} are not three numbers: write e.g. {name}=(0, 0, 1).")
    return vector


def add(fields: Iterable[Field] | Mapping[str, Field | Sequence[Field]]) -> Field:
    """Add the signals of several cells, current by current or cell type by cell type.

    Parameters
    ----------
    fields : iterable of Field, or mapping of str to Field or sequence of Field
        Of the same contacts, unit and times. Those of an iterable are added part by part, by name; of a
        mapping each key becomes one part, the whole signal of its fields.

    Returns
    -------
    Field

    Raises
    ------
    ArgumentError
        When there are none, or contacts, units or times differ.

    Examples
    --------
    >>> add([of_cell_1, of_cell_2])                                        # doctest: +SKIP
    >>> add({"layer 2/3": of_l2, "layer 5": [of_l5, of_another]})          # doctest: +SKIP
    """
    if isinstance(fields, Mapping):
        given = {name: [one] if isinstance(one, Field) else one for name, one in fields.items()}
        return add([_whole(add(some), str(name)) for name, some in given.items()])
    found = list(fields)
    _check_alike(found)
    names = list(dict.fromkeys(name for field in found for name in field.names))
    first = found[0]
    parts = np.zeros((len(first.contacts), len(names), first.parts.shape[2]))
    for field in found:
        # A field names each of its parts once.
        parts[:, [names.index(name) for name in field.names]] += field.parts
    return Field(names, parts, first.unit, first.contacts, first.times, max(f.net for f in found))


def _whole(field: Field, name: str) -> Field:
    total = field.total[:, None]
    return Field([name], total, field.unit, field.contacts, field.times, field.net)


def _check_alike(fields: Sequence[Any]) -> None:
    if not fields:
        raise ArgumentError("There is no field to add: pass one for each cell.")
    for field in fields:
        if not isinstance(field, Field):
            raise ArgumentTypeError(f"{field!r} is no Field: pass what dipole(cell) or split_field() gave.")
        first = fields[0]
        for what in ("unit", "contacts"):
            if getattr(field, what) != getattr(first, what):
                raise ArgumentError(
                    f"Fields differ in their {what}, {getattr(first, what)} and {getattr(field, what)}: "
                    "split all for the same contacts, in the same unit."
                )
        time_checks.check_same_times(first.times, field.times, "the first field", "another field")
