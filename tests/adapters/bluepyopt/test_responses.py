"""Responses by their names: what is what, what is chosen, what is refused."""

import warnings

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import bluepyopt as adapter
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnitsError,
    UnknownNameError,
)

TIMES = np.array([0.0, 0.1, 0.3, 0.35, 0.5, 0.9, 1.0])


def response(values, times=TIMES):
    return {"time": list(times), "voltage": list(np.broadcast_to(values, len(times)))}


def responses(prefix="Step.soma", **values):
    values = {"v": -65.0 + 10 * TIMES, **values}
    return {f"{prefix}.{name}": response(numbers) for name, numbers in values.items()}


def signals(segment):
    return {signal.name: signal for signal in [*segment.analogsignals, *segment.irregularlysampledsignals]}


def test_names_tell_roles_and_units():
    given = responses(ina=-0.1, ihcn_Ih=-0.02, cai=5e-5, ena=50.0, m_hh=0.1, gk_hh=0.01, i_cap=0.3)
    found = signals(adapter.to_segment(given))
    assert {name: signal.annotations["role"] for name, signal in found.items()} == {
        "v": "voltage",
        "ina": "current",
        "ihcn_Ih": "current",
        "cai": "ion",
        "ena": "other",
        "m_hh": "gate",
        "gk_hh": "conductance",
        "i_cap": "capacitive",
    }
    assert found["ina"].dimensionality == (pq.mA / pq.cm**2).dimensionality
    assert found["cai"].dimensionality.string == "mM"
    np.testing.assert_allclose(found["ina"].times.magnitude, TIMES)


def test_an_area_makes_densities_absolute():
    segment = adapter.to_segment(responses(ina=-0.1, ik=0.2), area=250.0, capacitance=2)
    recording = ncs.Recording.from_segment(segment, site="soma")
    assert recording.area == 250 * pq.um**2
    scape = ncs.Currentscape(recording)
    assert scape.names == ["ik", "ina"]
    # 0.2 mA/cm2 for 1 ms is 0.2 uC/cm2.
    assert scape.charge("outward").sum().rescale("uC/cm**2") == pytest.approx(0.2)
    same = adapter.to_segment(responses(ina=-0.1), area=2.5e-6 * pq.cm**2)
    assert float(signals(same)["ina"].annotations["area"].rescale("um**2")) == pytest.approx(250)


def test_a_total_gives_way_to_its_parts_and_what_they_leave():
    given = responses(ina=-0.3, ina_NaTg=-0.1, ina_Nap=-0.05, ik=0.2, ik_Kv=0.2, i_pas=0.01)
    found = signals(adapter.to_segment(given))
    assert sorted(found) == ["i_pas", "ik_Kv", "ina_NaTg", "ina_Nap", "ina_other", "v"]
    np.testing.assert_allclose(found["ina_other"].magnitude, -0.15)


def test_units_of_one_word_are_those_of_currents():
    found = signals(adapter.to_segment(responses(ina=-120.0, cai=1e-4), units="pA"))
    assert found["ina"].dimensionality.string == "pA" and found["cai"].dimensionality.string == "mM"


def test_currents_too_large_for_densities_are_refused():
    spike = np.array([-70.0, -60.0, -40.0, 20.0, 30.0, -60.0, -70.0])
    # 1 uF/cm2 moved by 1200 mV/ms is 1.2 mA/cm2.
    with pytest.raises(UnitsError, match="'ina' at 'soma' reaches 5e\\+03.*BluePyEModel records pA"):
        adapter.to_segment(responses(v=spike, ina=-5000.0, ik=10.0))
    assert "ina" in signals(adapter.to_segment(responses(v=spike, ina=-5000.0, ik=10.0), units="pA"))
    assert "ina" in signals(adapter.to_segment(responses(v=spike, ina=-5.0, ik=10.0)))


def test_densities_that_are_called_picoamperes_are_told():
    """The other way round: a spike that 1.2 mA/cm2 make takes 1200 pA in 100 um2."""
    spike = np.array([-70.0, -60.0, -40.0, 20.0, 30.0, -60.0, -70.0])
    densities = responses(v=spike, ina=-2.0, ik=1.5)
    told = "'ina' at 'soma' reaches 2 pA.*of 100 um.*leave units= out"
    with pytest.warns(CurrentscapeWarning, match=told):
        adapter.to_segment(densities, units="pA")
    with pytest.warns(CurrentscapeWarning, match="0.00033 of what charges a membrane of 500 um"):
        adapter.to_segment(densities, units={"ina": "pA"}, area=500.0)
    for given, options in (
        (responses(v=spike, ina=-2400.0, ik=1800.0), {"units": "pA"}),
        (responses(v=spike, ina=-24.0, ik=18.0), {"units": "pA", "area": 1.0}),
        (densities, {}),
        (responses(v=spike / 10, ina=-2.0), {"units": "pA"}),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error", CurrentscapeWarning)
            adapter.to_segment(given, **options)


def test_an_unknown_name_is_asked_for():
    given = responses(ina=-0.1, zapped=0.3)
    with pytest.raises(SelectionError, match="'zapped' recorded at 'soma' is none.*units="):
        adapter.to_segment(given)
    found = signals(adapter.to_segment(given, units={"zapped": "nA"}))
    assert (
        found["zapped"].annotations["role"] == "current" and found["zapped"].dimensionality.string == "nA"
    )


def test_protocols_and_locations_are_chosen():
    given = {
        **responses("Step_1.5.soma", ina=-0.1),
        **responses("Step_1.5.dend1", ica=-0.2),
        **responses("IV_-20.soma", ik=0.1),
        "bpo_threshold_current": 0.25,
    }
    with pytest.raises(SelectionError, match="2 protocols, 'Step_1.5', 'IV_-20': write protocol="):
        adapter.to_segment(given)
    with pytest.raises(UnknownNameError, match="protocol 'Step'"):
        adapter.to_segment(given, "Step")
    with pytest.raises(UnknownNameError, match="location 'axon'"):
        adapter.to_segment(given, "IV_-20", "axon")
    segment = adapter.to_segment(given, "Step_1.5")
    assert {signal.annotations["site"] for signal in segment.irregularlysampledsignals} == {"soma", "dend1"}
    segment = adapter.to_segment(given, "Step_1.5", "dend1", area={"dend1": 10.0})
    assert sorted(signals(segment)) == ["ica", "v"]
    block = adapter.to_block(given)
    assert [segment.name for segment in block.segments] == ["Step_1.5", "IV_-20"]


def test_simulations_that_failed_are_named():
    failed = {"Long.soma.v": None, "Long.soma.ina": None}
    with pytest.raises(SelectionError, match="'Long' was not simulated to its end: .* at 'soma'"):
        adapter.to_segment(failed)
    with pytest.warns(CurrentscapeWarning, match="simulation failed are left out: 'Long'"):
        block = adapter.to_block({**failed, **responses(ina=-0.1)})
    assert [segment.name for segment in block.segments] == ["Step"]
    with pytest.raises(SelectionError, match="No protocol was simulated"):
        adapter.to_block(failed)


def test_the_stimulus_of_the_one_location_is_its_electrode():
    given = {**responses(ina=-0.1), "Step.iclamp.i": response(0.3)}
    found = signals(adapter.to_segment(given))
    assert found["stimulus"].annotations["role"] == "electrode"
    assert found["stimulus"].annotations["site"] == "soma"
    np.testing.assert_allclose(found["stimulus"].magnitude, 0.3)


def test_a_fixed_step_says_what_is_late():
    times = np.arange(0, 1.0, 0.025)
    given = {"Step.soma.v": response(-65.0, times), "Step.soma.ik": response(0.1, times)}
    found = signals(adapter.to_segment(given))
    assert len(found["v"]) == len(times) - 1
    assert "record(protocol)" in found["v"].annotations["unaligned"]
    assert "unaligned" not in signals(adapter.to_segment(responses(ik=0.1)))["v"].annotations


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Step.soma.ina": response(0.1, TIMES + 0.01)}, "has other times"),
        ({"Step.soma.ina": response(np.nan)}, "NaN or infinite values at sample 0"),
        ({"Step.soma.ina": {"time": [0.0], "voltage": [1.0]}}, "has 1 samples"),
        ({"Step.soma.ina": {"time": list(TIMES), "voltage": [1.0] * 4}}, "has 4 values and 7 times"),
    ],
)
def test_values_that_cannot_be_used_are_refused(change, words):
    with pytest.raises(SignalError, match=f"'Step.soma.ina'.*{words}"):
        adapter.to_segment({**responses(), **change})


def test_what_is_no_response_is_refused():
    with pytest.raises(ArgumentTypeError, match="mapping of names as 'Step.soma.ina', not list"):
        adapter.to_segment([1, 2])
    with pytest.raises(SelectionError, match="No response is called as"):
        adapter.to_segment({"v": response(1.0)})
    with pytest.raises(UnitsError, match="area=-1"):
        adapter.to_segment(responses(ina=0.1), area=-1)
    with pytest.raises(ArgumentTypeError, match="BluePyOpt protocol or evaluator is needed, not str"):
        adapter.record("Step")
    with pytest.raises(ArgumentTypeError, match="bluecellulab.Cell is needed, not str"):
        adapter.cell_segment("cell")


@pytest.mark.parametrize(("unit", "what"), [("mV", "no unit of a current"), ("bogus", "no unit")])
def test_a_unit_of_currents_that_is_none(unit, what):
    with pytest.raises(ArgumentError, match=f"units='{unit}' (is )?{what}: write e.g. 'pA'"):
        adapter.to_segment(responses(ina=-120.0), units=unit)
