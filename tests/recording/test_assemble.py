"""One unit, one sign, one time base: what becomes of the chosen signals."""

from contextlib import nullcontext

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape import Recording
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SignalError,
    UnitsError,
    UnknownNameError,
)

VOLTAGE = neo.AnalogSignal([[-65.0], [-64.0]], units="mV", sampling_period=0.1 * pq.ms, name="v")


def signal(name, units, values=(1.0, 2.0), **annotations):
    values = np.asarray(values)[:, None]
    return neo.AnalogSignal(values, units=units, sampling_period=0.1 * pq.ms, name=name, **annotations)


def segment(*signals):
    made = neo.Segment()
    made.analogsignals.extend([VOLTAGE, *signals])
    return made


def first(rec):
    return dict(zip(rec.names, rec.currents.magnitude[0], strict=True))


def test_scales_are_converted():
    rec = Recording.from_segment(segment(signal("a", "uA"), signal("b", "pA"), signal("c", "nA")))
    assert rec.currents.units == pq.uA
    np.testing.assert_allclose(rec.currents.magnitude[0], [1, 1e-6, 1e-3], rtol=1e-14)
    rec = Recording.from_segment(segment(signal("a", "mA/cm**2"), signal("b", "A/m**2")))
    np.testing.assert_allclose(rec.currents.magnitude[0], [1, 0.1], rtol=1e-14)


@given(
    st.sampled_from(["pA", "nA", "uA", "mA", "A"]),
    st.sampled_from(["pA", "nA", "uA", "mA", "A"]),
    st.floats(-1e3, 1e3),
)
def test_units_do_not_matter(unit, other, value):
    stored = pq.Quantity([value, value], "nA")
    rec = Recording.from_segment(
        segment(
            signal("a", unit, stored.rescale(unit).magnitude),
            signal("b", other, stored.rescale(other).magnitude),
        )
    )
    np.testing.assert_allclose(
        rec.currents.rescale("nA").magnitude, np.full((2, 2), value), rtol=1e-12, atol=1e-300
    )


# densities and areas


def test_densities_stay_densities():
    rec = Recording.from_segment(segment(signal("ina", "mA/cm**2")))
    assert rec.currents.units == pq.mA / pq.cm**2 and rec.area is None


def test_an_area_makes_absolute_currents():
    rec = Recording.from_segment(segment(signal("ina", "mA/cm**2")), area=2827.4 * pq.um**2)
    assert rec.currents.units == pq.nA
    # 1 mA/cm2 is 0.01 nA/um2
    assert rec.currents.magnitude[0, 0] == pytest.approx(28.274)
    assert rec.area == 2827.4 * pq.um**2


def test_an_area_may_have_other_units():
    rec = Recording.from_segment(segment(signal("ina", "mA/cm**2")), area=2.8274e-5 * pq.cm**2)
    assert rec.currents.magnitude[0, 0] == pytest.approx(28.274)


def test_mixed_currents_without_an_area_are_refused():
    with pytest.raises(UnitsError) as caught:
        Recording.from_segment(segment(signal("soma(0.5).ina", "mA/cm**2"), signal("ampa.i", "nA")))
    assert str(caught.value) == (
        "Current 'soma(0.5).ina' is a density (mA/cm**2) and 'ampa.i' is absolute (nA): give area=... to "
        "combine them."
    )


def test_mixed_currents_with_an_area():
    mixed = segment(signal("ina", "mA/cm**2"), signal("ampa.i", "pA"))
    rec = Recording.from_segment(mixed, area=100 * pq.um**2)
    assert first(rec) == pytest.approx({"ina": 1000.0, "ampa.i": 1.0})
    assert rec.currents.units == pq.pA


def test_annotated_areas_combine():
    mixed = segment(signal("ina", "mA/cm**2", area=100 * pq.um**2), signal("ampa.i", "nA"))
    rec = Recording.from_segment(mixed)
    assert first(rec) == pytest.approx({"ina": 1.0, "ampa.i": 1.0})
    assert rec.area == 100 * pq.um**2
    assert first(Recording.from_segment(mixed, area=200 * pq.um**2)) == pytest.approx(
        {"ina": 2.0, "ampa.i": 1.0}
    )


@pytest.mark.parametrize(
    ("area", "error", "message"),
    [
        (2827.4, UnitsError, r"area is 2827\.4, without units: give a Quantity in um\*\*2"),
        (2827.4 * pq.um, UnitsError, r"area is in µm, which is no area: give it in um\*\*2"),
        (-1 * pq.um**2, ArgumentError, r"area is -1 um\*\*2: give more than 0 um\*\*2"),
        (np.nan * pq.um**2, ArgumentError, r"area is nan um\*\*2: give a finite value"),
    ],
)
def test_areas_that_are_none(area, error, message):
    made = segment(signal("ina", "mA/cm**2"))
    with pytest.raises(error, match=message):
        Recording.from_segment(made, area=area)
    with pytest.raises(error, match=message):
        Recording(made.analogsignals[1], area=area)
    annotated = segment(signal("ina", "mA/cm**2", area=area), signal("ampa.i", "nA"))
    with pytest.raises(error, match="The area annotated on signal 'ina'" + message[4:]):
        Recording.from_segment(annotated)


def test_currents_of_different_kinds_are_refused():
    made = segment(signal("I_NaP", "mV"), signal("ina", "nA"))
    with pytest.raises(UnitsError) as caught:
        Recording.from_segment(made, currents=["I_NaP", "ina"], voltage="v")
    assert str(caught.value) == (
        "Current 'I_NaP' is in mV and 'ina' in nA: choose currents of one unit with currents=[...]."
    )


def test_currents_without_a_unit_beside_others_are_refused():
    made = segment(signal("ina", "nA"), signal("x", "dimensionless"))
    with pytest.raises(UnitsError, match="Current 'ina' is in nA and 'x' in no unit"):
        Recording.from_segment(made, currents=["ina", "x"])


def test_ions_of_different_kinds_are_refused():
    made = segment(signal("ina", "nA"), signal("cai", "mM"), signal("g", "uS"))
    with pytest.raises(UnitsError, match="Signals 'cai' and 'g' are both of role ion, but in mM and µS"):
        Recording.from_segment(made, ions=["cai", "g"])


def test_ions_of_other_scales_are_converted():
    rec = Recording.from_segment(segment(signal("ina", "nA"), signal("cai", "uM"), signal("nai", "mM")))
    np.testing.assert_allclose(rec.ions.magnitude[0], [1, 1000])


# NEST


def test_currents_in_millivolt_by_name():
    made = segment(signal("I_NaP", "mV", [1, 2]), signal("I_h", "mV", [3, 4]))
    rec = Recording.from_segment(made, currents=["I_*"], voltage="v", sign="inward")
    assert rec.currents.units == pq.mV
    assert first(rec) == {"I_NaP": -1, "I_h": -3}


def test_currents_stored_without_units():
    made = segment(signal("I_NaP", "dimensionless", [1, 2]), signal("I_h", "dimensionless", [3, 4]))
    rec = Recording.from_segment(made, units={"I_NaP": "pA", "I_h": "nA"})
    assert first(rec) == pytest.approx({"I_NaP": 1, "I_h": 3000})
    assert rec.currents.units == pq.pA


# sign


@pytest.mark.parametrize(
    ("sign", "annotated", "expected"),
    [
        (None, None, 1),
        ("outward", None, 1),
        ("inward", None, -1),
        (None, "inward", -1),
        (None, "outward", 1),
        ("outward", "inward", 1),
        ({"i": "inward"}, None, -1),
        ({"soma(0.5).i": "inward"}, None, -1),
        ({"i": "outward"}, "inward", 1),
        ({"w": "inward"}, None, 1),
    ],
)
def test_signs(sign, annotated, expected):
    notes = {} if annotated is None else {"positive": annotated}
    made = segment(signal("soma(0.5).i", "nA", **notes), signal("w", "nA"))
    contradicted = sign is not None and annotated is not None
    said = pytest.warns(CurrentscapeWarning, match="sign= was followed") if contradicted else nullcontext()
    with said:
        assert first(Recording.from_segment(made, sign=sign))["i"] == expected


def test_signs_by_label():
    made = segment(signal("ina", "nA"), signal("ik", "nA"))
    rec = Recording.from_segment(made, currents={"Na": "ina", "K": "ik"}, sign={"Na": "inward"})
    assert first(rec) == {"Na": -1, "K": 1}


def test_electrodes_are_inward_positive():
    made = segment(signal("ina", "nA"), signal("stim.i", "nA"))
    assert Recording.from_segment(made).electrode.magnitude[0, 0] == 1
    assert Recording.from_segment(made, sign="inward").electrode.magnitude[0, 0] == 1
    rec = Recording.from_segment(made, electrode={"clamp": "stim.i"}, sign={"clamp": "outward"})
    assert rec.electrode.magnitude[0, 0] == -1
    outward = segment(signal("ina", "nA"), signal("stim.i", "nA", positive="outward"))
    assert Recording.from_segment(outward).electrode.magnitude[0, 0] == -1


def test_a_flipped_zero_is_no_negative_zero_in_a_share():
    made = segment(signal("ih", "nA", [0.0, 1.0]))
    rec = Recording.from_segment(made, sign="inward")
    assert rec.currents.magnitude[0, 0] == 0


@pytest.mark.parametrize("sign", ["out", {"ina": "in"}, 1, {"ina": -1}])
def test_unknown_signs_are_refused(sign):
    with pytest.raises(
        ArgumentError, match="sign= takes 'outward' or 'inward' .*, or {name: direction}, not"
    ):
        Recording.from_segment(segment(signal("ina", "nA")), sign=sign)


def test_a_sign_for_no_signal_is_refused():
    with pytest.raises(UnknownNameError, match="Unknown signal in sign= 'inaa': did you mean 'ina'?"):
        Recording.from_segment(segment(signal("ina", "nA")), sign={"inaa": "inward"})


def test_an_annotated_direction_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match="Signal 'ina' has the annotation positive='Inward': write"):
        Recording.from_segment(segment(signal("ina", "nA", positive="Inward")))


# values and times


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.int64, np.uint8, ">f8"])
def test_other_types_of_numbers_become_float64(dtype):
    made = segment(signal("ina", "pA", np.array([3, 7], dtype=dtype)), signal("ik", "nA"))
    rec = Recording.from_segment(made, sign="inward")
    assert rec.currents.dtype == np.float64
    # ik comes first by name, so that ina is converted: by a factor in full precision.
    assert rec.names == ["ik", "ina"] and rec.currents.units == pq.nA
    np.testing.assert_allclose(rec.currents.magnitude[:, 1], [-3e-3, -7e-3], rtol=1e-15)


def test_different_times_are_refused():
    other = neo.AnalogSignal([[1.0], [2.0], [3.0]], units="nA", sampling_period=0.1 * pq.ms, name="ik")
    with pytest.raises(SignalError, match="Signals 'ik' and 'ina' have different times .3 and 2 samples."):
        Recording.from_segment(segment(signal("ina", "nA"), other))


def test_one_sample_is_refused():
    with pytest.raises(SignalError, match="Signal 'ina' has 1 sample: a currentscape needs at least 2"):
        Recording.from_segment(segment(signal("ina", "nA", [1.0])))


@pytest.mark.parametrize(
    ("times", "problem"),
    [([0, 0], "one time for all samples, 0"), ([1, 0], "are not increasing.*: sort the samples by time")],
)
def test_unsorted_times_and_one_time_for_all_are_refused(times, problem):
    made = neo.Segment()
    for name, unit in (("v", "mV"), ("ina", "nA")):
        made.irregularlysampledsignals.append(
            neo.IrregularlySampledSignal(times, [[1.0], [2.0]], units=unit, time_units="ms", name=name)
        )
    with pytest.raises(SignalError, match=rf"Signal 'ina' .*{problem}"):
        Recording.from_segment(made)


def test_irregular_signals():
    made = neo.Segment()
    for name, unit, time_unit in (("v", "mV", "ms"), ("ina", "uA", "s")):
        times = pq.Quantity([0.0, 1.0, 5.0], "ms").rescale(time_unit)
        made.irregularlysampledsignals.append(
            neo.IrregularlySampledSignal(times, [[1.0], [2.0], [3.0]], units=unit, name=name)
        )
    rec = Recording.from_segment(made)
    assert isinstance(rec.currents, neo.IrregularlySampledSignal)
    np.testing.assert_allclose(rec.times.rescale("ms").magnitude, [0, 1, 5])
