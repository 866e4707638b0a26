"""Units by the names that people use, which are the very same units."""

import itertools
import re

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.conventions import unit_words, units
from neo_currentscape.conventions.errors import UnitsError

#: Sizes in plain units of the SI, and powers of m, kg, s, A and mol, written down by hand.
PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "": 1.0, "k": 1e3}
PREFIXES |= {"M": 1e6, "G": 1e9}
PLAIN = {
    "m": (1, 0, 0, 0, 0),
    "s": (0, 0, 1, 0, 0),
    "A": (0, 0, 0, 1, 0),
    "V": (2, 1, -3, -1, 0),
    "S": (-2, -1, 3, 2, 0),
    "ohm": (2, 1, -3, -2, 0),
    "F": (-2, -1, 4, 2, 0),
    "C": (0, 0, 1, 1, 0),
    "Hz": (0, 0, -1, 0, 0),
    "W": (2, 1, -3, 0, 0),
    "J": (2, 1, -2, 0, 0),
    "mol": (0, 0, 0, 0, 1),
}


def size_of(text):
    """Size and powers of what a unit says, read letter by letter."""
    size, powers = 1.0, np.zeros(5)
    above, _, below = text.partition("/")
    for part, sign in ((above, 1), (below.strip("()"), -1)):
        for factor in filter(
            None, part.split("*") if "**" not in part else re.split(r"(?<!\*)\*(?!\*)", part)
        ):
            if factor == "1":
                continue
            name, _, power = factor.partition("**")
            power = sign * float(power or 1)
            one, dims = _one(name)
            size, powers = size * one**power, powers + power * np.array(dims)
    return size, tuple(powers)


def _one(name):
    if name.endswith("M") and name[:-1] in ("", "n", "u", "m"):  # molar
        return 1e3 * PREFIXES[name[:-1]], (-3, 0, 0, 0, 1)
    for prefix in sorted(PREFIXES, key=len):
        if name.startswith(prefix) and name[len(prefix) :] in PLAIN:
            return PREFIXES[prefix], PLAIN[name[len(prefix) :]]
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (pq.nA * pq.ms, "pC"),
        (pq.nA * pq.s, "nC"),
        (pq.pA * pq.ms, "fC"),
        (pq.uS * pq.mV, "nA"),
        (pq.mV * pq.nS, "pA"),
        (pq.nS * pq.mV * pq.ms, "fC"),
        (pq.S / pq.cm**2 * pq.mV, "mA/cm²"),
        (pq.uF / pq.cm**2 * pq.mV / pq.ms, "µA/cm²"),
        (pq.mA / pq.cm**2 * pq.ms, "µC/cm²"),
        (pq.pA / pq.pF * pq.ms, "fC/pF"),
        (pq.pA / pq.pF, "pA/pF"),
        (pq.nS / pq.pF, "nS/pF"),
        (pq.mV / pq.nA, "Mohm"),
        (pq.mV / pq.Quantity(1, "Mohm"), "nA"),
        (pq.Quantity(1, "Mohm"), "Mohm"),
        (pq.pF / pq.nS, "ms"),
        (1 / pq.ms, "kHz"),
        (1 / pq.s, "Hz"),
        (1 / pq.min, "1/min"),
        (pq.mmol / pq.L, "mM"),
        (pq.S / pq.m**2 * pq.um**2, "pS"),
        # What has no name, or is told as it is: areas under a curve, slopes, densities of a spectrum.
        (pq.ms * pq.mV, "mV·ms"),
        (pq.ms * pq.nS, "nS·ms"),
        (pq.mV / pq.ms, "mV/ms"),
        (pq.nA / pq.Hz, "nA/Hz"),
        (pq.um**3 * pq.Quantity(1, "mM"), "mM·µm³"),
        (pq.nA * pq.min, "nA·min"),
        (pq.mV**2, "mV²"),
    ],
)
def test_names(unit, words):
    assert units.label(1 * unit) == words


SYMBOLS = ["mV", "V", "nA", "pA", "uS", "nS", "S", "pF", "uF", "ms", "s", "um", "cm", "mM", "Mohm", "Hz"]


@given(st.dictionaries(st.sampled_from(SYMBOLS), st.sampled_from([-2, -1, 1, 2]), min_size=1, max_size=4))
def test_a_name_is_the_very_same_unit(powers):
    unit = pq.Quantity(1.0)
    for symbol, power in powers.items():
        unit = unit * pq.Quantity(1.0, symbol) ** power
    size, dims = 1.0, np.zeros(5)
    for symbol, power in powers.items():
        one, own = _one(symbol)
        size, dims = size * one**power, dims + power * np.array(own)
    text = unit_words.written(unit.dimensionality)
    if text != "dimensionless":
        found, own = size_of(text)
        assert own == tuple(dims)
        assert found == pytest.approx(size, rel=1e-9)


def test_no_product_of_two_common_units_is_told_where_a_name_fits():
    pairs = itertools.product(("mV", "V"), ("uS", "nS", "pS", "mS"))
    assert {units.label(pq.Quantity(1, f"{v}*{g}")) for v, g in pairs} == {
        "fA", "pA", "nA", "µA", "mA",
    }  # fmt: skip
    pairs = itertools.product(("pA", "nA", "uA"), ("ms", "s"))
    assert not [pair for pair in pairs if "·" in units.label(pq.Quantity(1, "*".join(pair)))]


def test_text_of_a_unit_has_a_name_too_and_other_text_stays():
    assert units.label("uS*mV") == "nA"
    assert units.label("samples*x") == "samples·x"
    assert units.label("s") == "s"


def recording(unit, scale=1.0):
    t = np.arange(200) * 0.1
    notes = {"array_annotations": {"name": ["K", "Na"]}}
    values = np.column_stack([1 + np.sin(t), -2 - np.cos(t)]) * scale
    return ncs.Recording(neo.AnalogSignal(values, units=unit, sampling_period=0.1 * pq.ms, **notes))


@pytest.mark.parametrize(
    ("unit", "scale", "told"),
    [("uS*mV", 1.0, "nA"), ("nS*mV", 1.0, "pA"), ("pS*V", 1.0, "pA"), ("nA*um**2/cm**2", 1e8, "pA")],
)
def test_a_recording_tells_its_currents_by_name(unit, scale, told):
    rec = recording(unit, scale)
    assert rec.currents.units.dimensionality.string == told
    plain = recording("nA", float(scale * pq.Quantity(1, unit).rescale("nA")))
    for direction in ("outward", "inward"):
        ours, theirs = (ncs.Currentscape(r).charge(direction).rescale("pC") for r in (rec, plain))
        np.testing.assert_allclose(ours.magnitude, theirs.magnitude, rtol=1e-12)
    frame = ncs.Currentscape(rec).to_dataframe()
    assert frame.attrs["units"]["peak_outward"] == told
    by_hand = (
        0.1 * np.asarray(plain.currents.rescale("nA").magnitude)[:, 0].sum()
    )  # each sample counts 0.1 ms
    assert frame.loc["K", "charge_outward"] == pytest.approx(by_hand, rel=1e-9)


def test_every_label_of_the_standard_figure_has_the_name():
    figure = ncs.Currentscape(recording("nS*mV")).plot(panels="all")
    figure.fig.canvas.draw()
    words = " ".join(
        text.get_text() for axes in figure.fig.axes for text in (axes.yaxis.label, *axes.texts)
    )
    assert "pA" in words and "fC" in words
    assert "mV" not in words and "·" not in words


def test_what_cells_are_told_in():
    assert units.of_cells(pq.V) == 1 * pq.mV
    assert units.of_cells(pq.Quantity(1, "kg*m**2/(s**3*A)")) == 1 * pq.mV
    assert units.of_cells(pq.mA / pq.cm**2) == 1 * pq.mA / pq.cm**2
    with pytest.raises(UnitsError):
        units.parse_units("nA ms")
