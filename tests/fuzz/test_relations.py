"""What must stay as it is, or change in a known way, when a recording is changed in a known way."""

import neo
import numpy as np
import quantities as pq
from fuzz_cases import cases
from fuzz_segments import ABSOLUTE, DENSITIES, close, names, segments
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase
from neo_currentscape.reduction.chunks import reduce
from neo_currentscape.reduction.columns import charges
from neo_currentscape.reduction.partial import merge

factors = st.floats(1e-3, 1e3)


def read(drawn):
    return ncs.Recording.from_segment(drawn.segment, **drawn.selection)


def signal_like(recording, values, labels, unit=None, shift=0.0):
    """The currents of a Recording with other values, names, unit, and times that are moved on."""
    currents = recording.currents
    notes = {"array_annotations": {"name": labels}, "role": "current", "positive": "outward"}
    unit = currents.units if unit is None else unit
    if isinstance(currents, neo.AnalogSignal):
        start = currents.t_start + shift * currents.sampling_period
        return neo.AnalogSignal(
            values, units=unit, t_start=start, sampling_rate=currents.sampling_rate, **notes
        )
    times = currents.times + shift * (currents.times[1] - currents.times[0])
    return neo.IrregularlySampledSignal(times, values, units=unit, **notes)


def scape_of(recording, values, labels, nan="gap", **options):
    return ncs.Currentscape(ncs.Recording(signal_like(recording, values, labels, **options), nan=nan))


def numbers(recording):
    return np.array(recording.currents.magnitude, dtype=float)


def same_shares(a, b, order=slice(None), rtol=1e-7, atol=1e-9):
    for d in DIRECTIONS:
        found, wanted = a.shares(d).magnitude[:, order], b.shares(d).magnitude
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol)


@cases(segments(), st.data())
def test_another_unit(drawn, data):
    scape = ncs.Currentscape(read(drawn))
    table = ABSOLUTE if drawn.unit == "nA" else DENSITIES
    unit = data.draw(st.sampled_from(sorted(table)))
    other = scape_of(
        scape.recording, scape.recording.currents.rescale(unit).magnitude, scape.names, unit=unit
    )
    same_shares(other, scape)
    for d in DIRECTIONS:
        charge = scape.charge(d)
        close(other.charge(d).rescale(charge.units).magnitude, charge.magnitude)
        close(other.total(d).rescale(scape.total(d).units).magnitude, scape.total(d).magnitude)


@cases(segments(), st.randoms(use_true_random=False))
def test_another_order_of_the_currents(drawn, random):
    scape = ncs.Currentscape(read(drawn))
    order = list(range(len(scape.names)))
    random.shuffle(order)
    other = scape_of(scape.recording, numbers(scape.recording)[:, order], [scape.names[k] for k in order])
    back = [order.index(k) for k in range(len(order))]
    same_shares(other, scape, back)
    for d in DIRECTIONS:
        np.testing.assert_allclose(
            other.contributions(d)[back], scape.contributions(d), rtol=1e-7, atol=1e-9
        )
        a, b = (one.columns(5) for one in (other, scape))
        np.testing.assert_allclose(a.shares[d][back], b.shares[d], rtol=1e-6, atol=1e-8)


@cases(segments(), st.floats(0.01, 0.99), st.data())
def test_a_current_in_two_parts(drawn, part, data):
    scape = ncs.Currentscape(read(drawn))
    k = data.draw(st.integers(0, len(scape.names) - 1))
    values = numbers(scape.recording)
    split = np.column_stack([values, (1 - part) * values[:, k]])
    split[:, k] *= part
    extra = data.draw(names.filter(lambda name: name not in scape.names and name.strip()))
    other = scape_of(scape.recording, split, [*scape.names, extra])
    for d in DIRECTIONS:
        found = np.array(other.shares(d).magnitude)
        found[:, k] += found[:, -1]
        np.testing.assert_allclose(found[:, :-1], scape.shares(d).magnitude, rtol=1e-7, atol=1e-9)
        total = scape.total(d).magnitude
        close(other.total(d).magnitude, total)
        charge = other.charge(d).magnitude
        close(charge[k] + charge[-1], scape.charge(d).magnitude[k], charge.sum())


@cases(segments(), st.floats(-1e3, 1e3))
def test_another_beginning(drawn, shift):
    scape = ncs.Currentscape(read(drawn))
    other = scape_of(scape.recording, numbers(scape.recording), scape.names, shift=shift)
    same_shares(other, scape, rtol=0, atol=0)
    span = np.abs(drawn.times).max() + abs(shift) * 10
    tiny = 1e-12 * span / np.diff(drawn.times).min()  # of the rounding of times
    for d in DIRECTIONS:
        wanted = scape.charge(d).magnitude
        np.testing.assert_allclose(other.charge(d).magnitude, wanted, rtol=1e-9 + tiny, atol=1e-300)


@cases(segments(with_gaps=False, most_samples=60), st.data())
def test_two_halves(drawn, data):
    """Slices that share no sample add up to the whole, where samples are regular."""
    recording = read(drawn)
    if not drawn.regular or len(recording) < 4:
        return
    cut = drawn.times[data.draw(st.integers(2, len(recording) - 2))] * pq.ms
    halves = [recording.slice(None, cut), recording.slice(cut, None)]
    assert sum(map(len, halves)) == len(recording)
    for d in DIRECTIONS:
        found = sum(ncs.Currentscape(half).charge(d).magnitude for half in halves)
        close(found, ncs.Currentscape(recording).charge(d).magnitude)


@cases(segments(), st.data())
def test_a_current_of_nothing(drawn, data):
    scape = ncs.Currentscape(read(drawn))
    extra = data.draw(names.filter(lambda name: name not in scape.names and name.strip()))
    nothing = np.zeros((len(scape.recording), 1))
    other = scape_of(scape.recording, np.hstack([nothing, numbers(scape.recording)]), [extra, *scape.names])
    same_shares(other, scape, slice(1, None), rtol=1e-12, atol=1e-15)
    for d in DIRECTIONS:
        assert other.contributions(d)[0] == 0 and other.charge(d)[0] == 0
    assert [k - 1 for k in other.ranking if k != 0] == scape.ranking.tolist()


@cases(segments(), factors)
def test_the_other_direction_and_another_size(drawn, factor):
    scape = ncs.Currentscape(read(drawn))
    other = scape_of(scape.recording, -factor * numbers(scape.recording), scape.names)
    for d, turned in zip(DIRECTIONS, DIRECTIONS[::-1], strict=True):
        found, wanted = other.shares(d).magnitude, scape.shares(turned).magnitude
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            other.contributions(d), scape.contributions(turned), rtol=1e-9, atol=1e-12
        )


@cases(segments(most_samples=60), st.integers(1, 12), st.data())
def test_chunks_in_any_cut_and_order(drawn, n_bins, data):
    recording = read(drawn)
    signal, gaps = recording.currents, recording.gaps
    times = timebase.float_times(signal, "ms")
    weights = np.broadcast_to(timebase.sample_durations(signal, "ms", gaps), times.shape).copy()
    if drawn.regular and gaps is None:
        weights = float(weights[0])
    edges, values = np.linspace(times[0], times[-1], n_bins + 1), numbers(recording)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(times) - 1), max_size=8)))
    parts = []
    for a, b in zip([0, *cuts], [*cuts, len(times)], strict=True):
        own = weights if isinstance(weights, float) else weights[a:b]
        blank = None if gaps is None else gaps[a:b]
        parts.append(reduce(times[a:b], own, values[a:b], {}, edges, blank, flows=True))
    whole = reduce(times, weights, values, {}, edges, gaps, flows=True)
    data.draw(st.randoms(use_true_random=False)).shuffle(parts)
    found = parts[0]
    for part in parts[1:]:
        found = merge(found, part)
    for d in DIRECTIONS:
        np.testing.assert_allclose(found.shares[d], whole.shares[d], rtol=1e-9, atol=1e-12)
        close(found.charge[d], whole.charge[d])
        close(found.flows[d].sum(axis=1), charges(recording)[d])
        np.testing.assert_array_equal(found.extremes[d].high, whole.extremes[d].high)
    np.testing.assert_array_equal(found.samples, whole.samples)


@cases(segments(), part=0.5)
def test_a_recording_out_and_in_again(drawn):
    recording = read(drawn)
    again = ncs.Recording.from_segment(
        recording.to_segment(), voltage=drawn.selection.get("voltage"), nan="gap"
    )
    assert again.names == recording.names
    np.testing.assert_array_equal(again.currents.magnitude, recording.currents.magnitude)
    assert again.currents.units == recording.currents.units
    np.testing.assert_array_equal(again.times.magnitude, recording.times.magnitude)


@cases(segments(), part=0.5)
def test_a_summary_is_the_table_of_each(drawn):
    summary = ncs.summarise(drawn.segment, nan=drawn.selection["nan"])
    scape = ncs.Currentscape(read(drawn))
    order = [scape.names.index(name) for name in summary.table["current"]]
    table, frame = summary.to_dataframe(), scape.to_dataframe()
    for d in DIRECTIONS:
        for column in (f"charge_{d}", f"peak_{d}"):
            told = (one.attrs["units"][column] for one in (table, frame))
            own, other = (unit.replace("²", "**2").replace("µ", "u") for unit in told)
            wanted = pq.Quantity(frame[column].to_numpy()[order], other).rescale(own).magnitude
            close(table[column].to_numpy(), wanted)
        whole = scape.charge(d).magnitude.sum()
        if whole > 1e-300:
            np.testing.assert_allclose(
                summary.table[f"contribution_{d}"],
                frame[f"contribution_{d}"].to_numpy()[order],
                rtol=1e-7,
                atol=1e-9,
            )
