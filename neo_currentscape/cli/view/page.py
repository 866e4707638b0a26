"""The page: what is chosen, what is seen of it, and what the currents contribute to it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

from neo_currentscape.cli.options import as_options
from neo_currentscape.cli.view.choices import Choices, style
from neo_currentscape.cli.view.contributions import table_of
from neo_currentscape.cli.view.plots import Plots
from neo_currentscape.cli.view.source import Choice, Source
from neo_currentscape.cli.view.times import time_of, window_of, written
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError
from neo_currentscape.conventions.plain_text import escaped
from neo_currentscape.figure.web.looks import area_on_both
from neo_currentscape.figure.web.page import SHARED, read, script_of

#: Milliseconds for which a window must not change before it is reduced.
SETTLED = 60

_OWN = "neo_currentscape.cli.view"


def _told(method: Callable[..., None]) -> Callable[..., None]:
    """Say in the page what went wrong; whatever it is, the page goes on, and nothing else hears of it."""

    @wraps(method)
    def told(self: Page, *given: Any) -> None:
        try:
            method(self, *given)
        except CurrentscapeError as error:
            self.say(error)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            self.say(f"This cannot be shown ({told}): choose something else, or open the file anew.")

    return told


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
        from bokeh.layouts import column
        from bokeh.models.widgets.markups import Div

        self.source, self.choice, self.keep = source, choice, keep
        self.plots: Plots | None = None
        self._waits = self._sets = False
        self._exact: dict[tuple[str, str], float] = {}
        own = style()
        plain: Any = {"render_as_text": True, "sizing_mode": "stretch_width", "stylesheets": [own]}
        self.choices = Choices(source, own)
        names = "message", "notes", "status"
        self.message, self.notes, self.status = (Div(name=name, **plain) for name in names)
        self.area = column(sizing_mode="stretch_width", name="area")
        more: Any = {"disable_math": True, "sizing_mode": "stretch_width", "stylesheets": [own]}
        self.table = Div(name="contributions", **more)
        self.choices.on_choice(self._chosen)
        self.choices.on_time(self._typed)
        self.choices.whole.on_click(self._show_whole)
        self.choices.pdf.on_click(self._save)
        self._offer()

    def put_into(self, document: Any, title: str) -> None:
        """Make it the page of a document of Bokeh."""
        document.title = f"{title} - neo-currentscape"
        document.template = read("page.html", _OWN)
        document.template_variables.update(
            heading=title,
            style=read("page.css") + read("page.css", _OWN),
            code=script_of(*map(read, SHARED), read("live.js", _OWN)),
        )
        for root in (self.message, self.notes, self.choices.root, self.area, self.status, self.table):
            document.add_root(root)

    def say(self, sentence: Any) -> None:
        """Say what is wrong; nothing is, where it is empty."""
        self.message.text = self._in_words_of_the_command(sentence)

    def _in_words_of_the_command(self, sentence: Any) -> str:
        return as_options(escaped(str(sentence)), self.source.selection)

    def _offer(self) -> None:
        """Show a choice, and what else there is."""
        self._sets = True
        _told(lambda page: page.choices.offer(page.choice))(self)
        self._sets = False
        self._draw()

    @_told
    def _chosen(self, attribute: str, old: Any, new: Any) -> None:
        if self._sets:
            return
        choice = self.choices.chosen()
        before = self.choice
        if (choice.segment, choice.neuron, choice.site) == (before.segment, before.neuron, before.site):
            self.choice = choice
            self._draw()
            return
        # Another segment has other places.
        other = choice.segment != before.segment
        self.choice = replace(choice, neuron=None, site=None) if other else choice
        _told(Page._complete)(self)
        self._offer()

    def _complete(self) -> None:
        """Take the currents that are chosen to another place where they are there, else all of it."""
        choice = self.source.completed(replace(self.choice, currents=None))
        wanted, self.choice = self.choice.currents, choice
        if wanted:
            kept = tuple(name for name in self.source.names(choice) if name in wanted)
            self.choice = replace(choice, currents=kept or None)

    def _draw(self) -> None:
        """Draw what is chosen anew, of the same window where it has one."""
        before, self.plots = self.plots, None
        self.say("")
        self.notes.text = ""
        self.choices.offer_picture("", "")
        _told(Page._make)(self)
        if self.plots is None:
            self.area.children, self.area.tags, self.table.text, self.status.text = [], [], "", ""
            return
        if before is not None and before.ends == self.plots.ends:
            self.plots.range.update(start=before.range.start, end=before.range.end)
        # What is drawn comes before what is told of it.
        self.area.children = [self.plots.grid]
        self.area.tags = self.plots.told
        for end in ("start", "end"):
            self.plots.range.on_change(end, self._moved)
        self._look()

    def _make(self) -> None:
        if self.choice.currents == ():
            raise ArgumentError("No current is chosen: choose one or more.")
        seen = self.source.seen(self.choice)
        self.notes.text = self._in_words_of_the_command(" ".join(self.source.notes(self.choice)))
        self._sets = True
        try:
            self.choices.offer_of(seen.recording)
        finally:
            self._sets = False
        panels = self.choices.chosen_panels()
        if not panels:
            raise ArgumentError("No panel is chosen: choose one or more.")
        self.plots = Plots(seen.in_unit(self.choices.unit.value), panels)

    def _moved(self, attribute: str, old: Any, new: Any) -> None:
        """Reduce anew as soon as the window rests."""
        if not self._waits:
            self._waits = True
            self._document.add_timeout_callback(self._look, SETTLED)

    @property
    def _document(self) -> Any:
        from bokeh.io import curdoc

        return self.area.document or curdoc()

    @_told
    def _look(self) -> None:
        self._waits = False
        if self.plots is None:
            return
        self.choices.offer_picture("", "")
        self.source.check_unchanged(self.plots.seen.recording)
        found = self.plots.reduce()
        self.status.tags = self.plots.numbers(found)
        self._fill_table()
        drawn = (
            f"drawn in {len(found.times)} columns, each from the least to the most of its samples"
            if found.reduced
            else f"each of the {len(found.times)} in the window is drawn"
        )
        self.status.text = f"{len(self.plots.seen.recording)} samples were recorded; {drawn}."
        self._tell_window()
        self.say("")

    def _tell_window(self) -> None:
        assert self.plots is not None
        ends = self.plots.range.start, self.plots.range.end
        texts = [written(value, ends[1] - ends[0]) for value in ends]
        fields = "From", "To"
        # What is written is rounded; where it is left as it stands, the end of the window stays.
        self._exact = dict(zip(zip(fields, texts, strict=True), ends, strict=True))
        told = zip(fields, texts, strict=True)
        self._sets = True
        self.choices.tell({f"{end} ({self.plots.time_unit})": text for end, text in told})
        self._sets = False

    @_told
    def _typed(self, attribute: str, old: Any, new: Any) -> None:
        if self._sets or self.plots is None:
            return
        self.choices.offer_picture("", "")
        start, stop = self._typed_window()
        self.plots.range.update(start=start, end=stop)
        self._look()

    def _typed_window(self) -> tuple[float, float]:
        """What stands in the fields of the window, as far as it was recorded."""
        assert self.plots is not None
        ends, found = self.plots.ends, []
        for box, end in zip((self.choices.start, self.choices.stop), ends, strict=True):
            field = str(box.title).partition(" ")[0]
            exact = self._exact.get((field, box.value))
            found.append(time_of(box.value, field, self.plots.per_ms, end) if exact is None else exact)
        return window_of(found[0], found[1], ends, self.plots.time_unit)

    @_told
    def _show_whole(self) -> None:
        if self.plots is not None:
            first, last = self.plots.ends
            self.plots.range.update(start=first, end=last)
            self._look()

    def _fill_table(self) -> None:
        assert self.plots is not None
        seen = self.plots.seen if self.plots.is_whole else self.plots.seen.window(*self.plots.window)
        colours = {name: area_on_both(look.color) for name, look in self.plots.shown.items()}
        self.table.text = table_of(seen, colours)

    @_told
    def _save(self) -> None:
        """Draw what is seen as soon as the page says that it is being drawn."""
        if self.plots is None:
            return
        self._typed_window()  # what cannot be shown is not saved as something else
        self.choices.offer_picture("", "")
        self.choices.link.text = "drawing \u2026"
        self._document.add_timeout_callback(self._picture, SETTLED)

    @_told
    def _picture(self) -> None:
        self.choices.offer_picture("", "")
        if self.plots is None:
            return
        picture, plots = io.BytesIO(), self.plots
        seen = plots.seen if plots.is_whole else plots.seen.window(*plots.window)
        order = [name for name in plots.shown if name in seen.names]
        seen.plot(panels=plots.panels, order=order).save(picture, format="pdf")
        name = f"{Path(self.source.path).stem}_{plots.told_window}.pdf"
        self.choices.offer_picture(self.keep(picture.getvalue()), name)
