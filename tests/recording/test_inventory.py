"""The inventory: what each signal of a Segment is taken for, and why."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, UnitsError
from neo_currentscape.recording.inventory import inventory, segment_of


def signal(name, units, n=1, arrays=None, **annotations):
    return neo.AnalogSignal(
        np.zeros((3, n)),
        units=units,
        sampling_period=0.1 * pq.ms,
        name=name,
        array_annotations=arrays or {},
        **annotations,
    )


def segment(*signals):
    made = neo.Segment()
    made.analogsignals.extend(signals)
    return made


def by_name(*signals, units=None):
    return {v.name: v for v in inventory(segment(*signals), units)}


def test_units_decide_then_names():
    found = by_name(
        signal("v", "mV"),
        signal("soma(0.5).ina", "mA/cm**2"),
        signal("stim.i", "nA"),
        signal("gsyn_exc", "uS"),
        signal("cai", "mM"),
        signal("Act_m", "dimensionless"),
        signal("I_NaP", "dimensionless"),
    )
    assert {name: v.role for name, v in found.items()} == {
        "v": "voltage",
        "soma(0.5).ina": "current",
        "stim.i": "electrode",
        "gsyn_exc": "conductance",
        "cai": "ion",
        "Act_m": "gate",
        "I_NaP": "other",
    }
    assert found["v"].reason == "its unit is that of a voltage"
    assert "units={'I_NaP': 'pA'}" in found["I_NaP"].reason
    assert found["soma(0.5).ina"].sign_and_reason == ("outward", "assumed, as nothing is annotated")
    assert found["v"].sign_and_reason == (None, "")


def test_annotations_are_believed():
    area = 10 * pq.um**2
    found = by_name(signal("stim.i", "nA", role="current", positive="inward", area=area, site="dend"))[
        "stim.i"
    ]
    assert (found.role, found.positive, found.area, found.site) == ("current", "inward", area, "dend")
    assert found.reason == "its annotation 'role' says so"
    assert found.sign_and_reason == ("inward", "annotated")


def test_a_role_that_is_not_ours_does_not_count():
    assert by_name(signal("v", "mV", role="probe"))["v"].role == "voltage"


def test_sites_come_from_annotations_voltages_and_brackets():
    found = by_name(
        signal("soma.v", "mV"),
        signal("soma.na.ina", "mA/cm**2"),
        signal("esyn.i", "nA"),
        signal("dend[3](0.5).kdr.ik", "mA/cm**2"),
        signal("i_pas", "mA/cm**2", site="axon"),
    )
    assert {name: (v.site, v.short_name) for name, v in found.items()} == {
        "soma.v": ("soma", "v"),
        "soma.na.ina": ("soma", "na.ina"),
        "esyn.i": (None, "esyn.i"),
        "dend[3](0.5).kdr.ik": ("dend[3](0.5)", "kdr.ik"),
        "i_pas": ("axon", "i_pas"),
    }


def test_channels_without_names_are_neurons():
    (found,) = inventory(segment(signal("v", "mV", 3, {"channel_index": [4, 1, 7]})))
    assert found.neurons.tolist() == [4, 1, 7] and found.columns.tolist() == [0, 1, 2]
    (found,) = inventory(segment(signal("v", "mV", 3)))
    assert found.neurons.tolist() == [0, 1, 2]
    (found,) = inventory(segment(signal("v", "mV")))
    assert found.neurons is None


def test_channels_with_names_are_variables():
    found = by_name(signal("i", "nA", 2, {"name": ["ina", "ik"], "channel_index": [5, 5]}))
    assert found["ina"].columns.tolist() == [0] and found["ik"].columns.tolist() == [1]
    assert found["ik"].neurons.tolist() == [5]


def test_numbers_of_named_channels_are_no_neurons():
    # Files number their channels 0, 1, 2 ...; that does not make three neurons of three currents.
    found = by_name(signal("i", "nA", 3, {"name": ["ina", "ik", "il"], "channel_index": [0, 1, 2]}))
    assert [v.neurons for v in found.values()] == [None] * 3


def test_a_name_on_several_channels_is_one_variable_of_several_neurons():
    names = ["ina", "ik", "ina", "ik"]
    found = by_name(signal("i", "nA", 4, {"name": names, "channel_index": [3, 3, 1, 1]}))
    assert found["ina"].columns.tolist() == [0, 2] and found["ina"].neurons.tolist() == [3, 1]


def test_labels_with_dots_name_no_site():
    found = by_name(signal("currents", "nA", 2, {"name": ["soma(0.5).ina", "ik"]}, role="current"))
    assert found["soma(0.5).ina"].site is None
    assert found["soma(0.5).ina"].short_name == "soma(0.5).ina"


def test_order_does_not_depend_on_the_segment():
    signals = [signal(name, "nA") for name in ("ik", "ina", "ih")]
    names = [[v.name for v in inventory(segment(*order))] for order in (signals, signals[::-1])]
    assert names == [["ih", "ik", "ina"]] * 2


def test_unit_overrides_decide_the_role():
    found = by_name(signal("I_NaP", "dimensionless"), units={"I_NaP": "pA"})["I_NaP"]
    assert found.role == "current" and found.units == pq.pA


def test_unit_overrides_may_leave_the_site_out():
    found = by_name(signal("soma.v", "mV"), signal("soma.I", "dimensionless"), units={"I": pq.nA})
    assert found["soma.I"].role == "current"


def test_a_unit_override_may_say_that_the_stored_unit_is_wrong():
    assert by_name(signal("ina", "mV"), units={"ina": "nA"})["ina"].role == "current"


def test_a_unit_override_may_repeat_the_stored_unit():
    assert by_name(signal("ina", "nA"), units={"ina": "nA"})["ina"].units == pq.nA


def test_a_unit_override_that_contradicts_the_scale_is_refused():
    with pytest.raises(UnitsError) as caught:
        by_name(signal("ina", "nA"), units={"ina": "pA"})
    assert str(caught.value) == (
        "units= gives 'ina' the unit pA, but it is stored in nA: leave it out, or rescale the signal first."
    )


def test_a_unit_override_for_no_signal_is_refused():
    with pytest.raises(SelectionError, match="units= names 'I_Na', which is not a signal: there are 'ina'"):
        by_name(signal("ina", "nA"), units={"I_Na": "pA"})


def test_lazy_signals_are_loaded():
    class Proxy:
        def load(self):
            return signal("v", "mV")

    made = segment()
    held = made.analogsignals
    # Neo 0.13 calls its list of them otherwise.
    next(kept for kept in vars(held).values() if isinstance(kept, list)).append(Proxy())
    assert [v.name for v in inventory(made)] == ["v"]


def test_a_block_with_one_segment_will_do():
    made = segment(signal("v", "mV"))
    block = neo.Block(name="b")
    block.segments.append(made)
    assert segment_of(block) is made


def test_a_block_with_several_segments_is_refused():
    block = neo.Block(name="b")
    with pytest.raises(SelectionError, match="Block 'b' holds 0 segments where one is needed"):
        segment_of(block)
    block.segments.extend([neo.Segment(), neo.Segment()])
    with pytest.raises(
        SelectionError, match=r"holds 2 segments .*: pass one of them, e\.g\. block.segments\[0\]"
    ):
        segment_of(block)


def test_other_sources_are_refused():
    with pytest.raises(
        ArgumentTypeError, match=r"A neo\.Segment is needed, not list: pass block\.segments\[0\]"
    ):
        segment_of([])
