"""What a MOD source says of the slope of its currents; where it could depend on V, nothing is said."""

import pytest

from neo_currentscape.adapters.lfpy.mechanism import parse

HEAD = "NEURON { SUFFIX x USEION na READ ena WRITE ina RANGE gbar, g }\nPARAMETER { gbar = 1 (S/cm2) }\n"


def test_a_conductance_of_gates_is_the_slope():
    source = HEAD + (
        "STATE { m h }\nBREAKPOINT { SOLVE states METHOD cnexp  g = gbar*m^3*h  ina = g*(v - ena) }\n"
        "DERIVATIVE states { rates(v) m' = (minf - m)/tau }\n"
        "PROCEDURE rates(v (mV)) { minf = 1/(1 + exp(-v)) }"
    )
    form = parse("x", False, source).ohmic["ina"]
    assert (form.conductance, form.reversal) == ("g", "ena")


@pytest.mark.parametrize(
    "body",
    [
        "g = gbar*m*mgb(v)\nina = g*(v - ena)",
        "rates()\ng = gbar*minf\nina = g*(v - ena)",
        "SOLVE states METHOD cnexp  g = gbar*fast(v)  ina = g*(v - ena)",
        "if (v > 0) { g = gbar } else { g = 0 }\nina = g*(v - ena)",
        "if (m > 0) { ina = g*(v - ena) } else { ina = 2*g*(v - ena) }",
    ],
    ids=["function", "procedure", "in the line of SOLVE", "condition", "two formulas"],
)
def test_one_that_follows_the_voltage_is_not(body):
    source = HEAD + f"STATE {{ m }}\nBREAKPOINT {{ {body} }}\nPROCEDURE rates() {{ minf = 1/(1+exp(-v)) }}"
    assert parse("x", False, source).ohmic == {}


def test_statements_may_stand_in_one_line_or_in_several():
    head = "NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i\nUSEION ca READ\neca WRITE ica "
    source = (
        head
        + "RANGE e,\ntau, frac }"
        + (
            "\nSTATE { g FROM 0 TO 1 } PARAMETER { tau = 5 (ms) e (mV) frac = 0.1 eca (mV) }\n"
            "BREAKPOINT { SOLVE st METHOD cnexp  i = g*(v - e) ica = frac*g*(v - eca) } : as one\n"
        )
    )
    found = parse("x", True, source)
    assert found.ions == {"ica": "ca"} and found.nonspecific == ("i",)
    assert found.ranges == {"e", "tau", "frac", "g", "i"}
    # The reversal potential of an ion does not stay as it is, wherever it was declared.
    assert found.parameters == {"tau", "e", "frac"}
    assert found.ohmic["i"].conductance == "g" and found.ohmic["i"].reversal == "e"
    assert found.ohmic["ica"].conductance is None and found.ohmic["ica"].reversal == "eca"
