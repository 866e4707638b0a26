"""The standard figure of a currentscape: voltage, totals and shares."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

# Loaded from here, and not from deep within the imports of the panels, as it makes many small calls: where
# the end of a piece of Python's stack falls among them, each maps the next piece anew.
import matplotlib.figure  # noqa: F401

from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownOptionError, unknown_name, warn
from neo_currentscape.figure.figure import Figure
from neo_currentscape.figure.sizes import page_size
from neo_currentscape.panels.contributions import ContributionsPanel
from neo_currentscape.panels.currents import CurrentsPanel
from neo_currentscape.panels.ions import ElectrodePanel, IonsPanel
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.total import TotalPanel
from neo_currentscape.panels.voltage import VoltagePanel
from neo_currentscape.reduction.shares import Shares
from neo_currentscape.style.axes import columns_of_width

#: Panels by the name that ``panels=`` and the options of `standard_figure` use, from top to bottom.
PANELS: dict[str, Any] = {
    "voltage": VoltagePanel,
    "electrode": ElectrodePanel,
    "outward": TotalPanel,
    "shares": SharesPanel,
    "inward": TotalPanel,
    "currents": CurrentsPanel,
    "ions": IonsPanel,
    "contributions": ContributionsPanel,
}

#: What ``panels="standard"`` means; the voltage only where there is one.
STANDARD = ("voltage", "outward", "shares", "inward")

#: Options that are handed to every panel which has them.
SHARED = ("order", "palette", "grid", "columns")


def standard_figure(
    scape: Shares,
    *,
    panels: str | Sequence[str] = "standard",
    title: str | None = None,
    size: Any = None,
    legend: bool | Mapping[str, Any] = True,
    time_units: str | None = None,
    on: Any = None,
    settings: Mapping[str, Any] | None = None,
    **options: Any,
) -> Figure:
    """Draw the standard figure of a currentscape.

    Parameters
    ----------
    scape : Currentscape
    panels : {"standard", "all"} or list of str
        "standard" is the voltage, the outward total, the shares and the inward total; "all" is each panel
        that the recording has data for; a list names them from top to bottom, out of "voltage",
        "electrode", "outward", "shares", "inward", "currents", "ions" and "contributions".
    title : str, optional
        Above the panels.
    size : str or tuple, optional
        "column" (85 mm), "page" (174 mm), "slide", ``(width, height)`` in inches or Quantities, or in
        words, e.g. "85x100mm".
    legend : bool or dict
        False for none; a dict goes through to matplotlib, e.g. ``{"title": "Currents"}``.
    time_units : str, optional
        Of the time axis; by default one that fits.
    on : matplotlib Figure or SubFigure, optional
        Where to draw instead of on a new figure.
    settings : dict, optional
        rcParams for this figure only.
    **options
        For all panels that have them: ``order`` ("charge", "recorded", "name" or a list of names),
        ``palette`` (a dict of colours by name, a list, or the name of a palette), ``grid`` and ``columns``
        (how many columns of time a long recording is drawn with). Under the name of a panel a dict of
        options of its own, e.g. ``voltage={"levels": [-50]}``; those of "shares" are the parameters of
        `neo_currentscape.SharesPanel`.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownOptionError
        When an option or panel is not known, with the nearest that is.

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2], [2, -3]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["K", "Na"]},
    ... )
    >>> ncs.Currentscape(ncs.Recording(currents)).plot(
    ...     palette="bright", shares={"height": 3}
    ... )
    Figure of 3 panels: TotalPanel, SharesPanel, TotalPanel
    """
    known = [*SHARED, *PANELS]
    for option in options:
        if option not in known:
            figure_options = [
                p for p in inspect.signature(standard_figure).parameters if p not in ("scape", "options")
            ]
            raise unknown_name("option", option, [*figure_options, *known], UnknownOptionError)
    names = _names(scape, panels)
    own = {name: _own_options(name, options[name]) for name in PANELS if name in options}
    _warn_of_unshown(panels, names, own)
    _reduce_first(scape, options.get("columns"), page_size(size, on)[0])
    made = [_panel(scape, name, options, own.get(name, {})) for name in names]
    return Figure(
        *made, title=title, size=size, legend=legend, time_units=time_units, on=on, settings=settings
    )


def _reduce_first(scape: Shares, columns: Any, width: float) -> None:
    """Have the columns of the figure before its panels ask for the order of the currents.

    The charges, by which they are ordered, come with the columns, and not with a pass of their own.
    """
    wanted = columns_of_width(width) if columns is None else columns
    # Panels say what is wrong with other things than numbers.
    if isinstance(wanted, int) and 0 < wanted < len(scape.recording):
        scape.columns(wanted)


def _names(scape: Shares, panels: str | Sequence[str]) -> list[str]:
    recording = scape.recording
    held = {
        "voltage": recording.voltage is not None,
        "ions": recording.ions is not None,
        "electrode": recording.electrode is not None,
    }
    if isinstance(panels, str) and panels in ("standard", "all"):
        names = STANDARD if panels == "standard" else tuple(PANELS)
        return [name for name in names if held.get(name, True)]
    if not isinstance(panels, (str, Sequence)):
        raise ArgumentTypeError(
            f"panels= takes 'standard', 'all' or a list of names, not {panels!r}: write e.g. "
            "panels=['voltage', 'shares']."
        )
    names = (panels,) if isinstance(panels, str) else tuple(panels)
    for name in names:
        if not isinstance(name, str) or name not in PANELS:
            raise unknown_name("panel", name, ["standard", "all", *PANELS])
    return list(names)


def _own_options(name: str, own: Any) -> Mapping[str, Any]:
    """The options of one panel, checked also where the panel is not shown."""
    if not isinstance(own, Mapping):
        raise ArgumentTypeError(
            f"{name}= takes a dict of options of that panel, not {own!r}: choose panels with panels=[...]."
        )
    known = [field for field in PANELS[name].__dataclass_fields__ if field != "source"]
    for option in own:
        if option not in known:
            raise unknown_name(f"option of the {name} panel", option, known, UnknownOptionError)
    return own


def _warn_of_unshown(panels: Any, names: Sequence[str], own: Mapping[str, Any]) -> None:
    # Of the standard ones, those without data are left out in every figure of a series.
    expected = {"standard": STANDARD, "all": tuple(PANELS)}.get(
        panels if isinstance(panels, str) else "", ()
    )
    unshown = [name for name, given in own.items() if given and name not in (*names, *expected)]
    if unshown:
        wanted = [name for name in PANELS if name in (*names, *unshown)]
        warn(f"{unshown[0]}= has options of a panel that is not shown: write panels={wanted!r} to show it.")


def _panel(scape: Shares, name: str, options: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    kind = PANELS[name]
    fields = kind.__dataclass_fields__
    chosen = {key: options[key] for key in SHARED if key in options and key in fields}
    if name == "electrode" or name == "ions":
        for shared in ("palette", "order"):  # those of the currents
            chosen.pop(shared, None)
    if kind is TotalPanel:
        chosen["direction"] = name
    return kind(scape, **{**chosen, **own})
