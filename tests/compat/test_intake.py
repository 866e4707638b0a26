"""Arrays, Quantities and Neo signals: values, units, names and times of the Recording made of them."""

from __future__ import annotations

from array import array
from collections import deque
from decimal import Decimal
from fractions import Fraction

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.compat.config import read_config
from neo_currentscape.compat.intake import take
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeError,
    CurrentscapeWarning,
    SignalError,
    UnitsError,
)

V = np.linspace(-70.0, 20.0, 6)
I = np.array([[1.0, -2.0, 3.0, 0.0, 1.0, 2.0], [-1.0, 2.0, 5.0, -4.0, 0.0, 1.0]])  # noqa: E741


def taken(voltage=V, currents=I, ions=None, time=None, **config):
    return take(read_config(config), voltage, currents, ions, time)


def numbers(signal) -> np.ndarray:
    return np.asarray(signal.magnitude)


@pytest.mark.parametrize("make", [np.asarray, list, lambda rows: [list(row) for row in rows], tuple])
def test_lists_and_arrays_are_in_the_units_of_the_configuration(make):
    found = taken(currents=make(I))
    assert np.array_equal(numbers(found.recording.currents), I.T)
    assert found.recording.currents.units == pq.pA
    assert found.recording.voltage.units == pq.mV
    assert found.labels == {"voltage": "[mV]", "current": "[pA]", "xaxis": "sample"}


def test_arrays_are_not_copied_and_not_changed():
    currents = I.copy()
    found = taken(currents=currents)
    assert np.shares_memory(numbers(found.recording.currents), currents)
    assert np.array_equal(currents, I)


def test_a_unit_of_the_configuration_holds_for_plain_numbers():
    config = {"current": {"units": "[nA]"}, "voltage": {"units": "V"}, "xaxis": {"units": "(s)"}}
    found = take(read_config(config), V, I, time=range(6))
    assert found.recording.currents.units == pq.nA
    assert found.recording.voltage.units == pq.V
    assert np.allclose(found.recording.times.rescale("s").magnitude, range(6))
    assert found.time_units == "s"


def test_a_label_that_is_no_unit_stays_a_label():
    found = taken(current={"units": "a.u."})
    assert found.labels["current"] == "a.u."
    assert found.recording.currents.units == pq.dimensionless


def test_quantities_keep_their_unit_where_the_configuration_names_none():
    found = taken(voltage=V * 1e-3 * pq.V, currents=I * pq.nA, ions=np.ones((1, 6)) * pq.uM)
    assert found.labels["current"] == "[nA]" and found.labels["ions"] == "[µM]"
    assert np.allclose(numbers(found.recording.currents), I.T)
    # The limits of the voltage are in mV by default, so it is converted.
    assert found.labels["voltage"] == "[mV]"
    assert np.allclose(numbers(found.recording.voltage)[:, 0], V)


def test_quantities_are_converted_into_a_unit_that_the_configuration_names():
    found = taken(currents=I * pq.nA, current={"units": "[pA]"})
    assert found.recording.currents.units == pq.pA and found.labels["current"] == "[pA]"
    assert np.allclose(numbers(found.recording.currents), 1000 * I.T)


def test_quantities_are_converted_into_the_unit_of_limits_that_are_not_chosen():
    found = taken(currents=I * pq.nA, current={"autoscale_ticks_and_ylim": False})
    assert np.allclose(numbers(found.recording.currents), 1000 * I.T)
    with pytest.raises(UnitsError, match=r"mA/cm², .*'current.units' is by default '\[pA\]'"):
        taken(currents=I * pq.mA / pq.cm**2, current={"autoscale_ticks_and_ylim": False})


def test_densities_are_shown_as_such():
    found = taken(currents=I * pq.mA / pq.cm**2)
    assert found.labels["current"] == "[mA/cm²]"


def test_a_list_of_quantities_in_several_units():
    found = taken(currents=[I[0] * pq.pA, I[1] * pq.nA])
    assert np.allclose(numbers(found.recording.currents), np.array([I[0], 1000 * I[1]]).T)
    with pytest.raises(UnitsError, match=r"currents\[1\] is in mV"):
        taken(currents=[I[0] * pq.pA, I[1] * pq.mV])
    with pytest.raises(UnitsError, match=r"currents\[1\] has no unit"):
        taken(currents=[I[0] * pq.pA, I[1]])


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"current": {"units": "[mV]"}}, "current.units"),
        ({"voltage": {"units": "[pA]"}}, "voltage.units"),
        ({"xaxis": {"units": "[mV]"}}, "xaxis.units"),
        ({"ions": {"units": "[ms]"}}, "ions.units"),
    ],
)
def test_a_unit_of_another_kind_is_refused_by_its_key(config, key):
    with pytest.raises(UnitsError, match=key):
        take(read_config(config), V, I, [V + 100])


def test_a_unit_that_contradicts_the_data_is_refused():
    with pytest.raises(UnitsError, match=r"currents is in mA/cm², but .*'current.units' is '\[nA\]'"):
        taken(currents=I * pq.mA / pq.cm**2, current={"units": "[nA]"})


def test_neo_signals_bring_names_times_and_directions():
    signal = neo.AnalogSignal(
        I.T,
        units="nA",
        t_start=5 * pq.ms,
        sampling_period=0.5 * pq.ms,
        array_annotations={"name": ["Na", "K"]},
        positive="inward",
    )
    voltage = neo.AnalogSignal(V[:, None], units="mV", t_start=5 * pq.ms, sampling_period=0.5 * pq.ms)
    found = taken(voltage=voltage, currents=signal)
    assert found.recording.names == ["Na", "K"]
    assert np.allclose(numbers(found.recording.currents), -I.T)
    assert np.allclose(found.recording.times.rescale("ms").magnitude, 5 + 0.5 * np.arange(6))
    assert np.array_equal(numbers(signal), I.T)
    separate = [
        neo.AnalogSignal(
            row[:, None], units="nA", t_start=5 * pq.ms, sampling_period=0.5 * pq.ms, name=f"I{k}"
        )
        for k, row in enumerate(I)
    ]
    assert taken(voltage=voltage, currents=separate).recording.names == ["I0", "I1"]


def test_signals_recorded_at_other_times_are_refused():
    voltage = neo.AnalogSignal(V[:, None], units="mV", sampling_period=0.5 * pq.ms)
    currents = neo.AnalogSignal(I.T, units="nA", sampling_period=0.1 * pq.ms)
    with pytest.raises(SignalError, match="different times"):
        taken(voltage=voltage, currents=currents)
    with pytest.raises(SignalError, match="'time' and 'voltage'"):
        taken(voltage=voltage, time=np.arange(6.0))


def test_fixed_and_variable_steps():
    fixed = taken(time=100 + 0.1 * np.arange(6)).recording.currents
    assert isinstance(fixed, neo.AnalogSignal)
    assert float(fixed.t_start.rescale("ms")) == pytest.approx(100)
    variable = taken(time=[0, 1, 2, 4, 8, 16]).recording.currents
    assert isinstance(variable, neo.IrregularlySampledSignal)
    assert np.allclose(variable.times.rescale("ms").magnitude, [0, 1, 2, 4, 8, 16])


def test_time_with_units():
    found = taken(time=np.arange(6) * 0.1 * pq.s)
    assert np.allclose(found.recording.times.rescale("ms").magnitude, 100 * np.arange(6))
    assert found.labels["xaxis"] == "[ms]"
    with pytest.raises(UnitsError, match="time is in mV"):
        taken(time=V * pq.mV)


@pytest.mark.parametrize("names", [["K", "Na"], ["K", "leak"], ["leak", "Na"]])
def test_a_row_is_not_called_as_the_data_call_another(names):
    currents = dict(zip(["Na", "K"], I, strict=True))
    with pytest.raises(ArgumentError, match=r"'current\.names' calls row . of currents .*\('Na', 'K'\)"):
        taken(currents=currents, current={"names": names})
    for fits in (["Na", "K"], ["NaT", "Kdr"]):
        assert taken(currents=currents, current={"names": fits}).recording.names == fits


def test_names_come_from_the_configuration():
    assert taken(current={"names": ["Na", "K"]}).recording.names == ["Na", "K"]
    assert taken().recording.names == ["current 1", "current 2"]


@pytest.mark.parametrize("names", [["Na"], ["Na", "K", "L"]])
def test_names_that_do_not_fit_are_refused_by_their_key(names):
    with pytest.raises(ArgumentError, match=rf"'current.names' lists {len(names)} names, .*has 2 rows"):
        taken(current={"names": names})
    with pytest.raises(ArgumentError, match=f"'ions.names' lists {len(names)} names"):
        take(read_config({"ions": {"names": names}}), V, I, I + 10)


def test_rows_of_one_name_are_currents_of_their_own():
    with pytest.warns(CurrentscapeWarning, match=r"lists 'Na' more than once.*'Na', 'Na \(2\)'"):
        found = taken(current={"names": ["Na", "Na"]})
    assert found.recording.names == ["Na", "Na (2)"]
    np.testing.assert_array_equal(found.recording.currents.magnitude.T, I)


def test_numbers_that_numpy_holds_as_objects_are_numbers():
    found = taken(currents=np.array(I, dtype=object)).recording.currents
    np.testing.assert_array_equal(found.magnitude.T, I)


def test_a_table_with_a_column_for_each_current_is_to_be_turned():
    with pytest.raises(SignalError, match=r"voltage has 6 samples and currents 2: pass currents\.T"):
        taken(currents=np.array(I).T)


def test_a_dict_names_the_currents():
    assert taken(currents={"b": I[0], "a": I[1]}).recording.names == ["b", "a"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"voltage": V[:5]}, "voltage has 5 samples and currents 6"),
        ({"currents": [I[0], I[1][:4]]}, r"currents\[1\] has 4 samples and currents\[0\] 6"),
        ({"ions": [V[:3]]}, "ions_data has 3 samples and currents 6"),
        ({"time": np.arange(5)}, "time has 5 samples and currents 6"),
        ({"time": [2, 2, 2, 2, 2, 2]}, "time stands still at 2"),
        ({"time": [0, 1, 2, 1.5, 3, 4]}, "time is not increasing: it goes back to 1.5 at sample 3"),
        ({"currents": np.where(I == 5, np.nan, I)}, r"currents\[1\] is nan at sample 2"),
        ({"currents": np.where(I == 5, np.inf, I)}, r"currents\[1\] is inf at sample 2"),
        ({"voltage": np.where(V[1] == V, np.nan, V)}, "voltage is nan at sample 1"),
        ({"time": [0, 1, np.nan, 3, 4, 5]}, "time is nan at sample 2"),
        ({"ions": [[1, 1, 1, np.nan, 1, 1]]}, "ions_data is nan at sample 3"),
        ({"currents": I[:, :1]}, "currents has 1 samples"),
        ({"currents": []}, "currents is empty"),
        ({"currents": I[0]}, "currents is one list of numbers"),
        ({"currents": I[None]}, r"currents is of shape \(1, 2, 6\)"),
        ({"voltage": I}, "voltage has 2 rows"),
        ({"voltage": "v.dat"}, "voltage is a str"),
        ({"currents": [["a"] * 6]}, "currents holds <U1 values"),
        ({"currents": 3}, "currents is a int"),
        ({"voltage": None}, "voltage is a NoneType"),
    ],
)
def test_arrays_that_cannot_be_used_are_refused_by_name(arguments, sentence):
    with pytest.raises(CurrentscapeError, match=sentence):
        taken(**arguments)


@pytest.mark.parametrize("make", [lambda m: m, list, lambda m: {"a": m[0], "b": m[1]}])
def test_masked_values_are_no_numbers(make):
    masked = np.ma.masked_array(I, mask=I == 5)
    with pytest.raises(SignalError, match=r"currents\[1\] is nan"):
        taken(currents=make(masked))


class Holder:
    """Holds an array, as those of other packages do."""

    def __init__(self, values, **attributes):
        self.values = np.asarray(values)
        self.__dict__.update(attributes)

    def __array__(self, dtype=None, copy=None):
        return self.values


def named(values, rows=None, columns=None):
    """A table that names its dimensions, as xarray's do."""
    labels = {"row": rows, "column": columns}
    coords = {dim: Holder(found) for dim, found in labels.items() if found is not None}
    return Holder(values, dims=("row", "column"), coords=coords)


HOLDERS = {
    "an array of another package": Holder,
    "a list of them": lambda rows: [Holder(row) for row in rows],
    "lists of mixed kinds": lambda rows: (list(rows[0]), Holder(rows[1])),
    "a generator": iter,
    "a map": lambda rows: map(tuple, rows),
    "a deque": deque,
    "values of a dict": lambda rows: dict(enumerate(rows)).values(),
    "buffers": lambda rows: [array("d", row) for row in rows],
    "a view of memory": memoryview,
    "decimals": lambda rows: [[Decimal(str(x)) for x in row] for row in rows],
    "fractions": lambda rows: [[Fraction(x) for x in row] for row in rows],
    "fields": lambda rows: np.rec.fromarrays(list(rows), names=["x", "y"]),
    "a matrix": np.asmatrix,
    "other bytes": lambda rows: rows.astype(">f4"),
    "nothing masked": lambda rows: np.ma.masked_array(rows, mask=False),
}


@pytest.mark.parametrize("kind", HOLDERS)
def test_whatever_holds_numbers_is_taken(kind):
    np.testing.assert_array_equal(numbers(taken(currents=HOLDERS[kind](I)).recording.currents), I.T)


@pytest.mark.parametrize(
    "make", [iter, deque, Holder, lambda v: v[None], lambda v: (Decimal(str(x)) for x in v)]
)
def test_a_voltage_and_times_are_taken_so_too(make):
    found = taken(voltage=make(V), time=make(np.arange(6) * 0.5)).recording
    np.testing.assert_allclose(numbers(found.voltage)[:, 0], V)
    np.testing.assert_allclose(found.times.rescale("ms").magnitude, np.arange(6) * 0.5)


def test_differences_of_time_have_a_unit():
    pandas = pytest.importorskip("pandas")
    times = pandas.to_timedelta(np.arange(6) * 0.5, unit="s")
    for given in (times, pandas.Series(times), times.to_numpy(), times.to_numpy().astype("m8[ms]")):
        found = taken(time=given).recording.times
        np.testing.assert_allclose(found.rescale("ms").magnitude, np.arange(6) * 500)


def test_names_of_a_table_are_those_of_its_rows_or_columns():
    pandas = pytest.importorskip("pandas")
    names = ["Na", "K"]
    tables = [
        pandas.DataFrame(I, index=names),
        pandas.DataFrame(I, index=names, columns=[f"{k} ms" for k in range(6)]),
        pandas.DataFrame(I.T, columns=names),
        pandas.DataFrame(I.T, columns=names, index=0.5 * np.arange(6)),
        pandas.Series({name: pandas.Series(row) for name, row in zip(names, I, strict=True)}),
        named(I, rows=names),
        named(I.T, columns=names),
        np.rec.fromarrays(list(I), names=names),
        dict(zip(names, map(list, I), strict=True)),
    ]
    for table in tables:
        found = taken(currents=table).recording
        assert found.names == names
        np.testing.assert_array_equal(numbers(found.currents), I.T)
        with pytest.raises(ArgumentError, match=r"calls row 0 of currents 'K', the name of row 1"):
            taken(currents=table, current={"names": ["K", "Na"]})
    # Where nothing tells what the columns are, a row is a current.
    plain = pandas.DataFrame(I, columns=[f"{k} ms" for k in range(6)])
    np.testing.assert_array_equal(numbers(taken(currents=plain).recording.currents), I.T)


def test_names_that_the_data_give_twice_are_told_apart():
    with pytest.warns(CurrentscapeWarning, match=r"^currents lists '1' more than once.*'1', '1 \(2\)'"):
        found = taken(currents={1: I[0], "1": I[1]})
    assert found.recording.names == ["1", "1 (2)"]


@pytest.mark.parametrize("wrong", [{1.0, 2.0}, {"v": V}, {"v": V}.keys(), "v.dat", b"v", 3.0, None])
def test_a_set_and_a_mapping_are_no_voltage(wrong):
    with pytest.raises(ArgumentTypeError, match="^voltage is a"):
        taken(voltage=wrong)


def test_what_is_no_array_is_a_type_error():
    for wrong in ({"Na": I[0]}, {1.0, 2.0}, object()):
        with pytest.raises(ArgumentTypeError, match="^voltage is a"):
            taken(voltage=wrong)


@pytest.mark.parametrize("what", ["voltage", "currents", "ions_data", "time"])
def test_a_number_is_no_array(what):
    given = {"voltage": [1.0, 2.0], "currents": [[1.0, 2.0]], what: 3}
    with pytest.raises(ArgumentTypeError, match=rf"^{what} is a int: pass a list"):
        ncs.plot(**given)


def test_rows_under_one_name_are_summed():
    """As plain numbers, with units, and as Neo signals of either direction."""
    plain = taken(currents={"pump": [I[0], list(I[1])], "K": I[1], "Na": [I[0]]})
    assert plain.recording.names == ["pump", "K", "Na"]
    expected = np.array([I[0] + I[1], I[1], I[0]]).T
    np.testing.assert_allclose(plain.recording.currents.magnitude, expected)
    united = taken(currents={"pump": [I[0] * pq.nA, 1e3 * I[1] * pq.pA], "K": I[1] * pq.nA})
    np.testing.assert_allclose(united.recording.currents.rescale("nA").magnitude, expected[:, :2])
    own, inward = (neo.AnalogSignal(x, units="nA", sampling_period=0.5 * pq.ms) for x in (I[0], -I[1]))
    inward.annotate(positive="inward")
    found = taken(currents={"pump": [own, inward], "K": inward})
    np.testing.assert_allclose(found.recording.currents.magnitude, expected[:, :2])
    assert found.recording.currents.sampling_period == 0.5 * pq.ms


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"currents": {"pump": [I[0], I[1][:3]]}}, SignalError, r"currents\['pump'\]\[1\] has 3 samples"),
        (
            {"currents": {"pump": [I[0] * pq.nA, I[1] * pq.mV]}},
            UnitsError,
            r"currents\['pump'\]\[1\] is in mV",
        ),
        ({"currents": {"pump": [I[0] * pq.nA, I[1]]}}, UnitsError, "has no unit, but others of"),
        ({"currents": {"pump": []}}, CurrentscapeError, "currents"),
        ({"ions": {"Ca": [I[0], I[1]]}}, CurrentscapeError, "^ions_data"),
    ],
)
def test_rows_that_have_no_sum_are_refused(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        taken(**{"currents": I, **arguments})
