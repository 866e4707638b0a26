"""Draws the pictures of the first page, the tutorial and the README, of a bursting neuron.

``python docs/how_to_read.py`` writes them into ``docs/figures``, and prints the numbers that are told.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

FIGURES = Path(__file__).parent / "figures"
#: Between two bursts, where the page reads the picture.
MOMENT = 1400 * pq.ms
#: The marks: number, panel, and place as time in ms and height as a part of the panel.
MARKS = (
    (1, 0, 1300.0, 0.75),
    (2, 1, 1400.0, 0.6),
    (3, 2, 1400.0, 0.63),
    (4, 2, 1400.0, 0.24),
    (5, 3, 1400.0, 0.35),
)


def mark(axes: object, number: int, time: float, height: float) -> None:
    """Write a number in a circle onto a panel."""
    axes.text(  # type: ignore[attr-defined]
        time,
        height,
        str(number),
        transform=axes.get_xaxis_transform(),  # type: ignore[attr-defined]
        ha="center",
        va="center",
        fontsize=10,
        fontweight="bold",
        color="black",
        bbox={"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": "black"},
    )


def told(scape: ncs.Currentscape) -> None:
    """Print what the page says of the moment."""
    index = int(np.argmin(np.abs((scape.times - MOMENT).rescale("ms").magnitude)))
    for side in ("outward", "inward"):
        total = scape.total(side)[index]
        shares = scape.shares(side)[index]
        print(f"{side}: {total}", {n: f"{float(s):.0%}" for n, s in zip(scape.names, shares, strict=True)})


def main() -> None:
    """Draw the pictures."""
    whole = ncs.Currentscape.from_segment(stg.simulate("Fig. 2", t_stop=3 * pq.s).segments[0])
    whole.plot(title="Stomatogastric neuron (model of figure 2)").save(
        FIGURES / "currentscape.png", dpi=120
    )
    scape = whole.slice(0.75 * pq.s, 1.95 * pq.s)
    column = scape.plot(size="column", voltage={"levels": [-50, 0]}, legend={"title": "Currents"})
    column.save(FIGURES / "tutorial_column.png", dpi=200)
    figure = scape.plot()
    for number, panel, time, height in MARKS:
        mark(figure.axes[panel], number, time, height)
    figure.save(FIGURES / "how_to_read.png", dpi=120)
    told(scape)


if __name__ == "__main__":
    main()
