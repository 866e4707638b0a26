"""Files of an amplifier: what is injected or held is no current of a currentscape, and no potential."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.recording.inventory import inventory

STEP = np.r_[np.zeros(40), np.ones(80), np.zeros(80)]


def segment(*signals, **notes):
    made = neo.Segment(**notes)
    for name, unit, values, told in ((*signal, {})[:4] for signal in signals):
        made.analogsignals.append(
            neo.AnalogSignal(
                np.reshape(values, (-1, 1)), units=unit, sampling_period=1 * pq.ms, name=name, **told
            )
        )
    return made


VOLTAGE = ("Vm", "mV", -70 - 8 * STEP)
NWB = {"nwb_neurodata_type": ("pynwb.icephys", "CurrentClampStimulusSeries"), "nwb_group": "stimulus"}


def resistance(made, electrode):
    return float(protocols.passive(made, electrode=electrode, method="simple").r_in)


def roles_in(made):
    return {variable.name: variable.role for variable in inventory(made)}


@pytest.mark.parametrize(
    ("current", "sentence"),
    [
        (("I cmd", "pA", -80 * STEP), "'I cmd' is a command: .* so record those; .*protocols.passive"),
        (("stim7", "pA", -80 * STEP, NWB), "'stim7' is a command"),
        (("Iinj", "pA", -80 * STEP), "'Iinj' is what an electrode injects"),
        (("IN 3", "pA", -80 * STEP), r"Nothing says that 'IN 3' \(pA\) is one of the membrane's"),
        (
            ("wave0", "pA", -80 * STEP),
            "may be what an amplifier injects .* annotate the signal with role=",
        ),
    ],
)
def test_what_is_injected_is_no_currentscape(current, sentence):
    with pytest.raises(SelectionError, match=sentence) as raised:
        ncs.Currentscape.from_segment(segment(VOLTAGE, current))
    assert "currents=" not in str(raised.value)


@pytest.mark.parametrize("name", ["Ipatch", "wave0", "Im"])
def test_the_current_of_a_voltage_clamp_is_the_total(name):
    held = segment(("Vcmd", "mV", -80 + 40 * STEP), (name, "pA", 900 * STEP))
    assert roles_in(held) == {"Vcmd": "command", name: "membrane"}
    with pytest.raises(SelectionError, match=f"'{name}' is the total of the membrane, as measured"):
        ncs.Recording.from_segment(held, voltage=False)


def test_the_clamp_of_a_segment_or_of_its_block_is_believed():
    for clamp, role in (("current", "electrode"), ("voltage", "membrane")):
        assert roles_in(segment(VOLTAGE, ("IN 1", "pA", STEP), clamp=clamp))["IN 1"] == role
        block = neo.Block(clamp=clamp)
        block.segments.append(segment(VOLTAGE, ("IN 1", "pA", STEP)))
        block.segments[0].block = block
        assert roles_in(block)["IN 1"] == role


def test_a_command_is_never_the_membrane_potential():
    made = segment(VOLTAGE, ("AO #1", "mV", -60 + STEP), ("I_Na", "nA", -STEP), ("I_K", "nA", STEP))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recording = ncs.Recording.from_segment(made)
    assert recording.voltage.magnitude[60, 0] == -78
    with pytest.raises(SelectionError, match="No signal has the unit of a voltage"):
        ncs.Recording.from_segment(
            segment(("AO #1", "mV", STEP), ("I_Na", "nA", STEP), ("I_K", "nA", STEP))
        )


def test_a_lone_current_is_drawn_where_something_says_that_it_is_the_membranes():
    for current in (
        ("I_h", "pA", STEP),
        ("wave0", "pA", STEP, {"role": "current"}),
        ("wave0", "pA", STEP, {"positive": "outward"}),
        ("wave0", "mA/cm**2", STEP),
    ):
        assert len(ncs.Recording.from_segment(segment(VOLTAGE, current)).names) == 1
    assert ncs.Recording.from_segment(segment(VOLTAGE, ("wave0", "pA", STEP)), currents="wave0").names


def test_an_input_beside_membrane_currents_is_left_out_with_a_sentence():
    made = segment(VOLTAGE, ("I_Na", "pA", STEP), ("I_K", "pA", STEP), ("IN 2", "pA", STEP))
    with pytest.warns(ncs.CurrentscapeWarning, match="Left out 'IN 2': its name is that of an amplifier's"):
        assert ncs.Recording.from_segment(made).names == ["I_K", "I_Na"]


def test_what_is_injected_alone_is_drawn_with_a_sentence_only():
    made = segment(VOLTAGE, ("Cmd 1", "pA", STEP))
    with pytest.warns(ncs.CurrentscapeWarning, match="'Cmd 1' is drawn as the membrane's only current"):
        ncs.Recording.from_segment(made, currents=["Cmd 1"])


@pytest.mark.parametrize("name", ["Cmd 0", "IN 0", "Iinj", "wave0", "Current 2"])
def test_a_current_that_is_said_to_be_injected_leaves_the_others(name):
    alone = segment(VOLTAGE, (name, "pA", STEP))
    with pytest.raises(SelectionError, match=f"No membrane current is left beside '{name}', which"):
        ncs.Recording.from_segment(alone, electrode=name)
    made = segment(VOLTAGE, ("I_leak", "pA", STEP), (name, "pA", -2 * STEP))
    recording = ncs.Recording.from_segment(made, electrode=[name])
    assert recording.names == ["I_leak"]
    assert recording.electrode.magnitude[60, 0] == -2
    assert recording.electrode.annotations["positive"] == "inward"


def test_one_signal_is_not_injected_and_the_membranes_at_once():
    made = segment(VOLTAGE, ("I_leak", "pA", STEP), ("I_K", "pA", STEP))
    with pytest.raises(SelectionError, match="electrode= names 'I_K', and so does currents=: "):
        ncs.Recording.from_segment(made, currents=["I_leak", "I_K"], electrode="I_K")


def test_a_command_in_amperes_stands_for_what_was_injected():
    made = segment(VOLTAGE, ("I_leak", "pA", STEP), ("Cmd 0", "pA", 5 * STEP))
    assert ncs.Recording.from_segment(made).electrode.magnitude.max() == 5
    both = segment(VOLTAGE, ("I_leak", "pA", STEP), ("Cmd 0", "pA", 5 * STEP), ("Iinj", "pA", 4 * STEP))
    assert ncs.Recording.from_segment(both).electrode.magnitude.max() == 4


@pytest.mark.parametrize("name", ["Cmd 0", "I_Com", "IN 1", "Current 1", "Iinj", "wave0"])
def test_what_is_called_an_electrode_is_inward_positive_whatever_its_name(name):
    falling = segment(VOLTAGE, (name, "pA", -80 * STEP))
    assert resistance(falling, name) == pytest.approx(100, rel=1e-6)


def test_an_annotated_direction_holds_for_an_electrode_too():
    turned = segment(VOLTAGE, ("IN 1", "pA", 80 * STEP, {"positive": "outward"}))
    assert resistance(turned, "IN 1") == pytest.approx(100, rel=1e-6)


@pytest.mark.parametrize("place", [{"site": "soma"}, {}])
def test_currents_of_another_section_are_none_of_the_site(place):
    made = segment(
        ("v", "mV", VOLTAGE[2], {"site": "soma"}),
        ("I_K", "nA", STEP, {"site": "soma"}),
        ("tuft_2.ica", "nA", STEP),
    )
    if place:
        assert ncs.Recording.from_segment(made, **place).names == ["I_K"]
    else:
        with pytest.raises(SelectionError, match="The currents come from 2 sites"):
            ncs.Recording.from_segment(made)


def test_a_protocol_asks_whether_the_only_current_is_injected():
    alone = segment(VOLTAGE, ("IN 5", "pA", -80 * STEP))
    with pytest.raises(
        SelectionError, match=r"nothing says whether 'IN 5' is: if so, write electrode='IN 5'"
    ):
        resistance(alone, None)


def test_a_command_in_volts_is_no_response():
    held = segment(("Vcmd", "mV", -80 + 40 * STEP), ("Ipatch", "pA", 900 * STEP))
    with pytest.raises(SelectionError, match="its voltage was clamped: 'Vcmd' is the command"):
        resistance(held, "Ipatch")


def test_an_offset_that_neo_leaves_out_is_refused():
    voltage = (*VOLTAGE, {"nwb:offset": -0.01})
    made = segment(voltage, ("I_K", "pA", STEP))
    with pytest.raises(
        SignalError, match=r"'Vm' has an offset of -0.01 .*icephys.read\(path\), which does"
    ):
        ncs.Recording.from_segment(made)
    with pytest.raises(SignalError, match="'Vm' has an offset"):
        resistance(segment(voltage, ("Iinj", "pA", -80 * STEP)), "Iinj")
    zero = segment((*VOLTAGE, {"nwb:offset": 0.0}), ("I_K", "pA", STEP))
    assert ncs.Recording.from_segment(zero).names == ["I_K"]
