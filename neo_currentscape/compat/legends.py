"""Keywords of the legends: coloured names in a box beside their panel, with swatches for patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.drawing.pair_handles import areas_with_lines
from neo_currentscape.style.palettes import Looks


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
    look: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (1.01, config["legend.ypos"]),
        "ncols": 1,
        "facecolor": config["legend.bgcolor"],
        "edgecolor": "black",
        "frameon": True,
        "framealpha": 1.0,
        "fancybox": False,
        "borderpad": 0.4,
        "borderaxespad": 0.0,
        "labelspacing": 0.25 if length else 0.1,
        "handlelength": 2 * length if pairs else length,
        "handletextpad": 0.5 if length else 0.0,
        "prop": {"weight": "bold", "size": config["legend.textsize"]},
        "labelcolor": [looks[name].color for name in names],
    }
    if pairs and length:
        look |= areas_with_lines(names, looks, config["lw"])
    return look


def _has_handles(config: Config) -> bool:
    return config["pattern.use"] or config["current.stackplot"]
