"""What is not set by currents: voltages that a channel or a clamp sets, and gates that are held."""

import warnings

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import jaxley as adapter
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning

jax = pytest.importorskip("jax")
jx = pytest.importorskip("jaxley")
from jaxley.channels.non_capacitive.izhikevich import Izhikevich  # noqa: E402
from jaxley.channels.non_capacitive.spike import Fire  # noqa: E402

pytestmark = pytest.mark.jaxley

STEP = 0.025


def resetting(kind):
    with warnings.catch_warnings():  # that it has no gradient
        warnings.simplefilter("ignore")
        return kind()


def simulate(comp, t_max):
    with jax.enable_x64(True):
        adapter.record(comp)
        return np.asarray(jx.integrate(comp, t_max=t_max, delta_t=STEP))


def test_resets_are_marked_and_the_rest_balances():
    with jax.enable_x64(True):
        comp = jx.Compartment()
        comp.insert(jx.channels.Leak())
        comp.insert(resetting(Fire))
        comp.set("Leak_eLeak", -40.0)
    recordings = simulate(comp, 100.0)
    n_resets = int((np.diff(recordings[0]) < -5).sum())
    assert n_resets > 3
    segment = adapter.to_segment(comp, recordings)
    (epoch,) = segment.epochs
    assert len(epoch) == n_resets
    recording = ncs.Recording.from_segment(segment)
    assert recording.names == ["Leak"]
    balance = ncs.balance(recording)
    assert balance.worst < 1e-10 and balance.verdict.startswith("complete")


def test_a_channel_that_moves_the_voltage_all_the_time_is_refused():
    with jax.enable_x64(True):
        comp = jx.Compartment()
        comp.insert(resetting(Izhikevich))
    recordings = simulate(comp, 20.0)
    with pytest.raises(ArgumentError, match="'Izhikevich' at comp\\(0\\) moves the voltage in every step"):
        adapter.to_segment(comp, recordings)


def test_a_voltage_clamp_is_marked():
    comp = jx.Compartment()
    comp.insert(jx.channels.HH())
    comp.clamp("v", np.full(200, -20.0), verbose=False)
    recordings = simulate(comp, 4.0)
    segment = adapter.to_segment(comp, recordings)
    (epoch,) = segment.epochs
    assert len(epoch) == recordings.shape[1] - 1
    recording = ncs.Recording.from_segment(segment)
    assert recording.clamped.all()
    # m and n at -20 mV have opened: sodium came in first, potassium flows out at the end.
    values = dict(zip(recording.names, recording.currents.magnitude.T, strict=True))
    assert values["HH.Na"].min() < 0 and values["HH.K"][-1] > 5 * abs(values["HH.Na"][-1])


def test_a_held_gate_leaves_its_channel_as_recorded():
    comp = jx.Compartment()
    comp.insert(jx.channels.HH())
    comp.insert(jx.channels.Leak())
    comp.clamp("HH_m", np.full(200, 0.0), verbose=False)
    recordings = simulate(comp, 4.0)
    with pytest.warns(CurrentscapeWarning, match="where a step began: 'i_HH'"):
        segment = adapter.to_segment(comp, recordings)
    assert {s.name for s in segment.analogsignals} == {"v", "i_HH", "Leak"}
