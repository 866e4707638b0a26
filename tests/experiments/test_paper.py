"""What Alonso & Marder (eLife 2019;8:e42722) say of their models, as CaT and Na are taken away."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

pytest.importorskip("scipy")
pytestmark = pytest.mark.slow

SETTLED = {"t_stop": 5 * pq.s, "transient": 6 * pq.s}


def perturbed(model, current, *factors, **options):
    block = stg.perturb(current, factors, model, **{**SETTLED, **options})
    return [ncs.Currentscape.from_segment(segment) for segment in block.segments]


def intervals(scape):
    return np.diff(ncs.detect_spikes(scape).magnitude)


def is_tonic(scape):
    found = intervals(scape)
    # One interval, up to what is left of the transient of slow models.
    return len(found) > 3 and found.max() / found.min() < 1.03


def cycle(scape):
    """Frequency in Hz and duty cycle of bursts."""
    bursts = ncs.detect_bursts(scape)
    periods = np.diff(bursts.times.magnitude)
    return 1000 / periods.mean(), float((bursts.durations.magnitude[:-1] / periods).mean())


def highest(scape, direction, name):
    return scape.shares(direction).magnitude[:, scape.names.index(name)].max()


@pytest.mark.parametrize("model", "ABCDEF")
def test_controls_burst_at_one_hertz_with_a_duty_cycle_of_a_fifth(model):
    # Model F bursts irregularly for up to twenty seconds, and for how long hangs on the last digits.
    settled = {"transient": (60 if model == "F" else 14) * pq.s}
    frequency, duty = cycle(*perturbed(model, "CaT", 1.0, **settled))
    assert 0.85 < frequency < 1.35 and 0.15 < duty < 0.25


def test_at_70_percent_of_cat_three_burst_and_three_do_not():
    for model in "ABC":
        (scape,) = perturbed(model, "CaT", 0.7)
        # Bursts differ in frequency and duty cycle, but there are bursts: silence and spikes.
        assert intervals(scape).max() > 10 * intervals(scape).min()
    (d,), (e,), (f,) = (perturbed(model, "CaT", 0.7) for model in "DEF")
    assert intervals(d).max() < 60 and is_tonic(f)
    # Their frequencies are different: 21.3, 16 and 21.5 Hz.
    assert 1000 / intervals(e).mean() < 19 < 1000 / intervals(d).mean() < 1000 / intervals(f).mean()
    # "in the case of model (e) the spiking activity is not regular"
    assert len(np.unique(np.round(intervals(e), -1))) > 4


def test_without_cat_all_but_model_a_spike_tonically():
    for model in "BCDEF":
        (scape,) = perturbed(model, "CaT", 0.0)
        assert is_tonic(scape)
    frequency, duty = cycle(*perturbed("A", "CaT", 0.0))
    assert frequency < 0.8 and 0.4 < duty < 0.55  # "low frequency bursting ... with duty cycle 0.5"


def test_model_f_as_cat_is_taken_away():
    control, little, much, half, fifth, tenth, none = perturbed("F", "CaT", 1, 0.9, 0.8, 0.5, 0.2, 0.1, 0)
    assert np.ptp(ncs.detect_bursts(little).durations.magnitude[1:-1]) > 10  # irregular bursts
    assert len(np.unique(np.round(intervals(much)))) >= 3 and intervals(much).max() < 100
    assert is_tonic(half) and 10 < 1000 / intervals(half).mean() < 20
    assert len(np.unique(np.round(intervals(fifth), -1))) == 2  # doublets
    assert set(ncs.detect_bursts(tenth, max_interval=200 * pq.ms).array_annotations["spikes"][1:-1]) == {2}
    assert is_tonic(none)
    # Figure 14: the shares.
    assert highest(control, "inward", "CaT") > 0.85 and highest(control, "inward", "Na") > 0.85
    assert highest(control, "inward", "H") <= 0.25 and highest(half, "inward", "H") < 0.02
    assert highest(none, "inward", "H") > 0.5
    assert highest(control, "outward", "A") == pytest.approx(0.9, abs=0.05)
    assert highest(half, "outward", "A") < highest(none, "outward", "A")
    assert highest(half, "inward", "CaS") > 0.75 > highest(control, "inward", "CaS")
    assert highest(none, "outward", "KCa") < 0.05 < 0.5 < highest(half, "outward", "KCa")


def test_figure_3_as_na_is_taken_away():
    most, less, none = perturbed("Fig. 3", "Na", 0.85, 0.8, 0.0)
    frequency, duty = cycle(most)
    assert duty > 0.1 and ncs.detect_bursts(most).array_annotations["spikes"][1] >= 8
    peaks = less.recording.voltage.magnitude[:, 0]
    assert peaks.min() < most.recording.voltage.magnitude.min() - 5  # an abrupt change
    assert cycle(less)[1] < duty / 2
    voltage = none.recording.voltage.magnitude[:, 0]
    assert -25 < voltage.max() < -10  # "collapse onto a small band at -20 mV and only one spike is left"


def test_the_distributions_show_it():
    """Figure 12: without Na the voltage stays below -10 mV; the distribution says so in every bin."""

    found = ncs.perturbation(
        stg.perturb("Na", [1, 0], "A", then=ncs.distribution, t_stop=3 * pq.s, transient=3 * pq.s),
        by=[1, 0],
    )
    middle = ((found.voltage_edges[1:] + found.voltage_edges[:-1]) / 2).magnitude
    assert found.voltage[0][middle > 0].sum() > 0.005 and found.voltage[1][middle > 0].sum() == 0
