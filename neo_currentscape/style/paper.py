"""Greys and colours that are seen on the background of the style in force, be it light or dark."""

from __future__ import annotations

from typing import Any

from neo_currentscape.style.legible import contrast
from neo_currentscape.style.text import ink

#: Contrast that WCAG 2.1 asks of what is not text.
LEAST_CONTRAST = 3.0

#: Contrast of the darkest area; what is wide is seen with less than a line needs.
LEAST_OF_AREAS = 1.8

#: Contrast of white to a background above which that is dark.
DARK = 4.5


def paper() -> Any:
    """Colour of the background of an axes by the settings in force."""
    import matplotlib

    return matplotlib.rcParams["axes.facecolor"]


def tone(part: float) -> Any:
    """A grey between the colour of lines (0) and that of the background (1).

    Examples
    --------
    >>> import matplotlib
    >>> tone(0.86)
    '0.86'
    >>> with matplotlib.rc_context({"text.color": "white", "axes.facecolor": "black"}):
    ...     [round(float(c), 2) for c in tone(0.86)]
    [0.14, 0.14, 0.14]
    """
    from matplotlib.colors import to_rgb

    line, ground = to_rgb(ink()), _ground()
    if (line, ground) == ((0.0,) * 3, (1.0,) * 3):
        return f"{part:g}"
    return tuple((1 - part) * a + part * b for a, b in zip(line, ground, strict=True))


def seen(color: Any) -> Any:
    """A colour of a line, made lighter where a dark background would swallow it.

    On a light background it stays as it is: there a light line is beside others that are dark.

    Examples
    --------
    >>> import matplotlib
    >>> seen("#332288")
    '#332288'
    >>> with matplotlib.rc_context({"axes.facecolor": "black"}):
    ...     seen("#332288"), seen("#DDCC77")
    ('#5c4ea0', '#DDCC77')
    """
    return seen_on(color, _ground())


def seen_on(color: Any, ground: Any) -> Any:
    """A colour of a line on a background; see `seen`.

    Examples
    --------
    >>> seen_on("#332288", "white"), seen_on("#332288", "black")
    ('#332288', '#5c4ea0')
    """
    if _is_told(color, ground):
        return color
    return _lighter(color, ground, LEAST_CONTRAST, 20)


def filled(color: Any) -> Any:
    """A colour of an area, made lighter where a dark background would swallow it.

    Examples
    --------
    >>> import matplotlib
    >>> filled("#001585")
    '#001585'
    >>> with matplotlib.rc_context({"axes.facecolor": "black"}):
    ...     filled("#001585"), filled("#DDCC77")
    ('#263897', '#DDCC77')
    """
    return filled_on(color, _ground())


def filled_on(color: Any, ground: Any) -> Any:
    """A colour of an area on a background; see `filled`.

    Contrasts from 1 to that which a line needs become those from `LEAST_OF_AREAS` to the same, so that of
    two dark colours the darker one stays so, and they are told apart.

    Examples
    --------
    >>> filled_on("#001585", "white"), filled_on("#001585", "black")
    ('#001585', '#263897')
    """
    if _is_told(color, ground):
        return color
    part = (contrast(color, ground) - 1) / (LEAST_CONTRAST - 1)
    return _lighter(color, ground, LEAST_OF_AREAS + part * (LEAST_CONTRAST - LEAST_OF_AREAS), 100)


def _is_told(color: Any, ground: Any) -> bool:
    """Whether a colour is told from the background, or that is light."""
    return contrast("white", ground) < DARK or contrast(color, ground) >= LEAST_CONTRAST


def _lighter(color: Any, ground: Any, least: float, steps: int) -> str:
    """The colour with as much white, in so many steps, as gives it a contrast."""
    from matplotlib.colors import to_hex, to_rgba

    *rgb, alpha = to_rgba(color)
    for step in range(1, steps + 1):
        red, green, blue = (c + (1 - c) * step / steps for c in rgb)
        lighter = to_hex((red, green, blue, alpha), keep_alpha=alpha < 1)
        if contrast(lighter, ground) >= least:
            return str(lighter)
    return "white"


def is_dark() -> bool:
    """Whether the background is one on which white is read and black is not."""
    return contrast("white", _ground()) >= DARK


def _ground() -> tuple[float, ...]:
    """The background; where there is none, black or white, whichever the ink is not."""
    from matplotlib.colors import to_rgb, to_rgba

    red, green, blue, alpha = to_rgba(paper())
    if alpha:
        return red, green, blue
    return to_rgb("white" if contrast(ink(), "white") > contrast(ink(), "black") else "black")
