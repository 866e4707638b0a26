"""Keywords of the legends: coloured names in a box beside their panel, with swatches for patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.drawing.pair_handles import areas_with_lines
from neo_currentscape.style.palettes import Looks

#: Part of the height of the page that a legend may take: one that may move up, and one that hangs where the
#: configuration has it.
ROOM, ROOM_BELOW = 0.97, 0.6

#: Height of a line of text, in text sizes.
LINE = 1.05


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
    look: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (1.01, config["legend.ypos"]),
        "ncols": _columns(config, len(names), spacing),
        "facecolor": config["legend.bgcolor"],
        "edgecolor": "black",
        "frameon": True,
        "framealpha": 1.0,
        "fancybox": False,
        "borderpad": 0.4,
        "borderaxespad": 0.0,
        "labelspacing": spacing,
        "columnspacing": 0.8,
        "handlelength": 2 * length if pairs else length,
        "handletextpad": 0.5 if length else 0.0,
        "prop": {"weight": "bold", "size": config["legend.textsize"]},
        "labelcolor": [looks[name].color for name in names],
    }
    if pairs and length:
        look |= areas_with_lines(names, looks, config["lw"])
    return look


def _columns(config: Config, n: int, spacing: float) -> int:
    """As many columns as it takes for a legend to end on the page."""
    part = ROOM_BELOW if "legend.ypos" in config.given else ROOM
    height = part * config["figsize"][1] * 72 - config["legend.textsize"]
    rows = int(height / (config["legend.textsize"] * (LINE + spacing)))
    return -(-n // max(rows, 1))


def _has_handles(config: Config) -> bool:
    return config["pattern.use"] or config["current.stackplot"]
