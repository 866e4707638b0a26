"""Every key of the configuration governs what it says: the artist it is about changes as documented."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from compat_data import NAMES, T, drawn, merged, nested
from matplotlib.colors import to_hex, to_rgba

from neo_currentscape.compat.keys import KEYS

ALL = {"show": {"all_currents": True, "total_contribution": True, "xlabels": True, "xticklabels": True}}
LINES = {"show": {"all_currents": True}}
STACKED = merged(LINES, {"current": {"stackplot": True}})
RINGS = {"show": {"total_contribution": True}}
GRID = {"show": {"xgridlines": True}}
TICKS = {"show": {"xticklabels": True}}
PATTERNS = {"pattern": {"use": True}}
IMAGE = {"currentscape": {"legacy_method": True}}
BARS = merged(PATTERNS, IMAGE)
FIXED = {"current": {"autoscale_ticks_and_ylim": False}}
FIXED_IONS = {"ions": {"autoscale_ticks_and_ylim": False}}


class Parts:
    """The axes of a figure by what they show."""

    def __init__(self, fig, config):
        show = {key: config.get("show", {}).get(key) for key in ("total_contribution", "all_currents")}
        axes = list(fig.axes)
        self.rings = axes.pop(0) if show["total_contribution"] else None
        self.voltage, self.outward = axes.pop(0), axes.pop(0)
        shares = config.get("show", {}).get("currentscape", True)
        self.shares = (axes.pop(0), axes.pop(0)) if shares else ()
        self.inward = axes.pop(0)
        self.all = (axes.pop(0), axes.pop(0)) if show["all_currents"] else ()
        self.ions = axes.pop(0)
        assert not axes
        self.fig = fig
        self.lowest = self.ions

    @property
    def legend(self):
        return self.shares[0].get_legend()


def parts(*configs) -> Parts:
    return Parts(drawn(*configs), merged(*configs))


def areas(axes) -> list:
    return [c for c in axes.collections if str(c.get_label()).split()[-1] in ("outward", "inward")]


def line(axes, label=None):
    """The line of a label; the first one with data where none is given."""
    return next(x for x in axes.lines if label in (None, x.get_label()) and len(x.get_xdata()) > 2)


def levels(axes) -> list[float]:
    return [
        float(x.get_ydata()[0])
        for x in axes.lines
        if len(x.get_xdata()) == 2 and x.get_ydata()[0] == x.get_ydata()[1]
    ]


def marks(axes) -> list:
    return [x for x in axes.lines if len(x.get_xdata()) == 2 and x.get_zorder() == 5]


def yticklabels(axes) -> list[str]:
    axes.figure.draw_without_rendering()
    return [t.get_text() for t in axes.get_yticklabels() if t.get_visible() and t.get_text()]


def xticklabels(axes) -> list[str]:
    axes.figure.draw_without_rendering()
    low, high = axes.get_xlim()
    return [
        tick.label1.get_text()
        for tick in axes.xaxis.get_major_ticks()
        if tick.label1.get_visible() and tick.label1.get_text() and low <= tick.get_loc() <= high
    ]


def colors(axes) -> dict[str, str]:
    return {a.get_label().split()[0]: to_hex(a.get_facecolor()[0]) for a in areas(axes)}


def order(axes) -> list[str]:
    """Names from top to bottom."""
    return [a.get_label().split()[0] for a in areas(axes)]


def hatches(axes) -> dict[str, str]:
    return {a.get_label().split()[0]: a.get_hatch() or "" for a in areas(axes)}


def rgba(color):
    return pytest.approx(to_rgba(color))


def size(label) -> float:
    return float(label.get_fontsize())


#: Key -> configuration beside it, changed value, what is measured, its default and its changed value.
EFFECTS = {
    "show.currentscape": ({}, False, lambda p: len(p.fig.axes), 6, 4),
    "show.ylabels": (
        {},
        False,
        lambda p: [a.get_ylabel() for a in p.fig.axes if a.get_ylabel()],
        ["[mV]", "[pA]", "outward %", "inward %", "−[pA]", "[mM]"],
        [],
    ),
    "show.yticklabels": (
        {},
        False,
        lambda p: yticklabels(p.voltage) + yticklabels(p.outward),
        ["\N{MINUS SIGN}50", "\N{MINUS SIGN}20", "0.001", "0.1", "10"],
        [],
    ),
    "show.xlabels": ({}, True, lambda p: p.lowest.get_xlabel(), "", "[ms]"),
    "show.xticklabels": (
        {},
        True,
        lambda p: xticklabels(p.lowest),
        [],
        ["100", "110", "120", "130", "140"],
    ),
    "show.xgridlines": ({}, True, lambda p: [len(marks(a)) for a in p.fig.axes], [0] * 6, [5] * 6),
    "show.legend": (
        {},
        False,
        lambda p: (p.legend is None, p.ions.get_legend() is None),
        (False, False),
        (True, True),
    ),
    "show.all_currents": ({}, True, lambda p: len(p.fig.axes), 6, 8),
    "show.total_contribution": ({}, True, lambda p: len(p.fig.axes), 6, 7),
    "current.names": (
        {"current": {"reorder": False}},
        ["a", "b", "c", "d", "e"],
        lambda p: [t.get_text() for t in p.legend.get_texts()],
        NAMES,
        ["a", "b", "c", "d", "e"],
    ),
    "current.reorder": (
        {},
        False,
        lambda p: (order(p.shares[0]), [t.get_text() for t in p.legend.get_texts()]),
        (["Na", "Kd", "A", "leak", "CaT"], ["Na", "Kd", "A", "leak", "CaT"]),
        (NAMES, NAMES),
    ),
    "current.autoscale_ticks_and_ylim": (
        {},
        False,
        lambda p: (p.outward.get_ylim()[1] == 1500, yticklabels(p.outward)),
        (False, ["0.001", "0.1", "10"]),
        (True, ["5", "50", "500"]),
    ),
    "current.ticks": (
        FIXED,
        [1, 10],
        lambda p: (yticklabels(p.outward), p.outward.get_ylim()),
        (["5", "50", "500"], (0.01, 1500)),
        (["1", "10"], (0.01, 1500)),
    ),
    "current.ylim": (
        FIXED,
        [0.1, 200],
        lambda p: (p.outward.get_ylim(), p.inward.get_ylim()),
        ((0.01, 1500), (1500, 0.01)),
        ((0.1, 200), (200, 0.1)),
    ),
    "current.units": (
        {},
        "[nA]",
        lambda p: (p.outward.get_ylabel(), p.inward.get_ylabel()),
        ("[pA]", "−[pA]"),
        ("[nA]", "−[nA]"),
    ),
    "current.color": (
        {},
        "teal",
        lambda p: tuple(p.outward.collections[0].get_facecolor()[0]),
        rgba("black"),
        rgba("teal"),
    ),
    "current.stackplot": (
        LINES,
        True,
        lambda p: (len(areas(p.all[0])), len(p.all[0].get_lines()) > 4),
        (0, True),
        (5, False),
    ),
    "current.black_line_thickness": (
        {},
        8,
        lambda p: p.shares[0].get_ylim()[0],
        pytest.approx(-0.02),
        pytest.approx(-0.08),
    ),
    "current.legacy_method": (
        merged(STACKED, {"stackplot": {"x_chunksize": 20}}),
        True,
        lambda p: len(np.unique(areas(p.all[0])[0].get_paths()[0].vertices[:, 0])),
        401,
        22,
    ),
    "currentscape.in_label": ({}, "in", lambda p: p.shares[1].get_ylabel(), "inward %", "in"),
    "currentscape.out_label": ({}, "out", lambda p: p.shares[0].get_ylabel(), "outward %", "out"),
    "currentscape.y_resolution": (
        IMAGE,
        20,
        lambda p: p.shares[0].images[0].get_array().shape,
        (4096, 401),
        (20, 401),
    ),
    "currentscape.legacy_method": ({}, True, lambda p: [len(a.images) for a in p.shares], [0, 0], [1, 1]),
    "ions.autoscale_ticks_and_ylim": (
        {},
        False,
        lambda p: (p.ions.get_ylim() == (1e-5, 100), yticklabels(p.ions)),
        (False, ["0.001", "0.1", "10"]),
        (True, ["0.0005", "0.05", "5"]),
    ),
    "ions.ticks": (
        FIXED_IONS,
        [0.1, 10],
        lambda p: (yticklabels(p.ions), p.ions.get_ylim()),
        (["0.0005", "0.05", "5"], (1e-5, 100)),
        (["0.1", "10"], (1e-5, 100)),
    ),
    "ions.ylim": (FIXED_IONS, [1e-6, 300], lambda p: p.ions.get_ylim(), (1e-5, 100), (1e-6, 300)),
    "ions.units": ({}, "[uM]", lambda p: p.ions.get_ylabel(), "[mM]", "[uM]"),
    "ions.reorder": (
        {"ions": {"names": ["ca", "k", "na"]}},
        False,
        lambda p: [t.get_text() for t in p.ions.get_legend().get_texts()],
        ["k", "na", "ca"],
        ["ca", "k", "na"],
    ),
    "ions.names": (
        {},
        ["ca", "k", "na"],
        lambda p: [t.get_text() for t in p.ions.get_legend().get_texts()],
        ["ion 2", "ion 3", "ion 1"],
        ["k", "na", "ca"],
    ),
    "colormap.name": (
        {},
        "cartocolors.qualitative.Safe_8",
        lambda p: colors(p.shares[0])["Na"],
        "#e41a1c",
        "#88ccee",
    ),
    "colormap.n_colors": (PATTERNS, 2, lambda p: len(set(colors(p.shares[0]).values())), 5, 2),
    "stackplot.x_chunksize": (
        BARS,
        100,
        lambda p: len(np.unique(areas(p.shares[0])[0].get_paths()[0].vertices[:, 0])),
        10,
        6,
    ),
    "pattern.use": (
        {},
        True,
        lambda p: (len(set(hatches(p.shares[0]).values())), p.legend.legend_handles[1].get_hatch()),
        (1, None),
        (5, "/" * 5),
    ),
    "pattern.patterns": (
        PATTERNS,
        ["", "-", "*", "|", "OO", ".", "+"],
        lambda p: list(hatches(p.shares[0]).values()),
        ["", "/////", "xxxxx", ".....", "+++++"],
        ["", "-----", "|||||", "OO" * 5, "+++++"],
    ),
    "pattern.density": (PATTERNS, 2, lambda p: max(len(h) for h in hatches(p.shares[0]).values()), 5, 2),
    "pattern.linewidth": (PATTERNS, 1.5, lambda p: p.fig._settled["hatch.linewidth"], 0.2, 1.5),
    "pattern.color": (
        merged(PATTERNS, RINGS),
        "white",
        lambda p: (
            [to_hex(a.get_edgecolor()[0]) for a in areas(p.shares[0])[1:3]]
            + [to_hex(p.rings.patches[0].get_edgecolor())]
        ),
        ["#000000"] * 3,
        ["#ffffff"] * 3,
    ),
    "line.styles": (
        merged(PATTERNS, LINES),
        ["--"] + ["-"] * 6,
        lambda p: line(p.all[0], "Na outward").get_linestyle(),
        "-",
        "--",
    ),
    "voltage.ylim": ({}, [-100, 50], lambda p: p.voltage.get_ylim(), (-90, 30), (-100, 50)),
    "voltage.ticks": (
        {},
        [-60, 0, 10],
        lambda p: (yticklabels(p.voltage), p.voltage.get_ylim(), levels(p.voltage)),
        (["\N{MINUS SIGN}50", "\N{MINUS SIGN}20"], (-90, 30), [-50]),
        (["\N{MINUS SIGN}60", "0", "10"], (-90, 30), [-60]),
    ),
    "voltage.units": ({}, "[V]", lambda p: p.voltage.get_ylabel(), "[mV]", "[V]"),
    "voltage.color": ({}, "red", lambda p: line(p.voltage).get_color(), "black", "red"),
    "voltage.horizontal_lines": (
        {},
        False,
        lambda p: (levels(p.voltage), len(p.voltage.lines)),
        ([-50], 3),
        ([], 1),
    ),
    "xaxis.units": ({"show": {"xlabels": True}}, "[s]", lambda p: p.lowest.get_xlabel(), "[ms]", "[s]"),
    "xaxis.xticks": (
        TICKS,
        [90, 105, 130, 500],
        lambda p: (xticklabels(p.lowest), p.lowest.get_xlim()),
        (["100", "110", "120", "130", "140"], (T[0], T[-1])),
        (["105", "130"], (T[0], T[-1])),
    ),
    "xaxis.gridline_width": (
        GRID,
        3,
        lambda p: {x.get_linewidth() for a in p.fig.axes for x in marks(a)},
        {1},
        {3},
    ),
    "xaxis.gridline_color": (
        GRID,
        "red",
        lambda p: {x.get_color() for a in p.fig.axes for x in marks(a)},
        {"black"},
        {"red"},
    ),
    "xaxis.gridline_style": (
        GRID,
        "-.",
        lambda p: {x.get_linestyle() for a in p.fig.axes for x in marks(a)},
        {"--"},
        {"-."},
    ),
    "legend.textsize": ({}, 7, lambda p: {size(t) for t in p.legend.get_texts()}, {4}, {7}),
    "legend.bgcolor": (
        {},
        "pink",
        lambda p: p.legend.get_frame().get_facecolor(),
        rgba("lightgrey"),
        rgba("pink"),
    ),
    "legend.ypos": (
        {},
        1.5,
        lambda p: top_of_legend(p),
        pytest.approx(1.0, abs=0.02),
        pytest.approx(1.5, abs=0.02),
    ),
    "legend.handlelength": (PATTERNS, 3, lambda p: p.legend.handlelength, 1.4, 3),
    "adjust.left": ({}, 0.3, lambda p: p.fig.subplotpars.left, 0.15, 0.3),
    "adjust.right": ({}, 0.7, lambda p: p.fig.subplotpars.right, 0.85, 0.7),
    "adjust.top": ({}, 0.8, lambda p: p.fig.subplotpars.top, 0.95, 0.8),
    "adjust.bottom": ({}, 0.2, lambda p: p.fig.subplotpars.bottom, 0.0, 0.2),
    "title": ({}, "A cell", lambda p: p.fig.get_suptitle(), "", "A cell"),
    "figsize": ({}, [5, 3], lambda p: tuple(p.fig.get_size_inches()), (3, 4), (5, 3)),
    "labelpad": ({}, 6, lambda p: {a.yaxis.labelpad for a in p.fig.axes}, {1}, {6}),
    "textsize": (
        TICKS,
        9,
        lambda p: {
            size(p.voltage.yaxis.label),
            size(p.voltage.get_yticklabels()[0]),
            size(p.lowest.get_xticklabels()[0]),
        },
        {6},
        {9},
    ),
    "titlesize": ({"title": "A cell"}, 8, lambda p: size(p.fig._suptitle), 12, 8),
    "lw": (
        merged(LINES, RINGS),
        2,
        lambda p: {
            line(p.voltage).get_linewidth(),
            line(p.all[0]).get_linewidth(),
            line(p.ions).get_linewidth(),
            p.rings.patches[0].get_linewidth(),
            p.outward.collections[0].get_linewidth()[0],
        },
        {0.5},
        {2},
    ),
}


def top_of_legend(p: Parts) -> float:
    p.fig.draw_without_rendering()
    box = p.legend.get_window_extent().transformed(p.shares[0].transAxes.inverted())
    return float(box.y1)


def test_every_key_is_tested():
    assert {key for key in KEYS if not key.startswith("output.")} == set(EFFECTS)


@pytest.mark.parametrize("key", EFFECTS)
def test_a_key_governs_its_artist(key):
    beside, value, measure, default, changed = EFFECTS[key]
    assert measure(parts(beside)) == default
    assert measure(parts(beside, nested(key, value))) == changed


def pixels(*configs) -> np.ndarray:
    buffer = io.BytesIO()
    drawn(*configs).savefig(buffer, dpi=100, format="raw")
    return np.frombuffer(buffer.getvalue(), np.uint8)


@pytest.mark.parametrize("key", EFFECTS)
def test_a_key_changes_the_picture(key):
    beside, value, *_ = EFFECTS[key]
    before, after = pixels(beside), pixels(beside, nested(key, value))
    assert len(before) != len(after) or (before != after).sum() > 20


def test_the_picture_does_not_change_by_itself():
    assert np.array_equal(pixels(PATTERNS), pixels(PATTERNS))


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_none_is_matplotlibs_margin(side):
    found = parts({"adjust": {side: None}}).fig.subplotpars
    assert getattr(found, side) == plt.rcParams[f"figure.subplot.{side}"]


def written(tmp_path, **output):
    drawn({"output": {"savefig": True, "dir": str(tmp_path / "a" / "b"), **output}})
    return sorted((tmp_path / "a" / "b").iterdir()) if (tmp_path / "a").exists() else []


def test_savefig_dir_fname_and_extension(tmp_path):
    assert written(tmp_path, savefig=False) == []
    (path,) = written(tmp_path)
    assert path.name == "fig.pdf" and path.read_bytes().startswith(b"%PDF")
    found = written(tmp_path, fname="scape.v1", extension="png")
    assert [p.name for p in found] == ["fig.pdf", "scape.v1.png"]
    assert found[1].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("dpi", [400, 130])
def test_dpi(tmp_path, dpi):
    from PIL import Image

    (path,) = written(tmp_path, extension="png", dpi=dpi)
    assert Image.open(path).size == (3 * dpi, 4 * dpi)


@pytest.mark.parametrize("transparent", [False, True])
def test_transparent(tmp_path, transparent):
    (path,) = written(tmp_path, extension="png", transparent=transparent)
    assert plt.imread(path)[0, 0, 3] == (0 if transparent else 1)


def test_an_unknown_extension_is_refused_before_anything_is_written(tmp_path):
    from neo_currentscape.conventions.errors import UnknownNameError

    with pytest.raises(UnknownNameError, match="'output.extension' 'pmg': did you mean 'png'"):
        written(tmp_path, extension="pmg")
    assert not (tmp_path / "a").exists()
