"""Averages over events or cycles as a page: their bins are its samples, and their spread is a band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.figure.web import pack
from neo_currentscape.figure.web.looks import MUTED, colour, dash_of, ink_or, on_both, plain
from neo_currentscape.figure.web.plots import Plots
from neo_currentscape.panels.experiments.average import (
    AveragePanel,
    AverageSharesPanel,
    AverageTotalPanel,
    AverageVoltagePanel,
)
from neo_currentscape.panels.experiments.base import steps
from neo_currentscape.panels.lines import line_style
from neo_currentscape.reduction.levels import Level, in_few_digits, in_steps
from neo_currentscape.style import text

#: Panels that such a page shows.
SHOWN = (AverageVoltagePanel, AverageTotalPanel, AveragePanel, AverageSharesPanel)


def is_average(panels: Sequence[Any]) -> bool:
    """Whether a figure shows one average, and nothing else."""
    return all(type(one) in SHOWN for one in panels) and len({id(one.source) for one in panels}) == 1


def numbers(average: Any) -> tuple[list[dict[str, Any]], str]:
    """The bins of an average; see `neo_currentscape.figure.web.pack.numbers`.

    Parameters
    ----------
    average : Average

    Returns
    -------
    sets : list of dict
    text : str
    """
    edges = average.edges.magnitude
    rows: dict[str, np.ndarray] = {}
    for direction in DIRECTIONS:
        shares, spread = average.shares(direction).T, average.share_spread(direction).T
        rows[f"shares.{direction}"] = in_steps(steps(edges, shares)[1])
        rows[f"{direction}.low"] = _kept(edges, average.total(direction).magnitude[None])
        rows[f"percent.{direction}.low"] = _kept(edges, 100 * shares)
        rows[f"percent.{direction}.sd.low"] = _kept(edges, 100 * spread)
    if average.has_voltage:
        rows["voltage.low"] = _kept(edges, average.voltage.magnitude[None])
        rows["voltage.sd.low"] = _kept(edges, average.voltage_spread.magnitude[None])
    block = pack.Block()
    level = pack.of_level(block, Level(steps(edges, edges[1:])[0], rows, reduced=False))
    what = f"{len(average.count)} bins of {len(average.windows)} windows, mean and standard deviation"
    return [{"levels": [{**level, "what": what}]}], block.text()


def _kept(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    return in_few_digits(steps(edges, values)[1])


class AveragePlots(Plots):
    """The plots of the figure of an average; see `Plots`."""

    def _xlabel(self, panel: Any, axes: Any) -> str:
        return plain(axes.get_xlabel())

    def _drawn(self, plot: Any, panel: Any, axes: Any) -> dict[str, Any]:
        average = panel.source
        if average.axis == "lag":
            plot.vspan(x=[0.0], line_color="#808080", line_dash="dashed", line_width=0.8)
        if isinstance(panel, AveragePanel):
            self._ticks_of_shares(plot)
            areas = self._areas(plot, panel, told_alone=True)
            return {"kind": "stack", "rows": "shares", "unit": "%", **areas}
        if isinstance(panel, AverageTotalPanel):
            return self._total(plot, panel, axes, log=True)
        if isinstance(panel, AverageVoltagePanel):
            style = ink_or(axes.lines[:1], text.ink())
            band = self._band(plot, "#808080", [])
            line = [0, "", self._line(plot, style), band]
            unit = units.label(average.voltage.units)
            return {"kind": "lines", "part": "voltage", "unit": unit, "lines": [line]}
        return self._spreads(plot, panel)

    def _spreads(self, plot: Any, panel: Any) -> dict[str, Any]:
        from bokeh.models import PrintfTickFormatter

        lines = []
        largest = np.nanmax(panel.source.shares(panel.direction), axis=0)
        for k, name, look in panel.shown():
            if largest[k] > panel.least:
                place, own = self._place(name, look), colour(look.color)
                band = self._band(plot, own, [place, *on_both(own)])
                style = {"color": own, "dash": dash_of(line_style(look))}
                lines.append([k, f"{name} {panel.direction}", self._line(plot, style, place), band])
        # Its axis is in parts of 1; here it is told in percent.
        for end in ("start", "end"):
            setattr(plot.y_range, end, 100 * getattr(plot.y_range, end))
        plot.yaxis.formatter = PrintfTickFormatter(format="%.4g%%")
        return {"kind": "lines", "part": f"percent.{panel.direction}", "unit": "%", "lines": lines}

    @staticmethod
    def _band(plot: Any, fill: str, tags: list[Any]) -> str:
        from bokeh.models import ColumnDataSource

        source = ColumnDataSource({"xs": [], "ys": []})
        look = {"fill_color": fill, "fill_alpha": 0.25, "line_color": None, "muted_alpha": MUTED / 2}
        plot.patches("xs", "ys", source=source, **look).tags = tags
        return str(source.id)
