"""What can be chosen on the page: its fields, what they offer, and what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from math import isfinite, nan
from typing import Any

from neo_currentscape.cli.view.plots import panels_of
from neo_currentscape.cli.view.source import Choice, Source
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.recording.recording import Recording

#: Units in which a kind of current may be told.
UNITS = {
    "current": ("fA", "pA", "nA", "uA", "mA"),
    "current density": ("nA/cm**2", "uA/cm**2", "mA/cm**2", "pA/um**2"),
}

#: Stands for what the file says.
AS_STORED = "as the file says"

#: Letters of a name that a list shows.
LONGEST = 60

#: Lines that a list has at most.
LINES = 10


def style() -> Any:
    """How fields look, light and dark: what they hold is not reached by the style of the page."""
    from bokeh.models.css import InlineStyleSheet

    return InlineStyleSheet(css=files("neo_currentscape.cli.view").joinpath("widgets.css").read_text())


class Choices:
    """The fields in which one chooses.

    Parameters
    ----------
    source : Source
    style : bokeh.models.css.InlineStyleSheet

    Attributes
    ----------
    root : bokeh.models.Column
    """

    def __init__(self, source: Source, style: Any) -> None:
        from bokeh.layouts import column, row
        from bokeh.models.widgets.buttons import Button
        from bokeh.models.widgets.inputs import MultiSelect, Select, TextInput
        from bokeh.models.widgets.markups import Div

        look: Any = {"width": 170, "stylesheets": [style]}
        narrow: Any = {**look, "width": 80}
        self.source, self._off, self._shown = source, set[str](), Choice()
        places = [Select(title=title, **look) for title in ("Segment", "Neuron", "Site", "Unit")]
        self.segment: Any
        self.neuron: Any
        self.site: Any
        self.unit: Any
        self.segment, self.neuron, self.site, self.unit = places
        self.currents: Any = MultiSelect(title="Currents", **look)
        self.panels: Any = MultiSelect(title="Panels", **look)
        self.top = TextInput(title="Told apart (top), ranked over all times", **look)
        signs: Any = [AS_STORED, "outward", "inward"]
        self.sign = Select(title="Stored values are", options=signs, value=AS_STORED, **look)
        self.start, self.stop = TextInput(title="From", **narrow), TextInput(title="To", **narrow)
        self.whole = Button(label="Whole recording", **look)
        self.pdf = Button(label="Save as PDF", **look)
        self.link = Div(name="link", **look)
        fields = (self.segment, self.neuron, self.site, self.currents, self.top, self.sign, self.unit)
        self._fields = (*fields, self.panels)
        times = (row(self.start, self.stop), self.whole, self.pdf, self.link)
        self.root = column(*self._fields, *times, width=190, name="choices")

    def on_choice(self, call: Callable[[str, Any, Any], None]) -> None:
        """Call when something else is chosen."""
        self.panels.on_change("value", self._note_panels)
        for field in self._fields:
            field.on_change("value", call)

    def on_time(self, call: Callable[[str, Any, Any], None]) -> None:
        """Call when a time is typed."""
        for field in (self.start, self.stop):
            field.on_change("value", call)

    def offer(self, choice: Choice) -> None:
        """Show a choice, and what else there is.

        Raises
        ------
        CurrentscapeError
            When no current can be chosen; what is above them is offered.
        """
        self._shown = choice
        segments = self.source.segments
        told = [f"{k} {one.name or ''}"[:LONGEST] for k, one in enumerate(segments)]
        self.segment.options = [(str(k), words) for k, words in enumerate(told)]
        self.segment.value = str(choice.segment)
        self.neuron.options = [str(neuron) for neuron in self.source.neurons(choice.segment)]
        self.neuron.value = _only(self.neuron.options) if choice.neuron is None else str(choice.neuron)
        self.site.options = list(self.source.sites(choice.segment))
        self.site.value = choice.site or _only(self.site.options)
        self.currents.options = []  # where the next line says why there is none
        names = self.source.names(choice)
        self.currents.options = list(names)
        self.currents.value = [n for n in names if choice.currents is None or n in choice.currents]
        self.currents.size = _size(names)
        for field in (self.neuron, self.site):
            field.visible = len(field.options) > 1
        self.top.value = "" if choice.top is None else str(choice.top)

    def offer_of(self, recording: Recording) -> None:
        """Show the units and panels that a recording can have."""
        own = str(recording.currents.dimensionality)
        known = list(UNITS.get(units.kind(recording.currents.units), ()))
        known = known if own in known else [own, *known]
        self.unit.options = [(unit, units.label(unit)) for unit in known]
        if self.unit.value not in known:
            self.unit.value = own
        self.panels.options = panels_of(recording)
        self.panels.size = _size(self.panels.options)
        self.panels.value = [name for name in self.panels.options if name not in self._off]

    def _top(self) -> int | None:
        text = self.top.value.strip()
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = nan
        if not (value >= 1 and value.is_integer()):
            told = text if isfinite(value) else repr(text)
            raise ArgumentError(
                f"{told} currents cannot be told apart: write 1 or more, or nothing for all."
            )
        return int(value)

    def chosen(self) -> Choice:
        """What is chosen.

        Raises
        ------
        ArgumentError
            When a number of currents is none.
        """
        some = tuple(self.currents.value)
        return Choice(
            segment=int(self.segment.value),
            # Of one neuron, or one site, there is nothing to choose: the place is that which is shown.
            neuron=int(self.neuron.value) if len(self.neuron.options) > 1 else self._shown.neuron,
            site=self.site.value if len(self.site.options) > 1 else self._shown.site,
            currents=None if set(some) == set(self.currents.options) else some,
            top=self._top(),
            sign=None if self.sign.value == AS_STORED else self.sign.value,
        )

    def _note_panels(self, attribute: str, old: Any, new: Any) -> None:
        # Those that are left out stay so for other recordings.
        self._off = (self._off | set(self.panels.options)) - set(new)

    def chosen_panels(self) -> list[str]:
        """Names of the panels, from top to bottom."""
        return [name for name in self.panels.options if name in self.panels.value]

    def offer_picture(self, address: str, name: str) -> None:
        """Have the page fetch a picture, and leave a link to it; remove the link where there is none."""
        file = escape(name)
        told = f'<a href="{escape(address)}" download="{file}">{file}</a>' if address else ""
        self.link.update(text=told, tags=[address, name] if address else [])

    def tell(self, told: Mapping[str, str]) -> None:
        """Write the times of the window."""
        for field, (title, value) in zip((self.start, self.stop), told.items(), strict=True):
            field.title, field.value = title, value


def _size(options: Sequence[Any]) -> int:
    """Lines of a list: all that it offers, or as many as shows that there are more."""
    return min(max(len(options), 2), LINES)


def _only(options: Sequence[Any]) -> str:
    """What there is, where it is one."""
    return str(options[0]) if len(options) == 1 else ""
