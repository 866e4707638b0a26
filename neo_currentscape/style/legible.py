"""Text in the colour of what it names, told from its background by an outline where it is as light."""

from __future__ import annotations

from typing import Any

#: Contrast below which text gets an outline. WCAG 2.1 asks for 3 of large text, but below an outline
#: colours of medium lightness are harder to tell apart, and above 1.8 they are read without.
LEAST_CONTRAST = 1.8

#: Width of the outline as a part of the size of the text; half of it lies within the letters. In small
#: letters a wide one would run together.
OUTLINE, SMALL_OUTLINE = 0.11, 0.06

#: Size in points below which text is small.
SMALL = 6.0


def contrast(color: Any, background: Any) -> float:
    """Contrast of two colours, from 1 (none) to 21 (black on white).

    The ratio :math:`(L_1 + 0.05) / (L_2 + 0.05)` of their relative luminances, the lighter above, as
    WCAG 2.1 defines it.

    Parameters
    ----------
    color, background : colour
        As matplotlib takes them.

    Examples
    --------
    >>> round(contrast("black", "white")), round(contrast("yellow", "white"), 1)
    (21, 1.1)
    """
    darker, lighter = sorted((_luminance(color), _luminance(background)))
    return (lighter + 0.05) / (darker + 0.05)


def outline(text: Any, background: Any) -> None:
    """Give a text an outline where its colour does not stand out from the background.

    Parameters
    ----------
    text : matplotlib.text.Text
        It keeps its colour.
    background : colour
    """
    if contrast(text.get_color(), background) >= LEAST_CONTRAST:
        return
    edge = max(("black", "white"), key=lambda color: contrast(color, background))
    size = text.get_fontsize()
    width = size * (SMALL_OUTLINE if size < SMALL else OUTLINE)
    from neo_currentscape.style.outlines import Outline

    text.set_path_effects([Outline(text, linewidth=width, foreground=edge)])


def _luminance(color: Any) -> float:
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
