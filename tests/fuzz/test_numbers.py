"""Whatever a Segment holds and however it is stored, the numbers are those of the definitions."""

import copy

import fuzz_reference as reference
import numpy as np
from fuzz_cases import cases
from fuzz_segments import close, segments
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.reduction.mean_shares import mean_shares

DIRECTIONS = reference.DIRECTIONS


def read(drawn, **options):
    """The Recording, in the unit and the order of what is to be found."""
    recording = ncs.Recording.from_segment(drawn.segment, **{**drawn.selection, **options})
    order = [recording.names.index(name) for name in drawn.names]
    return recording, order


def factor(recording, drawn):
    return float((1.0 * recording.currents.units).rescale(drawn.unit))


@cases(segments())
def test_values_names_times_and_gaps(drawn):
    before = [copy.deepcopy(signal) for signal in drawn.stored]
    recording, order = read(drawn)
    assert sorted(recording.names) == sorted(drawn.names)
    held = ~drawn.gaps
    values = np.asarray(recording.currents.magnitude, dtype=float)[:, order] * factor(recording, drawn)
    close(values[held], drawn.values[held])
    np.testing.assert_allclose(
        recording.times.rescale("ms").magnitude,
        drawn.times,
        rtol=1e-9,
        atol=1e-6 * np.diff(drawn.times).min(),
    )
    assert (recording.gaps is None and not drawn.gaps.any()) or (recording.gaps == drawn.gaps).all()
    if drawn.voltage is not None:
        np.testing.assert_array_equal(recording.voltage.magnitude, drawn.voltage)
    for signal, kept in zip(drawn.stored, before, strict=True):
        np.testing.assert_array_equal(signal.magnitude, kept.magnitude)
        assert signal.annotations == kept.annotations and signal.units == kept.units


@cases(segments())
def test_totals_shares_charges_and_contributions(drawn):
    recording, order = read(drawn)
    scape, unit, held = ncs.Currentscape(recording), factor(recording, drawn), ~drawn.gaps
    weights = reference.durations(drawn.times, drawn.regular, drawn.gaps)
    clean = np.where(drawn.gaps[:, None], 0.0, drawn.values)
    for d in DIRECTIONS:
        total = scape.total(d).magnitude[:, 0] * unit
        close(total[held], reference.totals(clean, d)[held])
        shares = scape.shares(d).magnitude[:, order]
        np.testing.assert_allclose(shares[held], reference.shares(clean, d)[held], rtol=1e-7, atol=1e-9)
        assert np.isnan(total[~held]).all() and np.isnan(shares[~held]).all()
        wanted = reference.charges(clean, weights, d)
        name = "pC" if drawn.unit == "nA" else "uC/cm**2"  # nA ms, and mA/cm**2 ms
        size = np.abs(clean).max() * weights.sum()
        close(scape.charge(d).rescale(name).magnitude[order], wanted, size)
        if wanted.sum() > 1e-6 * size:
            found = scape.contributions(d)[order]
            np.testing.assert_allclose(found, reference.contributions(wanted), rtol=1e-6, atol=1e-6)
        close(scape.peaks(d)[order] * unit, reference.parts(clean, d).max(axis=0), np.abs(clean).max())
        found = mean_shares(recording, d)[order]
        np.testing.assert_allclose(found, reference.mean_shares(clean, weights, d), rtol=1e-7, atol=1e-9)


@cases(segments(most_samples=60), st.integers(1, 20), st.sampled_from(["numpy", "numba"]), few=60)
def test_columns(drawn, n, kernel):
    recording, order = read(drawn)
    if len(recording) <= n:
        n = len(recording) - 1
    if kernel == "numba":
        from neo_currentscape.reduction import engine

        if not engine._has_numba():
            return
    with _kernel(kernel):
        found = ncs.Currentscape(recording).columns(n, flows=True)
    unit = factor(recording, drawn)
    weights = reference.durations(drawn.times, drawn.regular, drawn.gaps)
    clean = np.where(drawn.gaps[:, None], 0.0, drawn.values)
    for d in DIRECTIONS:
        wanted = reference.columns(clean, drawn.times, weights, drawn.gaps, n, d)
        if not _all_inside(drawn.times, n):
            return  # rounding decides to which bin a sample on its border belongs
        assert len(wanted) == len(found.times)
        for k, column in enumerate(wanted):
            np.testing.assert_allclose(found.shares[d][order, k], column["shares"], rtol=1e-6, atol=1e-8)
            size = np.abs(clean).max()
            close(found.means[d][k] * unit, column["mean"], size)
            close(found.extremes[d].low[0, k] * unit, column["low"], size)
            close(found.extremes[d].high[0, k] * unit, column["high"], size)
            close(found.flows[d][:, k].sum() * unit, column["mean"], size)


def _all_inside(times, n):
    """Whether only the first and the last sample lie on a border."""
    edges = np.linspace(times[0], times[-1], n + 1)[1:-1]
    tiny = 1e-9 * max(1.0, np.abs(times).max())
    return not any(np.abs(times - edge).min() < tiny for edge in edges)


class _kernel:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        import os

        self.before = os.environ.get("NEO_CURRENTSCAPE_KERNEL")
        os.environ["NEO_CURRENTSCAPE_KERNEL"] = self.name

    def __exit__(self, *_):
        import os

        if self.before is None:
            del os.environ["NEO_CURRENTSCAPE_KERNEL"]
        else:
            os.environ["NEO_CURRENTSCAPE_KERNEL"] = self.before


@cases(segments(), st.integers(1, 5))
def test_a_bundle_changes_no_total_and_no_other_share(drawn, top):
    recording, _ = read(drawn)
    whole, bundled = ncs.Currentscape(recording), ncs.Currentscape(recording, top=top)
    kept = [name for name in bundled.names if name in whole.names]
    assert len(bundled.names) == min(len(whole.names), top + 1)
    for d in DIRECTIONS:
        np.testing.assert_array_equal(whole.total(d).magnitude, bundled.total(d).magnitude)
        for name in kept:
            a, b = (s.shares(d).magnitude[:, s.names.index(name)] for s in (whole, bundled))
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)
        if bundled.names[-1] == "other" and len(bundled.names) > len(kept):
            rest = [k for k, name in enumerate(whole.names) if name not in kept]
            wanted = whole.shares(d).magnitude[:, rest].sum(axis=1)
            np.testing.assert_allclose(bundled.shares(d).magnitude[:, -1], wanted, rtol=1e-9, atol=1e-12)
        charge = whole.charge(d).magnitude.sum()
        np.testing.assert_allclose(bundled.charge(d).magnitude.sum(), charge, rtol=1e-9)
