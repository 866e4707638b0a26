"""A signal of a forward model, split by the membrane currents of the cell that make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, require, warn
from neo_currentscape.extracellular.field import Field
from neo_currentscape.extracellular.forward import Forward, forward, geometry
from neo_currentscape.extracellular.per_current import by_current
from neo_currentscape.spatial.members import members

if TYPE_CHECKING:
    from neo_currentscape.recording.morphology import Morphology
    from neo_currentscape.spatial.cell_recording import CellRecording

#: Part of the largest current of the cell that the sum of all may be before it is said.
BALANCED = 1e-6


def split_field(
    cell: CellRecording,
    model: Any,
    *,
    location: Any = None,
    by: str = "type",
    regions: Any = None,
    electrodes: bool = False,
    t_start: Any = None,
    t_stop: Any = None,
    **options: Any,
) -> Field:
    """Split the signal of a forward model by the membrane currents that make it.

    Parameters
    ----------
    cell : CellRecording
        Whose compartments are, in their order, those of the model's cell.
    model : forward model
        See `neo_currentscape.extracellular.forward.forward`.
    location : array_like, optional
        Of the dipole, for models of a head.
    by : {"type", "region", "section", "distance"} or tuple of them
        What the parts are; see `neo_currentscape.spatial.grouping.attribute`.
    regions : optional
        Labels for ``by="region"``.
    electrodes : bool
        Whether the current of an intracellular electrode counts as a source. False is what LFPy's
        ``imem`` holds: then the sum over the cell is not zero, but the injected current.
    t_start, t_stop : Quantity, optional
        A window.
    **options
        Go through to the model's ``get_transformation_matrix``.

    Returns
    -------
    Field

    Raises
    ------
    ArgumentError
        When the model is of another cell.

    Warns
    -----
    CurrentscapeWarning
        When the currents do not sum to zero over the cell and the model goes through the dipole moment,
        which then depends on the origin.

    Examples
    --------
    >>> electrode = lfpykit.RecExtElectrode(lfpy_cell, x=x, y=y, z=z)  # doctest: +SKIP
    >>> field = split_field(cell, electrode, by="region")                # doctest: +SKIP
    >>> field.plot()                                                     # doctest: +SKIP
    """
    joint = cell.morphology.is_joint
    found = forward(model, location, _dipole(cell, model), **options)
    if found.matrix.shape[1] != int((~joint).sum()):
        raise ArgumentError(
            f"The {type(model).__name__} is of a cell of {found.matrix.shape[1]} compartments, and the "
            f"recording holds {int((~joint).sum())}: make the model of geometry(cell.morphology)."
        )
    return split_by(
        cell, found, by=by, regions=regions, electrodes=electrodes, t_start=t_start, t_stop=t_stop
    )


def split_by(
    cell: CellRecording,
    found: Forward,
    *,
    by: Any = "type",
    regions: Any = None,
    electrodes: bool = False,
    t_start: Any = None,
    t_stop: Any = None,
) -> Field:
    """Split the signal of a model that is a matrix already; see `split_field`.

    Parameters
    ----------
    cell : CellRecording
    found : Forward
        Of the compartments of the cell.
    by, regions, electrodes, t_start, t_stop
        As for `split_field`.

    Returns
    -------
    Field
    """
    matrix = on_nodes(cell.morphology, found.matrix)
    names, group = members(cell, cell.nodes(), by, regions, None, in_order=False)
    kept = _kept(cell, electrodes)
    rows = cell.rows(t_start, t_stop)
    parts = np.zeros((len(matrix), len(names), rows.stop - rows.start))
    net = peak = 0.0
    for here, membrane, _ in cell.blocks(rows):
        part = membrane if kept.all() else membrane * kept[:, None]
        net = max(net, float(np.abs(part.sum(axis=(0, 1))).max()))
        peak = max(peak, float(part.max()), -float(part.min()))
        out = parts[:, :, here.start - rows.start : here.stop - rows.start]
        _add_up(out, part, matrix, group)
    _warn_of_net(found, net, peak, electrodes)
    return field_of(cell, rows, names, parts, found, net)


def field_of(
    cell: CellRecording, rows: slice, names: list[str], parts: np.ndarray, model: Forward, net: float
) -> Field:
    """The Field of parts (contact, part, time) of a window, without those that are 0 all the time."""
    used: np.ndarray = np.any(parts, axis=(0, 2))
    listed = [name for name, some in zip(names, used, strict=True) if some]
    return Field(listed, parts[:, used], model.unit, model.contacts, cell.traces.clock[rows], net)


def _add_up(out: np.ndarray, part: np.ndarray, matrix: np.ndarray, group: np.ndarray) -> None:
    """Sum the signals (contact, part, time) of currents (node, type, time) by the group of each."""
    if (group == group[:1]).all():
        for k, signal in zip(group[0], np.moveaxis(by_current(part, matrix), 1, 0), strict=True):
            out[:, k] += signal
        return
    for k in range(out.shape[1]):
        nodes = (group == k).any(axis=1)
        own = (part[nodes] * (group[nodes] == k)[:, :, None]).sum(axis=1, keepdims=True)
        out[:, k] = by_current(own, matrix[:, nodes])[:, 0]


def _dipole(cell: CellRecording, model: Any) -> Any:
    """The matrix of the dipole moment, for models of a head."""
    if isinstance(model, np.ndarray) or hasattr(model, "cell"):
        return None
    kit = require("lfpykit", "lfpy", "A dipole moment")
    return kit.CurrentDipoleMoment(geometry(cell.morphology)).get_transformation_matrix()


def on_nodes(morphology: Morphology, matrix: np.ndarray) -> np.ndarray:
    """A matrix of compartments as one of all nodes: a joint counts where the compartment next to it is.

    Parameters
    ----------
    morphology : Morphology
    matrix : ndarray, shape (contact, compartment)

    Returns
    -------
    ndarray, shape (contact, node)
    """
    joint, parent = morphology.is_joint, np.asarray(morphology.parent)
    out = np.zeros((len(matrix), len(joint)))
    out[:, ~joint] = matrix
    for node in np.flatnonzero(joint):
        above = parent[node]
        while above >= 0 and joint[above]:
            above = parent[above]
        out[:, node] = out[:, above if above >= 0 else int(np.flatnonzero(~joint)[0])]
    return out


def _kept(cell: CellRecording, electrodes: bool) -> np.ndarray:
    out = cell.traces.electrodes
    return np.array([float(electrodes or name not in out) for name in cell.types])


def _warn_of_net(found: Forward, net: float, peak: float, electrodes: bool) -> None:
    if found.through_dipole and net > BALANCED * peak:
        hint = (
            "look at cell.balance for what was not recorded"
            if electrodes
            else "write electrodes=True to count electrodes as sources"
        )
        warn(
            f"The currents of the cell sum to up to {net:.3g} nA instead of zero, so that the dipole "
            f"moment depends on the origin: {hint}, or shift the origin to where the current returns."
        )
