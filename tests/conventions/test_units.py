"""Units: parsing, kinds, labels, and arguments with units."""

import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnitsError


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("mA/cm2", "mA/cm**2"),
        ("mA/cm^2", "mA/cm**2"),
        ("(mA/cm2)", "mA/cm**2"),
        ("S/cm2", "S/cm**2"),
        ("pA/um2", "pA/um**2"),
        ("um2", "um**2"),
        ("mol/m3", "mol/m**3"),
        ("µA", "uA"),
        ("μA", "uA"),
        (" nA ", "nA"),
        ("1/(m*s)", "1/(m*s)"),
        ("", "dimensionless"),
    ],
)
def test_spellings_of_units(text, plain):
    unit = units.parse_units(text)
    assert unit.magnitude == 1
    assert unit.dimensionality.string == plain


def test_the_magnitude_of_a_quantity_is_not_part_of_its_unit():
    assert units.parse_units(5 * pq.nA) == 1 * pq.nA


def test_compound_units_of_files_become_plain():
    compound = pq.Quantity([1.0, 2.0], pq.CompoundUnit("mA/cm**2"))
    assert compound.dimensionality.string == "(mA/cm**2)"
    assert units.parse_units(compound).dimensionality.string == "mA/cm**2"
    assert units.kind(compound) == "current density"
    assert units.kind(compound * pq.ms) == "charge density"
    assert units.label(compound) == "mA/cm²"


def test_compound_units_keep_their_number():
    tenfold = units.parse_units(pq.CompoundUnit("10*um"))
    assert float(tenfold.rescale("um")) == pytest.approx(10)


@pytest.mark.parametrize("text", ["nope", "mA cm-2", "2", "nA+", "unknown", "10 pA"])
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(UnitsError, match=r"is not known to quantities: write e\.g\. 'nA'"):
        units.parse_units(text)


@pytest.mark.parametrize("text", ["3*nA", "1e3*pA", "nA+nA"])
def test_a_unit_with_a_number_is_refused(text):
    with pytest.raises(UnitsError, match="holds a number: scale the values"):
        units.parse_units(text)


def test_units_of_another_type_are_refused():
    with pytest.raises(ArgumentTypeError, match=r"not 3: write e\.g\. 'nA'"):
        units.parse_units(3)


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("mV", "voltage"),
        ("nA", "current"),
        ("uA", "current"),
        ("A/m**2", "current density"),
        ("pA/um**2", "current density"),
        ("uS", "conductance"),
        ("S/cm**2", "conductance density"),
        ("mM", "concentration"),
        ("uM", "concentration"),
        ("pF", "capacitance"),
        ("uF/cm**2", "capacitance density"),
        ("pC", "charge"),
        ("uC/cm**2", "charge density"),
        ("um**2", "area"),
        ("ms", "time"),
        ("inch", "length"),
        ("Mohm", "resistance"),
        ("dimensionless", "dimensionless"),
        ("mV/ms", "other"),
    ],
)
def test_kinds(unit, kind):
    assert units.kind(unit) == kind


def test_kinds_of_charges():
    assert units.kind(units.PICOCOULOMB) == "charge"
    assert units.kind(1 * units.MICROCOULOMB / pq.cm**2) == "charge density"


@pytest.mark.parametrize(
    ("quantity", "label"),
    [
        (1 * pq.dimensionless, ""),
        (1 * pq.mV, "mV"),
        (1 * pq.uA / pq.cm**2, "µA/cm²"),
        (pq.Quantity(1, "mol/m**3"), "mM"),
        (pq.Quantity(1, "1/um"), "1/µm"),
        (pq.Quantity(1, "um**2"), "µm²"),
        (pq.Quantity(1, "1/(m*s)"), "1/(m·s)"),
        (1 * pq.mV * pq.ms, "mV·ms"),
        (1 * pq.us, "µs"),
    ],
)
def test_labels(quantity, label):
    assert units.label(quantity) == label


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (0 * pq.nA, "0 nA"),
        (1234 * pq.pA, "1.23 nA"),
        (999.4 * pq.pA, "999 pA"),
        (999.6 * pq.pA, "1 nA"),
        (-0.0125 * pq.nA, "-12.5 pA"),
        (2827.4 * pq.um**2, "2.83e+03 µm²"),
        (0.25 * pq.mol, "0.25 mol"),
        (2 * pq.min, "2 min"),
        (5 * pq.A, "5 A"),
        (pq.Quantity(0.02, units.MICROCOULOMB / pq.cm**2), "20 nC/cm²"),
        (3 * pq.dimensionless, "3"),
        (1e-20 * pq.pA, "1e-17 fA"),
    ],
)
def test_readable(quantity, text):
    assert units.readable(quantity) == text


@given(st.floats(1e-12, 1e-4), st.sampled_from(["pA", "nA", "uA", "mA"]))
def test_readable_tells_the_same_value(ampere, unit):
    text = units.readable((ampere * pq.A).rescale(unit))
    number, shown = text.split()
    assert float((float(number) * units.parse_units(shown)).rescale("A")) == pytest.approx(ampere, rel=6e-3)


def test_scalar_converts():
    assert units.scalar(2 * pq.s, "ms", "t_stop") == 2000.0
    assert units.scalar(np.array([0.5]) * pq.s, "ms", "t_stop") == 500.0
    assert isinstance(units.scalar(2 * pq.s, "ms", "t_stop"), float)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (3.0, UnitsError, "area is 3.0, without units: give a Quantity in um**2."),
        ("big", UnitsError, "area is 'big', without units: give a Quantity in um**2."),
        ([1, 2] * pq.um**2, ArgumentError, "area has 2 values: give one, in um**2."),
        ([] * pq.um**2, ArgumentError, "area has 0 values: give one, in um**2."),
        (np.nan * pq.um**2, ArgumentError, "area is nan um**2: give a finite value."),
        (np.inf * pq.um**2, ArgumentError, "area is inf um**2: give a finite value."),
        (3 * pq.mV, UnitsError, "area is in mV, which is no area: give it in um**2."),
        (3 * pq.dimensionless, UnitsError, "area is in no unit, which is no area: give it in um**2."),
    ],
)
def test_scalar_refuses(value, error, message):
    with pytest.raises(error) as caught:
        units.scalar(value, "um**2", "area")
    assert str(caught.value) == message


@pytest.mark.parametrize("value", [0, -2827.4])
def test_positive_refuses(value):
    with pytest.raises(ArgumentError, match=rf"area is {value:g} um\*\*2: give more than 0"):
        units.positive(value * pq.um**2, "um**2", "area")
