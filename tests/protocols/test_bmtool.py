"""The same cell under the same protocol in bmtool: equal to 0.1 %, and where it is not, why."""

import contextlib
import gc
import io

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols

pytestmark = [pytest.mark.neuron, pytest.mark.bmtool]
pytest.importorskip("neuron")
bmtool = pytest.importorskip("bmtool.singlecell", exc_type=ImportError)


@pytest.fixture
def theirs(h, cell):
    """``theirs("Passive", inj_amp=-20)``: bmtool's result on a new cell, run quietly."""
    kept = []

    def run(name, *then, **options):
        # A cell keeps the electrodes of bmtool's earlier runs for as long as these live.
        kept.clear()
        gc.collect()
        with contextlib.redirect_stdout(io.StringIO()):
            made = getattr(bmtool, name)(cell(), **options)
            kept.append(made)
            return (made, made.run())

    return run


@pytest.mark.parametrize("method", ["simple", "exp", "exp2"])
def test_passive(theirs, cell, method, amplitude=-20.0):
    peer, _ = theirs("Passive", inj_amp=amplitude, method=method, inj_dur=100.0)
    found = protocols.run_passive(cell(), amplitude * pq.pA, method=method, duration=100 * pq.ms)
    assert float(found.v_rest) == pytest.approx(peer.v_rest, rel=1e-9)
    assert float(found.v_final) == pytest.approx(peer.cell_v_final, rel=1e-9)
    assert float(found.r_in.rescale("Mohm")) == pytest.approx(peer.r_in, rel=1e-6)
    assert float(found.tau) == pytest.approx(peer.tau, rel=1e-3)
    if method != "simple":
        assert float(found.sag) == pytest.approx(peer.v_sag, rel=1e-6)
        assert found.sag_norm == pytest.approx(peer.sag_norm, rel=1e-6)
        assert float(found.t_peak) == pytest.approx(peer.t_peak, rel=1e-9)


def test_spikes_of_a_current_clamp(theirs, cell):
    peer, _ = theirs("CurrentClamp", inj_amp=150.0, threshold=-10.0, tstop=1200.0)
    found = protocols.run_clamp(cell(), 150 * pq.pA, threshold=-10 * pq.mV, tail=100 * pq.ms)
    assert found.spike_count == peer.nspks > 50
    assert found.spike_times.magnitude == pytest.approx(np.array(peer.tspk_vec), abs=1e-6)


def test_fi_curve(theirs, cell):
    _, (amplitudes, counts) = theirs("FI", i_stop=250.0, i_increment=50.0, tdur=300.0)
    found = protocols.run_fi(cell(), np.array(amplitudes) * pq.pA, duration=300 * pq.ms, tail=0 * pq.ms)
    assert found.counts.tolist() == counts and max(counts) > 10


def test_fi_curve_of_bmtool_lacks_its_last_step(theirs):
    _, (amplitudes, _) = theirs("FI", i_stop=300.0, i_increment=100.0, tdur=10.0)
    assert len(amplitudes) == 3
    assert len(protocols.runners.run.steps(0 * pq.pA, 300 * pq.pA, 100 * pq.pA)) == 4


def test_time_constant_of_bmtool_is_0_upwards(theirs, cell):
    peer, _ = theirs("Passive", inj_amp=5.0)
    assert peer.tau == 0
    up, down = (float(protocols.run_passive(cell(), sign * 5 * pq.pA).tau) for sign in (1, -1))
    assert up == pytest.approx(down, rel=0.1)


@pytest.mark.parametrize("kind, f_start", [("linear", 0.0), ("exponential", 1.0)])
def test_impedance(theirs, cell, kind, f_start):
    peer, _ = theirs(
        "ZAP", inj_amp=5.0, fstart=f_start, fend=100.0, inj_dur=3000.0, tstop=3300.0, chirp_type=kind
    )
    with contextlib.redirect_stdout(io.StringIO()):
        frequencies, impedance = peer.get_impedance()
    f = {"f_start": f_start * pq.Hz, "f_stop": 100 * pq.Hz}
    found = protocols.run_zap(cell(), 5 * pq.pA, **f, duration=3 * pq.s, chirp=kind)
    assert found.frequencies.magnitude == pytest.approx(frequencies, rel=1e-6)
    assert found.magnitude.magnitude == pytest.approx(impedance, rel=1e-3)
    assert float(found.resonance) == pytest.approx(peer.peak_freq, rel=1e-9)
    # bmtool's Z, whose phase it does not show, takes the current of the step after each sample.
    theirs_ = np.degrees(np.angle(peer.Z[(peer.freq > f_start) & (peer.freq < 100)]))
    one_step = 360 * frequencies * 0.025e-3
    difference = (found.phase.magnitude - theirs_ + 180) % 360 - 180
    assert difference == pytest.approx(one_step, abs=1e-2)
