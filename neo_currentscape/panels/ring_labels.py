"""Labels of rings, placed anew whenever they are drawn, so that none lies on another.

How many points a ring is wide is known only when it is drawn: the layout of the page, the format and
the size of the window decide. So the texts find their places then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.transforms import IdentityTransform

#: Inner radius of a ring whose outer radius is 1.
INNER = 0.68

#: Room above and below a ring, for its labels.
ROOM = 0.3

#: Distance between a ring and its labels, and the height of a line, in units of the text.
GAP, LINE = 0.45, 1.05


@dataclass
class _Ring:
    """The texts of one ring; places are angles clockwise from the top, in turns."""

    centre: tuple[float, float]
    title: Any = None
    variants: Sequence[str] = ()
    percents: list[tuple[Any, Any, float]] = field(default_factory=list)


class RingLabels(Artist):
    """Places the texts of rings of radius 1 in the data coordinates of an axes; draws nothing itself."""

    def __init__(self) -> None:
        super().__init__()
        self.axes: Any
        # The first of the artists to be drawn, so that the texts are drawn where it puts them.
        self.set_zorder(-1)
        self.set_in_layout(False)
        self._rings: dict[tuple[float, float], _Ring] = {}

    def _ring(self, centre: tuple[float, float]) -> _Ring:
        return self._rings.setdefault(centre, _Ring(centre))

    def add_title(
        self, axes: Any, centre: tuple[float, float], variants: Sequence[str], look: Mapping[str, Any]
    ) -> None:
        """Add a text in the middle of a ring; the first variant is taken that fits into it.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        centre : tuple of float
            Of the ring.
        variants : sequence of str
        look : mapping
            Keywords for `matplotlib.text.Text`.
        """
        ring = self._ring(centre)
        ring.variants = variants
        ring.title = axes.text(*centre, variants[0], **{"ha": "center", "va": "center", **look})
        ring.title.set_in_layout(False)

    def add_percents(
        self,
        axes: Any,
        centre: tuple[float, float],
        percents: Sequence[tuple[str, float]],
        look: Mapping[str, Any],
    ) -> None:
        """Add texts around a ring.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        centre : tuple of float
            Of the ring.
        percents : sequence of (text, place)
            Places clockwise from the top, in turns.
        look : mapping
            Keywords for `matplotlib.text.Text`.
        """
        from matplotlib.lines import Line2D

        for words, place in percents:
            angle = np.pi / 2 - 2 * np.pi * place
            at = centre[0] + 1.15 * np.cos(angle), centre[1] + 1.15 * np.sin(angle)
            written = axes.text(*at, words, ha="center", va="center", **look)
            leader = Line2D([], [], color="0.5", linewidth=0.07 * written.get_fontsize())
            leader.set_transform(IdentityTransform())
            axes.add_artist(leader)
            for artist in (written, leader):
                artist.set_in_layout(False)
            self._ring(centre).percents.append((written, leader, place))

    def draw(self, renderer: Any) -> None:
        """Place the texts, which draw themselves afterwards."""
        if not self.get_visible():
            return
        for ring in self._rings.values():
            self._place_title(ring, renderer)
            self._place_percents(ring, renderer)

    def _in_pixels(self, ring: _Ring) -> tuple[np.ndarray, float]:
        x, y = ring.centre
        centre, edge = self.axes.transData.transform([(x, y), (x + 1.0, y)])
        return centre, float(edge[0] - centre[0])

    def _place_title(self, ring: _Ring, renderer: Any) -> None:
        if ring.title is None:
            return
        _, radius = self._in_pixels(ring)
        for words in ring.variants:
            ring.title.set_text(words)
            box = ring.title.get_window_extent(renderer)
            if np.hypot(box.width, box.height) / 2 <= 1.02 * INNER * radius:
                return

    def _place_percents(self, ring: _Ring, renderer: Any) -> None:
        centre, radius = self._in_pixels(ring)
        for side in (1, -1):
            entries = [entry for entry in ring.percents if (entry[2] % 1 < 0.5) == (side > 0)]
            if entries:
                self._place_side(entries, centre, radius, side, renderer)
        # A ring of one current has its label below.
        if len(ring.percents) == 1 and abs(ring.percents[0][2] % 1 - 0.5) < 0.02:
            ring.percents[0][0].set_horizontalalignment("center")

    def _place_side(
        self, entries: list[Any], centre: np.ndarray, radius: float, side: int, renderer: Any
    ) -> None:
        boxes = [written.get_window_extent(renderer) for written, _, _ in entries]
        high = max(box.height for box in boxes)
        size = entries[0][0].get_fontsize() * self.axes.figure.dpi / 72
        around = radius + GAP * size + high / 2
        angles = np.pi / 2 - 2 * np.pi * np.array([place for _, _, place in entries])
        room = (1 + ROOM) * radius - high / 2
        wanted = around * np.sin(angles)
        heights = spread(wanted, max(high, LINE * size), min(room, around))
        for (written, leader, _), angle, y, meant in zip(entries, angles, heights, wanted, strict=True):
            at = centre + (side * np.sqrt(max(around**2 - y**2, 0.0)), y)
            written.set_transform(IdentityTransform())
            written.set_position(at)
            written.set_horizontalalignment("left" if side > 0 else "right")
            # A text that had to leave its wedge is led back to it.
            rim = centre + radius * np.array([np.cos(angle), np.sin(angle)])
            ends = np.array([rim, at]) if abs(y - meant) > 0.5 * high else np.empty((0, 2))
            leader.set_data(ends[:, 0], ends[:, 1])


def spread(wanted: np.ndarray, distance: float, limit: float) -> np.ndarray:
    """Move numbers apart until neighbours keep a distance, with as little movement as possible.

    Parameters
    ----------
    wanted : ndarray, shape (n,)
    distance : float
        The least distance of neighbours; smaller where that many do not fit.
    limit : float
        They stay between -limit and limit.

    Returns
    -------
    ndarray, shape (n,)
        In the order of `wanted`.

    Examples
    --------
    >>> spread(np.array([0.0, 0.1, 5.0]), 1.0, 10.0).tolist()
    [-0.45, 0.55, 5.0]
    """
    order = np.argsort(wanted, kind="stable")
    n = len(wanted)
    distance = min(distance, 2 * limit / (n - 1)) if n > 1 else distance
    # Without its rank times the distance, a number must only not be below the one before it: this is
    # isotonic regression, by pooling neighbours that are in the wrong order.
    pools: list[tuple[float, int]] = []
    for value in np.asarray(wanted, dtype=float)[order] - distance * np.arange(n):
        pools.append((float(value), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m), (b, k) = pools[-2:]
            pools[-2:] = [((a * m + b * k) / (m + k), m + k)]
    flat = np.concatenate([np.full(k, value) for value, k in pools])
    flat = np.clip(flat, -limit, limit - distance * (n - 1))
    out = np.empty(n)
    out[order] = flat + distance * np.arange(n)
    return out
