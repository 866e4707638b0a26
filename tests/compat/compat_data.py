"""Arrays that the tests of `plot` draw."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

import neo_currentscape as ncs

N = 5
NAMES = ["Na", "CaT", "Kd", "A", "leak"]
T = 100 + 0.1 * np.arange(401)


def currents() -> np.ndarray:
    """Five currents of both directions, in pA, outward positive."""
    phases = np.array([0.0, 1.1, 2.3, 3.9, 5.0])
    sizes = np.array([80.0, 3.0, 60.0, 9.0, 1.0])
    return sizes[:, None] * (np.sin(T / (3 + np.arange(N))[:, None] + phases[:, None]) + 0.2)


def voltage() -> np.ndarray:
    """In mV, from -65 to 15."""
    return -65 + 80 * np.maximum(0, np.sin(T / 6)) ** 8


def ions() -> np.ndarray:
    """Three concentrations in mM."""
    return np.array([1e-4 * (1 + np.sin(T / 9) ** 2), 140 + 0 * T, 10 + np.sin(T / 7)])


def merged(*configs: dict[str, Any]) -> dict[str, Any]:
    """Sections of several configurations in one."""
    out: dict[str, Any] = {}
    for config in configs:
        for key, value in copy.deepcopy(config).items():
            if isinstance(value, dict):
                out.setdefault(key, {}).update(value)
            else:
                out[key] = value
    return out


def nested(path: str, value: Any) -> dict[str, Any]:
    """A configuration of one key."""
    section, _, key = path.rpartition(".")
    return {section: {key: value}} if section else {key: value}


def drawn(*configs: dict[str, Any], **changes: Any) -> Any:
    """The figure of a configuration."""
    given = {"voltage": voltage(), "currents": currents(), "ions_data": ions(), "time": T, **changes}
    return ncs.plot(config=merged({"current": {"names": NAMES}}, *configs), **given)


def thickness(area: Any, at: float) -> float:
    """How thick an area is at a time, read off what is drawn."""
    vertices = area.get_paths()[0].vertices[:-1]
    last = int(np.argmax(vertices[:, 0]))
    there, back = vertices[1 : last + 1], vertices[last:][::-1]
    edges = [np.interp(at, *half[np.argsort(half[:, 0], kind="stable")].T) for half in (there, back)]
    return abs(float(edges[0] - edges[1]))
