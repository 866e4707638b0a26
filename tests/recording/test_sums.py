"""Several signals as one current: their sum, in one unit and direction, in memory and in files."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import Recording
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, SignalError, UnitsError
from neo_currentscape.recording.lazy import rows
from neo_currentscape.recording.lazy.signal import is_lazy

AREA = 500 * pq.um**2
#: What makes nA of a density in mA/cm**2.
NA = 500 * 1e-2


def signal(values, name, units="nA", **options):
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    return neo.AnalogSignal(values, units=units, sampling_period=0.1 * pq.ms, name=name, **options)


def segment_of(*signals):
    segment = neo.Segment()
    segment.analogsignals.extend(signals)
    return segment


@pytest.fixture
def values():
    return np.random.default_rng(5).standard_normal((60, 4))


@pytest.fixture
def segment(values):
    """A pump whose parts are stored outward and inward, in two units, beside two other currents."""
    return segment_of(
        signal(-60 + values[:, 0], "v", "mV"),
        signal(values[:, 0], "ina_pump"),
        signal(values[:, 1] * -1e3, "ik_pump", "pA", positive="inward"),
        signal(values[:, 2], "ik"),
        signal(values[:, 3], "ina"),
    )


PUMP = ["ina_pump", "ik_pump"]


@pytest.mark.parametrize(
    "members", [PUMP, tuple(PUMP), np.array(PUMP), ["i*_pump"], ["ina_pump", "i*_pump"]]
)
def test_signals_under_a_label_are_summed(segment, values, members):
    rec = Recording.from_segment(segment, currents={"K": "ik", "pump": members, "Na": ["ina"]})
    assert rec.names == ["K", "pump", "Na"]
    expected = np.column_stack([values[:, 2], values[:, 0] + values[:, 1], values[:, 3]])
    np.testing.assert_allclose(rec.currents.rescale("nA").magnitude, expected, atol=1e-13)


def test_the_total_is_that_of_the_sum_not_of_its_members(segment, values):
    scape = ncs.Currentscape.from_segment(segment, currents={"pump": PUMP})
    pump = values[:, 0] + values[:, 1]
    total = scape.total("outward").rescale("nA").magnitude[:, 0]
    np.testing.assert_allclose(total, np.maximum(pump, 0), atol=1e-13)


def test_said_directions_hold_for_the_sum_or_for_a_member(segment, values):
    def summed(sign):
        rec = Recording.from_segment(segment, currents={"pump": ["ina_pump", "ik"]}, sign=sign)
        return rec.currents.magnitude[:, 0]

    np.testing.assert_allclose(summed({"pump": "inward"}), -values[:, 0] - values[:, 2])
    np.testing.assert_allclose(summed({"ik": "inward"}), values[:, 0] - values[:, 2])
    both = {"ik": "outward", "pump": "inward"}
    np.testing.assert_allclose(summed(both), -values[:, 0] + values[:, 2])


def test_densities_and_absolute_currents_are_summed_with_an_area(values):
    made = segment_of(signal(values[:, 0], "ina_pump", "mA/cm**2"), signal(values[:, 1], "syn.i"))
    chosen = {"currents": {"E": ["ina_pump", "syn.i"]}, "voltage": False}
    with pytest.raises(UnitsError, match=r"Current 'ina_pump' is a density .* give area="):
        Recording.from_segment(made, **chosen)
    rec = Recording.from_segment(made, area=AREA, **chosen)
    np.testing.assert_allclose(rec.currents.magnitude[:, 0], NA * values[:, 0] + values[:, 1])


@pytest.mark.parametrize(
    ("currents", "error", "sentence"),
    [
        ({"pump": PUMP, "x": "ina_pump"}, SelectionError, "'ina_pump' twice, as 'pump' and as 'x'"),
        ({"pump": PUMP, "x": ["i*"]}, SelectionError, "twice, as 'pump' and as 'x': give it one label"),
        ({"pump": ["ina_pump", "ina_pump"]}, SelectionError, "names 'ina_pump' twice"),
        ({"pump": ["ina_pump", "ik_pum"]}, SelectionError, "'ik_pum' matches no signal: did you mean"),
        ({"pump": ["ina_x", "ik_pump", "zz"]}, SelectionError, "'ina_x', 'zz' match no signal: there"),
        ({"pump": ["x*"]}, SelectionError, r"'x\*' matches no signal"),
        ({"pump": []}, SelectionError, "names no signal: list those whose sum it is"),
        ({"pump": "i*_pump"}, SelectionError, r"name one, or write \['i\*_pump'\] for their sum"),
        ({"pump": ["v", "ina_pump"]}, SelectionError, "'v', which is a voltage"),
        ({1: ["ina_pump"], "1": ["ik_pump"]}, SelectionError, "has the label '1' twice"),
        ({"pump": {"ina_pump"}}, ArgumentTypeError, "or a list of names for their sum, not"),
    ],
)  # fmt: skip
def test_sums_that_are_none(segment, currents, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        Recording.from_segment(segment, currents=currents)
    assert "\n" not in str(caught.value)


def test_a_pattern_sums_currents_and_no_voltage(segment, values):
    segment.analogsignals.append(signal(values[:, 0], "stim.i", role="electrode"))
    rec = Recording.from_segment(segment, currents={"all": ["*"]})
    np.testing.assert_allclose(rec.currents.rescale("nA").magnitude[:, 0], values.sum(axis=1), atol=1e-12)
    assert rec.electrode is not None


def test_concentrations_have_no_sum(segment, values):
    segment.analogsignals.append(
        signal(values[:, :2], None, "mM", array_annotations={"name": ["cai", "cao"]})
    )
    with pytest.raises(ArgumentTypeError, match=r"ions=\{'Ca': \.\.\.\} takes the name of one signal, not"):
        Recording.from_segment(segment, ions={"Ca": ["cai", "cao"]})


def test_electrodes_are_summed(segment, values):
    for k in range(2):
        segment.analogsignals.append(signal(values[:, k], f"IClamp[{k}].i", role="electrode"))
    rec = Recording.from_segment(segment, electrode={"stim": ["IClamp[0].i", "IClamp[1].i"]})
    np.testing.assert_allclose(rec.electrode.magnitude[:, 0], values[:, 0] + values[:, 1])


def test_a_sum_with_the_rest_of_a_balance_is_one(values):
    marks = {"remainder": np.array([True])}
    made = segment_of(
        signal(values[:, 0], "ina_hh"),
        signal(values[:, 1], "x (rest)", array_annotations=marks, role="current"),
    )
    rec = Recording.from_segment(made, currents={"sum": ["ina_hh", "x (rest)"]}, voltage=False)
    assert rec.currents.array_annotations["remainder"].tolist() == [True]


def test_a_member_of_other_neurons_is_refused(values):
    arrays = [{"channel_index": [0, 1]}, {"channel_index": [1, 2]}]
    made = segment_of(
        *(signal(values[:, :2], f"i{k}", role="current", array_annotations=arrays[k]) for k in (0, 1))
    )
    found = Recording.from_segment(made, neuron=1, currents={"sum": ["i0", "i1"]}, voltage=False)
    np.testing.assert_allclose(found.currents.magnitude[:, 0], values[:, 1] + values[:, 0])
    with pytest.raises(SelectionError, match="Signal 'i1' holds neurons 1, 2, not neuron 0"):
        Recording.from_segment(made, neuron=0, currents={"sum": ["i0", "i1"]}, voltage=False)


def test_errors_of_summed_currents_are_independent(values):
    currents = signal(values[:, :3], "c", array_annotations={"name": ["a", "b", "c"]})
    noisy = Recording(currents, noise={"a": 3 * pq.nA, "b": 4 * pq.nA, "c": 1 * pq.nA})
    rec = Recording.from_segment(noisy.to_segment(), currents={"ab": ["a", "b"], "C": "c"}, voltage=False)
    np.testing.assert_allclose(rec.noise.magnitude[0], [5, 1])


def test_gaps_of_a_member_are_gaps_of_the_sum(segment):
    segment.analogsignals[2].magnitude[7] = np.nan
    with pytest.raises(SignalError, match="Current 'pump' is nan at 0.7 ms"):
        Recording.from_segment(segment, currents={"pump": PUMP})
    rec = Recording.from_segment(segment, currents={"pump": PUMP}, nan="gap")
    assert np.flatnonzero(rec.gaps).tolist() == [7]


def test_signals_themselves_are_summed(segment, values):
    _, na, k, *_ = segment.analogsignals
    rec = Recording({"pump": [na, k], "K": segment.analogsignals[3]})
    assert rec.names == ["pump", "K"]
    np.testing.assert_allclose(
        rec.currents.rescale("nA").magnitude[:, 0], values[:, 0] + values[:, 1], atol=1e-13
    )
    with pytest.raises(SignalError, match=r"currents\['pump'\] lists no signal"):
        Recording({"pump": []})


def test_files_stay_files(segment, values, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 4 * 10)
    path = tmp_path / "run.nix"
    block = neo.Block()
    block.segments.append(segment)
    with neo.io.NixIO(str(path), "ow") as io:
        io.write_block(block)
    # A channel of the sum may come first in a signal that is not read first.
    for currents in ({"pump": PUMP, "K": "ik"}, {"K": "ik", "all": ["ina", *PUMP]}):
        lazy = Recording.from_segment(path, currents=currents)
        eager = Recording.from_segment(segment, currents=currents)
        assert is_lazy(lazy.currents) and lazy.names == eager.names
        np.testing.assert_array_equal(np.asarray(lazy.currents), eager.currents.magnitude)
        shares = [ncs.Currentscape(one).shares("inward").magnitude for one in (lazy, eager)]
        np.testing.assert_array_equal(*shares)


def test_channels_of_one_signal_in_several_sums(values):
    names = ["a", "b", "c", "d"]
    made = segment_of(
        signal(values[:, :1], "first"),
        signal(values, "all", array_annotations={"name": names}, role="current"),
    )
    currents = {"ac": ["a", "c"], "x": ["first", "d"], "b": "b"}
    rec = Recording.from_segment(made, currents=currents, sign={"d": "inward"}, voltage=False)
    expected = [values[:, 0] + values[:, 2], values[:, 0] - values[:, 3], values[:, 1]]
    np.testing.assert_allclose(rec.currents.magnitude, np.transpose(expected))


def test_summaries_and_averages_take_sums(segment, values):
    currents = {"pump": PUMP, "K": "ik"}
    scape = ncs.Currentscape.from_segment(segment, currents=currents)
    table = ncs.summarise(segment, currents=currents, sign={"K": "outward"}).to_dataframe()
    assert table["current"].tolist() == ["pump", "K"]
    charges = table["charge_outward"].to_numpy()
    np.testing.assert_allclose(charges, scape.charge("outward").rescale("pC").magnitude)
    window = {"before": 1 * pq.ms, "after": 1 * pq.ms}
    found = ncs.event_average(segment, [2, 4] * pq.ms, currents=currents, **window)
    assert found.names == ["pump", "K"]
    own = ncs.event_average(scape, [2, 4] * pq.ms, **window)
    np.testing.assert_array_equal(found.shares("outward"), own.shares("outward"))


@pytest.mark.parametrize("wrap", [lambda s: {"pump": s}, lambda s: {"pump": list(s)}, list, lambda s: s[0]])
def test_signals_in_place_of_their_names_are_not_written_out(segment, wrap):
    with pytest.raises(ArgumentTypeError, match="not [A-Za-z]*[.]$") as error:
        Recording.from_segment(segment, currents=wrap(segment.analogsignals))
    assert len(str(error.value)) < 160
