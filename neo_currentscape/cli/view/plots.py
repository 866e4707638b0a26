"""The plots of the page, which are those of a saved one, and the numbers that are sent to fill them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from neo_currentscape.analysis.standard import PANELS
from neo_currentscape.cli.view.seen import Seen
from neo_currentscape.figure.web import pack
from neo_currentscape.figure.web.page import grid_of, told_of
from neo_currentscape.figure.web.plots import Plots as Drawn
from neo_currentscape.figure.web.plots import per_ms
from neo_currentscape.panels.base import looks_of
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.levels import level_of

#: Columns of a window: as many as a plot has pixels.
N_COLUMNS = 1000

#: Panels that only a recording with such a signal has, and the one in whose place there is the table.
HELD, TABLED = ("voltage", "electrode", "ions"), "contributions"

#: Tells one sending from another.
_TURNS = count()


def panels_of(recording: Recording) -> list[str]:
    """Names of the panels that can be shown, from top to bottom.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> panels_of(Recording(neo.AnalogSignal([[1], [2]], units="nA", sampling_period=1 * pq.ms, name="K")))
    ['outward', 'shares', 'inward', 'currents']
    """
    held = {name: getattr(recording, name) is not None for name in HELD}
    return [name for name in PANELS if name != TABLED and held.get(name, True)]


class Plots:
    """The plots of one choice.

    Parameters
    ----------
    seen : Seen
    panels : sequence of str
        Out of `panels_of`, from top to bottom.
    """

    def __init__(self, seen: Seen, panels: Sequence[str]) -> None:
        self.seen, self.panels = seen, list(panels)
        # Labels, limits and looks are those of the figure.
        figure = seen.plot(panels=self.panels, legend=False)
        first = figure.panels[0]
        rows = range(len(self.panels))
        drawn, looks = Drawn(figure, rows, dict.fromkeys(rows, 0)), looks_of(seen, None)
        self.grid = grid_of(drawn)
        self.time_unit, self.per_ms = first.unit_of_time, per_ms(first)
        # Panels without a colour for each current leave them to the table.
        self.shown = drawn.looks or {seen.names[k]: looks[seen.names[k]] for k in seen.order("charge")}
        range_: Any = drawn.range
        self.range, self.ends = range_, (float(range_.start), float(range_.end))
        self.range.update(bounds=self.ends, reset_start=self.ends[0], reset_end=self.ends[1])
        self._parts = pack.parts_of(figure.panels)
        self._flows = any(panel.shows_flows for panel in figure.panels)
        spec = json.dumps(told_of(drawn, self.grid, first))
        #: What the page draws, and the numbers of the whole recording.
        self.told = [spec, *self._numbers(seen.columns(N_COLUMNS, flows=self._flows), None)]
        for model in self.grid.references():
            model.syncable = model is self.range  # the page need not send back what it was filled with

    @property
    def window(self) -> tuple[float, float]:
        """Window that is seen, in ms."""
        return float(self.range.start) / self.per_ms, float(self.range.end) / self.per_ms

    @property
    def told_window(self) -> str:
        """Window that is seen, as a part of a file's name: from, to and unit."""
        start, stop = (f"{float(end):.6g}" for end in (self.range.start, self.range.end))
        return f"{start}-{stop}{self.time_unit}"

    @property
    def is_whole(self) -> bool:
        """Whether all of the recording is seen."""
        return self.range.start <= self.ends[0] and self.range.end >= self.ends[1]

    def reduce(self) -> Columns:
        """Columns of the window that is seen."""
        start, stop = (None, None) if self.is_whole else self.window
        return self.seen.columns(N_COLUMNS, start, stop, flows=self._flows)

    def numbers(self, found: Columns) -> list[Any]:
        """The columns of the window that is seen, to be sent; nothing of the whole, which is there."""
        return [] if self.is_whole else self._numbers(found, [self.range.start, self.range.end])

    def _numbers(self, found: Columns, window: Any) -> list[Any]:
        level = level_of(found, self._parts)
        told = {"names": list(level.rows), "reduced": level.reduced, "window": window, "turn": next(_TURNS)}
        return [json.dumps(told), level.times, *level.rows.values()]
