"""SpatialNeurons: every compartment in balance with what flows in along the cable."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import brian2 as adapter

pytestmark = pytest.mark.brian2

SITES = ["soma[0]"]
SITES += [f"axon[{k}]" for k in range(4)] + [f"dend[{k}]" for k in range(3)]
SITES += [f"dend.{branch}[{k}]" for branch in ("left", "right") for k in range(2)]


def _parts(recording):
    area = float(recording.area.rescale("cm**2"))
    capacitive = recording.capacitive.rescale("mA/cm**2").magnitude[:, 0] * area * 1e6
    return capacitive, recording.currents.rescale("nA").magnitude, recording.electrode.magnitude[:, 0]


def test_every_compartment_balances(tree):
    segment = adapter.to_segment(tree.monitor)
    for site in SITES:
        recording = ncs.Recording.from_segment(segment, site=site)
        assert recording.names == ["I_K", "I_L", "I_Na", "I_syn"]
        capacitive, currents, electrode = _parts(recording)
        residual = capacitive + currents.sum(axis=1) - electrode - recording.axial.magnitude[:, 0]
        everything = np.column_stack([capacitive, currents])
        peak = np.clip(everything, 0, None).sum(axis=1).max()
        # The soma has no length: a conductance of 1 S to its end multiplies the rounding of v.
        assert np.abs(residual).max() / peak < (1e-8 if site == "soma[0]" else 1e-13)


def test_membrane_current_of_brian2_is_what_the_currents_sum_to(tree):
    segment = adapter.to_segment(tree.monitor)
    recording = ncs.Recording.from_segment(segment, site="dend[0]")
    membrane = next(
        s for s in segment.analogsignals if s.name == "Im" and s.annotations["site"] == "dend[0]"
    )
    assert membrane.annotations["role"] == "membrane"
    assert membrane.annotations["positive"] == "inward"
    _, currents, electrode = _parts(recording)
    area = float(recording.area.rescale("cm**2"))
    wanted = -membrane.rescale("mA/cm**2").magnitude[:, 0] * area * 1e6
    np.testing.assert_allclose(currents.sum(axis=1) - electrode, wanted, rtol=1e-12, atol=1e-12)


def test_capacitance_and_rule_give_the_recorded_capacitive_current(tree):
    segment = adapter.to_segment(tree.monitor)
    signals = {s.name: s for s in segment.analogsignals if s.annotations["site"] == "axon[2]"}
    voltage = signals["v"]
    assert voltage.annotations["derivative"] == "backward"
    density = float(voltage.annotations["capacitance"].rescale("uF/cm**2"))
    charging = density * np.diff(voltage.magnitude, axis=0) / 0.025
    wanted = signals["Ic"].rescale("uA/cm**2").magnitude[1:]
    np.testing.assert_allclose(charging, wanted, rtol=0, atol=1e-10)
    assert float(voltage.t_start.rescale("ms")) == pytest.approx(0.025)


def test_signals_carry_site_area_unit_and_direction(b2, tree):
    segment = adapter.to_segment(tree.monitor)
    assert {s.annotations["site"] for s in segment.analogsignals} == set(SITES)
    signals = {s.name: s for s in segment.analogsignals if s.annotations["site"] == "dend[0]"}
    found = {name: (s.annotations["role"], s.annotations.get("positive")) for name, s in signals.items()}
    assert found["I"] == ("electrode", "inward")
    assert found["I_K"] == ("current", "outward")
    assert found["I_syn"] == ("current", "inward")
    assert found["Ic"] == ("capacitive", "outward")
    assert found["gs"] == ("conductance", None)
    assert signals["I_K"].units == pq.mA / pq.cm**2
    assert signals["I_syn"].units == pq.nA
    assert float(signals["v"].annotations["area"].rescale("um**2")) == pytest.approx(np.pi * 2 * 100 / 3)
    wanted = np.asarray(tree.monitor[5].I_syn / b2.nA)[1:]
    np.testing.assert_allclose(signals["I_syn"].magnitude[:, 0], wanted, rtol=1e-12)


def test_a_subtree_keeps_its_places_and_has_no_axial_current(b2, tree):
    monitor = b2.StateMonitor(tree.neuron.dend, ["v", "I_K"], record=[0, 2], dt=0.025 * b2.ms)
    tree.network.add(monitor)
    tree.network.run(1 * b2.ms)
    segment = adapter.to_segment(monitor)
    assert {s.annotations["site"] for s in segment.analogsignals} == {"dend[0]", "dend[2]"}
    assert not [s for s in segment.analogsignals if s.name == "axial"]
