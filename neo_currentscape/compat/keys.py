"""Every key of Currentscape's configuration as plain data: kind, default and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Key:
    """One key of the configuration.

    Attributes
    ----------
    kind : str
        What its value must be; a name in `neo_currentscape.compat.kinds.KINDS`.
    default : object
        What holds where the configuration says nothing.
    meaning : str
        What it governs.
    optional : bool
        Whether it may be None (``null`` in JSON).
    """

    kind: str
    default: Any
    meaning: str
    optional: bool = False


#: Dashes by which lines of the same colour differ, as many as there are patterns.
_STYLES = (
    "solid",
    (0, (1, 1)),
    (0, (2, 1)),
    (0, (2, 1, 1, 1)),
    (0, (2, 1, 1, 1, 1, 1)),
    (0, (2, 1, 2, 1, 1, 1)),
    (0, (2, 1, 2, 1, 1, 1, 1, 1)),
)

#: Path of a key, with a dot between section and key, -> what it is.
KEYS: dict[str, Key] = {
    "show.currentscape": Key("flag", True, "the shares of the currents"),
    "show.ylabels": Key("flag", True, "labels of the y axes"),
    "show.yticklabels": Key("flag", True, "numbers at the ticks of the y axes"),
    "show.xlabels": Key("flag", False, "the label of the time axis"),
    "show.xticklabels": Key("flag", False, "numbers at the ticks of the time axis"),
    "show.xgridlines": Key("flag", False, "vertical lines at the ticks of the time axis, in every panel"),
    "show.legend": Key("flag", True, "the legends of the currents and the ions"),
    "show.all_currents": Key("flag", False, "two panels of all outward and all inward currents"),
    "show.total_contribution": Key("flag", False, "rings of what each current contributed to the charge"),
    "current.names": Key("texts", None, "names of the currents, in the order of the data", True),
    "current.reorder": Key("flag", True, "order the currents by decreasing mean share"),
    "current.autoscale_ticks_and_ylim": Key("flag", True, "choose current.ticks and current.ylim"),
    "current.ticks": Key("numbers", (5, 50, 500), "ticks of the currents, unless autoscaled"),
    "current.ylim": Key("log limits", (0.01, 1500), "limits of the currents, unless autoscaled", True),
    "current.units": Key("text", "[pA]", "unit of the currents"),
    "current.color": Key("color", "black", "colour of the totals"),
    "current.stackplot": Key("flag", False, "stack all currents instead of drawing lines"),
    "current.black_line_thickness": Key("size", 2, "line between outward and inward, % of the height"),
    "current.legacy_method": Key("flag", False, "stack all currents with bars of stackplot.x_chunksize"),
    "currentscape.in_label": Key("text", "inward %", "label of the inward shares"),
    "currentscape.out_label": Key("text", "outward %", "label of the outward shares"),
    "currentscape.y_resolution": Key("count", 10000, "rows of the image of the shares (legacy method)"),
    "currentscape.legacy_method": Key("flag", False, "shares as an image; with patterns as bars"),
    "ions.autoscale_ticks_and_ylim": Key("flag", True, "choose ions.ticks and ions.ylim"),
    "ions.ticks": Key("numbers", (0.0005, 0.05, 5), "ticks of the concentrations, unless autoscaled"),
    "ions.ylim": Key("log limits", (0.00001, 100), "limits of the concentrations, unless autoscaled", True),
    "ions.units": Key("text", "[mM]", "unit of the concentrations"),
    "ions.reorder": Key("flag", True, "order the ions by decreasing mean concentration"),
    "ions.names": Key("texts", None, "names of the ions, in the order of the data", True),
    "colormap.name": Key("text", "Set1", "colour map of matplotlib, or path of one of palettable"),
    "colormap.n_colors": Key("count", 8, "number of colours where patterns are used"),
    "stackplot.x_chunksize": Key("count", 50, "samples a bar (legacy methods)"),
    "pattern.use": Key("flag", False, "mix colours with hatches"),
    "pattern.patterns": Key("patterns", ("", "/", "\\", "x", ".", "o", "+"), "the hatches"),
    "pattern.density": Key("count", 5, "how dense the hatches are"),
    "pattern.linewidth": Key("size", 0.2, "width of the hatch lines in points"),
    "pattern.color": Key("color", "black", "colour of the hatches, and of the edges of the rings"),
    "line.styles": Key("styles", _STYLES, "styles of the lines where patterns are used"),
    "voltage.ylim": Key("limits", (-90, 30), "limits of the voltage, from its values where None", True),
    "voltage.ticks": Key("numbers", (-50, -20), "ticks of the voltage"),
    "voltage.units": Key("text", "[mV]", "unit of the voltage"),
    "voltage.color": Key("color", "black", "colour of the voltage"),
    "voltage.horizontal_lines": Key(
        "flag", True, "a line at the lowest tick, a bar from there to the highest"
    ),
    "xaxis.units": Key("text", "[ms]", "unit of the time"),
    "xaxis.xticks": Key("numbers", None, "ticks of the time axis; chosen where None", True),
    "xaxis.gridline_width": Key("size", 1, "width of the vertical lines in points"),
    "xaxis.gridline_color": Key("color", "black", "colour of the vertical lines"),
    "xaxis.gridline_style": Key("style", "--", "style of the vertical lines"),
    "output.savefig": Key("flag", False, "write the figure to a file"),
    "output.dir": Key("path", ".", "folder of the file, made where it is missing"),
    "output.fname": Key("text", "fig", "name of the file, without the extension"),
    "output.extension": Key("text", "pdf", "format of the file"),
    "output.dpi": Key("dpi", 400, "dots per inch of the file"),
    "output.transparent": Key("flag", False, "no background"),
    "legend.textsize": Key("text size", 4, "size of the text in points"),
    "legend.bgcolor": Key("color", "lightgrey", "colour of the background"),
    "legend.ypos": Key("number", 1.0, "top of the legend, 1 being the top of its panel"),
    "legend.handlelength": Key("size", 1.4, "length of the swatches, in text sizes; 0 without patterns"),
    "adjust.left": Key("part", 0.15, "left edge of the panels, part of the width", True),
    "adjust.right": Key("part", 0.85, "right edge of the panels, part of the width", True),
    "adjust.top": Key("part", 0.95, "upper edge of the panels, part of the height", True),
    "adjust.bottom": Key("part", 0.0, "lower edge of the panels, part of the height", True),
    "title": Key("text", None, "above the panels", True),
    "figsize": Key("sizes", (3, 4), "width and height in inches"),
    "labelpad": Key("number", 1, "points between an axis and its label"),
    "textsize": Key("text size", 6, "size of labels and numbers in points"),
    "titlesize": Key("text size", 12, "size of the title in points"),
    "lw": Key("size", 0.5, "width of the lines in points"),
}

#: Older spelling -> the key that it means.
OLDER = {
    "currentscape.cmap": "colormap.name",
    "legendtextsize": "legend.textsize",
    "legendbgcolor": "legend.bgcolor",
    "currentscape.x_chunksize": "stackplot.x_chunksize",
    "currentscape.black_line_thickness": "current.black_line_thickness",
    "show.labels": "show.ylabels",
    "show.ticklabels": "show.yticklabels",
}

#: Sections, which hold keys.
SECTIONS = tuple(dict.fromkeys(path.split(".")[0] for path in KEYS if "." in path))

#: Keys that begin with one of these are comments.
COMMENT = ("_", "comment", "note", "#", "//")
