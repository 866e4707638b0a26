import numpy as np
import pytest

import neo_currentscape as ncs


def test_lines_are_the_concentrations(make_recording, axes):
    recording = make_recording(2, ions=3)
    lines = ncs.IonsPanel(recording).plot(axes)
    assert [line.get_label() for line in lines] == ["cai", "ko", "nai"]
    for k, line in enumerate(lines):
        np.testing.assert_array_equal(line.get_ydata(), recording.ions.magnitude[:, k])
    assert axes.get_ylabel() == "Ions\n(mM)"
    assert len({line.get_color() for line in lines}) == 3
    assert [words.get_text() for words in axes.get_legend().get_texts()] == ["cai", "ko", "nai"]


def test_one_ion_is_named_by_its_axis(make_recording, axes):
    ncs.IonsPanel(make_recording(2, ions=1)).plot(axes)
    assert axes.get_ylabel() == "cai\n(mM)"
    assert axes.get_legend() is None


def test_electrode(make_recording, axes):
    recording = make_recording(2, electrode=1)
    (line,) = ncs.ElectrodePanel(recording).plot(axes)
    np.testing.assert_array_equal(line.get_ydata(), recording.electrode.magnitude[:, 0])
    assert axes.get_ylabel() == "IClamp\n(nA)"


def test_a_long_name_stands_in_the_legend(make_recording, axes):
    import neo
    import quantities as pq

    recording = make_recording(2)
    name = "soma.IClamp[0](0.5).i"
    stimulus = neo.AnalogSignal(np.ones((400, 1)), units="nA", sampling_period=0.1 * pq.ms, name=name)
    ncs.ElectrodePanel(ncs.Recording(recording.currents, electrode=stimulus)).plot(axes)
    assert axes.get_ylabel() == "Injected\n(nA)"
    assert [words.get_text() for words in axes.get_legend().get_texts()] == [name]


@pytest.mark.parametrize("legend", [False, {"title": "Ions"}])
def test_legend(legend, make_recording, axes):
    ncs.IonsPanel(make_recording(2), legend=legend).plot(axes)
    found = axes.get_legend()
    assert (found is None) == (legend is False)
    assert found is None or found.get_title().get_text() == "Ions"


def test_log_axis_has_plain_ticks_within_its_limits(make_recording, axes):
    ncs.IonsPanel(make_recording(2), scale="log").plot(axes)
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    assert len(ticks) >= 2
    axes.clear()
    ncs.IonsPanel(make_recording(2), scale="log", ylim=(1e-5, 1)).plot(axes)
    assert axes.get_ylim() == (1e-5, 1)
    assert [tick for tick in axes.get_yticks() if 1e-5 <= tick <= 1]


def test_palette_and_line(make_recording, axes):
    lines = ncs.IonsPanel(make_recording(2), palette=["red", "blue"], line={"lw": 2}).plot(axes)
    assert [line.get_color() for line in lines] == ["red", "blue"]
    assert {line.get_linewidth() for line in lines} == {2}
    assert ncs.IonsPanel(make_recording(2), line=False).plot(axes) == []
