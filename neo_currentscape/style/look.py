"""The look of a current: a colour and, where colours are used up, a hatch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from neo_currentscape.style import paper

#: The colour of what was bundled as "other".
GREY = "#BBBBBB"

#: Hatches by which currents of the same colour differ; plain first. So dense that a legend's swatch
#: of 6 pt shows which it is, and so open that the colour is seen.
HATCHES = (
    "",
    "/////",
    ".....",
    "\\\\\\\\\\",
    "xxxx",
    "|||||",
    "-----",
    "ooo",
    "++++",
    "**",
    "OO",
    "////...",
    "\\\\\\\\...",
    "|||...",
    "---...",
    "////oo",
    "\\\\\\\\oo",
    "xxx..",
)


@dataclass(frozen=True)
class Look:
    """How a current is drawn: a colour and, where colours are used up, a hatch.

    Parameters
    ----------
    color : colour
    hatch : str
    edge : colour, optional
        Of the hatch; black or white by default, whichever is seen better.
    line : line style, optional
        Of lines; by default one that goes with the hatch.

    Examples
    --------
    >>> Look("#332288", "/////").patch()["edgecolor"], Look("#DDCC77", "/////").patch()["edgecolor"]
    ('white', 'black')
    """

    color: Any
    hatch: str = ""
    edge: Any = None
    line: Any = None

    @property
    def hatch_color(self) -> Any:
        """The caller's, or black or white, whichever is seen better on the colour."""
        if self.edge is not None:
            return self.edge
        from matplotlib.colors import to_rgb

        red, green, blue = to_rgb(self.color)
        # Luma as in ITU-R BT.709: enough to choose by.
        return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.35 else "white"

    def patch(self) -> dict[str, Any]:
        """Keywords for a filled matplotlib artist, which draws no outline; lighter on a dark background."""
        fill = paper.filled(self.color)
        if not self.hatch:
            return {"facecolor": fill, "edgecolor": "none", "linewidth": 0.0}
        # The edge gives the hatch its colour; without a width it draws no outline.
        look = {"facecolor": fill, "edgecolor": self.hatch_color}
        return {**look, "hatch": self.hatch, "linewidth": 0.0}


class Looks(dict[str, Look]):
    """Looks that were given already; passed as a palette they are taken as they are."""
