import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownNameError, UnknownOptionError
from neo_currentscape.reduction.shares import Shares


def kinds(figure):
    return [type(panel).__name__ for panel in figure.panels]


def test_standard_panels(make_scape):
    assert kinds(make_scape(2).plot()) == ["VoltagePanel", "TotalPanel", "SharesPanel", "TotalPanel"]
    assert kinds(make_scape(2, voltage=False).plot()) == ["TotalPanel", "SharesPanel", "TotalPanel"]
    assert [panel.direction for panel in make_scape(2).plot().panels[1::2]] == ["outward", "inward"]


def test_all_panels_are_those_that_there_is_data_for(make_scape):
    everything = [
        "VoltagePanel",
        "ElectrodePanel",
        "TotalPanel",
        "SharesPanel",
        "TotalPanel",
        "CurrentsPanel",
        "IonsPanel",
        "ContributionsPanel",
    ]
    assert kinds(make_scape(2, electrode=1).plot(panels="all")) == everything
    fewer = [name for name in everything if name not in ("VoltagePanel", "ElectrodePanel", "IonsPanel")]
    assert kinds(make_scape(2, voltage=False, ions=0).plot(panels="all")) == fewer


def test_panels_by_name(make_scape):
    assert kinds(make_scape(2).plot(panels=["ions", "shares"])) == ["IonsPanel", "SharesPanel"]
    assert kinds(make_scape(2).plot(panels="currents")) == ["CurrentsPanel"]


def test_options_for_all_and_for_one(make_scape):
    figure = make_scape(3).plot(
        panels="all",
        order="name",
        palette="bright",
        grid=True,
        columns=77,
        voltage={"levels": [-50], "grid": False},
    )
    by_kind = dict(zip(kinds(figure), figure.panels, strict=True))
    assert by_kind["SharesPanel"].order == by_kind["ContributionsPanel"].order == "name"
    assert by_kind["SharesPanel"].palette == by_kind["CurrentsPanel"].palette == "bright"
    assert by_kind["IonsPanel"].palette is None
    assert by_kind["TotalPanel"].grid is True
    assert by_kind["VoltagePanel"].grid is False
    assert by_kind["VoltagePanel"].levels == (-50,)
    assert by_kind["VoltagePanel"].columns == 77


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"tilte": "a"}, UnknownOptionError, "Unknown option 'tilte': did you mean 'title'?"),
        ({"panels": ["share"]}, UnknownNameError, "Unknown panel 'share': did you mean 'shares'?"),
        ({"panels": "al"}, UnknownNameError, "did you mean 'all'?"),
        (
            {"shares": {"aera": {}}},
            UnknownOptionError,
            "Unknown option of the shares panel 'aera': did you mean 'area'?",
        ),
        ({"shares": True}, ArgumentTypeError, "shares= takes a dict of options of that panel"),
        ({"order": "size"}, UnknownNameError, "Unknown order 'size'"),
    ],
)
def test_errors(options, error, words, make_scape):
    with pytest.raises(error) as caught:
        make_scape(2).plot(**options)
    assert words in str(caught.value)


def test_figure_options_go_through(make_scape):
    figure = make_scape(2).plot(title="T", size=(4, 5), legend=False, time_units="s")
    assert tuple(figure.fig.get_size_inches()) == (4, 5)
    assert figure.fig.get_suptitle() == "T"
    assert figure.legend is None
    assert figure.axes[-1].get_xlabel() == "Time (s)"


def test_a_recording_is_enough_for_a_panel(make_recording):
    assert isinstance(ncs.SharesPanel(make_recording(2)).scape, Shares)


def test_one_pass_over_the_data_draws_the_figure(monkeypatch):
    from neo_currentscape.reduction import shares as module

    passes = []
    for name in ["reduce_recording", "charges"]:
        original = getattr(module, name)
        monkeypatch.setattr(
            module,
            name,
            lambda *given, call=original, name=name: (passes.append(name), call(*given))[1],
        )
    blocks = module.Shares._directed_blocks
    monkeypatch.setattr(
        module.Shares, "_directed_blocks", lambda *given: (passes.append("blocks"), blocks(*given))[1]
    )
    values = np.random.default_rng(0).standard_normal((5000, 4))
    names = {"name": np.array(["Na", "Kd", "A", "leak"])}
    signal = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, array_annotations=names)
    ncs.Currentscape(ncs.Recording(signal)).plot()
    assert passes == ["reduce_recording"]
