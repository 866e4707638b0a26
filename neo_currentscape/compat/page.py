"""From a configuration to the page: size, margins, text, and what may move so that nothing is cut off."""

from __future__ import annotations

from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.conventions.errors import ArgumentError

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
    _check_margins(config)
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


def _check_margins(config: Config) -> None:
    for low, high in (("left", "right"), ("bottom", "top")):
        first, last = config[f"adjust.{low}"], config[f"adjust.{high}"]
        if first is not None and last is not None and first >= last:
            raise ArgumentError(
                f"Configuration keys 'adjust.{low}' and 'adjust.{high}' are {first:g} and {last:g}, which "
                f"leaves no room between them: write a smaller 'adjust.{low}'."
            )


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
