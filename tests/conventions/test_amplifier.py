"""What an amplifier recorded: told by annotations, then by the other signals, then by names."""

import pytest

from neo_currentscape.conventions import amplifier, roles
from neo_currentscape.conventions.errors import ArgumentError


def fact(name, kind, role=None, described=False, **notes):
    own = roles.Reading(role, "its annotation 'role' says so") if role else roles.read_role(name, kind)
    return amplifier.Fact(name, kind, notes, own, role, described)


def read(*facts, clamp=None):
    return [reading.role for reading in amplifier.read_together(facts, clamp)]


@pytest.mark.parametrize(
    "name",
    ["Cmd 0", "Cmd1", "AO #0", "AO0", "DAC 1", "OUT 0", "V command", "Vcmd", "V_cmd", "I_Com", "I cmd (pA)"]
    + ["command", "Command voltage", "Analog Output #1", "Voltage Command", "v_hold", "holding potential"],
)
@pytest.mark.parametrize("kind", ["voltage", "current"])
def test_names_of_commands(name, kind):
    assert read(fact(name, kind), fact("other", "dimensionless")) == ["command", "other"]


@pytest.mark.parametrize("name", ["Vm", "v", "soma.v", "I_Na", "icat", "income", "vm_comp1", "commute"])
def test_names_of_no_command(name):
    assert not amplifier.is_command(name)


@pytest.mark.parametrize(
    "name",
    ["IN 0", "IN #1", "AI #00", "Imemb", "Imemb 2", "Ipatch", "_Ipatch", "I_MTest 1", "Imon-1", "Current 1"]
    + ["ADC 3", "Scaled Out", "Secondary_I", "Channel 2"],
)
def test_an_input_is_nothing_of_the_membrane_unless_the_clamp_is_told(name):
    both = (fact(name, "current"), fact("I_Na", "current"))
    assert read(*both) == ["other", "current"]
    assert read(*both, clamp="current") == ["electrode", "current"]
    assert read(*both, clamp="voltage") == ["membrane", "current"]


@pytest.mark.parametrize(
    "name",
    [
        "ina",
        "ik",
        "ica",
        "il",
        "ih",
        "I_Na",
        "I_K",
        "I_M",
        "I_h",
        "IKdr",
        "ikslow",
        "i_pas",
        "soma.hh.il",
        "Na",
    ]
    + [
        "leak",
        "I_leak",
        "ileak",
        "w",
        "ExpSyn[0].i",
        "I_syn_ex",
        "isyn_exc",
        "iampa",
        "I_NMDA",
        "potassium",
    ]
    + [
        "Na current",
        "excitatory",
        "I_CaP",
        "icaL",
        "I_KCa",
        "ik2",
        "segment000 ik 0",
        "I_HCN1",
        "ica(0.5)",
    ],
)
def test_a_lone_current_named_after_an_ion_a_channel_or_a_synapse_is_a_membrane_current(name):
    assert read(fact("Vm", "voltage"), fact(name, "current")) == ["voltage", "current"]


@pytest.mark.parametrize("name", ["I", "i", "", "I_test", "ad0_12", "sweep", "I_m", "Current", "I_soma"])
def test_a_lone_current_of_another_name_is_left_out(name):
    voltage, current = fact("Vm", "voltage"), fact(name, "current")
    reading = amplifier.read_together([voltage, current])[1]
    assert amplifier.is_unsaid(reading) and "clamp='current' or 'voltage'" in reading.reason
    assert read(voltage, current, clamp="current") == ["voltage", "electrode"]
    assert read(voltage, current, clamp="voltage") == ["voltage", "membrane"]


def test_what_says_that_a_lone_current_is_one_of_the_membranes():
    assert read(fact("I", "current", described=True)) == ["current"]
    assert read(fact("I", "current", role="current")) == ["current"]
    assert read(fact("I", "current density")) == ["current"]
    assert read(fact("I", "current"), fact("J", "current")) == ["current", "current"]


@pytest.mark.parametrize(
    ("kind", "role"), [("voltage", "membrane"), ("current", "electrode")]
)  # fmt: skip
def test_the_unit_of_the_command_tells_the_clamp(kind, role):
    assert read(fact("Cmd 0", kind), fact("I", "current")) == ["command", role]
    assert read(fact("Cmd 0", kind), fact("Im", "current")) == ["command", role]


def test_commands_of_two_kinds_tell_no_clamp():
    found = read(fact("Cmd 0", "voltage"), fact("Cmd 1", "current"), fact("IN 0", "current"))
    assert found == ["command", "command", "other"]


@pytest.mark.parametrize(
    ("kind", "name", "role"),
    [
        ("voltage", "CurrentClampSeries", "voltage"),
        ("voltage", "IZeroClampSeries", "voltage"),
        ("current", "CurrentClampStimulusSeries", "command"),
        ("current", "VoltageClampSeries", "membrane"),
        ("voltage", "VoltageClampStimulusSeries", "command"),
    ],
)
@pytest.mark.parametrize("written", [lambda name: ("pynwb.icephys", name), lambda name: name])
def test_classes_of_nwb_go_before_names(kind, name, role, written):
    assert read(fact("I_Na", kind, nwb_neurodata_type=written(name))) == [role]


def test_the_stimulus_of_nwb_tells_the_clamp_of_the_response_beside_it():
    response = fact("data_00", "current", nwb_neurodata_type=("pynwb.icephys", "PatchClampSeries"))
    volts = fact(
        "stim_00", "voltage", nwb_group="stimulus", nwb_neurodata_type=("pynwb.base", "TimeSeries")
    )
    amperes = fact("stim_00", "current", nwb_group="stimulus")
    beside = fact("I_Na", "current"), fact("I_K", "current")
    assert read(response, volts, *beside)[:2] == ["membrane", "command"]
    assert read(response, amperes, *beside)[:2] == ["electrode", "command"]
    assert read(response, *beside)[0] == "other"


def test_an_annotated_role_goes_before_all():
    told = {"nwb_neurodata_type": ("pynwb.icephys", "VoltageClampSeries")}
    assert read(fact("IN 0", "current", role="current", **told), clamp="current") == ["current"]


def test_simulated_voltage_clamp_keeps_its_electrode_beside_the_currents():
    found = read(
        fact("vcmd", "voltage"), fact("SEClamp.i", "current"), fact("ina", "current"), fact("ik", "current")
    )
    assert found == ["command", "electrode", "current", "current"]


def test_unknown_clamps_are_refused():
    assert amplifier.checked_clamp("voltage") == "voltage" and amplifier.checked_clamp(None) is None
    with pytest.raises(ArgumentError, match="clamp='dynamic' is not known: write 'current' or 'voltage'"):
        amplifier.checked_clamp("dynamic")
