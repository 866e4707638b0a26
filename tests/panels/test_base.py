import copy
import dataclasses
import inspect
import pickle

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    UnknownNameError,
    UnknownOptionError,
)

TIMED = [
    (ncs.VoltagePanel, {}),
    (ncs.TotalPanel, {"direction": "outward"}),
    (ncs.TotalPanel, {"direction": "inward"}),
    (ncs.SharesPanel, {}),
    (ncs.CurrentsPanel, {}),
    (ncs.CurrentsPanel, {"stacked": True}),
    (ncs.IonsPanel, {}),
    (ncs.ElectrodePanel, {}),
]
ALL = [*TIMED, (ncs.ContributionsPanel, {})]


@pytest.fixture
def scape(make_scape):
    return make_scape(4, electrode=1)


@pytest.mark.parametrize(("kind", "options"), ALL)
def test_draws_on_exactly_that_axes_and_returns_what_it_drew(kind, options, scape):
    figure = Figure()
    first, second = figure.subplots(2, 1)
    artists = kind(scape, **options).plot(second)
    assert artists
    assert all(artist.axes is second for artist in artists)
    assert not first.has_data()
    assert not first.get_ylabel()
    assert figure.axes == [first, second]


@pytest.mark.parametrize(("kind", "options"), ALL)
def test_changes_neither_rcparams_nor_data(kind, options, make_recording):
    recording = make_recording(4, electrode=1)
    before = copy.deepcopy(recording)
    settings = dict(matplotlib.rcParams)
    kind(recording, **options).plot(Figure().add_subplot())
    assert dict(matplotlib.rcParams) == settings
    for part in ("currents", "voltage", "ions", "electrode"):
        np.testing.assert_array_equal(getattr(recording, part), getattr(before, part))


@pytest.mark.parametrize(("kind", "options"), ALL)
def test_is_a_frozen_dataclass_that_pickles(kind, options, scape):
    panel = kind(scape, **options)
    with pytest.raises(dataclasses.FrozenInstanceError):
        panel.scape = None
    assert type(pickle.loads(pickle.dumps(panel))) is kind
    assert dataclasses.replace(panel, height=2).height == 2


@pytest.mark.parametrize(("kind", "options"), ALL)
def test_options_are_in_the_signature(kind, options):
    assert list(inspect.signature(kind).parameters)[0] == "source"
    assert "height" in inspect.signature(kind).parameters


@pytest.mark.parametrize(
    ("kind", "mistyped", "right"),
    [
        (ncs.VoltagePanel, "level", "levels"),
        (ncs.TotalPanel, "scael", "scale"),
        (ncs.SharesPanel, "pallete", "palette"),
        (ncs.CurrentsPanel, "stack", "stacked"),
        (ncs.IonsPanel, "lines", "line"),
        (ncs.ElectrodePanel, "time_unit", "time_units"),
        (ncs.ContributionsPanel, "wedges", "wedge"),
    ],
)
def test_mistyped_option(kind, mistyped, right, scape):
    with pytest.raises(UnknownOptionError) as caught:
        kind(scape, **{mistyped: 1})
    assert f"Unknown option of {kind.__name__} {mistyped!r}: did you mean {right!r}?" in str(caught.value)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("kind", "options", "error", "words"),
    [
        (
            ncs.SharesPanel,
            {"legend": "upper left"},
            ArgumentTypeError,
            "legend= takes True, False or a dict",
        ),
        (ncs.SharesPanel, {"area": "red"}, ArgumentTypeError, "area= takes True, False or a dict"),
        (ncs.SharesPanel, {"order": "chrage"}, UnknownNameError, "did you mean 'charge'"),
        (ncs.SharesPanel, {"order": ["I9"]}, UnknownNameError, "Unknown current in order= 'I9'"),
        (ncs.SharesPanel, {"palette": "brigth"}, UnknownNameError, "did you mean 'bright'"),
        (ncs.SharesPanel, {"time_units": "sec"}, UnknownNameError, "Unknown time unit 'sec'"),
        (ncs.SharesPanel, {"height": 0}, ArgumentError, "height=0 cannot be used"),
        (ncs.SharesPanel, {"columns": 2.5}, ArgumentError, "columns=2.5 cannot be used"),
        (ncs.SharesPanel, {"ylim": "high"}, ArgumentError, "ylim='high' are no limits"),
        (ncs.TotalPanel, {"direction": "outwards"}, UnknownNameError, "did you mean 'outward'"),
        (ncs.TotalPanel, {"scale": "lin"}, UnknownNameError, "did you mean 'linear'"),
        (ncs.TotalPanel, {"ylim": (0, 1)}, ArgumentError, "cannot be shown on a logarithmic axis"),
        (ncs.TotalPanel, {"ylim": (2, 1)}, ArgumentError, "falls: write the smaller limit first"),
        (ncs.CurrentsPanel, {"scale": "log"}, UnknownNameError, "did you mean 'symlog'"),
        (ncs.CurrentsPanel, {"stacked": True, "scale": "symlog"}, ArgumentError, "areas do not add up"),
        (ncs.IonsPanel, {"scale": "symlog"}, UnknownNameError, "Unknown scale 'symlog'"),
        (ncs.IonsPanel, {"palette": "brigth"}, UnknownNameError, "did you mean 'bright'"),
        (ncs.VoltagePanel, {"levels": -50}, ArgumentTypeError, "levels=[-50]"),
        (ncs.ContributionsPanel, {"percent": 5}, ArgumentError, "percent=5 is no part of a charge"),
    ],
)
def test_errors_come_when_the_panel_is_made(kind, options, error, words, scape):
    with pytest.raises(error) as caught:
        kind(scape, **options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_source_that_is_none():
    with pytest.raises(
        ArgumentTypeError, match=r"^A panel shows a Currentscape or a Recording, not a list"
    ):
        ncs.SharesPanel([1, 2])


@pytest.mark.parametrize(
    ("kind", "part"),
    [(ncs.VoltagePanel, "voltage"), (ncs.IonsPanel, "ions"), (ncs.ElectrodePanel, "electrode")],
)
def test_missing_part(kind, part, make_scape):
    with pytest.raises(SelectionError, match=f"^The recording holds no {part}: .* pass {part}="):
        kind(make_scape(2, voltage=False, ions=0))


@pytest.mark.parametrize(("kind", "options"), TIMED)
def test_common_keywords(kind, options, scape, axes):
    kind(scape, **options, ylabel="own", xlabel="t", ylim=(0.5, 3), grid={"color": "red"}).plot(axes)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("own", "t")
    assert sorted(axes.get_ylim()) == [0.5, 3]
    assert axes.xaxis.get_gridlines()[0].get_color() == "red"


@pytest.mark.parametrize(("kind", "options"), TIMED)
def test_labels_switched_off(kind, options, scape, axes):
    kind(scape, **options, ylabel=False, xlabel=False, grid=False).plot(axes)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("", "")


@pytest.mark.parametrize(("unit", "factor"), [("us", 1e3), ("ms", 1.0), ("s", 1e-3)])
@pytest.mark.parametrize(("kind", "options"), TIMED)
def test_time_units(kind, options, unit, factor, scape, axes):
    kind(scape, **options, time_units=unit).plot(axes)
    last = 39.9 * factor
    assert axes.get_xlim() == pytest.approx((0, last))
    assert axes.get_xlabel() == f"Time ({unit.replace('u', 'µ')})"
    assert axes.dataLim.intervalx == pytest.approx((0, last))


def test_two_seconds_end_at_the_tick_of_two_seconds(make_scape, axes):
    ncs.VoltagePanel(make_scape(2, samples=20_000)).plot(axes)
    assert axes.get_xlim() == (0, 2000)


@pytest.mark.parametrize(("kind", "options"), TIMED)
def test_long_recordings_are_reduced_to_columns(kind, options, make_scape, axes):
    artists = kind(make_scape(3, samples=20_000, electrode=1), **options, columns=100).plot(axes)
    for artist in artists:
        if hasattr(artist, "get_paths"):
            assert len(np.unique(artist.get_paths()[0].vertices[:, 0])) <= 100
        else:  # through both extremes of each column
            assert len(artist.get_xdata()) == 2 * 100


def test_gaps_are_blank(make_scape, axes):
    scape = make_scape(3, nan=range(100, 200))
    for kind, options in TIMED[:-1]:
        axes.clear()
        for artist in (
            kind(scape, **options, legend=False).plot(axes)
            if "legend" in kind.__dataclass_fields__
            else kind(scape, **options).plot(axes)
        ):
            if hasattr(artist, "get_paths"):
                x = np.concatenate([path.vertices[:, 0] for path in artist.get_paths()])
            else:
                x = artist.get_xdata()[np.isfinite(artist.get_ydata())]
            assert not ((x > 9.95) & (x < 19.95)).any()
            assert (x < 9.95).any()
            assert (x > 19.95).any()


def test_bundling_changes_no_color(make_scape):
    names = ["Na", "K", "leak", "CaT", "CaL", "H"]
    whole = ncs.SharesPanel(make_scape(6, names=names)).looks()
    some = ncs.SharesPanel(make_scape(6, names=names, top=3)).looks()
    assert len(some) == 4
    assert all(some[name] == whole[name] for name in some if name != "other")
    assert some["other"].color == "#BBBBBB"


def test_colors_may_be_given_to_currents_that_are_bundled(make_scape):
    scape = make_scape(6, top=2)
    hidden = next(name for name in scape.recording.names if name not in scape.names)
    assert set(ncs.SharesPanel(scape, palette={hidden: "red"}).looks()) == set(scape.names)


@pytest.mark.parametrize(("kind", "options"), ALL)
def test_hundreds_of_currents_are_shown_bundled(kind, options, make_recording):
    scape = ncs.Currentscape(make_recording(400, electrode=1), top=6)
    panel = kind(scape, **options)
    assert panel.plot(Figure().add_subplot())
    if hasattr(panel, "looks") and "palette" in kind.__dataclass_fields__ and kind is not ncs.IonsPanel:
        assert list(panel.looks()) == scape.names
