"""Signals in plain volts and amperes, as some readers give them, in the units that cells have."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def stored(unit_of_voltage="V", unit_of_current="A", scale=1.0):
    t = np.arange(0, 50, 0.1)
    segment = neo.Segment()
    for name, x, unit in (
        ("Vm", -0.06 + 0.02 * np.sin(t / 7), unit_of_voltage),
        ("I_K", (3e-11 + 2e-11 * np.sin(t / 7)) * scale, unit_of_current),
        ("I_leak", (6e-11 + 0 * t) * scale, unit_of_current),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name)
        )
    return segment


def test_volts_and_amperes_become_millivolts_and_picoamperes():
    segment = stored()
    found = ncs.Recording.from_segment(segment)
    assert found.voltage.units == pq.mV and found.currents.units == pq.pA
    assert found.voltage.magnitude.mean() == pytest.approx(-60, abs=2)
    assert found.currents.magnitude.max() == pytest.approx(60)
    assert segment.analogsignals[0].units == pq.V  # the source is as it was


def test_other_units_stay():
    found = ncs.Recording.from_segment(stored("mV", "nA", 1e9))
    assert found.voltage.units == pq.mV and found.currents.units == pq.nA


def test_a_total_that_is_nothing_has_the_scale_of_the_other():
    axes = ncs.Currentscape.from_segment(stored()).plot().axes
    labels = {ax.get_ylabel(): ax for ax in axes}
    assert {"Voltage\n(mV)", "Outward\n(pA)", "Inward\n(pA)"} <= set(labels)
    assert labels["Inward\n(pA)"].get_ylim()[::-1] == labels["Outward\n(pA)"].get_ylim()
