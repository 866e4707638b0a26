"""Currents in pA/pF: dV/dt is their balance, and with the capacitance what is injected in pA joins them."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import UnitsError

CAPACITANCE, STEP = 18.0, 0.02


def segment(injected=0.0, unit="pA/pF", factor=1.0):
    """A passive cell with two conductances, advanced by forward Euler, so that it balances exactly."""
    t = np.arange(0, 40, STEP)
    inject = np.where(t > 8, injected, 0.0)
    v = np.full(len(t), -55.0)
    for k in range(len(t) - 1):
        total = 1.5 * (v[k] + 62) + 0.7 * (v[k] + 88) - inject[k]
        v[k + 1] = v[k] - STEP * total / CAPACITANCE
    made = neo.Segment()
    parts = [
        ("Vm", "mV", v),
        ("I_leak", unit, factor * 1.5 * (v + 62)),
        ("I_K", unit, factor * 0.7 * (v + 88)),
    ]
    parts += [("Iinj", "pA", inject)] if injected else []
    for name, unit_, values in parts:
        made.analogsignals.append(
            neo.AnalogSignal(values[:, None], units=unit_, sampling_period=STEP * pq.ms, name=name)
        )
    return made


@pytest.mark.parametrize(
    ("unit", "factor"), [("pA/pF", 1.0), ("A/F", 1.0), ("nA/pF", 1e-3), ("uA/uF", 1.0)]
)
def test_the_balance_needs_no_capacitance(unit, factor):
    recording = ncs.Recording.from_segment(segment(unit=unit, factor=factor / CAPACITANCE))
    assert recording.names == ["I_K", "I_leak"]
    found = ncs.balance(recording, derivative="forward")
    assert found.verdict.startswith("complete") and found.unexplained < 1e-12


@pytest.mark.parametrize("capacitance", [18 * pq.pF, 0.018 * pq.nF])
def test_an_injected_current_in_pa_joins_them_with_the_capacitance(capacitance):
    recording = ncs.Recording.from_segment(segment(40.0, factor=1 / CAPACITANCE))
    found = ncs.balance(recording, capacitance=capacitance, derivative="forward")
    assert found.verdict.startswith("complete") and found.unexplained < 1e-12
    with pytest.raises(UnitsError, match="electrode current is in pA .* pA/pF: give capacitance="):
        ncs.balance(recording)


def test_another_capacitance_is_seen():
    recording = ncs.Recording.from_segment(segment(40.0, factor=1 / CAPACITANCE))
    assert ncs.balance(recording, capacitance=30 * pq.pF, derivative="forward").unexplained > 0.1


def test_a_slope_of_the_voltage_is_no_current():
    assert units.kind("mV/ms") == units.kind("V/s") == "other"
    assert units.kind(pq.Quantity([1], "pA/pF")) == "current per capacitance"


def test_femtoamperes():
    assert units.kind("fA") == "current"
    assert float(pq.Quantity(1500, units.parse_units("fA")).rescale("pA")) == pytest.approx(1.5)
    assert units.readable(pq.Quantity(0.4, units.parse_units("fA"))) == "0.4 fA"
