"""How a recorded current comes to the new voltage, from its MOD source and what else was recorded."""

from types import SimpleNamespace

import numpy as np
import pytest

from neo_currentscape.adapters.lfpy.align import at_new_voltage, slope_of
from neo_currentscape.adapters.lfpy.values import Values
from neo_currentscape.adapters.neuron.mechanisms import Kind
from neo_currentscape.adapters.neuron.nmodl import Source

N = 6
V = np.array([-70.0, -69.0, -60.0, -30.0, 10.0, -20.0])
BEFORE = np.concatenate([V[:1], V[:-1]])
GATE = np.linspace(0.1, 0.6, N)
GATE_BEFORE = np.concatenate([GATE[:1], GATE[:-1]])
GBAR, REVERSAL = 2.0, -65.0

HEAD = (
    "NEURON { SUFFIX x USEION ca READ eca, cai NONSPECIFIC_CURRENT i RANGE g, gbar, e }\n"
    "PARAMETER { gbar = 1 (S/cm2) e = 0 (mV) share = 4 }\nSTATE { m }\nASSIGNED { g }\n"
)
STATES = "DERIVATIVE states { m' = (1/(1 + exp(-v)) - m)/2 }\n"


def values_of(body, recorded=(), moving=False, head=HEAD, is_point=False, **parameters):
    visible = dict.fromkeys(("g", "gbar", "e", "m", "i"), 1)
    kind = Kind("x", Source(head + body), visible, is_point)
    place = SimpleNamespace(sec=None, gbar_x=GBAR, e_x=REVERSAL, eca=120.0)
    standard = SimpleNamespace(get={"e": 0.0, "gbar": 1.0}.get)
    h = SimpleNamespace(
        share_x=4.0, ion_style=lambda ion, sec: 64 if moving else 0, MechanismStandard=lambda *_: standard
    )
    return Values(kind, place, dict(recorded), h, parameters)


def aligned(body, i, recorded=(), **options):
    body = f"BREAKPOINT {{ SOLVE states METHOD cnexp  {body} }}\n" + STATES
    return at_new_voltage("i", values_of(body, recorded, **options), i, V)


@pytest.mark.parametrize(
    "equation",
    [
        "i = gbar*m*(v - e)",
        "i = (v - e)*gbar*m",
        "i = -m*gbar*(e - v)",
        "i = m*(v + 65)*gbar",
        "i = gbar*m*(v - (-65))",
        "i = share*gbar*m*(v - e)/share",
        "g = gbar*m  i = g*(v - e)",
    ],
)
def test_every_spelling_tells_the_same(equation):
    old, new = (GBAR * GATE_BEFORE * (v - REVERSAL) for v in (BEFORE, V))
    found = aligned(equation, old)
    np.testing.assert_allclose(found[1:], new[1:], rtol=1e-13)
    assert found[0] == old[0]


def test_a_conductance_set_with_the_current_is_taken_as_recorded():
    # At the reversal potential no quotient tells it.
    g = np.linspace(1, 2, N)
    v = np.array([REVERSAL, REVERSAL, -60.0, REVERSAL, -50.0, -40.0])
    i = g * (np.concatenate([v[:1], v[:-1]]) - REVERSAL)
    body = "BREAKPOINT { SOLVE states METHOD cnexp  g = gbar*m  i = g*(v - e) }\n" + STATES
    found = at_new_voltage("i", values_of(body, {"g_x": g}), i, v)
    np.testing.assert_allclose(found[1:], (g * (v - REVERSAL))[1:], rtol=1e-13)


def test_a_state_counts_as_it_was_before_the_step():
    # The potential of calcium moves and was not recorded: the gate alone tells the slope.
    recorded = {"m_x": GATE}
    old, new = (GBAR * GATE_BEFORE * (v - 120.0) for v in (BEFORE, V))
    found = aligned("i = gbar*m*(v - eca)", old, recorded, moving=True)
    np.testing.assert_allclose(found[1:], new[1:], rtol=1e-13)
    assert aligned("i = gbar*m*(v - eca)", old, moving=True) is None


def test_a_potential_that_moves_is_taken_as_recorded():
    eca = 120.0 - np.arange(N)
    old, new = (GBAR * GATE_BEFORE * (v - eca) for v in (BEFORE, V))
    found = aligned("i = gbar*m*(v - eca)", old, {"eca": eca}, moving=True)
    np.testing.assert_allclose(found[1:], new[1:], rtol=1e-13)
    # One that stays is the compartment's own.
    old, new = (GBAR * GATE_BEFORE * (v - 120.0) for v in (BEFORE, V))
    np.testing.assert_allclose(aligned("i = gbar*m*(v - eca)", old)[1:], new[1:], rtol=1e-13)


def test_a_potential_called_as_an_ions_but_not_read_is_the_mechanisms_own():
    head = HEAD.replace("READ eca, cai", "WRITE ica").replace("e = 0 (mV)", "e = 0 (mV) eca = 40")
    body = "BREAKPOINT { SOLVE states METHOD cnexp  i = gbar*m*(v - eca) }\n" + STATES
    kind = values_of(body, head=head)
    kind.kind.visible["eca"] = 1
    kind.place.eca_x = 40.0
    old, new = (GBAR * GATE_BEFORE * (v - 40.0) for v in (BEFORE, V))
    np.testing.assert_allclose(at_new_voltage("i", kind, old, V)[1:], new[1:], rtol=1e-13)


def test_parameters_of_a_synapse_are_those_that_were_set_or_its_defaults():
    body = "BREAKPOINT { SOLVE states METHOD cnexp  i = m*(v - e) }\n" + STATES
    head = HEAD.replace("SUFFIX", "POINT_PROCESS")
    for e, given in ((-80.0, {"e": -80.0}), (0.0, {})):
        old, new = (GATE_BEFORE * (v - e) for v in (BEFORE, V))
        found = at_new_voltage("i", values_of(body, head=head, is_point=True, **given), old, V)
        np.testing.assert_allclose(found[1:], new[1:], rtol=1e-13)


@pytest.mark.parametrize(
    "body",
    [
        "g = gbar*m*mgb(v)\ni = g*(v - e)",
        "rates()\ng = gbar*minf\ni = g*(v - e)",
        "i = gbar*m*(v - e)^2",
        "if (m > 0) { i = g*(v - e) } else { i = 2*g*(v - eca) }",
    ],
    ids=["function", "procedure", "square", "two potentials"],
)
def test_one_that_follows_the_voltage_otherwise_is_not_aligned(body):
    body += "}\nPROCEDURE rates() { minf = 1/(1 + exp(-v)) "
    assert aligned(body, np.ones(N), {"g_x": np.ones(N)}) is None


def test_what_does_not_depend_on_the_voltage_stays():
    i = np.linspace(1, 2, N)
    np.testing.assert_array_equal(aligned("i = gbar*(cai - 1)", i), i)


def test_a_slope_that_is_declared_goes_before_the_equation():
    g = np.linspace(1, 2, N)
    body = "BREAKPOINT { SOLVE states METHOD cnexp CONDUCTANCE g  g = gbar*m  i = 3*g*(v - e) }\n" + STATES
    np.testing.assert_array_equal(slope_of("i", values_of(body, {"g_x": g}), g, V), g)


def test_one_that_is_set_when_states_are_advanced_flows_a_step_later():
    i, set_there = (
        np.linspace(1, 2, N),
        "DERIVATIVE states { set()  m' = -m }\nPROCEDURE set() { i = gbar*(v - e) }",
    )
    late = values_of("BREAKPOINT { SOLVE states METHOD cnexp }\n" + set_there)
    np.testing.assert_array_equal(at_new_voltage("i", late, i, V), np.concatenate([i[:1], i[:-1]]))
    twice = values_of("BREAKPOINT { SOLVE states METHOD cnexp  i = gbar*(v - e) }\n" + set_there)
    np.testing.assert_array_equal(at_new_voltage("i", twice, i, V), i)
