"""Extracellular signals over time, by what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.root import Element, check_shown
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.spatial.extended import looks_of_groups
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.recording import timebase
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.two_sided import TwoSided
from neo_currentscape.style import arrows, paper, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import Looks

#: What a panel asks of a field, what it is called, and how it is made.
FIELD: tuple[tuple[str, ...], str, str] = (
    ("contacts", "contact", "currentscape", "parts", "unit"),
    "a Field",
    "ncs.extracellular.split_field(cell, model)",
)


class OfField:
    """What panels of a field share: the source may be a field, of which one contact is shown."""

    source: Any
    contact: int | str
    palette: Any

    def _source(self, given: Any) -> Any:
        """The parts at one contact; what shows them already is taken as it is."""
        if isinstance(given, TwoSided):
            return given
        check_shown(self, given, *FIELD)
        label = given.contacts[given.contact(self.contact)]
        object.__setattr__(self, "contact", label)
        return given.currentscape(label)

    def looks(self) -> Looks:
        """The look of every part, the same as that of the current elsewhere.

        Returns
        -------
        dict of str to Look
        """
        return looks_of_groups(self.source.names, self.palette)


@options_checked
@dataclass(frozen=True)
class FieldPanel(OfField, CurrentsShown, TimePanel):
    """The signal at a contact, and each current's part of it, stacked from zero in both directions.

    Parameters
    ----------
    source : Field
        `neo_currentscape.extracellular.split_field`.
    contact : int or str
        Which one.
    order, palette, legend
        As for `neo_currentscape.SharesPanel`.
    area, total, zero_line : dict or False
        Go through to ``fill_between``, to ``plot`` for the signal itself, and to ``axhline``.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    contact: int | str = 0
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    area: Element = field(default_factory=dict, kw_only=True)
    total: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.6
    least_height: ClassVar[float] = 7.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area", "total", "zero_line")
    shows_flows = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        from matplotlib.lines import Line2D

        artists = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            if self.area is False:
                break
            parts = data.flow(direction)
            word = "positive" if sign > 0 else "negative"
            looks = [{**look.patch(), "label": f"{name} {word}"} for _, name, look in self.shown()]
            artists += draw_stack(axes, x, [parts[k] for k, _, _ in self.shown()], looks, self.area, sign)
        draw_zero_line(axes, self.zero_line, 0.5)
        default = {"color": text.ink(), "linewidth": text.line_width(1.2), "label": "signal"}
        look = element(self.total, default, Line2D)
        if look is not None:
            artists += axes.plot(x, data.means["outward"] - data.means["inward"], **look)
        axes.margins(y=0.05)
        unit = self.source.recording.currents.units
        axes_style.label_values(axes, self.ylabel, _called(str(self.contact)), unit)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists


def _called(contact: str) -> str:
    """How a contact is called on an axis: by its name, e.g. "p_z" of a dipole moment, or as that number."""
    return contact if contact[:1].isalpha() else f"Contact {contact}"


@options_checked
@dataclass(frozen=True)
class FieldSharesPanel(OfField, SharesPanel):
    """What part of the positive and of the negative signal at a contact each current makes.

    Parameters
    ----------
    source : Field
        `neo_currentscape.extracellular.split_field`.
    contact : int or str
        Which one.
    **options
        See `neo_currentscape.SharesPanel`.
    """

    contact: int | str = 0

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        artists = super()._draw(axes, data, x)
        if self.ylabel in (None, True):
            axes.set_ylabel(arrows.two_sided("Share of signal", "negative", "positive"))
        return artists


@options_checked
@dataclass(frozen=True)
class ContactsPanel(TimePanel):
    """The signal at all contacts, one above the other, with the parts of chosen currents.

    Parameters
    ----------
    source : Field
        `neo_currentscape.extracellular.split_field`.
    parts : sequence of str
        Currents whose parts are drawn as well.
    palette : optional
        See `neo_currentscape.style.palettes.looks`.
    distance : float, optional
        Between two contacts, in the unit of the signal; by default so that they do not overlap much.
    labels : sequence of str, optional
        Of the contacts, e.g. their depths.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    parts: Sequence[str] = field(default=(), kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    distance: float | None = field(default=None, kw_only=True)
    labels: Sequence[str] | None = field(default=None, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 2.5
    least_height: ClassVar[float] = 12.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.parts:
            if name not in self.source.names:
                raise unknown_name("current in parts=", name, self.source.names)
        n_contacts = len(self.source.contacts)
        if self.labels is not None and len(self.labels) != n_contacts:
            raise ArgumentError(f"labels has {len(self.labels)} texts for {n_contacts} contacts.")

    def _source(self, given: Any) -> Any:
        check_shown(self, given, *FIELD)
        return given

    @cached_property
    def scape(self) -> Any:
        """The first contact, whose times are those of all."""
        return self.source.currentscape(0)

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        from matplotlib.lines import Line2D

        signal, looks = self.source.total, looks_of_groups(self.source.names, self.palette)
        step = self.distance or 1.1 * float(np.ptp(signal, axis=1).max()) or 1.0
        offsets = step * np.arange(len(signal))[::-1]
        times = self._times()
        drawn: list[tuple[str | None, np.ndarray, dict[str, Any]]] = [
            (None, signal, {"color": text.ink(), "linewidth": text.line_width(0.9)})
        ]
        for name in self.parts:
            part = self.source.parts[:, self.source.names.index(name)]
            drawn.append(
                (name, part, {"color": paper.seen(looks[name].color), "linewidth": text.line_width(1.8)})
            )
        artists = []
        for _, values, default in drawn[::-1]:
            look = element(self.line, default, Line2D)
            if look is not None:
                artists += axes.plot(times, (values + offsets[:, None]).T, **look)
        axes.set_yticks(offsets, list(self.labels or self.source.contacts))
        axes_style.label_values(axes, self.ylabel, "Contact")
        self._bar(axes, step, times)
        return artists

    def _times(self) -> np.ndarray:
        return timebase.float_times(self.source.times, "ms") * axes_style.PER_MS[self.unit_of_time]

    def _bar(self, axes: Any, step: float, times: np.ndarray) -> None:
        """A bar that says how much the signal is."""
        power = 10.0 ** np.floor(np.log10(step))
        size = power * max(m for m in (1.0, 2.0, 5.0) if m * power <= step * (1 + 1e-9))
        right = times[-1]
        axes.plot([right, right], [0, size], color=text.ink(), linewidth=text.line_width(2), clip_on=False)
        words = f" {size:g} {units.label(self.source.unit)}"
        axes.annotate(
            words, (right, size / 2), va="center", fontsize=text.small_size(), annotation_clip=False
        )

    def handles(self) -> list[Any]:
        """Legend entries: the signal and the chosen currents.

        Returns
        -------
        list of matplotlib.artist.Artist
        """
        from matplotlib.lines import Line2D

        looks = looks_of_groups(self.source.names, self.palette)
        wide = text.line_width(1.8)
        lines = [Line2D([], [], color=text.ink(), label="signal", linewidth=text.line_width(0.9))]
        return lines + [
            Line2D([], [], color=paper.seen(looks[name].color), label=name, linewidth=wide)
            for name in self.parts
        ]
