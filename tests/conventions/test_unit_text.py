"""The text of a unit is bounded before anything is computed of it, wherever it comes from."""

import time

import pytest
import quantities as pq

from neo_currentscape.conventions import unit_text, units
from neo_currentscape.conventions.errors import CurrentscapeError, UnitsError

ENDLESS = [
    "7**8**9",
    "pA*3**4**5**6",
    "nA**(7**99)",
    "((((2**9)**9)**9)**9)**9",
    "(((mV**9)**9)**9)**9",
    "1<<99999999999",
    "'x'*10**11",
    "b'x'*10**11",
    "1e400*mV",
    "8" * 150,
    "mV**1e300",
    "mV**" + "9" * 100,
    "(" * 5000 + "mV" + ")" * 5000,
    "-" * 4000 + "1",
    "mV*" * 50_000 + "mV",
    "[0]*10**9",
    "(0,)*10**9",
    "mV if 1 else 2",
    "(lambda: mV)()",
    "f'{mV}'",
    "mV and mV",
]


@pytest.fixture
def guarded():
    unit_text.guard()


@pytest.mark.parametrize("text", ENDLESS)
def test_a_text_that_is_more_than_a_unit_ends_at_once(text, guarded):
    for parse in (units.parse_units, units.kind, lambda text: pq.Quantity(1.0, text), pq.CompoundUnit):
        begin = time.perf_counter()
        with pytest.raises(UnitsError, match="Unit ") as refused:
            parse(text)
        assert time.perf_counter() - begin < 1
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("((((mA))/((cm))**2))", "mA/cm**2"),
        ("kg*m**2/(s**3*A)", "kg*m**2/(s**3*A)"),
        ("um**(-2)", "1/um**2"),
        ("nA.ms", "nA*ms"),
        ("nA·ms", "nA*ms"),
        ("m**(1/2)", "m**0.5"),
        ("%", "%"),
        ("in", "in"),
    ],
)
def test_units_stay_units(text, plain, guarded):
    expected = units.parse_units(plain).dimensionality
    assert units.parse_units(text).dimensionality == expected
    assert pq.Quantity(2.0, text).dimensionality == expected


def test_quantities_is_guarded_once():
    unit_text.guard()
    kind = type(unit_text.unit_registry)
    before = kind.__getitem__
    unit_text.guard()
    assert kind.__getitem__ is before
    with pytest.raises(LookupError):
        pq.Quantity(1.0, "no_such_unit")


@pytest.mark.parametrize("text", ["mV/0", "0*mV", "1e-30*mV", "3/0"])
def test_a_number_in_a_unit_is_refused_without_a_warning(text):
    with pytest.raises(CurrentscapeError):
        units.parse_units(text)


@pytest.mark.parametrize(
    "text", ["1if", "2.in", "'a'", "\\d", "0xffor x", "3in", "0x1for x", "5or", "nA(3)"]
)
def test_nothing_is_warned_of_and_no_filter_is_changed(text):
    """Filters are those of all threads: to silence a warning in one silences it in others too."""
    import warnings

    filters = list(warnings.filters)
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        with pytest.raises(UnitsError, match="not known to quantities"):
            unit_text.check(text)
    assert not given and list(warnings.filters) == filters
