"""Recordings built directly from signals."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import Recording
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SignalError, UnitsError


def signal(values, units="nA", name=None, names=None, period=0.1, arrays=None, **annotations):
    arrays = dict(arrays or {}) if names is None else {"name": names, **(arrays or {})}
    return neo.AnalogSignal(
        values,
        units=units,
        sampling_period=period * pq.ms,
        name=name,
        array_annotations=arrays,
        **annotations,
    )


TWO = signal([[1.0, -2.0], [2.0, -3.0], [3.0, -4.0]], names=["K", "Na"])
ONE = [[1.0], [2.0], [3.0]]


def test_names_come_from_array_annotations():
    rec = Recording(TWO)
    assert rec.names == ["K", "Na"] and len(rec) == 3
    assert rec.index("Na") == 1
    np.testing.assert_array_equal(rec.currents.magnitude, TWO.magnitude)


def test_a_list_of_signals_with_names_of_their_own():
    rec = Recording([signal(ONE, name="K"), signal(ONE, "pA", name="Na")], signal(ONE, "mV"))
    assert rec.names == ["K", "Na"]
    np.testing.assert_allclose(rec.currents.magnitude[0], [1, 1e-3])
    assert rec.voltage.array_annotations["name"].tolist() == ["voltage"]


def test_signals_of_several_channels_are_joined():
    rec = Recording([TWO, signal(ONE, name="leak")])
    assert rec.names == ["K", "Na", "leak"]


def test_all_parts_are_kept():
    rec = Recording(
        TWO,
        signal(ONE, "mV", name="v"),
        [signal(ONE, "mM", name="cai"), signal(ONE, "uM", name="nai")],
        signal(ONE, name="stim"),
        capacitive=signal(ONE, name="i_cap"),
        axial=signal(ONE, name="i_axial"),
        area=100 * pq.um**2,
    )
    np.testing.assert_allclose(rec.ions.magnitude[0], [1, 1e-3])
    for part, role, positive in (
        ("currents", "current", "outward"),
        ("voltage", "voltage", None),
        ("ions", "ion", None),
        ("electrode", "electrode", "inward"),
        ("capacitive", "capacitive", "outward"),
        ("axial", "axial", "inward"),
    ):
        annotations = getattr(rec, part).annotations
        assert annotations["role"] == role and annotations.get("positive") == positive
    assert rec.area == 100 * pq.um**2


def test_values_are_shared_where_they_can_be():
    assert np.shares_memory(Recording(TWO).currents, TWO)
    assert Recording(TWO).currents is not TWO


def test_inward_signals_are_flipped():
    rec = Recording(signal([[1.0, -2.0]] * 3, names=["K", "Na"], positive="inward"))
    assert rec.currents.magnitude[0].tolist() == [-1, 2]
    assert rec.currents.annotations["positive"] == "outward"
    mixed = signal([[1.0, -2.0]] * 3, arrays={"name": ["K", "Na"], "positive": ["inward", "outward"]})
    assert Recording(mixed).currents.magnitude[0].tolist() == [-1, -2]
    assert Recording(TWO, electrode=signal(ONE, positive="outward")).electrode.magnitude[0, 0] == -1


def test_an_annotated_area_survives_a_flip():
    for positive in ("outward", "inward"):
        given = signal(ONE, "mA/cm**2", name="K", positive=positive, area=50 * pq.um**2)
        rec = Recording(given)
        assert rec.area == 50 * pq.um**2
        assert rec.currents.units == pq.mA / pq.cm**2


def test_inputs_are_untouched():
    given = signal(ONE, name="K", positive="inward", note="mine")
    before = given.magnitude.copy()
    Recording(given, signal(ONE, "mV"))
    np.testing.assert_array_equal(given.magnitude, before)
    assert given.annotations == {"positive": "inward", "note": "mine"} and given.name == "K"


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.uint16])
def test_other_types_of_numbers_become_float64(dtype):
    rec = Recording(signal(np.array(ONE, dtype=dtype), name="K"))
    assert rec.currents.dtype == np.float64 and rec.currents.magnitude[:, 0].tolist() == [1, 2, 3]


def test_read_only_values_are_taken():
    numbers = np.array(ONE)
    numbers.flags.writeable = False
    for given in (signal(numbers, name="K"), signal(numbers, name="K", positive="inward")):
        rec = Recording(given, signal(numbers, "mV"))
        assert abs(rec.currents.magnitude[0, 0]) == 1


def test_densities_beside_absolute_currents_need_an_area():
    mixed = [signal(ONE, "mA/cm**2", name="ina"), signal(ONE, "nA", name="ampa")]
    with pytest.raises(
        UnitsError, match=r"'ina' is a density \(mA/cm\*\*2\) and 'ampa' is absolute \(nA\): give"
    ):
        Recording(mixed)
    rec = Recording(mixed, area=100 * pq.um**2)
    np.testing.assert_allclose(rec.currents.magnitude[0], [1, 1])
    assert rec.currents.units == pq.nA


def test_the_neuron_and_site_are_kept():
    given = signal([[1.0, 2.0]] * 3, arrays={"name": ["K", "Na"], "channel_index": [4, 4]}, site="soma")
    rec = Recording(given)
    assert rec.neuron == 4 and rec.site == "soma"
    assert repr(rec).endswith("; neuron 4; site soma")
    assert Recording(TWO).neuron is None


# refusals


def test_no_current_is_refused():
    with pytest.raises(SignalError, match="currents is empty: a Recording needs at least one current"):
        Recording([])
    with pytest.raises(ArgumentTypeError, match="currents is a NoneType: pass a neo.AnalogSignal"):
        Recording(None)
    empty = signal(np.zeros((3, 0)))
    with pytest.raises(SignalError, match=r"currents has shape \(3, 0\): it holds no channel"):
        Recording(empty)
    assert Recording(TWO, ions=[]).ions is None


def test_arrays_are_refused():
    with pytest.raises(ArgumentTypeError, match=r"currents is a ndarray: pass a neo\.AnalogSignal"):
        Recording(np.ones((3, 2)))


def test_channels_without_names_are_refused():
    with pytest.raises(SignalError) as caught:
        Recording(signal([[1.0, 2.0]] * 3))
    assert str(caught.value) == (
        "currents has 2 channels and no names: write array_annotations={'name': [...]} when you make the "
        "signal."
    )


def test_duplicate_names_are_refused():
    with pytest.raises(ArgumentError) as caught:
        Recording([TWO, signal(ONE, name="Na")])
    assert str(caught.value) == "currents has the name 'Na' 2 times: give each its own."


def test_one_sample_is_refused():
    with pytest.raises(
        SignalError, match=r"currents \('K'\) has 1 sample: a currentscape needs at least 2"
    ):
        Recording(signal([[1.0]], name="K"))


def test_different_times_are_refused():
    with pytest.raises(
        SignalError, match=r"'currents' and 'voltage' have different times \(sampling intervals"
    ):
        Recording(TWO, signal(ONE, "mV", period=0.2))
    with pytest.raises(SignalError, match=r"'K' and 'Na' have different times \(3 and 2 samples\)"):
        Recording([signal(ONE, name="K"), signal(ONE[:2], name="Na")])


def test_voltages_of_several_neurons_are_refused():
    with pytest.raises(
        SignalError, match=r"voltage has 2 channels: pass the one of this neuron, e\.g\. voltage\["
    ):
        Recording(TWO, signal([[1.0, 2.0]] * 3, "mV"))


def test_swapped_arguments_are_refused():
    with pytest.raises(
        UnitsError, match="voltage 'K' is in nA, which is no voltage: pass the membrane potential"
    ):
        Recording(signal(ONE, "mV", name="v"), signal(ONE, name="K"))


def test_an_unknown_way_with_nan_is_refused():
    with pytest.raises(ArgumentError, match="nan='drop' is not an option: write nan='error' or nan='gap'"):
        Recording(TWO, nan="drop")


# NaN and infinite values


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("currents", "Current 'Na'"),
        ("voltage", "Voltage 'v'"),
        ("ions", "Ion 'cai'"),
        ("electrode", "Electrode 'stim'"),
    ],
)
def test_values_that_are_not_finite_are_refused(part, what, bad):
    given = {
        "currents": signal(np.ones((4, 2)), names=["K", "Na"]),
        "voltage": signal(np.ones((4, 1)), "mV", name="v"),
        "ions": signal(np.ones((4, 1)), "mM", name="cai"),
        "electrode": signal(np.ones((4, 1)), name="stim"),
    }
    given[part].view(np.ndarray)[2, -1] = bad
    with pytest.raises(SignalError) as caught:
        Recording(**given)
    assert str(caught.value) == (
        f"{what} is {bad} at 0.2 ms (in 1 of 4 samples): mend the recording, or write nan='gap' to leave "
        "those times blank."
    )
    rec = Recording(**given, nan="gap")
    assert rec.gaps.tolist() == [False, False, True, False]


def test_gaps_of_all_parts_are_joined():
    currents = signal([[1.0], [np.nan], [1.0], [1.0]], name="K")
    voltage = signal([[1.0], [1.0], [np.inf], [1.0]], "mV")
    assert Recording(currents, voltage, nan="gap").gaps.tolist() == [False, True, True, False]
    assert Recording(TWO, nan="gap").gaps is None


def test_nothing_but_gaps_is_refused():
    with pytest.raises(SignalError, match="No time is left at which all values are finite"):
        Recording(signal([[np.nan], [np.nan]], name="K"), nan="gap")
