"""Reading MOD files, without NEURON."""

import pytest

from neo_currentscape.adapters.neuron.nmodl import Source, assignments
from neo_currentscape.adapters.neuron.slopes import Ohmic, ohmic


def source(breakpoint, rest="", neuron="SUFFIX x  USEION k READ ek WRITE ik  NONSPECIFIC_CURRENT i"):
    return Source(f"NEURON {{ {neuron} }}\nASSIGNED {{ v ek ik i }}\nBREAKPOINT {{ {breakpoint} }}\n{rest}")


def test_currents_ions_and_declarations():
    text = """
    TITLE NEURON { SUFFIX wrong }
    COMMENT
        USEION na WRITE ina
    ENDCOMMENT
    NEURON {
        POINT_PROCESS Syn : RANGE hidden
        USEION ca READ eca, cai
            WRITE ica VALENCE 2
        USEION mg READ mgo
        NONSPECIFIC_CURRENT i, j ? ELECTRODE_CURRENT k
        ELECTRODE_CURRENT e
        RANGE g, tau
        POINTER p
    }
    PARAMETER { tau = 1e-3 (ms) <0, 1e9>   gmax = -2.5e+3   size[3] }
    STATE { a (uS)  b FROM 0 TO 1 }
    NET_RECEIVE(w) { a = a + w }
    """
    read = Source(text)
    assert read.currents == [
        ("ica", "ca", False),
        ("i", None, False),
        ("j", None, False),
        ("e", None, True),
    ]
    assert read.concentrations == {"cai", "mgo"}
    assert read.parameters == {"tau", "gmax", "size"}
    assert read.states == {"a", "b"}
    assert (read.ranges, read.pointers, read.has_events) == ({"g", "tau"}, {"p"}, True)


def test_two_neuron_blocks_and_ions_of_one_line():
    read = Source("NEURON { SUFFIX x USEION na READ ena WRITE ina USEION k WRITE ik }\nNEURON { RANGE g }")
    assert [use.ion for use in read.ions] == ["na", "k"]
    assert read.ions[1].reads == () and read.ranges == {"g"}


@pytest.mark.parametrize(
    "body, expected",
    [
        ("a = b*(c - d)\nb = 2", [("a", "b * ( c - d )"), ("b", "2")]),
        ("a = b  c = f(a, 2) + 1e-3", [("a", "b"), ("c", "f ( a , 2 ) + 1e-3")]),
        ("a = 3 (mV) b = -a", [("a", "3"), ("b", "- a")]),
        ("if (a <= b) { c[1] = x[2]*2 } else { d = !c }", [("c", "x [ 2 ] * 2"), ("d", "! c")]),
        ("m' = (a - m)/b", []),
    ],
)
def test_assignments(body, expected):
    assert list(assignments(body)) == expected


@pytest.mark.parametrize(
    "body, expected",
    [
        ("i = g*(v - e)", Ohmic("g", "e")),
        ("i = gbar*m^3*h/2*(v + 65(mV))", Ohmic("gbar * m ** 3 * h / 2", "-65")),
        ("i = (v - e)/r", Ohmic("1 / r", "e")),
        ("i = -g*(e - v)", Ohmic("g", "e")),
        ("i = g*(e - v)", Ohmic("-1 * g", "e")),
        ("i = (1 - q)*g*(v - (e1 + e2))", Ohmic("(1 - q) * g", "e1 + e2")),
        ("i = g*v", Ohmic("g", "0")),
        ("x = g*(v - e)  i = x", Ohmic("g", "e")),
        ("if (t < 3) { i = g*(v - e) } else { i = 0 }", Ohmic(None, "e")),
        ("i = amp", Ohmic("0", None)),
        ("SOLVE s METHOD cnexp  i = g(t)*3", Ohmic("0", None)),
        ("i = g*(v - e) + h*(v - f)", None),
        ("i = g*mg(v)*(v - e)", None),
        ("b = mg(v)  i = g*b*(v - e)", None),
        ("rates(v)  i = g*(v - e)", None),
        ("i = g*(v - e)/(1 + exp(v))", None),
        ("i = g*(v - e)^2", None),
        ("i = g*(v - e)*(v - e)", None),
        ("i = f(2)*(v - e)", None),
        ("i = half(t)*(v - e)", Ohmic("half(t)", "e")),
        ("i = half(v)*(v - e)", None),
        ("timed(t)  i = g2*(v - e)", Ohmic("g2", "e")),
        ("timed(2*(v + 3))  i = g2*(v - e)", None),
        ("VERBATIM i = 3; ENDVERBATIM i = g*(v - e)", None),
        ("if (a) { i = g*(v - e) } else { i = h*(v - f) }", None),
    ],
)
def test_ohmic_or_not(body, expected):
    rest = """
    PROCEDURE rates(u (mV)) { g = exp(u) }
    PROCEDURE timed(u (ms)) { g2 = exp(u) }
    FUNCTION f(x) { f = x*v }
    FUNCTION mg(v (mV)) (1) { mg = exp(v) }
    FUNCTION half(x) { half = x/2 }
    """
    assert ohmic(source(body, rest), "i") == expected


def test_procedure_that_breakpoint_calls_hides_a_voltage():
    """rates(v) sets g from v: the slope is not i / (v - e)."""
    body = source("rates(v)  i = g*(v - e)", "PROCEDURE rates(u) { LOCAL w  w = v  g = exp(w) }")
    assert ohmic(body, "i") is None


def test_what_is_solved_is_set_after_the_voltage():
    clamp = source(
        "SOLVE icur METHOD after_cvode  vstim()", "PROCEDURE icur() { i = 3 }  PROCEDURE vstim() { icur() }"
    )
    assert "i" in clamp.set_after_breakpoint
    channel = source(
        "SOLVE s METHOD cnexp  i = g*(v - e)",
        "DERIVATIVE s { rates(v) m' = -m }  PROCEDURE rates(v) { g = 2 }",
    )
    assert channel.set_after_breakpoint == {"g"}
