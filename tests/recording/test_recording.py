"""`Recording.slice`, and the way to a Segment and back, also through files."""

import pickle

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from neo_currentscape import Currentscape, Recording
from neo_currentscape.conventions.errors import ArgumentError, SignalError, UnitsError, UnknownNameError


def times_of(n, irregular):
    return np.cumsum(np.random.default_rng(1).uniform(0.05, 0.4, n)) if irregular else np.arange(n) * 0.1


def signal(values, units, irregular=False, names=None, **options):
    arrays = {} if names is None else {"name": names}
    values = np.atleast_2d(np.asarray(values, dtype=float))
    arrays.update(options.pop("arrays", {}))
    if irregular:
        times = times_of(len(values), True)
        return neo.IrregularlySampledSignal(
            times, values, units=units, time_units="ms", array_annotations=arrays, **options
        )
    return neo.AnalogSignal(
        values, units=units, sampling_period=0.1 * pq.ms, array_annotations=arrays, **options
    )


def recording(n=40, irregular=False, units="mA/cm**2", **options):
    rng = np.random.default_rng(0)
    return Recording(
        signal(
            rng.standard_normal((n, 3)),
            units,
            irregular,
            ["Na", "K", "soma(0.5).leak"],
            arrays={"channel_index": [3, 3, 3]},
            site="soma",
        ),
        signal(rng.standard_normal((n, 1)), "mV", irregular, name="v"),
        signal(rng.standard_normal((n, 2)), "uM", irregular, ["cai", "nai"]),
        signal(rng.standard_normal((n, 1)), "nA", irregular, name="stim.i"),
        capacitive=signal(rng.standard_normal((n, 1)), units, irregular, name="i_cap"),
        axial=signal(rng.standard_normal((n, 1)), "nA", irregular, name="i_axial"),
        area=2827.4 * pq.um**2,
        **options,
    )


def same(a, b):
    assert a.names == b.names and a.neuron == b.neuron and a.site == b.site
    assert float(a.area.rescale("um**2")) == float(b.area.rescale("um**2"))
    for part in ("currents", "voltage", "ions", "electrode", "capacitive", "axial"):
        first, other = getattr(a, part), getattr(b, part)
        assert type(first) is type(other)
        assert first.units == other.units
        assert first.dimensionality.string == other.dimensionality.string
        np.testing.assert_array_equal(first.magnitude, other.magnitude)
        np.testing.assert_array_equal(first.times.magnitude, other.times.magnitude)
        assert first.array_annotations["name"].tolist() == other.array_annotations["name"].tolist()
    for marks in ("gaps", "clamped"):
        np.testing.assert_array_equal(getattr(a, marks), getattr(b, marks))
    for direction in ("outward", "inward"):
        np.testing.assert_array_equal(
            Currentscape(a).contributions(direction), Currentscape(b).contributions(direction)
        )


def through_nix(segment, path):
    pytest.importorskip("nixio")
    block = neo.Block()
    block.segments.append(segment)
    with neo.io.NixIO(str(path / "recording.nix"), "ow") as io:
        io.write_block(block)
    with neo.io.NixIO(str(path / "recording.nix"), "ro") as io:
        return io.read_block()


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("units", ["nA", "mA/cm**2"])
@pytest.mark.parametrize("way", ["memory", "pickle", "nix"])
def test_to_segment_and_back(irregular, units, way, tmp_path):
    rec = recording(irregular=irregular, units=units)
    segment = rec.to_segment()
    if way == "pickle":
        segment = pickle.loads(pickle.dumps(segment))
    if way == "nix":
        segment = through_nix(segment, tmp_path)
    same(Recording.from_segment(segment), rec)


def test_clamped_samples_go_along(tmp_path):
    clamped = np.zeros(40, dtype=bool)
    clamped[[3, 4, 17]] = True
    rec = recording(clamped=clamped)
    same(Recording.from_segment(through_nix(rec.to_segment(), tmp_path)), rec)


def test_gaps_go_along():
    given = recording()
    values = given.currents.magnitude.copy()
    values[5, 1] = np.nan
    rec = Recording(signal(values, "nA", names=given.names), given.voltage, nan="gap")
    back = Recording.from_segment(rec.to_segment(), nan="gap")
    np.testing.assert_array_equal(back.gaps, rec.gaps)


def test_pickles():
    rec = recording()
    same(pickle.loads(pickle.dumps(rec)), rec)
    scape = Currentscape(rec, top=1)
    copy = pickle.loads(pickle.dumps(scape))
    np.testing.assert_array_equal(copy.contributions("outward"), scape.contributions("outward"))


def test_densities_of_files_keep_their_plain_unit(tmp_path):
    made = neo.Segment()
    for name, unit in (("v", "mV"), ("soma(0.5).ina", "mA/cm**2"), ("soma(0.5).ik", "mA/cm**2")):
        made.analogsignals.append(signal(np.ones((5, 1)), unit, name=name))
    segment = through_nix(made, tmp_path).segments[0]
    stored = next(s for s in segment.analogsignals if s.name == "soma(0.5).ina")
    assert stored.dimensionality.string == "(mA/cm**2)"
    rec = Recording.from_segment(segment)
    assert rec.currents.dimensionality.string == "mA/cm**2"
    assert Currentscape(rec).charge("outward").dimensionality.string == "uC/cm**2"
    absolute = Recording.from_segment(segment, area=100 * pq.um**2)
    np.testing.assert_allclose(absolute.currents.rescale("nA").magnitude, 1.0)
    direct = Recording([s for s in segment.analogsignals if s.name != "v"])
    assert direct.currents.dimensionality.string == "mA/cm**2"


def test_the_segment_shares_its_values():
    rec = recording()
    assert np.shares_memory(rec.to_segment().analogsignals[0], rec.currents)
    rec.to_segment().analogsignals[0].annotate(role="other")
    assert rec.currents.annotations["role"] == "current"


def test_index_of_a_current():
    rec = recording()
    assert rec.index("K") == 1
    with pytest.raises(UnknownNameError, match="Unknown current 'Kd': did you mean 'K'?"):
        rec.index("Kd")


def test_repr_says_what_it_is():
    assert repr(recording()) == (
        "Recording of 3 currents (mA/cm²) and the voltage: Na, K, soma(0.5).leak; 40 samples from 0 to 3.9 "
        "ms; neuron 3; site soma"
    )


# slices


@pytest.mark.parametrize("irregular", [False, True])
def test_slices_are_half_open_and_shared(irregular):
    rec = recording(irregular=irregular)
    times = times_of(40, irregular)
    cut = rec.slice(times[5] * pq.ms, times[20] * pq.ms)
    assert len(cut) == 15
    np.testing.assert_allclose(cut.times.rescale("ms").magnitude, times[5:20], rtol=1e-12)
    for part in ("currents", "voltage", "ions", "electrode", "capacitive", "axial"):
        assert np.shares_memory(getattr(cut, part), getattr(rec, part))
        np.testing.assert_array_equal(getattr(cut, part).magnitude, getattr(rec, part).magnitude[5:20])
    assert cut.names == rec.names and cut.area == rec.area and cut.neuron == rec.neuron
    assert len(rec) == 40


@pytest.mark.parametrize("irregular", [False, True])
@given(
    borders=st.lists(st.integers(2, 38), max_size=5).map(
        lambda found: sorted({2 * (k // 2) for k in found})
    )
)
@settings(max_examples=20, deadline=None)
def test_consecutive_slices_share_no_sample(irregular, borders):
    rec = recording(irregular=irregular)
    times = times_of(40, irregular)
    limits = [None, *(times[k] * pq.ms for k in borders), None]
    cuts = [rec.slice(a, b) for a, b in zip(limits[:-1], limits[1:], strict=True)]
    np.testing.assert_array_equal(np.vstack([c.currents.magnitude for c in cuts]), rec.currents.magnitude)
    if not irregular:
        whole = Currentscape(rec).charge("outward").magnitude
        parts = sum(Currentscape(c).charge("outward").magnitude for c in cuts)
        np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_slices_in_other_units():
    rec = recording()
    assert len(rec.slice(0.001 * pq.s, 2000 * pq.us)) == 10
    assert len(rec.slice(t_stop=1 * pq.ms)) == 10
    assert len(rec.slice(t_start=1 * pq.ms)) == 30
    assert len(rec.slice()) == 40
    assert len(rec.slice(-5 * pq.ms, 99 * pq.ms)) == 40


def test_slices_take_their_marks_along():
    clamped = np.zeros(40, dtype=bool)
    clamped[3] = True
    rec = recording(clamped=clamped)
    assert rec.slice(0.2 * pq.ms, 1 * pq.ms).clamped.tolist() == [False, True] + [False] * 6
    assert rec.slice(1 * pq.ms, 2 * pq.ms).clamped is None


def test_empty_slices_are_refused():
    with pytest.raises(SignalError) as caught:
        recording().slice(1 * pq.ms, 1.1 * pq.ms)
    assert str(caught.value) == (
        "The slice from 1 ms to 1.1 ms holds 1 of the 40 samples from 0 to 3.9 ms, and 2 are the "
        "least: choose a longer one."
    )
    with pytest.raises(SignalError, match="The slice from 5 ms to the end holds 0 of the 40 samples"):
        recording().slice(5 * pq.ms)
    with pytest.raises(SignalError, match="holds 0 of the 40 samples"):
        recording().slice(2 * pq.ms, 1 * pq.ms)


def test_slices_need_units():
    with pytest.raises(UnitsError, match="t_start is 1, without units: give a Quantity in ms"):
        recording().slice(1)
    with pytest.raises(UnitsError, match="t_stop is in mV, which is no time"):
        recording().slice(t_stop=1 * pq.mV)
    with pytest.raises(ArgumentError, match="t_stop is nan ms: give a finite value"):
        recording().slice(t_stop=np.nan * pq.ms)
