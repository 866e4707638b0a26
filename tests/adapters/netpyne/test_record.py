"""`record` and `to_segment`: NetPyNE's names, every current, the balance, NEURON's own membrane current."""

import copy

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import netpyne
from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning, SelectionError

pytestmark = pytest.mark.neuron


def test_sites_and_currents_have_netpynes_names(make, named, missed):
    with make() as sim:
        assert netpyne.record(sim, 1) == [1]
        sim.simulate()
        segment = netpyne.to_segment(sim)
    assert {name for _, name in named(segment)} == {
        "v", "ina_hh", "ik_hh", "il_hh", "AMPA", "GABA", "step->E", "i_cap", "i_axial"
    }  # fmt: skip
    assert {site for site, _ in named(segment)} == {"soma(0.5)"}
    assert named(segment)["soma(0.5)", "step->E"].annotations["role"] == "electrode"
    assert missed(segment, "soma(0.5)") < 1e-11
    notes = segment.annotations
    assert (notes["gid"], notes["population"], notes["cellType"]) == (1, "E", "two")
    recording = ncs.Recording.from_segment(segment)
    assert ncs.balance(recording).unexplained < 1e-9


def test_currents_and_capacitive_current_are_neurons_own_membrane_current(make, named, missed):
    with make() as sim:
        from neuron import h

        assert netpyne.record(sim, ("E", [0, 2]), "all") == [0, 2]
        sim.cfg.use_fast_imem = True
        sim.cvode.use_fast_imem(True)
        places = [x for sec in sim.net.cells[2].secs.values() for x in sec["hObj"]]
        own = {str(x).partition(".")[2]: h.Vector().record(x._ref_i_membrane_) for x in places}
        sim.simulate()
        segment = netpyne.to_segment(sim, 2)
        own = {site: np.array(vector)[1:] for site, vector in own.items()}
    assert set(own) == {"soma(0.5)", "dend(0.166667)", "dend(0.5)", "dend(0.833333)"}
    found = named(segment)
    assert found["soma(0.5)", "v"].max() > 0  # it spikes
    for site, expected in own.items():
        parts = [s for (at, _), s in found.items() if at == site]
        ours = sum(s.magnitude[:, 0] for s in parts if s.annotations["role"] in ("current", "capacitive"))
        assert np.abs(ours - expected).max() < 1e-9 * np.abs(expected).max()
        assert missed(segment, site) < 1e-9
    cell = ncs.CellRecording.from_segment(segment)
    assert cell.morphology.sites[0] == "soma(0.5)"
    assert set(cell.morphology.regions) == {"soma", "dend"}


def test_synapses_are_told_apart_as_asked(make, named):
    found = {}
    for synapses in ("sum", "each", "conn"):
        with make() as sim:
            netpyne.record(sim, 0, ["soma", "dend(0.4)"], synapses=synapses)
            sim.simulate()
            found[synapses] = named(netpyne.to_segment(sim, 0))
    names = {how: {name for _, name in signals} for how, signals in found.items()}
    assert {"GABA", "AMPA[0]", "AMPA[1]", "AMPA[2]"} <= names["each"]
    assert {"GABA ev->E", "AMPA E->E", "AMPA hum"} <= names["conn"]
    each = [s.magnitude for (at, name), s in found["each"].items() if at == "dend(0.5)" and "AMPA" in name]
    assert len(each) == 2 and min(np.abs(one).max() for one in each) > 0.01
    for how, name in (("sum", "AMPA"), ("conn", "AMPA E->E")):
        signal = found[how]["dend(0.5)", name]
        np.testing.assert_allclose(signal.magnitude, each[0] + each[1], rtol=1e-12)
        assert signal.annotations["summed"] == 2


def test_what_netpyne_knows_and_saves_stays_as_it_is(make):
    def state(sim):
        return copy.deepcopy([str(cell.__getstate__()) for cell in sim.net.cells]), str(vars(sim.cfg))

    with make() as sim:
        before = state(sim)
        netpyne.record(sim, "all", "all")
        assert state(sim) == before
        sim.simulate()
        after = state(sim)
        netpyne.to_block(sim)
        assert state(sim) == after


@pytest.mark.parametrize(
    ("cells", "gids"),
    [
        (None, [0, 2]),
        ("all", [0, 1, 2]),
        ("E", [0, 1, 2]),
        (("E", 2), [2]),
        ([0, ("E", [0, 1])], [0, 1]),
        ([np.int64(2), "E"], [0, 1, 2]),
    ],
)
def test_cells_are_named_as_in_netpyne(make, cells, gids):
    with make() as sim:
        assert netpyne.record(sim, cells, "far") == gids
        sim.simulate()
        block = netpyne.to_block(sim)
    assert [segment.annotations["gid"] for segment in block.segments] == gids


def test_with_variable_steps_the_same_holds(make, missed):
    with make(cvode_active=True) as sim:
        netpyne.record(sim, 0)
        sim.simulate()
        segment = netpyne.to_segment(sim)
    assert segment.irregularlysampledsignals
    assert missed(segment, "soma(0.5)") < 1e-9


def test_gap_junctions_are_called_by_their_label(make, specs, named, missed, mechanisms):
    net = specs.NetParams()
    for name, size in (("A", 20.0), ("B", 30.0)):
        soma = {"geom": {"L": size, "diam": size}, "mechs": {"hh": {}}}
        net.cellParams[name] = {"secs": {"soma": soma}}
        net.popParams[name] = {"cellType": name, "numCells": 1}
    net.synMechParams["joint"] = {"mod": "NcsHalfGap", "r": 90.0, "pointerParams": {"target_var": "vgap"}}
    net.connParams["A-B"] = {
        "preConds": {"pop": "A"}, "postConds": {"pop": "B"}, "synMech": "joint", "sec": "soma", "weight": 1
    }  # fmt: skip
    net.stimSourceParams["step"] = {"type": "IClamp", "del": 2.0, "dur": 10.0, "amp": 0.2}
    net.stimTargetParams["step->A"] = {"source": "step", "conds": {"pop": "A"}, "sec": "soma", "loc": 0.5}
    with make(net) as sim:
        netpyne.record(sim, "all")
        sim.simulate()
        found = [netpyne.to_segment(sim, gid) for gid in (0, 1)]
    joint = [named(segment)["soma(0.5)", "joint"].magnitude for segment in found]
    assert np.abs(joint[0]).max() > 0.1
    assert [missed(segment, "soma(0.5)") < 1e-9 for segment in found] == [True, True]


def test_traces_of_netpyne_stand_in_for_a_cell_that_was_not_recorded(make, named):
    with make() as sim:
        netpyne.record(sim, 0)
        sim.simulate()
        exact = netpyne.to_segment(sim, 0)
        with pytest.warns(CurrentscapeWarning, match="'excitation' of cell 2 holds one of 2 synapses"):
            traces = netpyne.to_segment(sim, 2)
        with pytest.raises(SelectionError, match="Nothing was recorded of cell 1 of population 'E': "):
            netpyne.to_segment(sim, 1)
        with pytest.raises(ValueError, match=r"every= is for cells that record"):
            netpyne.to_segment(sim, 2, every=2)
    assert traces.annotations["gid"] == 2
    assert {name for _, name in named(traces)} >= {"v_soma", "leak", "sodium", "inhibition"}
    assert {name for _, name in named(exact)}.isdisjoint({"v_soma", "leak"})


REFUSED = {
    7: "There is no cell 7: the network has cells 0 to 3.",
    3: "Cell 3 of population 'events' is of the model 'NetStim', and has no membrane: record the currents ",
    "events": "Cell 3 of population 'events' is of the model 'NetStim', and has no membrane",
    "F": "Unknown population 'F': known are 'E', 'events'.",
    ("E", 5): "Population 'E' has no cell 5: it has 3, counted from 0.",
    1.5: r"cells= takes gids, names of populations, ('population', [numbers]) and 'all', not 1.5.",
    True: "cells= takes gids, names of populations",
    (): "cells=() names no cell: write cells=[0], a population, or 'all'.",
}


def test_bad_input_is_refused_in_a_sentence(make):
    from netpyne import specs

    with make() as sim:
        for cells, sentence in REFUSED.items():
            with pytest.raises(CurrentscapeError) as caught:
                netpyne.record(sim, cells)
            assert str(caught.value).startswith(sentence)
        for sections, sentence in {
            "axon": "Unknown section of cell 0 'axon': known are 'soma', 'dend', 'far'.",
            "soma(2)": "'soma(2)' is no place: write a number from 0 to 1, as in 'soma(0.5)'.",
            "soma(1)": "compartCell0.soma(1) is the end of a section, which has no membrane",
            (): "sections=() names no section: write sections=['soma', 'dend(0.5)'].",
        }.items():
            with pytest.raises(CurrentscapeError) as caught:
                netpyne.record(sim, 0, sections)
            assert str(caught.value).startswith(sentence)
        with pytest.raises(ValueError, match=r"synapses='all' is not one of 'sum', 'each', 'conn'\."):
            netpyne.record(sim, 0, synapses="all")
        with pytest.raises(SelectionError, match=r"No cell was recorded: call record\(sim, cells\) after "):
            netpyne.to_segment(sim)
        netpyne.record(sim)
        with pytest.raises(SelectionError, match=r"2 cells were recorded \(0, 2\): write to_segment"):
            netpyne.to_segment(sim)
        sim.cfg.recordCells = []
        with pytest.raises(ValueError, match="Neither cells= nor simConfig.recordCells says which cells"):
            netpyne.record(sim)
    for wrong in (specs.Dict(), specs, None):
        with pytest.raises(TypeError, match="NetPyNE's module sim is needed"):
            netpyne.record(wrong, 0)
    with pytest.raises(SelectionError, match="sim holds no network yet: call sim.create"):
        netpyne.to_segment(sim, 0)


def test_a_cell_of_another_rank_is_told_from_one_that_is_not_there(make):
    with make() as sim:
        here = dict(sim.net.gid2lid)
        del sim.net.gid2lid[2]
        with pytest.raises(SelectionError, match="Cell 2 is not on rank 0, which has 4 of 4 cells: "):
            netpyne.record(sim, 2)
        with pytest.raises(SelectionError, match=r"Cell 2 is not on rank 0"):
            netpyne.to_segment(sim, 2)
        assert netpyne.record(sim, "E") == [0, 1]
        sim.net.gid2lid.update(here)


def test_cells_that_netpyne_empties_after_the_run_are_there_still(make, named, missed):
    with make(saveCellSecs=False, saveCellConns=False, compactConnFormat=["preGid", "synMech"]) as sim:
        netpyne.record(sim, 0, synapses="conn")
        sim.simulate()
        segment = netpyne.to_segment(sim)
        assert {"AMPA hum", "GABA ev->E"} <= {name for _, name in named(segment)}
        assert missed(segment, "soma(0.5)") < 1e-9
        with pytest.raises(SelectionError, match="Cell 1 of population 'E' has no sections any more"):
            netpyne.record(sim, 1)
        with pytest.raises(SelectionError, match="Nothing was recorded of cell 1 of population 'E'"):
            netpyne.to_segment(sim, 1)


def test_what_is_added_after_the_call_is_told(make):
    with make() as sim:
        netpyne.record(sim, 0)
        late = {"type": "IClamp", "source": "late", "label": "late", "sec": "soma", "amp": 1}
        sim.net.cells[0].addStim(late)
        sim.simulate()
        with pytest.raises(SelectionError, match=r"'IClamp\[\d+\]' was inserted after the Recorder was"):
            netpyne.to_segment(sim)


def test_a_network_without_neurons_objects_is_told(make):
    with make() as sim:
        sim.cfg.createNEURONObj = False
        with pytest.raises(SelectionError, match="createNEURONObj = True"):
            netpyne.record(sim, 0)
        sim.cfg.createNEURONObj = True
        sim.net.cells[0].secs["soma"].pop("hObj")
        with pytest.raises(SelectionError, match="Cell 0 of population 'E' has no NEURON section 'soma'"):
            netpyne.record(sim, 0)
        assert "hObj" not in sim.net.cells[0].secs["soma"]
