"""Colours of a configuration's colour map, as many as there are currents."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import CurrentscapeError, warn
from neo_currentscape.style import palettes

#: In-between colours for each colour of a map, beyond which they are hard to tell apart.
TELLABLE = 3


def colors(name: str, n: int) -> list[tuple[float, ...]]:
    """Take colours from a colour map.

    Parameters
    ----------
    name : str
        Of a colour map of matplotlib, or the path of one of palettable, such as
        "cartocolors.qualitative.Safe_8".
    n : int
        How many.

    Returns
    -------
    list of tuple
        Different ones; of a map that lists fewer, colours in between are mixed.

    Raises
    ------
    UnknownNameError
        When there is no such colour map, with the nearest that is.

    Examples
    --------
    >>> len(set(colors("Set1", 12))), len(colors("viridis", 200))
    (12, 200)
    """
    import matplotlib

    if name in matplotlib.colormaps:
        colormap = matplotlib.colormaps[name]
        listed = [tuple(color) for color in getattr(colormap, "colors", [])]
        if not listed or n <= len(listed):
            return [tuple(float(x) for x in color) for color in colormap.resampled(n)(range(n))]
    else:
        listed = [_rgba(color) for color in _palettable(name)]
        if n <= len(listed):
            return listed[:n]
    return _mixed(name, [_rgba(color) for color in listed], n)


def _palettable(name: str) -> list[Any]:
    try:
        return palettes.colors_of(name)
    except CurrentscapeError as error:
        raise type(error)(f"Configuration key 'colormap.name': {error}") from None


def _rgba(color: Any) -> tuple[float, ...]:
    from matplotlib.colors import to_rgba

    return tuple(float(x) for x in to_rgba(color))


def _mixed(name: str, listed: list[tuple[float, ...]], n: int) -> list[tuple[float, ...]]:
    if n > TELLABLE * len(listed):
        warn(
            f"The colour map {name!r} has {len(listed)} colours for {n} currents, so neighbours look "
            "alike: set 'pattern.use', or choose a 'colormap.name' of more colours."
        )
    at, where = np.linspace(0, len(listed) - 1, n), np.arange(len(listed))
    channels = [np.interp(at, where, channel) for channel in zip(*listed, strict=True)]
    return [tuple(float(x) for x in color) for color in zip(*channels, strict=True)]
