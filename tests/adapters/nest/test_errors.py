"""Wrong input is refused with a sentence that tells what to write instead."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter
from neo_currentscape.conventions import errors

HH = ["V_m", "Act_m", "Act_n", "Inact_h", "I_syn_ex", "I_syn_in"]
HH_PARAMETERS = {
    "C_m": 100.0,
    "g_Na": 12000.0,
    "g_K": 3600.0,
    "g_L": 30.0,
    "E_Na": 50.0,
    "E_K": -77.0,
    "E_L": -54.4,
    "I_e": 0.0,
}


def events(*names, n=4):
    values = {name: np.linspace(0.1, 0.2, n) for name in names}
    return {"senders": np.full(n, 3), "times": 0.1 * np.arange(1, n + 1), **values}


def test_variables_that_were_not_recorded():
    told = {"model": "hh_psc_alpha", "parameters": HH_PARAMETERS}
    few = events("V_m", "Act_m", "I_syn_ex")
    with pytest.raises(
        errors.SelectionError,
        match=r"I_Na of hh_psc_alpha needs 'Inact_h'.*record_from=\[\.\.\., 'Inact_h'\]",
    ):
        adapter.to_segment(few, **told, derived=True)
    with pytest.raises(errors.SelectionError, match="I_K of hh_psc_alpha needs 'Act_n'"):
        adapter.to_segment(few, **told, derived=["I_K"])
    with pytest.warns(errors.CurrentscapeWarning, match="record_from=.*derived=False"):
        segment = adapter.to_segment(few, **told)
    assert {s.name for s in segment.analogsignals} == {"V_m", "Act_m", "I_syn_ex", "I_L"}
    assert len(segment.annotations["not_derived"]) == 2
    assert len(adapter.to_segment(few, **told, derived=False).analogsignals) == 3
    whole = adapter.to_segment(events(*HH), **told)
    assert {"I_Na", "I_K", "I_L"} < {s.name for s in whole.analogsignals}
    assert "not_derived" not in whole.annotations


def test_parameters_that_are_missing_or_misspelt():
    with pytest.raises(
        errors.ArgumentError, match=r"I_Na of hh_psc_alpha needs the parameters 'g_Na', 'E_Na'.*neurons.get"
    ):
        adapter.to_segment(events(*HH), model="hh_psc_alpha", derived=True)
    with pytest.raises(errors.UnknownNameError, match="'g_na' is not known: did you mean 'g_Na'"):
        wrong = {("g_na" if key == "g_Na" else key): value for key, value in HH_PARAMETERS.items()}
        adapter.to_segment(events(*HH), model="hh_psc_alpha", parameters=wrong)
    with pytest.raises(errors.ArgumentError, match="'C_m' has 2 values for 1 recorded neurons"):
        adapter.to_segment(
            events(*HH), model="hh_psc_alpha", parameters={**HH_PARAMETERS, "C_m": [1.0, 2.0]}
        )
    with pytest.raises(errors.ArgumentError, match="'C_m' has no value for node 3"):
        adapter.to_segment(events(*HH), model="hh_psc_alpha", parameters={**HH_PARAMETERS, "C_m": {4: 1.0}})
    with pytest.raises(errors.ArgumentError, match="write model="):
        adapter.to_segment(events("V_m"), parameters=HH_PARAMETERS)
    # Without parameters the recorded ones are there, and the Segment tells what is not.
    segment = adapter.to_segment(events(*HH), model="hh_psc_alpha")
    assert len(segment.analogsignals) == 6 and len(segment.annotations["not_derived"]) == 3


def test_unknown_models_ask_for_unit_and_sign():
    recorded = events("V_m", "I_kir", "g_kir", "x")
    with pytest.raises(
        errors.ArgumentError,
        match=r"^Model 'hh_mine' is not in the table, .*units=\{'I_kir': 'pA'\} and sign=",
    ):
        adapter.to_segment(recorded, model="hh_mine")
    with pytest.raises(errors.ArgumentError, match="write model='...'"):
        adapter.to_segment(recorded)
    with pytest.raises(errors.ArgumentError, match="did you mean 'ht_neuron'"):
        adapter.to_segment(events("V_m", "I_h"), model="ht_neurn")
    with pytest.raises(errors.ArgumentError, match="Model 'hh_psc_alpha' has no recordable 'I_kir'"):
        adapter.to_segment(recorded, model="hh_psc_alpha")
    with pytest.raises(errors.ArgumentError, match=r"direction of current 'I_kir'.*sign="):
        adapter.to_segment(recorded, model="hh_mine", units={"I_kir": "nA"})
    told = {"units": {"I_kir": "nA", "g_kir": "nS"}, "sign": {"I_kir": "inward"}}
    for model in ("hh_mine", None):
        segment = adapter.to_segment(recorded, model=model, **told)
        found = {
            s.name: (s.annotations["role"], s.annotations.get("positive"), s.units)
            for s in segment.analogsignals
        }
        assert found["I_kir"] == ("current", "inward", pq.nA)
        assert found["g_kir"] == ("conductance", None, pq.nS)
        assert found["V_m"][0] == "voltage"
        assert ncs.Recording.from_segment(segment).names == ["I_kir"]


def test_currents_of_unknown_models_in_mV():
    told = {"units": {"I_x": "mV"}, "sign": {"I_x": "inward"}}
    segment = adapter.to_segment(events("V_m", "I_x"), model="mine", **told)
    rec = ncs.Recording.from_segment(segment)
    assert rec.names == ["I_x"] and rec.currents.units == pq.mV and rec.currents.magnitude.max() < 0


def test_unknown_keys():
    with pytest.raises(
        errors.UnknownNameError, match="Unknown variable in units= 'I_sin_ex': did you mean 'I_syn_ex'"
    ):
        adapter.to_segment(events(*HH), model="hh_psc_alpha", units={"I_sin_ex": "pA"})
    with pytest.raises(errors.ArgumentError, match="'down': write 'inward' or 'outward'"):
        adapter.to_segment(events(*HH), model="hh_psc_alpha", sign={"I_syn_ex": "down"})
    with pytest.raises(
        errors.UnknownNameError, match="Unknown derived current of hh_psc_alpha 'I_na': did you mean 'I_Na'"
    ):
        adapter.to_segment(events(*HH), model="hh_psc_alpha", parameters=HH_PARAMETERS, derived=["I_na"])
    with pytest.raises(errors.ArgumentError, match="for models of the table only"):
        adapter.to_segment(events("V_m"), derived=["I_Na"])
    with pytest.raises(errors.SignalError, match="no 'senders'"):
        adapter.to_segment({"times": np.zeros(3), "V_m": np.zeros(3)})
    with pytest.raises(errors.UnknownNameError, match="parameter of cm_default"):
        adapter.to_segment(events("v_comp0"), model="cm_default", parameters={"compartment": []})


def test_events_that_cannot_be_used():
    with pytest.raises(errors.SignalError, match="no samples: create the multimeter"):
        adapter.to_segment(events("V_m", n=0))
    with pytest.raises(errors.SignalError, match="no variable"):
        adapter.to_segment(events())
    with pytest.raises(errors.SignalError, match=r"'V_m' has shape \(3,\)"):
        adapter.to_segment({**events("V_m"), "V_m": np.zeros(3)})
    with pytest.raises(errors.ArgumentTypeError, match="cannot be read from int"):
        adapter.to_segment(5)
    with pytest.raises(errors.ArgumentError, match="No multimeter was given"):
        adapter.to_segment(())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_without_a_time(bad):
    given = events(*HH)
    given["times"] = np.array([0.1, 0.2, bad, 0.4])
    with pytest.raises(errors.SignalError, match=rf"have a sample at {bad:g} ms \(1 such samples\)"):
        adapter.to_segment(given, model="hh_psc_alpha", parameters=HH_PARAMETERS)


def test_senders_that_were_not_recorded_together():
    unequal = {"senders": np.array([1, 1, 2]), "times": np.array([0.1, 0.2, 0.1]), "V_m": np.zeros(3)}
    with pytest.raises(errors.SignalError, match="Node 1 has 2 samples and node 2 has 1"):
        adapter.to_segment(unequal)
    shifted = {
        "senders": np.array([1, 1, 2, 2]),
        "times": np.array([0.1, 0.2, 0.2, 0.3]),
        "V_m": np.zeros(4),
    }
    with pytest.raises(errors.SignalError, match="Node 2 was sampled at 0.3 ms and node 1 was not"):
        adapter.to_segment(shifted)
    for times in ([0.1, 0.1, 0.2, 0.2], [0.1, 0.2, 0.1, 0.1]):
        twice = {"senders": np.array([1, 1, 2, 2]), "times": np.array(times), "V_m": np.zeros(4)}
        with pytest.raises(errors.SignalError, match="two samples"):
            adapter.to_segment(twice)


def test_stimulus_that_does_not_fit():
    told = {"model": "hh_psc_alpha", "parameters": HH_PARAMETERS}
    for wrong in (5.0, 5.0 * pq.mV):
        with pytest.raises(errors.UnitsError, match="give a Quantity in pA"):
            adapter.to_segment(events(*HH), **told, stimulus=wrong)
    with pytest.raises(errors.SignalError, match="shape"):
        adapter.to_segment(events(*HH), **told, stimulus=np.ones(3) * pq.pA)
    segment = adapter.to_segment(events(*HH), **told, stimulus=0.5 * pq.nA)
    np.testing.assert_allclose(
        next(s for s in segment.analogsignals if s.name == "I_stim").magnitude, 500.0
    )


def test_models_by_node():
    two = {
        "senders": np.array([1, 1, 2, 2]),
        "times": np.array([0.1, 0.2, 0.1, 0.2]),
        "I_syn_in": np.ones(4),
        "V_m": np.zeros(4),
    }
    segment = adapter.to_segment(two, model={1: "iaf_psc_exp", 2: "aeif_psc_exp"})
    flows = [ncs.Recording.from_segment(segment, neuron=n).currents.magnitude[0, 0] for n in (1, 2)]
    assert flows == [-1.0, 1.0]
    with pytest.raises(errors.ArgumentError, match="none for node 2"):
        adapter.to_segment(two, model={1: "iaf_psc_exp"})


def test_without_the_simulator(monkeypatch):
    class NodeCollection:
        pass

    monkeypatch.setitem(sys.modules, "nest", None)
    with pytest.raises(
        errors.MissingDependencyError, match=r"needs the package 'nest'.*neo-currentscape\[nest\]"
    ):
        adapter.to_segment(NodeCollection())
    # Events need no simulator.
    assert adapter.to_segment(events("V_m")).analogsignals


@pytest.mark.nest
def test_devices_that_cannot_be_read(kernel, record):
    neuron = kernel.Create("iaf_psc_exp")
    multimeter = record(neuron, 0.1)
    with pytest.raises(errors.SignalError, match="events of the multimeter hold no samples: create"):
        adapter.to_segment(multimeter)
    with pytest.raises(errors.ArgumentTypeError, match="Node 1 is a iaf_psc_exp"):
        adapter.to_segment(neuron)
    recorder = kernel.Create("spike_recorder")
    with pytest.raises(errors.SignalError, match="no samples"):
        adapter.to_segment(recorder)
    kernel.Connect(neuron, recorder)
    neuron.I_e = 900.0
    kernel.Simulate(50.0)
    with pytest.raises(errors.SignalError, match="no variable, only senders and times"):
        adapter.to_segment(recorder)
    screen = record(neuron, 0.1, ["V_m"], record_to="screen")
    with pytest.raises(errors.ArgumentError, match="records to 'screen'"):
        adapter.to_segment(screen)
