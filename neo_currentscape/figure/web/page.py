"""A figure as one file for a browser, which asks nothing of any network."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, require, warn
from neo_currentscape.figure.web import pack
from neo_currentscape.figure.web.looks import area_on_both, look_of
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.currents import CurrentsPanel
from neo_currentscape.panels.total import TotalPanel

#: Bytes of a page at most: it can be sent by mail.
LARGEST = 2_900_000

#: The script of a page: what it draws, what it tells, what one can do with it; and what a file holds.
SHARED = ("numbers.js", "told.js", "look.js")
SCRIPTS = (*SHARED, "page.js")

#: What the page may load: nothing but itself.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:"
)


def page(figure: Any) -> bytes:
    """Make the page of a figure.

    Parameters
    ----------
    figure : Figure
        As drawn: what it shows, its colours, its limits and its labels.

    Returns
    -------
    bytes
        HTML, of less than 3 MB whatever the length of the recording.

    Raises
    ------
    MissingDependencyError
        When Bokeh is not installed.
    ArgumentError
        When none of the panels can be shown.
    """
    require("bokeh", "web", "A page for a browser")
    from neo_currentscape.figure.web import averages, plots

    if averages.is_average(figure.panels):
        return _of_average(figure)
    kept = [row for row, panel in enumerate(figure.panels) if type(panel) in plots.SHOWN]
    _warn_of_left_out(figure.panels, kept)
    timed = {row: figure.panels[row] for row in kept if isinstance(figure.panels[row], TimePanel)}
    library = _library()
    room = LARGEST - len(library) - 150_000 - 2_000 * sum(len(p.scape.names) for p in timed.values())
    sets, numbers = pack.numbers(list(timed.values()), room)
    groups = list(pack.grouped(list(timed.values())))
    found = plots.Plots(figure, kept, {row: groups.index(id(panel.scape)) for row, panel in timed.items()})
    spec = _spec(figure, found, sets, next(iter(timed.values()), None))
    return _written(figure, library, spec, numbers)


def _of_average(figure: Any) -> bytes:
    from neo_currentscape.figure.web import averages

    average, rows = figure.panels[0].source, range(len(figure.panels))
    sets, numbers = averages.numbers(average)
    found = averages.AveragePlots(figure, rows, dict.fromkeys(rows, 0))
    spec = _spec(figure, found, sets, None, units.label(average.edges))
    return _written(figure, _library(), spec, numbers)


def _warn_of_left_out(panels: Sequence[Any], kept: Sequence[int]) -> None:
    left = [type(panel).__name__ for row, panel in enumerate(panels) if row not in kept]
    if not kept:
        raise ArgumentError(
            f"A page for a browser cannot show {' or '.join(dict.fromkeys(left))}: write e.g. "
            "save('figure.pdf'), or a figure of panels over time."
        )
    if left:
        warn(
            f"The page for a browser leaves out {' and '.join(dict.fromkeys(left))}, which it cannot show."
        )
    noisy = [panels[row] for row in kept if isinstance(panels[row], (TotalPanel, CurrentsPanel))]
    if any(panel.scape.recording.noise is not None for panel in noisy):
        warn("The page for a browser leaves out what shows the noise of measured currents.")
    for panel in (panels[row] for row in kept):
        if getattr(panel, "scale", "linear") == "symlog":
            warn(f"The page for a browser shows {type(panel).__name__} on a linear axis, not on 'symlog'.")


def _spec(figure: Any, found: Any, sets: list[Any], first: Any, unit: str = "") -> str:
    from bokeh.embed import json_item

    grid = grid_of(found)
    told = {
        "unit": unit,
        **told_of(found, grid, first),
        "item": json_item(grid),
        "sets": sets,
        "title": figure.title or "",
    }
    return json.dumps(told, ensure_ascii=True)


def grid_of(found: Any) -> Any:
    """The plots one above the other, with one set of tools.

    Parameters
    ----------
    found : Plots

    Returns
    -------
    bokeh.models.GridPlot
    """
    from bokeh.layouts import gridplot

    options: Any = {"logo": None}
    rows: Any = [[plot] for plot in found.plots]
    return gridplot(
        rows,
        sizing_mode="stretch_width",
        merge_tools=True,
        toolbar_location="above",
        toolbar_options=options,
    )


def told_of(found: Any, grid: Any, first: TimePanel | None) -> dict[str, Any]:
    """What the script must know of the plots, to fill them and to tell of them.

    Parameters
    ----------
    found : Plots
    grid : bokeh.models.GridPlot
        Of these.
    first : TimePanel or None
        One of the panels over time.

    Returns
    -------
    dict
        For JSON.
    """
    from neo_currentscape.figure.web import plots

    time = {} if first is None else {"unit": first.unit_of_time}
    return {
        **time,
        "range": found.range.id,
        "toolbar": grid.toolbar.id,
        "panels": found.told,
        "names": found.names,
        "swatches": [_swatch(found.looks[name]) for name in found.names],
        "per_ms": 1.0 if first is None else plots.per_ms(first),
    }


def _swatch(look: Any) -> list[str]:
    own = look_of(look)
    return [*area_on_both(look.color), own.get("hatch_pattern", " "), own.get("hatch_color", "")]


def _library() -> str:
    """The part of Bokeh that draws, packed; not its widgets, tables and formulas."""
    from bokeh.resources import Resources

    (script,) = Resources(mode="inline", components=["bokeh"], minified=True).js_raw[:1]
    return pack.packed(script.encode())


def read(name: str, package: str = "neo_currentscape.figure.web") -> str:
    """The text of a file that stands beside the modules of a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def script_of(*parts: str) -> str:
    """One script of several, of which nothing is seen from outside."""
    return '"use strict";\n(() => {\n' + "".join(parts) + "})();\n"


def _written(figure: Any, library: str, spec: str, numbers: str) -> bytes:
    parts = {
        "title": html.escape(figure.title or "Currentscape"),
        "policy": POLICY,
        "style": read("page.css"),
        "code": script_of(*map(read, SCRIPTS)),
        "bokeh": library,
        "spec": pack.packed(spec.encode()),
        "numbers": numbers,
    }
    pieces = read("page.html").split("@@")
    # Every other piece is a mark, so that nothing that is put in is looked through for marks.
    return "".join(parts[p] if turn % 2 else p for turn, p in enumerate(pieces)).encode("utf-8")
