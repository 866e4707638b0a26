"""Totals, shares, charges and contributions against their definitions, and their invariances."""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from neo_currentscape import Currentscape, Recording
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnknownNameError

DIRECTIONS = ("outward", "inward")

# Zeros, both signs, and fifteen orders of magnitude.
value = st.one_of(st.just(0.0), st.floats(1e-9, 1e6), st.floats(-1e6, -1e-9))
arrays = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 25), st.integers(1, 6)), elements=value, fill=st.just(0.0)
)


def names_of(n):
    return [f"I{k}" for k in range(n)]


def regular(values, units="nA", names=None, period=0.1):
    return neo.AnalogSignal(
        values,
        units=units,
        sampling_period=period * pq.ms,
        array_annotations={"name": names or names_of(values.shape[1])},
    )


def irregular(values, times, units="nA"):
    return neo.IrregularlySampledSignal(
        times, values, units=units, time_units="ms", array_annotations={"name": names_of(values.shape[1])}
    )


def scape_of(values, **options):
    return Currentscape(Recording(regular(np.asarray(values, dtype=float))), **options)


def in_pC(scape, direction):
    return scape.charge(direction).rescale("pC").magnitude


def steps_for(values, seed=0):
    return np.cumsum(np.random.default_rng(seed).uniform(0.01, 1.0, len(values)))


EXAMPLE = np.array([[1.0, -2.0, 3.0], [2.0, -3.0, -1.0], [0.0, 0.0, 0.0], [-1.0, -1.0, 2.0]])


def test_by_hand():
    scape = scape_of(EXAMPLE)
    np.testing.assert_array_equal(scape.total("outward").magnitude[:, 0], [4, 2, 0, 2])
    np.testing.assert_array_equal(scape.total("inward").magnitude[:, 0], [2, 4, 0, 2])
    np.testing.assert_array_equal(
        scape.shares("outward").magnitude, [[0.25, 0, 0.75], [1, 0, 0], [0, 0, 0], [0, 0, 1]]
    )
    np.testing.assert_array_equal(
        scape.shares("inward").magnitude, [[0, 1, 0], [0, 0.75, 0.25], [0, 0, 0], [0.5, 0.5, 0]]
    )
    assert scape.charge("outward").dimensionality.string == "pC"
    np.testing.assert_allclose(scape.charge("outward").magnitude, [0.3, 0, 0.5])
    np.testing.assert_allclose(scape.charge("inward").magnitude, [0.1, 0.6, 0.1])
    np.testing.assert_allclose(scape.contributions("outward"), [3 / 8, 0, 5 / 8])
    assert scape.ranking.tolist() == [1, 2, 0]
    assert scape.order() == [1, 2, 0] and scape.order("recorded") == [0, 1, 2]
    assert scape.names == ["I0", "I1", "I2"]
    assert repr(scape).startswith("Currentscape of I0, I1, I2 (Recording of 3 currents")


def test_results_are_neo_signals_on_the_times_of_the_currents():
    scape = scape_of(EXAMPLE)
    for signal in (scape.total("outward"), scape.shares("inward")):
        assert isinstance(signal, neo.AnalogSignal)
        np.testing.assert_array_equal(signal.times.magnitude, scape.times.magnitude)
    assert scape.total("inward").units == pq.nA and scape.total("inward").shape == (4, 1)
    assert scape.total("inward").name == "total inward current"
    assert scape.shares("inward").units == pq.dimensionless
    assert scape.shares("inward").array_annotations["name"].tolist() == scape.names
    uneven = Currentscape(Recording(irregular(EXAMPLE, [0, 1, 3, 4])))
    assert isinstance(uneven.shares("outward"), neo.IrregularlySampledSignal)
    assert uneven.total("outward").times[-1] == 4 * pq.ms


@given(arrays)
def test_shares_sum_to_one_or_zero(values):
    scape = scape_of(values)
    for direction in DIRECTIONS:
        total = scape.total(direction).magnitude[:, 0]
        shares = scape.shares(direction).magnitude
        np.testing.assert_allclose(shares.sum(axis=1), np.where(total > 0, 1.0, 0.0), atol=1e-12)
        assert ((shares >= 0) & (shares <= 1)).all()
        np.testing.assert_allclose(
            shares * total[:, None], split_by_hand(values, direction), rtol=1e-12, atol=1e-300
        )


def split_by_hand(values, direction):
    sign = 1 if direction == "outward" else -1
    return np.where(sign * values > 0, sign * values, 0.0)


@given(arrays)
def test_totals_differ_by_the_net_current(values):
    scape = scape_of(values)
    outward, inward = (scape.total(d).magnitude[:, 0] for d in DIRECTIONS)
    assert (outward >= 0).all() and (inward >= 0).all()
    np.testing.assert_allclose(
        outward - inward, values.sum(axis=1), rtol=1e-9, atol=1e-9 * (np.abs(values).max() + 1e-9)
    )


@given(arrays, st.booleans())
def test_charges_are_integrals(values, uneven):
    times = steps_for(values)
    scape = Currentscape(Recording(irregular(values, times) if uneven else regular(values)))
    for direction in DIRECTIONS:
        part = split_by_hand(values, direction)
        expected = (part[1:] + part[:-1]).T @ np.diff(times) / 2 if uneven else part.sum(axis=0) * 0.1
        np.testing.assert_allclose(scape.charge(direction).magnitude, expected, rtol=1e-11)
        contributions = scape.contributions(direction)
        total = expected.sum()
        np.testing.assert_allclose(contributions, expected / total if total else 0.0, rtol=1e-11)
        assert contributions.sum() == pytest.approx(1.0 if total else 0.0)


@given(arrays, st.sampled_from(["pA", "nA", "uA", "mA", "A"]))
def test_units_do_not_matter(values, unit):
    one = scape_of(values)
    scaled = pq.Quantity(values, "nA").rescale(unit).magnitude
    other = Currentscape(Recording(regular(scaled, unit)))
    for direction in DIRECTIONS:
        np.testing.assert_allclose(
            one.shares(direction).magnitude, other.shares(direction).magnitude, atol=1e-12
        )
        np.testing.assert_allclose(in_pC(one, direction), in_pC(other, direction), rtol=1e-11)
        np.testing.assert_allclose(one.contributions(direction), other.contributions(direction), atol=1e-12)


@given(arrays, st.data())
def test_permuting_currents_permutes_results(values, data):
    permutation = np.array(data.draw(st.permutations(range(values.shape[1]))))
    one, other = scape_of(values), scape_of(values[:, permutation])
    for direction in DIRECTIONS:
        np.testing.assert_allclose(
            one.shares(direction).magnitude[:, permutation], other.shares(direction).magnitude, atol=1e-14
        )
        np.testing.assert_allclose(in_pC(one, direction)[permutation], in_pC(other, direction), rtol=1e-12)
        np.testing.assert_allclose(
            one.total(direction).magnitude, other.total(direction).magnitude, rtol=1e-12, atol=1e-300
        )
    both = sum(one.charge(d).magnitude for d in DIRECTIONS)
    if len(set(both.round(9))) == len(both):
        assert permutation[other.ranking].tolist() == one.ranking.tolist()


@given(arrays)
def test_flipping_all_signs_swaps_the_directions(values):
    one, other = scape_of(values), scape_of(-values)
    np.testing.assert_array_equal(one.shares("outward").magnitude, other.shares("inward").magnitude)
    np.testing.assert_array_equal(in_pC(one, "inward"), in_pC(other, "outward"))
    assert one.ranking.tolist() == other.ranking.tolist()


@given(arrays, st.floats(1e-6, 1e6))
def test_scaling_all_currents_changes_no_share(values, factor):
    one, other = scape_of(values), scape_of(values * factor)
    for direction in DIRECTIONS:
        np.testing.assert_allclose(
            one.shares(direction).magnitude, other.shares(direction).magnitude, atol=1e-12
        )


@given(arrays)
def test_a_current_may_be_split_in_two(values):
    halves = np.column_stack([values[:, 0] / 2, values[:, 0] / 2, values[:, 1:]])
    one, other = scape_of(values), scape_of(halves)
    for direction in DIRECTIONS:
        np.testing.assert_allclose(
            one.shares(direction).magnitude[:, 0],
            other.shares(direction).magnitude[:, :2].sum(axis=1),
            atol=1e-12,
        )


@given(arrays)
def test_inputs_are_untouched(values):
    given_values = values.copy()
    signal = regular(values)
    values.flags.writeable = False
    scape = Currentscape(Recording(signal), top=1)
    for direction in DIRECTIONS:
        scape.total(direction), scape.shares(direction), scape.charge(direction)
    scape.columns(3), scape.columns(1000), scape.to_dataframe()
    np.testing.assert_array_equal(signal.magnitude, given_values)


@given(arrays, st.integers(0, 1000))
def test_refined_steps_give_the_same_charge(values, seed):
    # Samples on the chords of the trapezoidal rule change no integral, as long as no sign changes.
    values = np.abs(values)
    times = steps_for(values, seed)
    extra = np.sort(np.random.default_rng(seed).uniform(times[0], times[-1], 10))
    fine = np.unique(np.concatenate([times, extra]))
    refined = np.column_stack([np.interp(fine, times, column) for column in values.T])
    one, other = (Currentscape(Recording(irregular(v, t))) for v, t in ((values, times), (refined, fine)))
    np.testing.assert_allclose(in_pC(one, "outward"), in_pC(other, "outward"), rtol=1e-9, atol=1e-12)


def test_densities_have_charge_densities():
    scape = Currentscape(Recording(regular(EXAMPLE, "mA/cm**2")))
    assert scape.charge("outward").dimensionality.string == "uC/cm**2"
    np.testing.assert_allclose(scape.charge("outward").magnitude, [0.3, 0, 0.5])


@pytest.mark.parametrize(("units", "charge"), [("mV", "mV*ms"), ("dimensionless", "ms")])
def test_currents_in_other_units_have_integrals(units, charge):
    scape = Currentscape(Recording(regular(EXAMPLE, units)))
    assert scape.charge("outward").dimensionality == (1 * pq.Quantity(1, charge)).dimensionality


def test_all_zero_has_empty_shares():
    scape = scape_of(np.zeros((5, 3)))
    for direction in DIRECTIONS:
        assert not scape.shares(direction).magnitude.any()
        assert not scape.total(direction).magnitude.any()
        assert scape.contributions(direction).tolist() == [0, 0, 0]
        assert not np.signbit(scape.shares(direction).magnitude).any()
    assert scape.ranking.tolist() == [0, 1, 2]


def test_tiny_currents_have_shares_too():
    scape = scape_of([[5e-324, -3e-310, 1e-310], [1e-300, -1e-300, 3e-300]])
    np.testing.assert_allclose(scape.shares("outward").magnitude[1], [0.25, 0, 0.75])
    assert scape.shares("outward").magnitude.sum(axis=1) == pytest.approx([1, 1])


# gaps


@pytest.mark.parametrize("uneven", [False, True])
def test_gaps_count_for_nothing(uneven):
    values = np.random.default_rng(3).standard_normal((30, 4))
    times = steps_for(values)
    gaps = np.zeros(30, dtype=bool)
    gaps[[0, 7, 8, 20]] = True
    broken = values.copy()
    broken[gaps, 2] = np.nan
    make = (lambda v: irregular(v, times)) if uneven else regular
    scape = Currentscape(Recording(make(broken), nan="gap"))
    steps = np.diff(times)
    for direction in DIRECTIONS:
        part = split_by_hand(values, direction)
        assert np.isnan(scape.total(direction).magnitude[gaps]).all()
        assert np.isnan(scape.shares(direction).magnitude[gaps]).all()
        total = np.maximum(part.sum(axis=1, keepdims=True), 1e-300)
        np.testing.assert_allclose(scape.shares(direction).magnitude[~gaps], (part / total)[~gaps])
        whole = ~gaps[1:] & ~gaps[:-1]
        expected = (
            ((part[1:] + part[:-1]) / 2)[whole].T @ steps[whole]
            if uneven
            else part[~gaps].sum(axis=0) * 0.1
        )
        np.testing.assert_allclose(scape.charge(direction).magnitude, expected)


# bundling


@given(arrays, st.integers(1, 6))
@settings(max_examples=60)
def test_top_keeps_the_largest_and_sums_the_rest(values, top):
    whole, bundled = scape_of(values), scape_of(values, top=top)
    n = values.shape[1]
    if top >= n:
        assert bundled.names == whole.names and bundled.bundle is None
        return
    kept = sorted(whole.ranking[:top].tolist())
    rest = [k for k in range(n) if k not in kept]
    assert bundled.names == [*(whole.names[k] for k in kept), "other"]
    assert bundled.order()[-1] == top and sorted(bundled.order()) == list(range(top + 1))
    for direction in DIRECTIONS:
        np.testing.assert_array_equal(bundled.total(direction).magnitude, whole.total(direction).magnitude)
        shares, all_shares = (s.shares(direction).magnitude for s in (bundled, whole))
        np.testing.assert_array_equal(shares[:, :-1], all_shares[:, kept])
        np.testing.assert_allclose(shares[:, -1], all_shares[:, rest].sum(axis=1), atol=1e-14)
        charge, all_charge = (s.charge(direction).magnitude for s in (bundled, whole))
        np.testing.assert_array_equal(charge[:-1], all_charge[kept])
        np.testing.assert_allclose(charge[-1], all_charge[rest].sum(), rtol=1e-12)


def test_other_keeps_both_directions():
    # Two small currents that cancel are not nothing: each counts in its own direction.
    scape = scape_of([[10.0, 1.0, -1.0], [10.0, 1.0, -1.0]], top=1)
    assert scape.names == ["I0", "other"]
    np.testing.assert_allclose(scape.shares("outward").magnitude[0], [10 / 11, 1 / 11])
    np.testing.assert_allclose(scape.shares("inward").magnitude[0], [0, 1])


@pytest.mark.parametrize("top", [0, -1, 1.5, True, "3"])
def test_top_that_is_no_number_is_refused(top):
    with pytest.raises(ArgumentError, match=rf"top={top!r} is not a number of currents: write 1 or more"):
        scape_of(EXAMPLE, top=top)


def test_a_current_called_other_is_refused():
    recording = Recording(regular(EXAMPLE, names=["a", "other", "c"]))
    with pytest.raises(ArgumentError, match="A current is called 'other' already: rename it to use top="):
        Currentscape(recording, top=1)


# the ways in


def test_from_segment_takes_the_selection():
    segment = neo.Segment()
    for name, unit, x in (("v", "mV", 0), ("ina", "nA", -1), ("ik", "nA", 2)):
        segment.analogsignals.append(
            neo.AnalogSignal([[x], [x]], units=unit, sampling_period=1 * pq.ms, name=name)
        )
    scape = Currentscape.from_segment(segment, currents={"K": "ik", "Na": "ina"}, top=1)
    assert scape.names == ["K", "other"]


def test_other_sources_are_refused():
    with pytest.raises(ArgumentTypeError) as caught:
        Currentscape(neo.Segment())
    assert str(caught.value) == (
        "Currentscape takes a Recording, not Segment: write Currentscape.from_segment(segment) for a Neo "
        "Segment."
    )


@pytest.mark.parametrize("call", ["total", "shares", "charge", "contributions"])
def test_other_directions_are_refused(call):
    with pytest.raises(UnknownNameError, match="Unknown direction 'up': known are 'outward', 'inward'"):
        getattr(scape_of(EXAMPLE), call)("up")


def test_columns_are_computed_once():
    scape = scape_of(EXAMPLE)
    assert scape.columns(2) is scape.columns(2)
    assert scape.columns(2) is not scape.columns(3)


@pytest.mark.parametrize("top", [None, 3])
@pytest.mark.parametrize("kind", ["regular", "irregular", "gaps"])
def test_charges_that_come_with_columns_are_those_of_the_samples(kind, top):
    values = np.random.default_rng(8).standard_normal((1000, 6))
    if kind == "gaps":
        values[100:140] = np.nan
    signal = irregular(values, steps_for(values)) if kind == "irregular" else regular(values)
    plain, reduced = (Currentscape(Recording(signal, nan="gap"), top=top) for _ in range(2))
    reduced.columns(70)
    reduced.columns(50, 10.0, 20.0)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(in_pC(reduced, direction), in_pC(plain, direction), rtol=1e-12)


def test_charges_of_a_window_are_not_those_of_the_whole():
    scape = scape_of(np.random.default_rng(8).standard_normal((1000, 3)))
    scape.columns(50, 10.0, 20.0)
    part = scape._columns[50, 10.0, 20.0].charges["outward"]
    assert np.all(in_pC(scape, "outward") > 5 * part)


# slices


@pytest.mark.parametrize("uneven", [False, True])
def test_a_slice_is_the_currentscape_of_the_slice(uneven):
    values = np.random.default_rng(7).standard_normal((60, 4))
    times = steps_for(values)
    recording = Recording(irregular(values, times) if uneven else regular(values))
    scape = Currentscape(recording)
    # What was worked out of the whole must not stay behind.
    scape.columns(10), scape.charge("inward"), scape.peaks("outward"), scape.ranking
    start, stop = recording.times[10], recording.times[40]
    cut, own = scape.slice(start, stop), Currentscape(recording.slice(start, stop))
    assert len(cut.times) == 30 and len(scape.times) == 60
    assert cut.ranking.tolist() == own.ranking.tolist()
    for direction in DIRECTIONS:
        for find in ("shares", "total", "charge", "contributions", "peaks"):
            found, expected = (np.asarray(getattr(one, find)(direction)) for one in (cut, own))
            np.testing.assert_array_equal(found, expected)
        columns = cut.columns(5).shares[direction], own.columns(5).shares[direction]
        np.testing.assert_array_equal(*columns)


def test_a_slice_keeps_what_is_bundled():
    # In the stretch the third current is the largest, in the whole the first.
    values = np.array([[9.0, 1.0, -0.5]] * 6 + [[0.1, 0.2, -3.0]] * 4)
    scape = scape_of(values, top=1)
    cut = scape.slice(0.6 * pq.ms)
    assert cut.names == scape.names == ["I0", "other"]
    np.testing.assert_allclose(cut.charge("inward").magnitude, [0, 1.2])
    np.testing.assert_allclose(cut.charge("outward").magnitude, [0.04, 0.08])


def test_a_slice_of_nothing_is_refused_as_of_a_recording():
    scape = scape_of(EXAMPLE)
    for window in ((1 * pq.ms,), (0 * pq.ms, 0.1 * pq.ms), (3 * pq.mV,), (5,)):
        with pytest.raises(Exception) as own:
            scape.slice(*window)
        with pytest.raises(Exception) as theirs:
            scape.recording.slice(*window)
        assert type(own.value) is type(theirs.value) and str(own.value) == str(theirs.value)


def test_a_slice_keeps_gaps_noise_and_clamped_samples():
    values, clamped = np.random.default_rng(2).standard_normal((20, 2)), np.zeros(20, bool)
    values[12, 0], clamped[11] = np.nan, True
    scape = Currentscape(Recording(regular(values), nan="gap", clamped=clamped, noise=0.1 * pq.nA))
    cut = scape.slice(1 * pq.ms)
    assert np.flatnonzero(cut.recording.gaps).tolist() == [2]
    assert np.flatnonzero(cut.recording.clamped).tolist() == [1]
    assert cut.recording.noise.shape == (10, 2)
    assert np.isnan(cut.shares("outward").magnitude).any(axis=1).tolist() == [k == 2 for k in range(10)]
    assert cut.recording.to_segment().epochs
