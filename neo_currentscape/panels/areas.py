"""Stacked areas over time: what the shares and the stacked currents panels share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.style import readout
from neo_currentscape.style.drawn import Stack
from neo_currentscape.style.elements import element


def draw_stack(
    axes: Any,
    x: np.ndarray,
    parts: Sequence[np.ndarray],
    looks: Sequence[Mapping[str, Any]],
    own: bool | Mapping[str, Any],
    sign: float,
    start: float = 0.0,
    flows: Sequence[Any] = (),
    flow_unit: Any = None,
) -> list[Any]:
    """Stack areas upon each other, away from the zero line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    x : ndarray, shape (column,)
        Times.
    parts : sequence of ndarray, each of shape (column,)
        Thickness of each area, >= 0; NaN where there is a gap. The first lies at the zero line.
    looks : sequence of mappings
        Keywords of each area for `matplotlib.axes.Axes.fill_between`, its label among them.
    own : bool or mapping
        The caller's keywords for all areas.
    sign : float
        1 for upwards, -1 for downwards.
    start : float
        Where the first one begins.
    flows, flow_unit : optional
        What is told below the mouse beside each part; see `neo_currentscape.style.drawn.Stack`.

    Returns
    -------
    list of matplotlib collections
        One for each part.
    """
    from matplotlib.collections import PolyCollection

    artists, base = [], np.full(len(x), sign * start)
    ground = base
    for part, look in zip(parts, looks, strict=True):
        top = base + part
        artists.append(
            axes.fill_between(x, sign * base, sign * top, **(element(own, look, PolyCollection) or {}))
        )
        # As far as to the middle of the outermost area that has a thickness.
        ground = np.where(part == 0, ground, (base + top) / 2)
        base = top
    if artists:
        labels = [str(look.get("label", "")) for look in looks]
        readout.of(axes).add(Stack(x, artists, parts, labels, sign, start, flows, flow_unit))
    if not _is_translucent(artists):
        _close_seams(axes, x, sign * ground, start)
    return artists


def _is_translucent(areas: Sequence[Any]) -> bool:
    return any(area.get_alpha() is not None or (area.get_facecolor()[:, 3] < 1).any() for area in areas)


def _close_seams(axes: Any, x: np.ndarray, top: np.ndarray, start: float) -> None:
    """Put a grey ground below the areas.

    Where two smoothed edges meet, a part of what is below them shines through: a white hairline on
    white paper. Outlines of the areas would hide it too, but would draw what has no thickness.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    held = np.flatnonzero(np.isfinite(top))
    runs = np.split(held, np.flatnonzero(np.diff(held) > 1) + 1)
    outlines = [
        np.column_stack([np.r_[x[run], x[run][::-1]], np.r_[top[run], np.full(len(run), start)]])
        for run in runs
        if len(run) > 1
    ]
    if not outlines:
        return
    path = Path.make_compound_path(*(Path(np.vstack([o, o[:1]]), closed=True) for o in outlines))
    ground = PathPatch(path, facecolor="0.5", edgecolor="none", linewidth=0.0, zorder=0.5)
    ground.set_label("_ground of the areas")
    # Its limits are those of the areas: not to look for them again saves time.
    axes.add_artist(ground)
