"""Files that tell no currents are refused in one sentence."""

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest
from neo_currentscape.adapters.nest.nestml.find import models_in

pytest.importorskip("pynestml")

EVENTS = {"senders": np.ones(3, int), "times": np.array([0.1, 0.2, 0.3]), "V_m": np.full(3, -65.0)}


def refusal(kind, given, events=EVENTS, **options):
    with pytest.raises(kind) as caught:
        nest.to_segment(events, nestml=given, **options)
    assert isinstance(caught.value, ncs.CurrentscapeError)
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".")
    return text


def test_what_is_no_nestml(texts):
    broken = texts.ADAPTING.replace("update:", "update")
    text = refusal(ValueError, broken)
    assert "line" in text and "not NESTML" in text
    assert refusal(ValueError, "\n").startswith("The text in nestml= ")


def test_there_is_no_such_file(tmp_path):
    assert "no file" in refusal(OSError, tmp_path / "none.nestml")
    assert "is a folder: list the .nestml files" in refusal(OSError, tmp_path)


def test_a_module_is_no_source():
    assert "path of the .nestml file" in refusal(ValueError, "nestmlmodule")


def test_what_is_no_path():
    assert "not int" in refusal(TypeError, 3)
    assert "names no file" in refusal(ValueError, [])


def test_a_model_without_voltage(texts):
    silent = texts.PLAIN.replace("v mV = -70 mV", "phase real = 0").replace(
        "v' = -(v + 70 mV)", "phase' = 1"
    )
    silent = silent.replace("v += 1 mV *", "phase +=")
    assert "no equation of a membrane potential" in refusal(ValueError, silent)


def test_a_model_with_two_membranes(texts):
    two = texts.CHANNELS.replace("V_m", "V_a").replace(
        "n' =", "V_b' = (V_a - V_b) * g_L / C_m\n        n' ="
    )
    two = two.replace("n real = 0.3", "n real = 0.3\n        V_b mV = -65 mV")
    assert "several potentials that currents charge (V_a, V_b)" in refusal(ValueError, two)


def test_several_models_and_nobody_says_which(texts):
    both = texts.ADAPTING + texts.CHANNELS
    assert "model='adapting_neuron'" in refusal(ValueError, both)
    quiet = {"derived": False, "nestml": both}
    for name in (
        "adapting_neuron",
        "adapting_neuron_nestml",
        "adapting_neuron_nestml__with_stdp_synapse_nestml",
    ):
        segment = nest.to_segment(EVENTS, model=name, **quiet)
        assert str(segment.analogsignals[0].annotations["capacitance"]) == "150.0 pF"
    segment = nest.to_segment(EVENTS, model="channels_neuron_nestml", **quiet)
    assert str(segment.analogsignals[0].annotations["capacitance"]) == "100.0 pF"


def test_a_model_that_no_file_tells(texts):
    events = {**EVENTS, "I_other": np.zeros(3)}
    text = refusal(ValueError, texts.ADAPTING, events, model="another_neuron_nestml")
    assert "nestml=" in text and "adapting_neuron" in text


def test_files_and_their_order(tmp_path, texts):
    paths = []
    for name in ("ADAPTING", "CHANNELS"):
        paths.append(tmp_path / f"{name}.nestml")
        paths[-1].write_text(getattr(texts, name))
    segment = nest.to_segment(
        EVENTS, nestml=[str(p) for p in paths], model="channels_neuron", derived=False
    )
    assert str(segment.analogsignals[0].annotations["capacitance"]) == "100.0 pF"


def test_nothing_is_printed(capsys, texts):
    nest.to_segment(EVENTS, nestml=texts.PLAIN.replace("v ", "V_m ").replace("v'", "V_m'"), derived=False)
    assert capsys.readouterr() == ("", "")


def test_numbers_are_in_units_of_nest(texts):
    numbers = {
        "a mV = 0.05 V": 50.0,
        "a 1/ms = 2 s**-1": 0.002,
        "a 1/ms = 2 / 1 s": 0.002,
        "a pA = 1 uS * 2 mV": 2000.0,
        "a nS = 3e-3 uS": 3.0,
        "a real = 3 mV / 1 V": 0.003,
        "a pF = 2 nF": 2000.0,
        "a real = -2**2 + 7 % 4": -1.0,
        "a ms = min(3 ms, 0.001 s)": 1.0,
    }
    for written, value in numbers.items():
        text = texts.PLAIN.replace("tau ms = 8 ms", f"tau ms = 8 ms\n        {written}")
        assert models_in(text)[0].with_defaults({})["a"] == pytest.approx(value), written


def test_what_was_compiled_before_names_no_model(texts, monkeypatch):
    from pynestml.frontend.frontend_configuration import FrontendConfiguration

    monkeypatch.setattr(FrontendConfiguration, "suffix", "_other")
    text = texts.ADAPTING.replace("adapting_neuron", "renamed_neuron")
    assert "there are renamed_neuron, channels_neuron)" in refusal(ValueError, text + texts.CHANNELS)
    assert FrontendConfiguration.suffix == "_other"
