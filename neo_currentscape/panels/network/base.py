"""What the panels of networks share: the colours of populations, and their legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import palettes, paper, text


@dataclass(frozen=True)
class NetworkPanel(PlainPanel):
    """Base of the panels of networks.

    Parameters
    ----------
    source
        What is shown.
    palette : optional
        Colours of the populations; see `neo_currentscape.style.palettes.looks`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    palette: Any = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 2.0

    def colors(self, populations: Sequence[str]) -> dict[str, Any]:
        """The colour of each population, in their order."""
        from neo_currentscape.style.palettes import colors_of

        if isinstance(self.palette, dict):
            return {
                name: paper.seen(look.color)
                for name, look in palettes.looks(populations, self.palette).items()
            }
        known = colors_of(self.palette)
        return {name: paper.seen(known[k % len(known)]) for k, name in enumerate(populations)}

    def _legend(self, axes: Any, populations: Sequence[str], wanted: Element) -> None:
        if wanted is False:
            return
        from matplotlib.lines import Line2D

        from neo_currentscape.style import legend

        colors = self.colors(populations)
        handles = [
            Line2D(
                [],
                [],
                color=colors[name],
                marker="o",
                linestyle="none",
                label=name,
                markersize=text.line_width(5),
            )
            for name in populations
        ]
        legend.above(axes, handles, wanted)
