"""What no simulator made is refused in one sentence, which says what was found and what is wanted."""

import sys

import numpy as np
import pytest

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError


@pytest.fixture
def section(mechanisms):
    section = mechanisms.Section(name="soma")
    section.insert("hh")
    return section


@pytest.mark.neuron
@pytest.mark.parametrize("name", ["CellRecorder", "Recorder", "morphology", "to_segment"])
def test_neuron_takes_parts_of_a_cell(section, mechanisms, refuses, name):
    from neo_currentscape.adapters import neuron

    h = mechanisms
    strange = h.Vector(), h.IClamp(section(0.5)), section(0.5)._ref_v, section(0.5).hh, h.SectionList()
    refuses(getattr(neuron, name), more=strange)


@pytest.mark.neuron
def test_neuron_tells_what_was_deleted(mechanisms):
    from neo_currentscape.adapters import neuron

    gone = mechanisms.Section(name="gone")
    place = gone(0.5)
    mechanisms.delete_section(sec=gone)
    for make in (neuron.CellRecorder, neuron.Recorder, neuron.morphology):
        for given, what in ((gone, "section"), (place, "segment"), ([gone], "section")):
            with pytest.raises(ArgumentError, match=f"The {what} that was given was deleted"):
                make(given)


@pytest.mark.neuron
def test_options_of_neurons_recorders(section, refuses):
    from neo_currentscape.adapters import neuron

    for make in (neuron.CellRecorder, neuron.Recorder):
        refuses(lambda one, make=make: make(section, sources=one), "None", "no dict")
        refuses(lambda one, make=make: make(section, unknown=one), "None")
        refuses(lambda one, make=make: make(section, parts=one), "None", "no dict", "bool")
    refuses(lambda one: neuron.CellRecorder(section, every=one), "int")


@pytest.mark.nest
def test_nest_takes_multimeters_and_names(refuses):
    nest = pytest.importorskip("nest")
    from neo_currentscape.adapters import nest as adapter

    nest.ResetKernel()
    meter, neuron = nest.Create("multimeter", {"record_from": ["V_m"]}), nest.Create("hh_psc_alpha")
    nest.Connect(meter, neuron)
    nest.Simulate(2.0)
    strange = neuron, nest, nest.NodeCollection(), nest.GetConnections(meter)
    refuses(adapter.to_segment, more=strange)
    refuses(adapter.snapshot)
    for option, right in (
        ("model", ("None", "str", "no text")),
        ("neurons", ("None",)),
        ("parameters", ("None", "no dict", "dict")),
        ("derived", ("None", "bool", "no list", "no tuple", "no dict")),
        ("units", ("None", "no dict")),
        ("sign", ("None", "no dict")),
        ("past", ("None", "no list", "no tuple", "no dict")),
        ("nestml", ("None",)),
    ):
        refuses(lambda one, option=option: adapter.to_segment(meter, **{option: one}), *right)


@pytest.mark.arbor
def test_arbor_takes_a_simulation_and_its_probes(refuses):
    arbor = pytest.importorskip("arbor")
    from neo_currentscape.adapters import arbor as adapter

    refuses(lambda one: adapter.to_segment(one, {"v": ("membrane_voltage", 0)}))
    tree = arbor.segment_tree()
    tree.append(arbor.mnpos, (0, 0, 0, 5), (10, 0, 0, 5), tag=1)

    class Simulation:
        samples = staticmethod(lambda handle: [])

    refuses(lambda one: adapter.to_segment(Simulation(), one))
    refuses(lambda one: adapter.to_segment(Simulation(), {"v": one}))
    refuses(lambda one: adapter.morphology(one, tree), more=[tree])
    cell = arbor.cable_cell(tree, arbor.decor(), arbor.label_dict(), arbor.cv_policy("(max-extent 5)"))
    refuses(lambda one: adapter.morphology(cell, one))


@pytest.mark.lfpy
@pytest.mark.parametrize(
    "name",
    ["to_segment", "recorders", "cell_segment", "morphology", "parents", "site_names", "Recorder",
     "axial_inflow"],
)  # fmt: skip
def test_lfpy_takes_a_cell(refuses, name):
    pytest.importorskip("LFPy")
    from neo_currentscape.adapters import lfpy

    refuses(getattr(lfpy, name))


def test_netpyne_takes_its_module(refuses):
    pytest.importorskip("netpyne")
    from neo_currentscape.adapters import netpyne

    for name in ("record", "to_segment", "to_block", "read"):
        refuses(getattr(netpyne, name))


def test_pynn_takes_populations(refuses):
    mock = pytest.importorskip("pyNN.mock")
    from neo_currentscape.adapters import pynn

    mock.setup()
    cells = mock.Population(2, mock.IF_cond_exp())
    refuses(pynn.to_segment, more=[mock])
    refuses(pynn.to_block, "Block", more=[mock])
    refuses(pynn.record_currents, more=[mock])
    refuses(lambda one: pynn.annotate(one, cells), "Segment", "Block")
    refuses(pynn.read)


def test_files_are_named_by_text(refuses):
    from neo_currentscape.adapters import icephys, sonata

    refuses(icephys.read)
    refuses(sonata.to_segment, "no dict")
    refuses(lambda one: sonata.to_segment({"v": one}))
    refuses(lambda one: sonata.cell_segment({}, one))


def test_arrays_are_not_written_out_in_rows():
    error = ArgumentTypeError(f"recordings takes numbers, not {np.zeros((3, 40))!r}.")
    assert "\n" not in str(error) and sys.getsizeof(str(error)) < 3000
