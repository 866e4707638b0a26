r"""Forward models as matrices from membrane currents to a signal.

A model that LFPykit makes of a cell is a matrix (contact, compartment). A model of a head takes the
current dipole moment :math:`\mathbf p = \sum_n I_n \mathbf r_n`, itself a matrix (3, compartment), so
that both together are one again: :math:`M = M_\mathrm{head} M_\mathrm{dipole}` (Naess et al. 2021,
NeuroImage 225:117467).
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, require
from neo_currentscape.recording.morphology import Morphology

#: Unit of the signal per class of LFPykit (LFPy's have the same names), for currents in nA and um.
UNITS = {
    "CurrentDipoleMoment": "nA*um",
    "LaminarCurrentSourceDensity": "nA/um**3",
    "VolumetricCurrentSourceDensity": "nA/um**3",
    "InfiniteHomogeneousVolCondMEG": "nA/um",
    "SphericallySymmetricVolCondMEG": "nA/um",
}

#: Names of the three directions.
_AXES = ("x", "y", "z")


@dataclass(frozen=True, eq=False)
class Forward:
    """A forward model as one matrix.

    Attributes
    ----------
    matrix : ndarray, shape (contact, compartment)
    unit : str
        Of the signal, for currents in nA.
    contacts : list of str
        Name of each row.
    through_dipole : bool
        Whether the signal depends on the dipole moment only.
    """

    matrix: np.ndarray
    unit: str
    contacts: list[str]
    through_dipole: bool


def forward(model: Any, location: Any = None, dipole: Any = None, **options: Any) -> Forward:
    """Make one matrix of a forward model of LFPykit or LFPy.

    Parameters
    ----------
    model : forward model
        Anything with ``get_transformation_matrix``: of a cell (point and line sources, RecExtElectrode,
        RecMEAElectrode, OneSphereVolumeConductor, the current source densities,
        CurrentDipoleMoment), or of a head (InfiniteVolumeConductor, FourSphereVolumeConductor,
        InfiniteHomogeneousVolCondMEG, SphericallySymmetricVolCondMEG, NYHeadModel); or a matrix
        (contact, compartment) in mV/nA. RecExtElectrode and RecMEAElectrode with ``n=`` draw points at
        random for every matrix: pass the matrix itself to get the same ones twice.
    location : array_like, shape (3,) or (contact, 3), optional
        What a model of a head is asked for: where the dipole is in um; for InfiniteVolumeConductor the
        displacement from the dipole to each contact.
    dipole : ndarray, shape (3, compartment), optional
        ``CurrentDipoleMoment(cell).get_transformation_matrix()``, which a model of a head needs.
    **options
        Go through to ``get_transformation_matrix``, e.g. ``n_max``.

    Returns
    -------
    Forward

    Raises
    ------
    ArgumentTypeError
        When it is no forward model.
    ArgumentError
        When a model of a head lacks the location or the dipole's matrix.

    Examples
    --------
    >>> ncs.extracellular.split_field(cell, electrode)  # asks for it  # doctest: +SKIP
    """
    if isinstance(model, np.ndarray):
        matrix = np.asarray(model, dtype=float)
        return Forward(matrix, "mV", _numbered(len(matrix)), False)
    if not hasattr(model, "get_transformation_matrix"):
        raise ArgumentTypeError(
            f"{type(model).__name__} is no forward model: pass one of LFPykit or LFPy, with the method "
            "get_transformation_matrix, or a matrix (contact, compartment)."
        )
    kind = type(model).__name__
    unit = UNITS.get(kind, "mV")
    if hasattr(model, "cell"):
        found = np.asarray(model.get_transformation_matrix(**options), dtype=float)
        flat = found.reshape(-1, found.shape[-1])
        is_dipole = kind == "CurrentDipoleMoment"
        names = [f"p_{axis}" for axis in _AXES] if is_dipole else _indexed(found.shape[:-1])
        return Forward(flat, unit, names, is_dipole)
    head = _of_head(model, location, options)
    if dipole is None:
        raise ArgumentError(
            f"{kind} takes a dipole moment: pass dipole=CurrentDipoleMoment(cell)."
            "get_transformation_matrix() as well."
        )
    names = _indexed(head.shape[:1])
    if head.ndim == 3:
        names = [f"{name} {axis}" for name in names for axis in _AXES]
    return Forward(head.reshape(-1, 3) @ np.asarray(dipole, dtype=float), unit, names, True)


def _of_head(model: Any, location: Any, options: dict[str, Any]) -> np.ndarray:
    """The matrix of a head: (contact, 3), or (sensor, 3, 3) for a magnetic field."""
    needed = [
        name
        for name, p in inspect.signature(model.get_transformation_matrix).parameters.items()
        if p.default is p.empty
    ]
    if needed and location is None:
        raise ArgumentError(
            f"{type(model).__name__} needs a place ({needed[0]}): write location=[x, y, z] in um."
        )
    given = [np.asarray(location, dtype=float)] if needed else []
    return np.asarray(model.get_transformation_matrix(*given, **options), dtype=float)


def _numbered(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def _indexed(shape: tuple[int, ...]) -> list[str]:
    if len(shape) == 1:
        return _numbered(shape[0])
    return [", ".join(map(str, index)) for index in np.ndindex(*shape)]


def geometry(morphology: Morphology) -> Any:
    """The geometry of a cell's compartments, as every forward model of LFPykit takes it.

    Parameters
    ----------
    morphology : Morphology
        With 3-D points.

    Returns
    -------
    lfpykit.CellGeometry
        Of the compartments in their order, without joints.

    Raises
    ------
    ArgumentError
        When the morphology has no 3-D points.
    MissingDependencyError
        When LFPykit is not installed.

    Examples
    --------
    >>> electrode = lfpykit.PointSourcePotential(geometry(cell.morphology), x, y, z)  # doctest: +SKIP
    """
    kit = require("lfpykit", "lfpy", "A forward model")
    if morphology.points is None or not morphology.has_all_points:
        raise ArgumentError(
            "The morphology has no 3-D points, or not of every compartment, which a forward model needs: "
            "give the sections points (h.pt3dadd, or h.define_shape()) before recording."
        )
    inside = [p for p, joint in zip(morphology.points, morphology.is_joint, strict=True) if not joint]
    ends = np.array([[p[0, :3], p[-1, :3]] for p in inside])
    diameter = np.array([_mean_diameter(p) for p in inside])
    return kit.CellGeometry(x=ends[..., 0], y=ends[..., 1], z=ends[..., 2], d=diameter)


def _mean_diameter(points: np.ndarray) -> float:
    lengths = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    middle = (points[1:, 3] + points[:-1, 3]) / 2
    return float(np.average(middle, weights=lengths) if lengths.sum() > 0 else middle.mean())
