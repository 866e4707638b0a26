"""From a configuration to the page: size, margins, text, and what may move so that nothing is cut off."""

from __future__ import annotations

from typing import Any

from neo_currentscape.compat.config import Config

#: Edges of the panels.
EDGES = ("left", "right", "top", "bottom")


def page(config: Config) -> dict[str, Any]:
    """Keywords of `neo_currentscape.compat.drawing.sheet.draw_sheet`.

    Parameters
    ----------
    config : Config

    Returns
    -------
    dict
        Margins that the configuration names stay where they are; the others hold their defaults, and
        move inwards where labels or legends would be cut off.
    """
    elastic = {edge for edge in EDGES if f"adjust.{edge}" not in config.given}
    if "legend.ypos" not in config.given:
        elastic.add("legend")
    return {
        "size": config["figsize"],
        "margins": {edge: config[f"adjust.{edge}"] for edge in EDGES},
        "elastic": elastic,
        "title": config["title"],
        "settings": settings(config),
    }


def settings(config: Config) -> dict[str, Any]:
    """rcParams of the figure: sizes of text, no tick marks, hatches, legends."""
    size = config["textsize"]
    marks = {f"{axis}tick.{kind}.size": 0.0 for axis in "xy" for kind in ("major", "minor")}
    pads = {f"{axis}tick.{kind}.pad": 1.0 for axis in "xy" for kind in ("major", "minor")}
    return {
        **marks,
        **pads,
        "font.size": size,
        "axes.labelsize": size,
        "axes.labelpad": config["labelpad"],
        "xtick.labelsize": size,
        "ytick.labelsize": size,
        "figure.titlesize": config["titlesize"],
        "legend.fontsize": config["legend.textsize"],
        "hatch.linewidth": config["pattern.linewidth"],
        # The border of the legends; panels say the width of whatever else they fill.
        "patch.linewidth": 0.5,
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
    }
