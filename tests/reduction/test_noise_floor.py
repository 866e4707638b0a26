"""Shares and charges of measured currents, whose noise is known."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SignalError,
    UnitsError,
    UnknownNameError,
)
from neo_currentscape.reduction import noise_floor

DT = 0.05


def currents_of(columns, names, unit="pA"):
    return neo.AnalogSignal(
        np.column_stack(columns),
        units=unit,
        sampling_period=DT * pq.ms,
        array_annotations={"name": np.array(names)},
    )


def pulse(seed=0, sigma=5.0):
    """An inward and an outward pulse one after the other, a current that is none, and their noise."""
    t = np.arange(0, 80, DT)
    true = np.column_stack(
        [
            -400 * np.exp(-(((t - 40) / 2) ** 2)),
            300 * np.exp(-(((t - 46) / 3) ** 2)),
            np.zeros_like(t),
        ]
    )
    noise = sigma * np.random.default_rng(seed).normal(size=true.shape)
    return t, true, currents_of((true + noise).T, ["in", "out", "none"])


@pytest.mark.parametrize("n_currents", [1, 3, 8])
def test_noise_alone_hardly_reaches_the_floor(n_currents):
    sigma = np.linspace(1, 4, n_currents)
    numbers = sigma * np.random.default_rng(3).normal(size=(20000, n_currents))
    names = [f"i{k}" for k in range(n_currents)]
    rec = ncs.Recording(
        currents_of(numbers.T, names),
        noise={n: s * pq.pA for n, s in zip(names, sigma, strict=True)},
    )
    total = np.maximum(numbers, 0).sum(axis=1)
    floor = noise_floor.floor(rec)
    assert (total > floor).mean() < 0.01
    assert (total > floor / 3).mean() > 0.05  # and it is not out of reach


def test_shares_are_blank_where_nothing_stands_out():
    t, _, currents = pulse()
    scape = ncs.Currentscape(ncs.Recording(currents, noise=5 * pq.pA))
    inward, outward = (scape.shares(d).magnitude for d in ("inward", "outward"))
    rest = t < 30
    assert (inward[rest].sum(axis=1) > 0).mean() < 0.01
    assert (outward[rest].sum(axis=1) > 0).mean() < 0.01
    assert np.all(inward[np.abs(t - 40) < 1].sum(axis=1) == pytest.approx(1))
    assert inward[np.abs(t - 40) < 1, 0].min() > 0.9
    # Columns of a figure, many samples each, are blank in the same places.
    columns = scape.columns(100)
    assert columns.shares["inward"].sum(axis=0)[columns.times < 30].max() < 0.1
    assert columns.shares["inward"].sum(axis=0)[np.abs(columns.times - 40) < 1].min() > 0.95
    plain = ncs.Currentscape(ncs.Recording(currents))
    assert plain.shares("inward").magnitude[rest].sum(axis=1).mean() > 0.8


def test_totals_and_currents_stay_as_they_were_measured():
    _, _, currents = pulse()
    scape, plain = (ncs.Currentscape(ncs.Recording(currents, noise=n)) for n in (5 * pq.pA, None))
    np.testing.assert_array_equal(scape.total("inward").magnitude, plain.total("inward").magnitude)
    found, wanted = (s.columns(50, flows=True) for s in (scape, plain))
    np.testing.assert_array_equal(found.means["inward"], wanted.means["inward"])
    np.testing.assert_array_equal(found.flow("outward"), wanted.flow("outward"))


def test_net_charges_are_those_of_the_samples_and_noise_cancels():
    _, true, currents = pulse()
    scape = ncs.Currentscape(ncs.Recording(currents, noise=5 * pq.pA))
    out, inn = (scape.charge(d).rescale("pA*ms").magnitude for d in ("outward", "inward"))
    np.testing.assert_allclose(out - inn, currents.magnitude.sum(axis=0) * DT, rtol=0, atol=1e-9)
    exact = true.sum(axis=0) * DT
    error = scape.charge_error().rescale("pA*ms").magnitude
    np.testing.assert_allclose(error, 5 * DT * np.sqrt(len(true)))
    # Rectified noise would be 1600 samples x 0.4 sigma x dt = 160 pA ms in each direction.
    assert np.all(np.abs((out - inn) - exact) < 4 * error)
    assert out[2] < 6 * error[2] and inn[2] < 6 * error[2]
    assert out[0] < 6 * error[0] and inn[1] < 6 * error[1]
    assert "charge_error" in scape.to_dataframe()


def test_charge_errors_cover_the_truth():
    within = []
    for seed in range(60):
        _, true, currents = pulse(seed)
        scape = ncs.Currentscape(ncs.Recording(currents, noise=5 * pq.pA))
        net = (scape.charge("outward") - scape.charge("inward")).rescale("pA*ms").magnitude
        error = scape.charge_error().rescale("pA*ms").magnitude
        within.append(np.abs(net - true.sum(axis=0) * DT) < error)
    assert 0.58 < np.mean(within) < 0.78  # 180 draws of a normal: 68 % within one


def test_noise_goes_with_slices_and_into_segments_and_back():
    _, _, currents = pulse()
    given = {"in": 0.005 * pq.nA, "none": 3 * pq.pA}
    rec = ncs.Recording(currents, noise=given)
    np.testing.assert_allclose(rec.noise.magnitude[7], [5, 0, 3])
    back = ncs.Recording.from_segment(rec.slice(10 * pq.ms, 20 * pq.ms).to_segment(), voltage=False)
    assert back.noise.shape == back.currents.shape == (200, 3)
    np.testing.assert_allclose(back.noise.magnitude[0], [5, 0, 3])
    chosen = ncs.Recording.from_segment(rec.to_segment(), currents=["none", "in"], voltage=False)
    np.testing.assert_allclose(chosen.noise.magnitude[0], [3, 5])


@pytest.mark.parametrize(
    ("noise", "error", "words"),
    [
        (8, ArgumentTypeError, "noise=8"),
        (3 * pq.mV, UnitsError, "mV"),
        (-3 * pq.pA, SignalError, "0 or more"),
        ({"other": 3 * pq.pA}, UnknownNameError, "other"),
    ],
)
def test_what_is_no_noise_is_refused(noise, error, words):
    with pytest.raises(error, match=words):
        ncs.Recording(pulse()[2], noise=noise)


def test_figure_shows_floor_and_bands():
    import matplotlib.collections as collections

    _, _, currents = pulse()
    rec = ncs.Recording(currents, noise=5 * pq.pA)
    figure = ncs.Figure(ncs.TotalPanel(rec, "outward", columns=4000), ncs.CurrentsPanel(rec, columns=4000))
    floor = figure.axes[0].lines[-1].get_ydata()
    np.testing.assert_allclose(floor, noise_floor.floor(rec))
    bands = [c for c in figure.axes[1].collections if isinstance(c, collections.PolyCollection)]
    heights = [np.ptp(band.get_paths()[0].vertices[:, 1]) for band in bands]
    assert len(bands) == 3
    # The band of the current that is none: its samples, and one standard error on either side.
    assert min(heights) == pytest.approx(np.ptp(currents.magnitude[:, 2]) + 10)
    off = ncs.Figure(
        ncs.TotalPanel(rec, "outward", floor_line=False),
        ncs.CurrentsPanel(rec, band=False),
    )
    assert len(off.axes[0].lines) == len(figure.axes[0].lines) - 1
    assert not off.axes[1].collections


def test_noise_is_read_back_from_a_file(tmp_path):
    _, _, currents = pulse()
    rec = ncs.Recording(currents, noise={"in": 5 * pq.pA, "out": 2 * pq.pA})
    block = neo.Block()
    block.segments.append(rec.to_segment())
    path = tmp_path / "measured.nix"
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    for again in (ncs.read_lazy(path)[0], neo.io.NixIO(str(path), mode="ro").read_block()):
        found = ncs.Recording.from_segment(again.segments[0], voltage=False)
        by_name = dict(zip(found.names, found.noise.magnitude[3], strict=True))
        assert by_name == {"in": 5, "out": 2, "none": 0}
        names = ncs.Currentscape(found).names
        error = ncs.Currentscape(found).charge_error().rescale("pA*ms").magnitude[names.index("in")]
        assert error == pytest.approx(5 * DT * np.sqrt(len(found)))


def test_bundles_gaps_and_irregular_samples():
    _, _, currents = pulse()
    scape = ncs.Currentscape(ncs.Recording(currents, noise=5 * pq.pA), top=1)
    assert scape.names[-1] == "other"
    error = scape.charge_error().rescale("pA*ms").magnitude
    assert error[1] == pytest.approx(np.sqrt(2) * error[0])
    holes = currents.copy()
    holes[100:150] = np.nan * pq.pA
    gapped = ncs.Currentscape(ncs.Recording(holes, nan="gap", noise=5 * pq.pA))
    assert np.isnan(gapped.shares("inward").magnitude).any(axis=1).sum() == 50
    shorter = gapped.charge_error().rescale("pA*ms").magnitude[0]
    assert shorter == pytest.approx(5 * DT * np.sqrt(len(currents) - 50), rel=1e-3)
    times = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.08, len(currents)))
    uneven = neo.IrregularlySampledSignal(
        times * pq.ms, currents.magnitude, units="pA", array_annotations={"name": ["in", "out", "none"]}
    )
    found = ncs.Currentscape(ncs.Recording(uneven, noise=5 * pq.pA))
    net = (found.charge("outward") - found.charge("inward")).rescale("pA*ms").magnitude
    middle = (currents.magnitude[1:] + currents.magnitude[:-1]) / 2
    np.testing.assert_allclose(net, np.diff(times) @ middle, atol=1e-6)
