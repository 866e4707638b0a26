"""What the panels of currents share: columns over time with their axis, and order and looks of currents."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.conventions.roles import OTHER
from neo_currentscape.panels import neighbours
from neo_currentscape.panels.root import Element, LabelledPanel, check_positive
from neo_currentscape.recording import timebase
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.shares import Shares
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import first_draw, palettes, scales, text
from neo_currentscape.style.look import Look, Looks


def as_shares(source: Any) -> Shares:
    """Take the Shares of a Currentscape as they are, and make some of a Recording.

    Raises
    ------
    ArgumentTypeError
        When the source is neither.
    """
    if isinstance(source, Shares):
        return source
    if isinstance(source, Recording):
        return Shares(source)
    raise ArgumentTypeError(
        f"A panel shows a Currentscape or a Recording, not a {type(source).__name__}: "
        "write e.g. Currentscape.from_segment(segment)."
    )


@dataclass(frozen=True)
class TimePanel(LabelledPanel):
    """Base of the panels over time.

    Parameters
    ----------
    source : Currentscape or Recording
        What is shown.
    ylabel : str or False, optional
        Label of the y axis; by default what is shown, with the unit of the data.
    ylim : tuple of float, optional
        Limits of the y axis in the unit of the data.
    grid : bool or dict
        Grid lines; a dict goes through to matplotlib.
    xlabel : str or bool, optional
        Label of the time axis; False for none and no tick labels; by default the time and its unit,
        below the lowest panel only.
    time_units : {"us", "ms", "s", "min", "h"}, optional
        Unit of the time axis; by default one that fits the duration.
    columns : int, optional
        Number of columns to which longer recordings are reduced; by default from the figure's size.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    ylim: tuple[float, float] | None = field(default=None, kw_only=True)
    time_units: str | None = field(default=None, kw_only=True)
    columns: int | None = field(default=None, kw_only=True)

    #: Scales that the y axis can have.
    known_scales: ClassVar[tuple[str, ...]] = ("linear",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.time_units is not None:
            axes_style.check_time_unit(self.time_units)
        check_positive("columns", self.columns, (int, np.integer))
        scale = getattr(self, "scale", "linear")
        text.check_words("scale", scale)
        scales.check_scale(scale, self.known_scales)
        scales.check_limits(self.ylim, scale)

    def _source(self, given: Any) -> Any:
        return super()._source(given) if self.needs else as_shares(given)

    @property
    def scape(self) -> Any:
        """What is reduced to columns, and says the times: the source, unless a panel makes it of that."""
        return self.source

    def need(self, part: str, what: str) -> Any:
        """A part of the recording that this panel cannot do without.

        Parameters
        ----------
        part : str
            Name of an attribute of the recording, as "voltage".
        what : str
            What it is called in the sentence.

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal

        Raises
        ------
        SelectionError
            When the recording does not hold it.
        """
        signal = getattr(self.scape.recording, part)
        if signal is None:
            raise SelectionError(
                f"The recording holds no {what}: leave the {type(self).__name__} out, or pass {part}=... "
                "when you make the Recording."
            )
        return signal

    @property
    def duration(self) -> float:
        """Time that is shown, in ms."""
        first, last = self._limits()
        return last - first

    def _limits(self) -> tuple[float, float]:
        first, last = self.recorded
        if self._window is None:
            return first, last
        # Nothing is shown where nothing was recorded.
        start, stop = (min(max(end, first), last) for end in self._window)
        return start, stop

    @cached_property
    def recorded(self) -> tuple[float, float]:
        """First and last time of the recording, in ms."""
        currents = self.scape.recording.currents
        first, last = timebase.span(currents, "ms")
        if timebase.is_regular(currents) and len(currents) > 500:
            # The last sample stands for one more interval. Where that is narrower than a line, the
            # axis ends there, so that two seconds of samples end at the tick of two seconds.
            last += float(currents.sampling_period.rescale("ms"))
        return first, last

    @property
    def limits(self) -> tuple[float, float]:
        """First and last time, in the unit of the time axis."""
        scale = axes_style.PER_MS[self.unit_of_time]
        first, last = self._limits()
        return first * scale, last * scale

    @property
    def unit_of_time(self) -> str:
        """Unit of the time axis."""
        return self.time_units or axes_style.time_unit(self.duration)

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib artists
            What was drawn, without axis labels and legend.
        """
        beside = neighbours.unit_beside(axes, *self._limits()) if self._may_follow(axes) else None
        if beside is not None and self.time_units is None and beside != self.unit_of_time:
            return dataclasses.replace(self, time_units=beside).plot(axes)
        before = axes.get_children()
        data = self.reduced(self.scape, axes)
        scale = axes_style.PER_MS[self.unit_of_time]
        artists = self._draw(axes, data, data.times * scale)
        self._look_again(axes, before, data)
        axes.set_xlim(self.limits)
        self._limit_values(axes)
        axes_style.draw_grid(axes, self.grid)
        axes_style.label_time(axes, self.unit_of_time, self.xlabel)
        self._follow_others(axes)
        return artists

    def _may_follow(self, axes: Any) -> bool:
        return self._window is None and neighbours.has_others(axes)

    def _follow_others(self, axes: Any) -> None:
        """In a figure of others, show the times that its own panels show; see `neighbours`."""
        if not self._may_follow(axes):
            return
        neighbours.Follow(axes, *self._limits(), self.unit_of_time)(axes)
        # Those that come below are not there yet.
        first_draw.before(axes, neighbours.Follow(axes, *self._limits(), self.unit_of_time))

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        raise NotImplementedError

    #: Window in ms and number of columns, where not the whole recording is shown.
    _window = _n_columns = None

    #: Whether the mean of each current in each column is shown, which costs a pass over the data.
    shows_flows = False

    def reduced(self, scape: Any, axes: Any) -> Columns:
        """The columns of a currentscape that this panel shows on an axes.

        Parameters
        ----------
        scape : Currentscape
        axes : matplotlib.axes.Axes
            Its width decides on the number of columns.

        Returns
        -------
        Columns
        """
        n_columns = self.columns or self._n_columns or self._fitting(axes)
        asked = {"flows": True} if self.shows_flows else {}
        return scape.columns(n_columns, *(self._window or ()), **asked)

    def of_window(self, window: tuple[float, float] | None, n_columns: int, ylim: Sequence[float]) -> Any:
        """The same panel, of a window in ms.

        Parameters
        ----------
        window : tuple of float, or None
            Start and end in ms; None for the whole.
        n_columns : int
            To which longer recordings are reduced.
        ylim : sequence of float
            Limits of the y axis now.

        Returns
        -------
        TimePanel
            Of the same class.
        """
        from neo_currentscape.panels import live

        panel = dataclasses.replace(self, **live.options_aside(self, ylim))
        object.__setattr__(panel, "_window", window)
        object.__setattr__(panel, "_n_columns", n_columns)
        return panel

    def _look_again(self, axes: Any, before: Sequence[Any], data: Columns) -> None:
        if data.reduced or len(data.times) > axes_style.vector_columns(self.n_currents):
            from neo_currentscape.panels.live import Live

            Live(self, axes, before, self.columns or self._fitting(axes))

    @property
    def n_currents(self) -> int:
        """How many currents there are, of which all panels of a figure show the same columns."""
        return len(getattr(self.scape, "names", ()))

    def _fitting(self, axes: Any) -> int:
        recording = getattr(self.source, "recording", None)
        return axes_style.or_samples(axes_style.n_columns(axes), 0 if recording is None else len(recording))

    def _limit_values(self, axes: Any) -> None:
        if self.ylim is not None:
            axes.set_ylim(self.ylim)


class CurrentsShown:
    """What the panels share that show every current: order, looks and legend entries.

    They have the fields ``source``, ``order``, ``palette`` and ``legend``.
    """

    source: Any
    order: str | Sequence[str]
    palette: Any
    legend: Element

    @property
    def ordered(self) -> Any:
        """What has the names and the order of the currents: the source, unless a panel says otherwise."""
        return self.source

    def check_currents(self) -> None:
        """Refuse an order or a palette that does not fit the currents."""
        self.ordered.order(self.order)
        self.looks()

    def looks(self) -> Looks:
        """The look of every current.

        Returns
        -------
        dict of str to Look
        """
        return looks_of(self.ordered, self.palette)

    def shown(self) -> list[tuple[int, str, Look]]:
        """Index, name and look of the currents, in the order in which they are shown.

        Returns
        -------
        list of tuple
            Index, name and look.
        """
        names, looks = self.ordered.names, self.looks()
        return [(k, names[k], looks[names[k]]) for k in self.ordered.order(self.order)]

    def handles(self) -> list[Any]:
        """Legend entries, in the order in which the currents are shown.

        Returns
        -------
        list of matplotlib.artist.Artist
        """
        from neo_currentscape.style import legend

        return legend.swatches([name for _, name, _ in self.told()], self.looks())

    def told(self) -> list[tuple[int, str, Look]]:
        """As `shown`, without currents that are 0 everywhere: nothing of them is seen.

        Returns
        -------
        list of tuple
            Index, name and look.
        """
        shown, silent = self.shown(), set(getattr(self.ordered, "silent", ()))
        return [one for one in shown if one[1] not in silent] or shown


def looks_of(ordered: Any, palette: Any) -> Looks:
    """The looks of the currents of a currentscape or a result; a bundle is grey.

    Looks are given to all recorded currents, so that bundling some changes none of the others; to those
    that are left where there are more currents than looks.
    """
    if ordered.bundle is None or isinstance(palette, Looks):
        return palettes.looks(ordered.names, palette)
    found = palettes.looks([*ordered.recording.names, OTHER], palette, grey=OTHER, shown=ordered.names)
    return Looks({name: found[name] for name in ordered.names})
