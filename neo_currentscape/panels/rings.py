"""Rings and their labels, placed anew whenever they are drawn, so that no label lies on another.

How many points a ring is wide is known only when it is drawn: the layout of the page, the format and
the size of the window decide. So rings and texts find their places then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.transforms import IdentityTransform

from neo_currentscape.style import paper, text

#: Inner radius of a ring whose outer radius is 1.
INNER = 0.68

#: Room above and below a ring for its labels, in radii.
ROOM = 0.3

#: Room beside a ring for its labels, in units of the text; at least and at most, in radii.
BESIDE, LEAST_BESIDE, MOST_BESIDE = 2.7, 0.5, 2.5

#: Distance between a ring and its labels, and the height of a line, in units of the text.
GAP, LINE = 0.45, 1.05


@dataclass
class Ring:
    """What one ring consists of; places of percents are clockwise from the top, in turns."""

    centre: tuple[float, float] = (0.0, 0.0)
    wedges: list[Any] = field(default_factory=list)
    title: Any = None
    variants: Sequence[str] = ()
    percents: list[tuple[Any, Any, float]] = field(default_factory=list)


class Rings(Artist):
    """Places two rings of radius 1 and their texts on an axes; draws nothing itself.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Of equal aspect.
    legend : sequence of str
        Labels of a legend that is to stand at the right, for which room is left.
    """

    def __init__(self, axes: Any, legend: Sequence[str]) -> None:
        super().__init__()
        self.axes: Any
        # The first of the artists to be drawn, so that the texts are drawn where it puts them.
        self.set_zorder(-1)
        self.set_in_layout(False)
        self._rings: list[Ring] = []
        self._size = text.small_size()
        longest = max((text.width_of(label, self._size) for label in legend), default=0.0)
        self._legend_width = longest + 3 * self._size if legend else 0.0
        axes.add_artist(self)
        axes.set_axes_locator(self)

    def __call__(self, axes: Any, renderer: Any) -> Any:
        """Arrange the rings in the room that the layout left, as locator of the axes."""
        self.arrange()
        return axes.get_position(original=True)

    def arrange(self) -> None:
        """Set the limits of the axes and the places of the rings."""
        box = self.axes.get_position(original=True)
        page = self.axes.figure.bbox
        points = 72 / self.axes.figure.dpi
        width, height = box.width * page.width * points, box.height * page.height * points
        centres, across, up, beyond = arranged(width, height, self._size, self._legend_width)
        self.axes.set_xlim(-across, across + beyond)
        self.axes.set_ylim(-up, up)
        for ring, centre in zip(self._rings, centres, strict=True):
            ring.centre = centre
            for wedge in ring.wedges:
                wedge.set_center(centre)
            if ring.title is not None:
                ring.title.set_position(centre)

    def add(self) -> Ring:
        """Add a ring."""
        self._rings.append(Ring())
        return self._rings[-1]

    def add_wedge(self, ring: Ring, turn: tuple[float, float], look: Mapping[str, Any] | None) -> Any:
        """Add a part of a ring from one angle to another, in degrees; none for no look."""
        from matplotlib.patches import Wedge

        if look is None:
            return None
        wedge = Wedge(ring.centre, 1.0, *turn, **{"width": 1 - INNER, **look})
        ring.wedges.append(self.axes.add_patch(wedge))
        return wedge

    def add_title(self, ring: Ring, variants: Sequence[str], look: Mapping[str, Any]) -> None:
        """Add a text in the middle of a ring; the first variant is taken that fits into it."""
        ring.variants = variants
        ring.title = self.axes.text(0, 0, variants[0], **{"ha": "center", "va": "center", **look})
        ring.title.set_in_layout(False)

    def add_percents(
        self, ring: Ring, percents: Sequence[tuple[str, float]], look: Mapping[str, Any]
    ) -> None:
        """Add texts around a ring, each with its place clockwise from the top, in turns."""
        from matplotlib.lines import Line2D

        for words, place in percents:
            written = self.axes.text(0, 0, words, va="center", transform=IdentityTransform(), **look)
            leader = Line2D([], [], color=paper.tone(0.5), linewidth=0.07 * written.get_fontsize())
            leader.set_transform(IdentityTransform())
            self.axes.add_artist(leader)
            for artist in (written, leader):
                artist.set_in_layout(False)
            ring.percents.append((written, leader, place))

    def draw(self, renderer: Any) -> None:
        """Place the texts, which draw themselves afterwards."""
        if not self.get_visible():
            return
        for ring in self._rings:
            x, y = ring.centre
            centre, edge = self.axes.transData.transform([(x, y), (x + 1.0, y)])
            radius = float(edge[0] - centre[0])
            _place_title(ring, radius, renderer)
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
            # The nearest corner of the text keeps the gap to the ring.
            near = max(abs(y) - high / 2, 0.0)
            at = centre + (side * np.sqrt(max((around - high / 2) ** 2 - near**2, 0.0)), y)
            written.set_position(at)
            written.set_horizontalalignment("left" if side > 0 else "right")
            # A text that had to leave its wedge is led back to it.
            rim = centre + radius * np.array([np.cos(angle), np.sin(angle)])
            ends = np.array([rim, at]) if abs(y - meant) > 0.5 * high else np.empty((0, 2))
            leader.set_data(ends[:, 0], ends[:, 1])


def _place_title(ring: Ring, radius: float, renderer: Any) -> None:
    for words in ring.variants if ring.title is not None else ():
        ring.title.set_text(words)
        box = ring.title.get_window_extent(renderer)
        if np.hypot(box.width, box.height) / 2 <= 1.02 * INNER * radius:
            return


def arranged(
    width: float, height: float, size: float, legend_width: float = 0.0
) -> tuple[tuple[tuple[float, float], tuple[float, float]], float, float, float]:
    """Arrange two rings of radius 1 side by side, or in a tall room upon each other.

    Parameters
    ----------
    width, height : float
        Of the room, in points.
    size : float
        Of the text, in points.
    legend_width : float
        Part of the width that is kept free at the right, in points.

    Returns
    -------
    centres : two tuples of float
        In radii.
    across, up : float
        From the middle of the rings to the borders of the room that they and their labels take.
    beyond : float
        Width of what is kept free.
    """
    room = max(width - legend_width, size)
    is_tall = height > 1.2 * room
    columns, rows = (1, 2) if is_tall else (2, 1)
    beside, radius = LEAST_BESIDE, size
    for _ in range(8):  # the room for labels in radii depends on the radius, which depends on the room
        radius = min(height / rows / (2 + 2 * ROOM), room / columns / (2 + 2 * beside))
        beside = float(np.clip(BESIDE * size / radius, LEAST_BESIDE, MOST_BESIDE))
    across, up = columns * (1 + beside), rows * (1 + ROOM)
    centres = ((0.0, up / 2), (0.0, -up / 2)) if is_tall else ((-across / 2, 0.0), (across / 2, 0.0))
    return centres, across, up, legend_width / radius


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
