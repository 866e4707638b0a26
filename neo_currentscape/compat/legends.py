"""Keywords of the legends: coloured names in a box beside their panel, with swatches for patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.drawing.pair_handles import areas_with_lines
from neo_currentscape.conventions.errors import warn
from neo_currentscape.style.look import Looks
from neo_currentscape.style.text import brief

#: Part of the height of the page that a legend may take: one that may move up, and one that hangs where the
#: configuration has it.
ROOM, ROOM_BELOW = 0.97, 0.6

#: Part of the width of the page that a legend may take, so that panels with their labels have the rest.
ROOM_BESIDE = 0.34

#: Height of a line of text, width of a wide letter, gaps between columns and round the text, in text sizes.
LINE, LONGEST, BETWEEN, BORDER = 1.05, 1.0, 0.8, 0.4

#: Points below which nothing can be read.
SMALLEST = 2.0


def legend_of(
    config: Config, names: Sequence[str], looks: Looks, areas: bool, lines: bool
) -> dict[str, Any] | bool:
    """Keywords for matplotlib's legend, or False for none.

    Parameters
    ----------
    config : Config
    names : sequence of str
        In the order of the legend.
    looks : Looks
    areas, lines : bool
        What the entries stand for.

    Returns
    -------
    dict or False
    """
    if not config["show.legend"]:
        return False
    pairs = areas and lines
    length = config["legend.handlelength"] if _has_handles(config) else 0.0
    spacing = 0.25 if length else 0.1
    handle = (2 * length if pairs else length) + (0.5 if length else 0.0)
    size, columns = _on_the_page(config, names, handle, spacing)
    look: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (1.01, config["legend.ypos"]),
        "ncols": columns,
        "facecolor": config["legend.bgcolor"],
        "edgecolor": "black",
        "frameon": True,
        "framealpha": 1.0,
        "fancybox": False,
        "borderpad": BORDER,
        "borderaxespad": 0.0,
        "labelspacing": spacing,
        "columnspacing": BETWEEN,
        "handlelength": 2 * length if pairs else length,
        "handletextpad": 0.5 if length else 0.0,
        "prop": {"weight": "bold", "size": size},
        "labelcolor": [looks[name].color for name in names],
    }
    if pairs and length:
        look |= areas_with_lines(names, looks, config["lw"])
    return look


def _on_the_page(config: Config, names: Sequence[str], handle: float, spacing: float) -> tuple[float, int]:
    """Size of the text and number of columns with which a legend ends on the page.

    The width of a handle is in text sizes. Text becomes smaller only where the panels would have less
    than half of the page, and where the configuration does not say where they end.
    """
    told = size = config["legend.textsize"]
    room = config["figsize"][0] * 72 * ROOM_BESIDE
    while size > SMALLEST and "adjust.right" not in config.given:
        columns = _columns(config, len(names), size, spacing)
        if columns * (LONGEST * max(map(len, names)) + handle + BETWEEN) * size <= room:
            break  # the usual case, in which nothing is measured
        width = columns * (_widest(tuple(names)) + handle + BETWEEN) - BETWEEN + 2 * BORDER
        if width * size <= room:
            break
        size = max(SMALLEST, 0.95 * size)
    if size < told:
        warn(
            f"The legend of {len(names)} names is written in {size:.1f} instead of {told:g} points, so "
            "that it ends on the page: choose a larger 'figsize', or shorter names."
        )
    return size, _columns(config, len(names), size, spacing)


def _columns(config: Config, n: int, size: float, spacing: float) -> int:
    """As many columns as it takes for a legend to end above the edge of the page."""
    part = ROOM_BELOW if "legend.ypos" in config.given else ROOM
    # Small letters are rounded up to whole pixels.
    line = LINE + spacing + 0.35 * max(0.0, 4.0 - size)
    rows = int((part * config["figsize"][1] * 72 - size) / (size * line))
    return -(-n // max(rows, 1))


@lru_cache(maxsize=8)
def _widest(names: tuple[str, ...]) -> float:
    """Width of the widest name, in text sizes."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    bold = FontProperties(weight="bold", size=10)
    lines = {line for name in names for line in brief(name).splitlines() or [""]}
    return max(text_to_path.get_text_width_height_descent(line, bold, False)[0] for line in lines) / 10


def _has_handles(config: Config) -> bool:
    return config["pattern.use"] or config["current.stackplot"]
