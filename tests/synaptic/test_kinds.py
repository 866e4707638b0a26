"""Which currents are excitatory: what is said, reversals, names, directions; and what is asked for."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.synaptic.kinds import by_direction, by_name, by_reversal, known, said


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "excitatory",
            "excitatory|exc|I_syn_ex|i_exc|iExc|AMPA|I_AMPA|soma.AMPA[0].i|NMDA|iNMDA|ProbAMPANMDA.i_AMPA|"
            "glutamate|syn_e|I_syn_E|esyn.excitatory|isyn_exc",
        ),
        (
            "inhibitory",
            "inhibitory|inh|I_syn_in|I_GABA_A|GABAa.i|gabab|glycine|syn_i|isyn_inh|ProbGABAAB.i_GABAA",
        ),
        (
            "synaptic",
            "ExpSyn[0].i|soma(0.5).Exp2Syn[3].i|I_syn|I_syn_1|syn|AlphaSynapse[0].i|receptor_2|I_syn_ex_in",
        ),
        (None, "leak|I_L|I_Na|ina|ik|I_NaP|pas.i|h.i|Ca|adaptation|w|spike|Ih|K_in|e|i|I_in|I_e|I_x"),
    ],
)
def test_names(kind, names):
    assert {name: by_name(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), kind)


def test_reversal_goes_before_the_name_and_what_is_said_before_all():
    names = ["GABA", "syn", "leak"]
    reversals = {"GABA": 0 * pq.mV, "syn": -0.075 * pq.V}
    assert known(names, reversals) == {"GABA": "excitatory", "syn": "inhibitory"}
    assert known(names, reversals, excitatory="s*") == {"syn": "excitatory", "GABA": "excitatory"}
    assert known(names, reversals, "leak", []) == {"leak": "excitatory"}
    assert by_reversal(-39 * pq.mV) == "excitatory" and by_reversal(-41 * pq.mV) == "inhibitory"


def test_brackets_mean_themselves_before_they_mean_a_set():
    names = ["ExpSyn[0].i", "ExpSyn[1].i"]
    assert said(names, "ExpSyn[0].i", "*[1]*") == {names[0]: "excitatory", names[1]: "inhibitory"}
    assert said(names, ["ExpSyn?[01]*"], None) == dict.fromkeys(names, "excitatory")


def test_what_is_said_is_checked():
    names = ["a_syn", "b_syn"]
    with pytest.raises(
        SelectionError, match="excitatory='c.*' matches no current: there are 'a_syn', 'b_syn'"
    ):
        said(names, "c*", None)
    with pytest.raises(ArgumentError, match="'a_syn' is matched by excitatory= and by inhibitory="):
        said(names, "a*", ["*syn"])
    with pytest.raises(ArgumentError, match="names no currents"):
        said(names, [3], None)
    with pytest.raises(SelectionError, match=r"No current is a synapse by its name \(there are 'Na'\)"):
        known(["Na"], {})


def test_direction_tells_where_nearly_all_flows_one_way():
    assert by_direction("s", 0.0, 5.0) == "excitatory" and by_direction("s", 5.0, 0.04) == "inhibitory"
    assert by_direction("s", 0.0, 0.0) is None
    with pytest.raises(SelectionError, match=r"'s' does not tell .* 60% .* excitatory=\['s'\]"):
        by_direction("s", 2.0, 3.0)


def _segment(**columns):
    segment = neo.Segment(name="cells")
    for name, values in columns.items():
        signal = neo.AnalogSignal(np.array(values, float), units="pA", sampling_period=1 * pq.ms, name=name)
        signal.annotate(role="current")
        signal.array_annotate(channel_index=np.arange(signal.shape[1]))
        segment.analogsignals.append(signal)
    return segment


def test_direction_is_that_of_all_neurons_together():
    one_way = _segment(I_syn_1=[[-1, 0], [-2, -5]], I_syn_2=[[1, 0], [0, 3]], leak=[[1, 1], [1, 1]])
    found = ncs.excitation_inhibition(one_way)
    assert found.currents == {"excitatory": ["I_syn_1"], "inhibitory": ["I_syn_2"]}
    assert found.left_out == ["leak"]
    both_ways = _segment(I_syn_1=[[-1, 0], [-2, 5]])
    with pytest.raises(SelectionError, match="'I_syn_1' does not tell"):
        ncs.excitation_inhibition(both_ways)
    found = ncs.excitation_inhibition(both_ways, excitatory="*_1")
    assert found.cells.mean("net").magnitude.tolist() == [-1.5, 2.5]


def test_annotated_reversal_is_read_from_the_signal():
    segment = _segment(syn_a=[[-1], [2]], syn_b=[[3], [-1]])
    segment.analogsignals[0].annotate(reversal=0 * pq.mV)
    segment.analogsignals[1].annotate(reversal=-70 * pq.mV)
    found = ncs.excitation_inhibition(segment)
    assert found.currents == {"excitatory": ["syn_a"], "inhibitory": ["syn_b"]}
