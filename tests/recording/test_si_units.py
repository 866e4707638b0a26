"""Volts and amperes of readers that give SI units become mV and pA when a Recording is picked."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs

T = np.arange(0, 50, 0.25)


def recording(scale=1.0, sign=1.0):
    segment = neo.Segment()
    wave = np.sin(T / 4)
    for values, unit, name in (
        (scale * (-0.06 + 0.01 * wave), "V", "Vm"),
        (scale * sign * (-4e-11 - 3e-11 * wave), "A", "I_Na"),
        (scale * sign * (-2e-11 + 1e-11 * wave), "A", "I_Ca"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(values[:, None], units=unit, sampling_period=0.25 * pq.ms, name=name)
        )
    return ncs.Recording.from_segment(segment)


def test_a_figure_in_mv_and_pa():
    axes = ncs.Currentscape(recording()).plot().axes
    labels = [one.get_ylabel() for one in axes]
    assert "Voltage\n(mV)" in labels and "Inward\n(pA)" in labels and "Outward\n(pA)" in labels


@pytest.mark.parametrize(
    ("sign", "empty", "other"), [(1.0, "Outward", "Inward"), (-1.0, "Inward", "Outward")]
)
def test_an_empty_direction_has_the_limits_of_the_other(sign, empty, other):
    axes = {
        one.get_ylabel().split("\n")[0]: one for one in ncs.Currentscape(recording(1.0, sign)).plot().axes
    }
    assert sorted(axes[empty].get_ylim()) == pytest.approx(sorted(axes[other].get_ylim()))


def test_the_numbers_are_in_the_unit_that_is_shown():
    scape = ncs.Currentscape(recording())
    assert scape.recording.currents.units == pq.Quantity(1, "pA") == scape.total("inward").units
    np.testing.assert_allclose(scape.recording.voltage.magnitude[:, 0], -60 + 10 * np.sin(T / 4))
    np.testing.assert_allclose(scape.total("inward").magnitude[:, 0], 60 + 20 * np.sin(T / 4))


def test_a_recording_made_of_signals_keeps_their_units():
    volts = neo.AnalogSignal(np.full((9, 1), -0.06), units="V", sampling_period=1 * pq.ms)
    amperes = neo.AnalogSignal(np.ones((9, 1)), units="A", sampling_period=1 * pq.ms, name="I_K")
    found = ncs.Recording(amperes, volts)
    assert found.currents.units == pq.A and found.voltage.units == pq.V
