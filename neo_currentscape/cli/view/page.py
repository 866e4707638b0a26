"""The page: what is chosen, what is seen of it, and what the currents contribute to it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.cli import selection
from neo_currentscape.cli.options import as_options
from neo_currentscape.cli.view.contributions import table_of
from neo_currentscape.cli.view.plots import Plots
from neo_currentscape.cli.view.seen import Seen
from neo_currentscape.cli.view.source import Choice, Source
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError
from neo_currentscape.conventions.plain_text import escaped
from neo_currentscape.figure.web.plots import colour

#: Milliseconds for which a window must not change before it is reduced.
SETTLED = 60

#: Units in which a kind of current may be told.
UNITS = {
    "current": ("fA", "pA", "nA", "uA", "mA"),
    "current density": ("nA/cm**2", "uA/cm**2", "mA/cm**2", "pA/um**2"),
}

#: Stands for what the file says.
AS_STORED = "as the file says"


class Page:
    """What is shown in one tab of a browser.

    Parameters
    ----------
    source : Source
    choice : Choice
        What is shown first.
    keep : callable
        Takes the bytes of a PDF, and gives the address under which they are fetched.
    """

    def __init__(self, source: Source, choice: Choice, keep: Callable[[bytes], str]) -> None:
        self.source, self.choice, self.keep = source, choice, keep
        self.plots: Plots | None = None
        self._waits = self._sets = False
        self._make()
        self._offer()

    def _make(self) -> None:
        from bokeh.layouts import column, row
        from bokeh.models.widgets.buttons import Button
        from bokeh.models.widgets.inputs import MultiSelect, Select, Spinner, TextInput
        from bokeh.models.widgets.markups import Div

        def select(title: str, **more: Any) -> Any:
            return Select(title=title, width=170, **more)

        self.segment, self.neuron, self.site = select("Segment"), select("Neuron"), select("Site")
        self.currents = MultiSelect(title="Currents", width=170, size=6)
        self.top = Spinner(title="Told apart (top)", low=1, step=1, width=170)
        self.sign = select("Stored values are", options=[AS_STORED, "outward", "inward"], value=AS_STORED)
        self.unit = select("Unit")
        self.start = TextInput(title="From", width=80)
        self.stop = TextInput(title="To", width=80)
        self.whole = Button(label="Whole recording", width=170)
        self.pdf = Button(label="Save as PDF", width=170)
        look: Any = {"color": "#a01010", "font-weight": "bold"}
        self.message = Div(name="message", render_as_text=True, sizing_mode="stretch_width", styles=look)
        self.status = Div(name="status", render_as_text=True, sizing_mode="stretch_width")
        self.link = Div(name="link", width=170)
        self.area = column(sizing_mode="stretch_width")
        self.table = Div(name="contributions", disable_math=True, sizing_mode="stretch_width")
        chosen = [self.segment, self.neuron, self.site, self.currents, self.top, self.sign, self.unit]
        times = [row(self.start, self.stop), self.whole, self.pdf, self.link]
        right = column(self.message, self.area, self.status, self.table, sizing_mode="stretch_width")
        self.root = row(column(*chosen, *times, width=190), right, sizing_mode="stretch_width")
        for widget in (*chosen[:4], self.top, self.sign, self.unit):
            widget.on_change("value", self._chosen)
        for widget in (self.start, self.stop):
            widget.on_change("value", self._typed)
        self.whole.on_click(self._show_whole)
        self.pdf.on_click(self._save)

    def _offer(self) -> None:
        """Show a choice, and what else there is."""
        self._sets = True
        try:
            self._fill_widgets()
        except CurrentscapeError as error:
            self._say(error)
        finally:
            self._sets = False
        self._draw()

    def _fill_widgets(self) -> None:
        choice = self.choice
        segments = self.source.segments
        self.segment.options = [(str(k), f"{k} {one.name or ''}"[:60]) for k, one in enumerate(segments)]
        self.segment.value = str(choice.segment)
        self.neuron.options = [str(neuron) for neuron in self.source.neurons(choice.segment)]
        self.neuron.value = _only(self.neuron.options) if choice.neuron is None else str(choice.neuron)
        self.site.options = list(self.source.sites(choice.segment))
        self.site.value = choice.site or _only(self.site.options)
        self.currents.options = []  # where the next line says why there is none
        names = self.source.names(choice)
        self.currents.options = list(names)
        self.currents.value = [name for name in names if choice.currents is None or name in choice.currents]
        self.top.value = choice.top

    def _chosen(self, attribute: str, old: Any, new: Any) -> None:
        if self._sets:
            return
        choice = self._wanted()
        if (choice.segment, choice.neuron, choice.site) != (
            self.choice.segment, self.choice.neuron, self.choice.site
        ):  # fmt: skip
            # Another place has other currents.
            other = choice.segment != self.choice.segment
            kept = replace(choice, currents=None)
            kept = replace(kept, neuron=None, site=None) if other else kept
            self.choice = self._completed(kept)
            self._offer()
            return
        self.choice = choice
        self._draw()

    def _completed(self, choice: Choice) -> Choice:
        try:
            return self.source.completed(choice)
        except CurrentscapeError:
            return choice  # which is told when it is to be shown

    def _wanted(self) -> Choice:
        chosen = tuple(self.currents.value)
        return Choice(
            segment=int(self.segment.value),
            neuron=int(self.neuron.value) if self.neuron.value else None,
            site=self.site.value or None,
            currents=None if set(chosen) == set(self.currents.options) else chosen,
            top=None if self.top.value is None else int(self.top.value),
            sign=None if self.sign.value == AS_STORED else self.sign.value,
        )

    def _draw(self) -> None:
        """Draw what is chosen anew, of the same window where it has one."""
        before = self.plots
        try:
            if self.choice.currents == ():
                raise ArgumentError("No current is chosen: choose one or more.")
            seen = self.source.seen(self.choice)
            self.plots = Plots(seen, self._unit_for(seen))
        except CurrentscapeError as error:
            self.plots, self.area.children = None, []
            self._say(error)
            return
        self._say("")
        self.area.children = list(self.plots.plots.values())
        if before is not None and before.seen.limits == self.plots.seen.limits:
            self.plots.range.update(start=before.range.start, end=before.range.end)
        for end in ("start", "end"):
            self.plots.range.on_change(end, self._moved)
        self._look()

    def _unit_for(self, seen: Seen) -> str:
        unit = units.label(seen.recording.currents.units)
        own = str(seen.recording.currents.dimensionality)
        known = list(UNITS.get(units.kind(seen.recording.currents.units), ()))
        known = known if own in known else [own, *known]
        labelled = [(one, units.label(one) if one != own else unit) for one in known]
        before, sets = self.unit.value, self._sets
        self._sets = True
        self.unit.options = labelled
        self.unit.value = before if before in known else own
        self._sets = sets
        return str(self.unit.value)

    def _moved(self, attribute: str, old: Any, new: Any) -> None:
        """Reduce anew as soon as the window rests."""
        from bokeh.io import curdoc

        document = self.root.document or curdoc()
        if not self._waits:
            self._waits = True
            document.add_timeout_callback(self._look, SETTLED)

    def _look(self) -> None:
        self._waits = False
        if self.plots is None:
            return
        began = time.perf_counter()
        try:
            found = self.plots.reduce()
            self.plots.fill(found)
            start, stop = self.plots.window
            self._fill_table(self.plots.seen.window(start, stop))
        except CurrentscapeError as error:
            self._say(error)
            return
        self._tell(len(found.times), found.reduced, time.perf_counter() - began)

    def _tell(self, n_columns: int, reduced: bool, seconds: float) -> None:
        assert self.plots is not None
        self._sets = True
        self.start.title, self.stop.title = (f"{end} ({self.plots.time_unit})" for end in ("From", "To"))
        self.start.value, self.stop.value = f"{self.plots.range.start:.9g}", f"{self.plots.range.end:.9g}"
        self._sets = False
        what = "columns" if reduced else "samples"
        self.status.text = (
            f"{n_columns} {what} of {len(self.plots.seen.recording)} samples, in {seconds:.2f} s"
        )
        self._say("")

    def _typed(self, attribute: str, old: Any, new: Any) -> None:
        if self._sets or self.plots is None:
            return
        try:
            start, stop = (self._time(box.value, str(box.title)) for box in (self.start, self.stop))
            if not start < stop:
                raise ArgumentError(f"The window from {start:g} to {stop:g} holds no time: swap the two.")
            first, last = (self.plots.per_ms * end for end in self.plots.seen.limits)
            if stop <= first or start >= last:
                raise ArgumentError(
                    f"The recording goes from {first:g} to {last:g} {self.plots.time_unit}: choose times "
                    "within."
                )
        except CurrentscapeError as error:
            self._say(error)
            return
        self.plots.range.update(start=max(start, first), end=min(stop, last))
        self._look()

    def _time(self, text: str, what: str) -> float:
        assert self.plots is not None
        try:
            found = float(text)
        except ValueError:
            quantity = selection.quantity(text, what.partition(" ")[0])
            found = units.scalar(quantity, "ms", what.partition(" ")[0]) * self.plots.per_ms
        if not np.isfinite(found):
            raise ArgumentError(f"{text!r} is no time: write e.g. 100 or '100 ms'.")
        return found

    def _show_whole(self) -> None:
        if self.plots is not None:
            first, last = (self.plots.per_ms * end for end in self.plots.seen.limits)
            self.plots.range.update(start=first, end=last)
            self._look()

    def _fill_table(self, seen: Seen) -> None:
        assert self.plots is not None
        self.table.text = table_of(seen, {n: colour(look.color) for _, n, look in self.plots.shown})

    def _save(self) -> None:
        if self.plots is None:
            return
        try:
            picture = io.BytesIO()
            seen = self.plots.seen.window(*self.plots.window)
            figure = seen.plot(order=[name for _, name, _ in self.plots.shown])
            figure.save(picture, format="pdf")
        except CurrentscapeError as error:
            self._say(error)
            return
        address = self.keep(picture.getvalue())
        self.link.text = f'<a href="{address}" download="currentscape.pdf">currentscape.pdf</a>'

    def _say(self, sentence: Any) -> None:
        self.message.text = as_options(escaped(str(sentence)), ())


def _only(options: Any) -> str:
    """What there is, where it is one."""
    return str(options[0]) if len(options) == 1 else ""
