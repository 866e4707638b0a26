"""Channels as they are written: in parts, as one number for all nodes, with names of their own."""

from types import SimpleNamespace

import numpy as np
import pytest

from neo_currentscape.adapters.jaxley import equations

pytest.importorskip("jaxley")
pytestmark = pytest.mark.jaxley

VOLTAGE = np.array([[-70.0, -60.0], [-50.0, -40.0], [-30.0, 0.0]])
NODES = {
    "radius": np.ones(2),
    "length": np.ones(2),
    "axial_resistivity": np.ones(2),
    "capacitance": np.ones(2),
}


def channel(current, name="X", states=None, **params):
    return SimpleNamespace(
        _name=name,
        channel_params=dict.fromkeys(params),
        channel_states={},
        compute_current=current,
        update_states=lambda *_: states or {},
    ), {**NODES, **{key: np.full(2, value) for key, value in params.items()}}


def test_a_current_and_its_slope():
    made, params = channel(lambda s, v, p: p["X_g"] * (v - p["X_e"]), X_g=2e-3, X_e=-80.0)
    current, slope = equations.channel_current(made, {}, VOLTAGE, params)
    np.testing.assert_allclose(current, 2e-3 * (VOLTAGE + 80))
    np.testing.assert_allclose(slope, 2e-3, rtol=1e-9)
    assert equations.parts(made, {}, VOLTAGE, params) == {}


@pytest.mark.parametrize("nothing", [lambda s, v, p: 0, lambda s, v, p: np.zeros(1)])
def test_one_number_stands_for_all_nodes(nothing):
    made, params = channel(nothing, states={"X_m": 0.5})
    current, slope = equations.channel_current(made, {}, VOLTAGE, params)
    assert current.shape == slope.shape == VOLTAGE.shape and not current.any() and not slope.any()
    assert equations.advance(made, {}, VOLTAGE, params, 0.025)["X_m"].shape == VOLTAGE.shape


def test_conductances_that_add_up_are_parts():
    def current(s, v, p):
        return p["Mix_gNa"] * (v - 50) + p["Mix_g_K"] * (v + 90) + p["Mix_gbar"] * v

    made, params = channel(current, "Mix", Mix_gNa=1e-3, Mix_g_K=2e-3, Mix_gbar=3e-3, Mix_gamma=7.0)
    found = equations.parts(made, {}, VOLTAGE, params)
    assert list(found) == ["Mix.Na", "Mix.K", "Mix.bar"]
    np.testing.assert_allclose(found["Mix.K"][0], 2e-3 * (VOLTAGE + 90))


def test_conductances_that_do_not_add_up_stay_one_current():
    made, params = channel(lambda s, v, p: p["X_gA"] * p["X_gB"] * v, X_gA=2.0, X_gB=3.0)
    assert equations.parts(made, {}, VOLTAGE, params) == {}
