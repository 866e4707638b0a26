"""Choosing from a Segment, and every refusal to choose."""

import pathlib

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import Recording
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    CurrentscapeWarning,
    FileError,
    SelectionError,
)
from neo_currentscape.recording import select


def signal(name, units, values=0.0, arrays=None, period=0.1, n=3, **annotations):
    values = np.atleast_1d(values).astype(float)
    return neo.AnalogSignal(
        np.tile(values, (n, 1)),
        units=units,
        sampling_period=period * pq.ms,
        name=name,
        array_annotations=arrays or {},
        **annotations,
    )


def segment(*signals):
    made = neo.Segment()
    made.analogsignals.extend(signals)
    return made


def neurons(*indices):
    return {"channel_index": list(indices)}


def row(signal):
    return signal.magnitude[0].tolist()


HH = segment(
    signal("soma(0.5).v", "mV", -65),
    signal("soma(0.5).ina", "mA/cm**2", -2),
    signal("soma(0.5).ik", "mA/cm**2", 1),
    signal("soma(0.5).il_hh", "mA/cm**2", 3),
    signal("soma(0.5).i_cap", "mA/cm**2", 7),
    signal("soma(0.5).cai", "mM", 5e-5),
    signal("stim.i", "nA", 0.5),
    signal("soma(0.5).m", "dimensionless", 0.1),
)


def test_everything_is_found_without_a_word():
    rec = Recording.from_segment(HH)
    assert rec.names == ["ik", "il_hh", "ina"]
    assert row(rec.currents) == [1, 3, -2]
    assert row(rec.voltage) == [-65] and row(rec.ions) == [5e-5]
    assert row(rec.electrode) == [0.5] and row(rec.capacitive) == [7]
    assert rec.axial is None and rec.neuron is None and rec.site == "soma(0.5)"


def test_a_block_with_one_segment_will_do():
    block = neo.Block()
    block.segments.append(HH)
    assert Recording.from_segment(block).names == ["ik", "il_hh", "ina"]


@pytest.mark.parametrize(
    ("currents", "names"),
    [
        ("ina", ["ina"]),
        (["ina", "ik"], ["ina", "ik"]),
        (["soma(0.5).ina"], ["ina"]),
        (["i*"], ["ik", "il_hh", "ina"]),
        (["i?", "*l_hh", "ik"], ["ik", "il_hh"]),
        ({"Na": "ina", "leak": "soma(0.5).il_hh"}, ["Na", "leak"]),
        ({"Na": "*na"}, ["Na"]),
    ],
)
def test_currents_by_name(currents, names):
    found = Recording.from_segment(HH, currents=currents).names
    assert sorted(found) == sorted(names)
    if "i*" not in currents:
        assert found == names


def test_other_parts_by_name_or_not_at_all():
    rec = Recording.from_segment(HH, voltage=False, ions=False, electrode=False)
    assert rec.voltage is None and rec.ions is None and rec.electrode is None
    rec = Recording.from_segment(HH, voltage="v", ions={"Ca": "cai"}, electrode="stim.*")
    assert rec.voltage.array_annotations["name"].tolist() == ["v"]
    assert rec.ions.array_annotations["name"].tolist() == ["Ca"]
    assert rec.electrode.array_annotations["name"].tolist() == ["stim.i"]


def test_an_electrode_can_be_told_to_be_a_current():
    rec = Recording.from_segment(segment(signal("v", "mV"), signal("stim.i", "nA", 2)), currents="stim.i")
    assert rec.names == ["stim.i"] and rec.electrode is None


# several neurons


def pynn_like():
    """channel_index unsorted, and different for each signal; what value i of neuron k is: 10 i + k."""
    return segment(
        signal("soma.v", "mV", [-61, -63, -60], neurons(1, 3, 0)),
        signal("soma(0.5).ina", "nA", [13, 11], neurons(3, 1)),
        signal("w", "nA", [21, 20, 23], neurons(1, 0, 3)),
        signal("gsyn_exc", "uS", [1, 2, 3, 4], neurons(0, 1, 2, 3)),
    )


@pytest.mark.parametrize("neuron", [1, 3])
def test_each_neuron_gets_its_own_channels(neuron):
    rec = Recording.from_segment(pynn_like(), neuron=neuron, site="soma", currents=["w", "ina"])
    assert row(rec.currents) == [20 + neuron, 10 + neuron]
    assert row(rec.voltage) == [-60 - neuron]
    assert rec.neuron == neuron


def test_numpy_integers_number_neurons_too():
    assert Recording.from_segment(pynn_like(), neuron=np.int64(3)).neuron == 3


def test_several_neurons_are_listed():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(pynn_like())
    assert str(caught.value) == (
        "The chosen signals hold 3 neurons (0, 1, 3) and a currentscape is of one: write neuron=0."
    )


def test_many_neurons_are_listed_up_to_a_point():
    many = segment(signal("v", "mV", np.zeros(50)), signal("w", "nA", np.zeros(50)))
    with pytest.raises(SelectionError, match=r"hold 50 neurons \(0, 1, .*, 19, \.\.\.\)"):
        Recording.from_segment(many)


def test_the_only_neuron_with_currents_needs_no_number():
    one = segment(signal("v", "mV", [-60, -61, -62], neurons(0, 1, 2)), signal("w", "nA", 5, neurons(2)))
    rec = Recording.from_segment(one)
    assert rec.neuron == 2 and row(rec.voltage) == [-62]


def test_a_neuron_that_lacks_a_current_is_refused():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(pynn_like(), neuron=0)
    assert str(caught.value) == (
        "Signal 'soma(0.5).ina' holds neurons 3, 1, not neuron 0: choose one of those with neuron=..., or "
        "leave this signal out by naming the others."
    )


@pytest.mark.parametrize("key", ["source_population", "model"])
def test_currents_of_another_population_are_none_of_this_neuron(key):
    both = segment(
        *(
            signal("v", "mV", [1, 2], neurons(*of), **{key: name})
            for name, of in (("A", (0, 1)), ("B", (2, 3)))
        ),
        signal("leak", "nA", [3, 4], neurons(0, 1), **{key: "A"}),
        signal("leak", "nA", [5, 6], neurons(2, 3), **{key: "B"}),
        signal("Na", "nA", [7, 8], neurons(2, 3), **{key: "B"}),
    )
    rec = Recording.from_segment(both, neuron=1)
    assert rec.names == ["leak"] and row(rec.currents) == [4] and row(rec.voltage) == [2]
    assert row(Recording.from_segment(both, neuron=3).currents) == [8, 6]
    for refused in ({"neuron": 1, "currents": ["leak", "Na"]}, {"neuron": 4}):
        with pytest.raises(SelectionError, match=f"holds neurons .*, not neuron {refused['neuron']}"):
            Recording.from_segment(both, **refused)


def test_a_neuron_that_nothing_holds_is_refused():
    with pytest.raises(SelectionError, match=r"holds neurons .*, not neuron 7"):
        Recording.from_segment(pynn_like(), neuron=7)


def test_a_number_without_numbered_neurons_is_refused():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(HH, neuron=3)
    assert str(caught.value) == (
        "neuron=3 was asked for, but the signals hold one neuron and do not number it: leave neuron= out."
    )
    assert Recording.from_segment(HH, neuron=0).names == ["ik", "il_hh", "ina"]


@pytest.mark.parametrize("neuron", [True, 1.0, "1", [1]])
def test_neuron_takes_an_index(neuron):
    with pytest.raises(ArgumentTypeError, match="neuron= takes the index of one neuron, not"):
        Recording.from_segment(pynn_like(), neuron=neuron)


def test_positions_number_channels_without_an_index():
    rec = Recording.from_segment(segment(signal("v", "mV", [1, 2]), signal("w", "nA", [3, 4])), neuron=1)
    assert row(rec.voltage) == [2] and row(rec.currents) == [4]


def test_a_signal_for_each_neuron():
    apart = segment(*(signal(n, u, k, neurons(k)) for k in (0, 1) for n, u in (("v", "mV"), ("w", "nA"))))
    for options in ({}, {"voltage": "v", "currents": {"adaptation": "w"}}):
        rec = Recording.from_segment(apart, neuron=1, **options)
        assert row(rec.voltage) == [1] and row(rec.currents) == [1]


def test_what_nobody_asked_for_may_be_missing():
    stimulated = segment(
        signal("v", "mV", [1, 2]),
        signal("w", "nA", [3, 4]),
        signal("stim.i", "nA", 1, neurons(1)),
        signal("cai", "mM", 1, neurons(1)),
    )
    rec = Recording.from_segment(stimulated, neuron=0)
    assert rec.electrode is None and rec.ions is None
    rec = Recording.from_segment(stimulated, neuron=1)
    assert rec.electrode is not None and rec.ions is not None
    with pytest.raises(SelectionError, match="Signal 'cai' holds neurons 1, not neuron 0"):
        Recording.from_segment(stimulated, neuron=0, ions="cai")


def test_a_neuron_that_is_held_twice_is_refused():
    with pytest.raises(SelectionError, match="Signal 'w' holds neuron 1 2 times: keep one channel of it"):
        Recording.from_segment(
            segment(signal("v", "mV"), signal("w", "nA", [1, 2], neurons(1, 1))), neuron=1
        )


def test_channels_that_nothing_tells_apart_are_refused():
    twins = segment(signal("v", "mV"), signal("i", "nA", [1, 2], {"name": ["w", "w"]}))
    with pytest.raises(
        SelectionError, match=r"Signal 'w' has 2 channels that nothing tells apart: write array"
    ):
        Recording.from_segment(twins)


# sites


def two_sites():
    return segment(
        signal("soma.v", "mV", -65),
        signal("dend.v", "mV", -60),
        signal("soma.na.ina", "mA/cm**2", 1),
        signal("dend.na.ina", "mA/cm**2", 2),
        signal("stim.i", "nA", 3),
    )


def test_a_site_is_chosen():
    rec = Recording.from_segment(two_sites(), site="dend")
    assert rec.site == "dend" and rec.names == ["na.ina"]
    assert row(rec.currents) == [2] and row(rec.voltage) == [-60] and row(rec.electrode) == [3]


def test_a_full_name_chooses_its_site():
    rec = Recording.from_segment(two_sites(), currents={"Na": "dend.na.ina"})
    assert rec.site == "dend" and row(rec.voltage) == [-60]


def test_several_sites_are_listed():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(two_sites())
    assert str(caught.value) == (
        "The currents come from 2 sites ('dend', 'soma') and a currentscape is of one: write site='dend'."
    )


def test_a_site_that_was_not_recorded_is_refused():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(two_sites(), site="axon")
    assert str(caught.value) == "Site 'axon' was not recorded: the sites are 'dend', 'soma'."
    with pytest.raises(SelectionError, match="Site 'axon' was not recorded: no signal names a site"):
        Recording.from_segment(segment(signal("v", "mV"), signal("ina", "nA")), site="axon")


@pytest.mark.parametrize("site", [None, "soma", "soma(0.5)"])
def test_the_only_place_of_a_section_is_the_section(site):
    made = segment(
        signal("soma.v", "mV", -65), signal("soma(0.5).ina", "nA", 1), signal("dend.v", "mV", -60)
    )
    rec = Recording.from_segment(made, site=site)
    assert rec.site == "soma" and rec.names == ["ina"] and row(rec.voltage) == [-65]


def test_a_section_stands_for_its_only_place():
    rec = Recording.from_segment(HH, site="soma")
    assert rec.site == "soma(0.5)" and rec.names == ["ik", "il_hh", "ina"]


def test_a_section_does_not_stand_for_one_of_several_places():
    made = segment(
        *(signal(f"soma({x}).{n}", u) for x in (0.25, 0.75) for n, u in (("v", "mV"), ("i", "nA")))
    )
    with pytest.raises(
        SelectionError, match=r"Site 'soma' was not recorded: the sites are 'soma\(0.25\)', 'soma"
    ):
        Recording.from_segment(made, site="soma")
    with pytest.raises(SelectionError, match="The currents come from 2 sites"):
        Recording.from_segment(made)


def test_annotated_sites():
    made = segment(
        *(
            signal(name, unit, value, site=site, role=role)
            for site, value in (("soma", 1), ("dend", 2))
            for name, unit, role in (("v", "mV", "voltage"), ("ina", "nA", "current"))
        )
    )
    rec = Recording.from_segment(made, site="dend")
    assert row(rec.currents) == [2] and row(rec.voltage) == [2]
    assert rec.currents.annotations["site"] == "dend"


# nothing found, or too much


def test_an_empty_segment_is_refused():
    with pytest.raises(
        SelectionError, match="The segment holds no signal: record the voltage and the curr"
    ):
        Recording.from_segment(neo.Segment())


def test_no_current_lists_what_there_is():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(segment(signal("v", "mV"), signal("cai", "mM")))
    assert str(caught.value) == (
        "No signal has the unit and name of a membrane current (there are 'cai' (mM), 'v' (mV)): name the "
        "currents with currents=[...], or record them."
    )


def test_no_current_but_signals_without_a_unit():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(segment(signal("V_m", "mV"), signal("I_NaP", "dimensionless")))
    assert str(caught.value) == (
        "No signal has the unit of a membrane current (there are 'I_NaP' (no unit), 'V_m' (mV)): for "
        "signals stored without a unit write units={'I_NaP': 'pA'}."
    )


@pytest.mark.parametrize("currents", [False, [], {}])
def test_no_current_asked_for(currents):
    with pytest.raises(
        SelectionError, match="currents= names no current, and a Recording needs one or more"
    ):
        Recording.from_segment(HH, currents=currents)


def test_no_voltage_lists_what_there_is():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(segment(signal("ina", "nA"), signal("cai", "mM")))
    assert str(caught.value) == (
        "No signal has the unit of a voltage (there are 'cai' (mM), 'ina' (nA)): name it with "
        "voltage=..., or write voltage=False to do without."
    )


def test_a_membrane_potential_is_known_by_its_name():
    rec = Recording.from_segment(
        segment(
            signal("v", "mV", 1), signal("e_na", "mV", 2), signal("theta", "mV", 3), signal("ina", "nA")
        )
    )
    assert row(rec.voltage) == [1]


def test_several_voltages_are_listed():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(segment(signal("a", "mV"), signal("b", "V"), signal("ina", "nA")))
    assert str(caught.value) == (
        "Several signals could be the membrane potential (there are 'a' (mV), 'b' (V)): name it with "
        "voltage=...."
    )


def test_voltages_of_several_sites():
    with pytest.raises(SelectionError, match=r"name it with voltage=..., or the place with site=\.\.\."):
        Recording.from_segment(
            segment(signal("soma.v", "mV"), signal("dend.v", "mV"), signal("ampa.i", "nA"))
        )


def test_units_go_before_names_for_ions():
    rec = Recording.from_segment(
        segment(signal("v", "mV"), signal("ina", "nA"), signal("cai", "uM"), signal("nai", "dimensionless"))
    )
    assert rec.ions.array_annotations["name"].tolist() == ["cai"]
    rec = Recording.from_segment(
        segment(signal("v", "mV"), signal("ina", "nA"), signal("cai", "dimensionless"))
    )
    assert rec.ions.array_annotations["name"].tolist() == ["cai"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"currents": ["inaa"]}, "currents= 'inaa'"),
        ({"currents": {"Na": "inaa"}}, r"currents=\{'Na': \.\.\.\} 'inaa'"),
        ({"voltage": "vv"}, "voltage= 'vv'"),
        ({"ions": "cao"}, "ions= 'cao'"),
        ({"electrode": ["stim.ii"]}, "electrode= 'stim.ii'"),
    ],
)
def test_a_name_that_means_nothing_is_refused(options, what):
    with pytest.raises(SelectionError, match=rf"{what} matches no signal: did you mean '.*'\? there are '"):
        Recording.from_segment(HH, **options)


def test_a_label_for_several_signals_is_refused():
    with pytest.raises(
        SelectionError, match=r"currents=\{'Na': \.\.\.\} 'i\*' matches several signals .*: name one"
    ):
        Recording.from_segment(HH, currents={"Na": "i*"})


def test_two_labels_for_one_signal_are_refused():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(HH, currents={"Na": "ina", "K": "soma(0.5).ina"})
    assert str(caught.value) == (
        "currents= counts signal 'soma(0.5).ina' twice, as 'Na' and as 'K': give it one label."
    )


@pytest.mark.parametrize("currents", [3, [1, 2], {"Na": 3}, {"Na": ["ina", 3]}, b"ina"])
def test_currents_of_another_type_are_refused(currents):
    with pytest.raises(ArgumentTypeError, match="currents=.* takes "):
        Recording.from_segment(HH, currents=currents)


@pytest.mark.parametrize("voltage", [3, ["v"]])
def test_voltage_of_another_type_is_refused(voltage):
    with pytest.raises(
        ArgumentTypeError, match="voltage= takes the name of a signal, or False for none, not"
    ):
        Recording.from_segment(HH, voltage=voltage)


def test_duplicate_names_are_refused():
    with pytest.raises(SelectionError) as caught:
        Recording.from_segment(segment(signal("v", "mV"), signal("i", "nA"), signal("i", "nA")))
    assert str(caught.value) == (
        "Two signals of role current are called 'i' ('i'): rename one, name those that you want, or give "
        "labels with {label: name}."
    )


def test_signals_without_names_are_refused():
    with pytest.raises(SelectionError, match="Two signals of role current have no name: give each a name"):
        Recording.from_segment(segment(signal("v", "mV"), signal(None, "nA"), signal(None, "nA")))


def test_a_pattern_takes_the_signals_of_the_role_only():
    segment = neo.Segment()
    for name, unit in (("v", "mV"), ("na.i", "nA"), ("k.i", "nA"), ("stim.i", "nA")):
        segment.analogsignals.append(
            neo.AnalogSignal(np.ones((3, 1)), units=unit, sampling_period=1 * pq.ms, name=name)
        )
    assert Recording.from_segment(segment, currents="*").names == ["k.i", "na.i"]
    assert Recording.from_segment(segment, currents=["*.i"]).names == ["k.i", "na.i"]
    # A signal that is named is taken at its word.
    assert Recording.from_segment(segment, currents=["na.i", "stim.i"]).names == ["na.i", "stim.i"]


def placed(*names):
    segment = neo.Segment()
    for name in names:
        unit = "mV" if name.rpartition(".")[2].startswith("v") else "nA"
        segment.analogsignals.append(
            neo.AnalogSignal(np.ones((20, 1)), units=unit, sampling_period=0.1 * pq.ms, name=name)
        )
    return segment


ELSEWHERE = ("dend.iampa", "apical_trunk.ica", "basal_2.inmda", "apic[7].ih", "Axon.ina", "dend_3(0.2).ik")


@pytest.mark.parametrize("site", ["soma", "soma(0.5)"])
def test_a_site_takes_no_current_of_another(site):
    """Also where the voltage of the other was not recorded."""
    segment = placed(f"{site}.v", f"{site}.ina", f"{site}.il", *ELSEWHERE, "ikbulk", "stim.i")
    rec = Recording.from_segment(segment, site="soma")
    assert sorted(rec.names) == ["ikbulk", "il", "ina"]
    assert rec.electrode is not None
    with pytest.raises(SelectionError, match="currents come from 7 sites"):
        Recording.from_segment(segment)


def test_names_that_say_another_place_or_a_mechanism_are_left_out_and_said():
    segment = placed("soma.v", "soma.ina", "esyn.i", "tree.ica")
    with pytest.warns(CurrentscapeWarning, match="Left out 'esyn.i', 'tree.ica', .* site 'soma'"):
        assert Recording.from_segment(segment, site="soma").names == ["ina"]
    named = Recording.from_segment(segment, site="soma", currents=["soma.ina", "esyn.i"])
    assert named.names == ["ina", "esyn.i"]


def test_names_of_sections_are_places_only_beside_another():
    rec = Recording.from_segment(placed("v", "dend.ina", "axon.ik"))
    assert sorted(rec.names) == ["axon.ik", "dend.ina"]


def write_nix(path, block):
    writer = neo.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()


@pytest.mark.parametrize("as_path", [str, pathlib.Path])
def test_the_path_of_a_file_is_a_segment(tmp_path, as_path):
    made = segment(signal("v", "mV"), signal("ik", "nA"), signal("ina", "nA"))
    block = neo.Block()
    block.segments.append(made)
    path = tmp_path / "one.nix"
    write_nix(path, block)
    found = Recording.from_segment(as_path(path), currents=["ina", "ik"])
    assert found.names == ["ina", "ik"]
    whole = Recording.from_segment(made).currents.magnitude
    np.testing.assert_array_equal(found.currents.magnitude, whole[:, ::-1])
    block.segments.append(segment(signal("v", "mV"), signal("ik", "nA")))
    path = tmp_path / "two.nix"
    write_nix(path, block)
    with pytest.raises(SelectionError, match="holds 2 segments where one is needed"):
        Recording.from_segment(as_path(path))
    with pytest.raises(FileError, match="There is no file"):
        Recording.from_segment(as_path(tmp_path / "none.nix"))


def test_what_lies_outside_membranes_is_looked_up_once_a_signal(monkeypatch):
    looked = []
    real = select.membranes_of
    monkeypatch.setattr(select, "membranes_of", lambda signal: looked.append(signal.name) or real(signal))
    many = segment(
        *(signal(name, "nA", [1.0] * 300, neurons(*range(300)), role="current") for name in "ab")
    )
    assert row(Recording.from_segment(many, neuron=299, voltage=False).currents) == [1, 1]
    assert sorted(looked) == ["a", "b"]
