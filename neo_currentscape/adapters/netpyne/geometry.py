"""Compartments of sections as NetPyNE describes them: their centre, area and capacitance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

#: Of NEURON, where nothing else is said.
_NSEG, _CM = 1, 1.0


def compartment(section: Mapping[str, Any], loc: float) -> tuple[float, float | None, float | None]:
    """The compartment of a section at a place.

    Parameters
    ----------
    section : mapping
        With NEURON's section under "hObj", else with its description under "geom".
    loc : float
        From 0 to 1.

    Returns
    -------
    x : float
        Its centre; of an end, which has no membrane, the end itself.
    area : float or None
        In um**2; None where nothing tells it.
    cm : float or None
        In uF/cm**2; None likewise.

    Examples
    --------
    >>> ball = {"geom": {"L": 10.0, "diam": 10.0}}
    >>> x, area, cm = compartment(ball, 0.3)
    >>> x, round(area, 3), cm
    (0.5, 314.159, 1.0)
    """
    built: Any = section.get("hObj")
    geom: Any = section.get("geom")
    is_built = type(built).__name__ == "Section"
    if is_built:
        nseg = int(built.nseg)
    elif isinstance(geom, Mapping):
        nseg = int(_number(geom.get("nseg", _NSEG)) or 0)
    else:
        nseg = 0
    if nseg < 1 or loc in (0, 1):
        return loc, None, None
    number = min(int(loc * nseg), nseg - 1)
    x = (number + 0.5) / nseg
    if is_built:
        return x, float(built(x).area()), float(built(x).cm)
    return x, _area(geom, number / nseg, (number + 1) / nseg), _number(geom.get("cm", _CM))


def _number(value: Any) -> float | None:
    """A parameter that is one number; NetPyNE takes functions written as text, too."""
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return float(value) if is_number else None


def _area(geom: Mapping[str, Any], start: float, stop: float) -> float | None:
    """Membrane area between two places of a section, in um**2."""
    points = geom.get("pt3d")
    if points is not None and len(points) > 1:
        return _of_frusta(np.asarray(points, dtype=float), start, stop)
    length, diameter = _number(geom.get("L")), _number(geom.get("diam"))
    return None if length is None or diameter is None else np.pi * diameter * length * (stop - start)


def _of_frusta(points: np.ndarray, start: float, stop: float) -> float:
    """Lateral area of the truncated cones between 3-D points: pi (r1 + r2) sqrt(l**2 + (r1 - r2)**2)."""
    arc = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)))
    ends = np.array([start, stop]) * arc[-1]
    at = np.concatenate([ends[:1], arc[(arc > ends[0]) & (arc < ends[1])], ends[1:]])
    radius = np.interp(at, arc, points[:, 3]) / 2
    slant = np.hypot(np.diff(at), np.diff(radius))
    return float(np.pi * ((radius[:-1] + radius[1:]) * slant).sum())
