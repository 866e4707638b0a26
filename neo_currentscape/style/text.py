"""Text sizes and line widths that fit the width of a figure, as settings for one figure only."""

from __future__ import annotations

from typing import Any

import numpy as np


def base_size(width: float) -> float:
    """Size of the text in points for a figure of so many inches.

    From 6.5 pt in a column of 85 mm over 8 pt on a page to 15 pt on a slide.

    Examples
    --------
    >>> base_size(85 / 25.4), base_size(13.33)
    (6.5, 15.0)
    """
    return round(float(np.interp(width, [85 / 25.4, 6.85, 13.33], [6.5, 8.0, 15.0])), 2)


def settings(width: float) -> dict[str, Any]:
    """rcParams of a figure of so many inches, for `matplotlib.rc_context`.

    Parameters
    ----------
    width : float
        In inches.

    Returns
    -------
    dict
    """
    size = base_size(width)
    line = size / 10
    return {
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "figure.titlesize": size * 1.2,
        "xtick.labelsize": size * 0.92,
        "ytick.labelsize": size * 0.92,
        "legend.fontsize": size * 0.96,
        "axes.linewidth": line * 0.8,
        "lines.linewidth": line,
        "xtick.major.width": line * 0.8,
        "ytick.major.width": line * 0.8,
        "xtick.major.size": size * 0.35,
        "ytick.major.size": size * 0.35,
        "xtick.minor.width": line * 0.5,
        "ytick.minor.width": line * 0.5,
        "hatch.linewidth": line * 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        # Text stays text in vector files, so that journals can edit it.
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
    }
