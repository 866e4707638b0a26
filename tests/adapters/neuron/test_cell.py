"""Whole NEURON cells: every compartment is found, connected as NEURON connects it, and in balance."""

from __future__ import annotations

from unittest.mock import MagicMock

import neo
import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeError,
    CurrentscapeWarning,
)

pytestmark = pytest.mark.neuron

#: name, length, diameter, nseg, channels, (parent, where on it), which end is attached
SECTIONS = (
    ("soma", 20, 20, 1, "hh", None, 0),
    ("trunk", 200, 2, 5, "pas", ("soma", 1), 0),
    ("far", 150, 1, 3, "hh", ("trunk", 1), 0),
    ("other", 100, 0.7, 2, "pas", ("trunk", 1), 0),
    ("middle", 80, 1, 4, "pas", ("trunk", 0.5), 0),
    ("near", 60, 1, 1, "pas", ("soma", 0), 0),
    ("near2", 70, 1, 3, "hh", ("soma", 0), 0),
    ("backwards", 50, 0.7, 3, "pas", ("soma", 0.5), 1),
    ("leaf", 50, 0.7, 2, "pas", ("backwards", 0), 1),
)


@pytest.fixture
def built(h):
    """A cell with branches at 0, in the middle and at 1, attached at either end, and its sections."""
    found = {}
    for name, length, diameter, nseg, channels, parent, end in SECTIONS:
        section = found[name] = h.Section(name=name)
        section.L, section.diam, section.nseg = length, diameter, nseg
        section.insert(channels)
        if parent:
            section.connect(found[parent[0]](parent[1]), end)
    return found


def drive(h, found, at_ends=True):
    """Synapses and a clamp, some of them at the ends of sections, where there is no membrane."""
    places = [found["middle"](0.9), found["other"](1), found["trunk"](1)]
    synapses = [h.ExpSyn(place) for place in (places if at_ends else places[:1])]
    source = h.NetStim()
    source.start, source.number, source.interval = 5, 3, 4
    links = [h.NetCon(source, synapse, 0, 0, 0.01) for synapse in synapses]
    clamp = h.IClamp(found["far"](1 if at_ends else 0.9))
    clamp.delay, clamp.dur, clamp.amp = 2, 10, 0.2
    return [source, clamp, *synapses, *links]


def run(h, recorder):
    h.finitialize(-65)
    h.continuerun(25)
    return ncs.CellRecording.from_segment(recorder.to_segment())


@pytest.mark.parametrize("variable", [False, True])
def test_every_compartment_balances(h, built, variable):
    kept = drive(h, built)
    recorder = neuron.CellRecorder(built["middle"])
    h.CVode().active(variable)
    cell = run(h, recorder)
    assert len(kept) == 8
    n_compartments = sum(section.nseg for section in built.values())
    assert int((~cell.morphology.is_joint).sum()) == n_compartments
    joints = {s for s, joint in zip(cell.sites, cell.morphology.is_joint, strict=True) if joint}
    assert joints == {"soma(0)", "trunk(1)", "other(1)", "far(1)"}
    assert np.ptp(cell.voltage()[0]) > 50
    assert cell.balance.worst < 1e-6
    assert set(cell.names) == {
        "ina_hh", "ik_hh", "il_hh", "i_pas", "ExpSyn", "IClamp", "capacitive",
    }  # fmt: skip
    assert cell.attribute("soma").outward.shape[1] == len(cell)


def test_a_cell_of_a_hoc_template_is_given_as_it_is(h):
    """Its soma is an array, as in most published models, of which HOC wants an index."""
    if not hasattr(h, "NcsTemplate"):
        h(
            "begintemplate NcsTemplate\npublic soma, dend\ncreate soma[1], dend[2]\nproc init() {\n"
            "for i = 0, 1 connect dend[i](0), soma[0](i)\n}\nendtemplate NcsTemplate"
        )
    found = neuron.CellRecorder(h.NcsTemplate()).morphology
    assert [name.partition(".")[2] for name in found.sites if name.endswith("(0.5)")] == [
        "soma[0](0.5)", "dend[0](0.5)", "dend[1](0.5)",
    ]  # fmt: skip


def test_axial_currents_are_those_that_neuron_records(h, built):
    kept = drive(h, built, at_ends=False)
    recorder = neuron.CellRecorder(built["soma"])
    h.finitialize(-65)
    h.continuerun(25)
    segment = recorder.to_segment()
    cell = ncs.CellRecording.from_segment(segment)
    inflow = cell._cable.inflow(cell.axial())
    for signal in segment.analogsignals:
        if signal.name == "i_axial":
            at = cell.sites.index(signal.annotations["site"])
            np.testing.assert_allclose(inflow[at], signal.magnitude[:, 0], atol=1e-9)
    assert kept


def test_resistances_are_what_a_steady_state_needs(h, built):
    """At rest with an injected current, ohm's law holds along the tree: an independent check of ri."""
    for section in built.values():
        for name in ("hh", "pas"):
            if section.has_membrane(name):
                section.uninsert(name)
        section.insert("pas")
        section.g_pas, section.e_pas = 1e-4, -65
    clamp = h.IClamp(built["leaf"](0.75))
    clamp.delay, clamp.dur, clamp.amp = 0, 1e9, 0.05
    recorder = neuron.CellRecorder(built["soma"])
    h.finitialize(-65)
    h.dt = 5
    h.continuerun(2000)
    cell = ncs.CellRecording.from_segment(recorder.to_segment())
    voltage, axial = cell.voltage()[:, -1], cell.axial()[:, -1]
    parent, area = np.asarray(cell.morphology.parent), np.asarray(cell.morphology.area)
    leak = 1e-4 * area * 1e-2 * (voltage + 65)
    injected = np.zeros(len(parent))
    injected[cell.sites.index("leaf(0.75)")] = 0.05
    # What enters a subtree along the cable is all that leaves it through the membrane.
    for node in range(len(parent)):
        if parent[node] < 0:
            continue
        inside = np.zeros(len(parent), dtype=bool)
        for n in cell.morphology.outwards():
            inside[n] = n == node or (parent[n] >= 0 and inside[parent[n]])
        assert axial[node] == pytest.approx((leak - injected)[inside].sum(), rel=1e-6, abs=1e-12)


def test_any_part_of_the_cell_stands_for_all_of_it(h, built):
    every = neuron.morphology(built["soma"])
    for part in (built["leaf"](0.5), list(built.values()), h.SectionList([built["far"]])):
        assert set(neuron.morphology(part).sites) == set(every.sites)
    with pytest.raises(CurrentscapeError, match="holds no section"):
        neuron.morphology(3)
    lone = h.Section(name="lone")
    with pytest.raises(CurrentscapeError, match="2 cells"):
        neuron.morphology([built["soma"], lone])


def test_path_distances_and_areas_are_neurons(h, built):
    shape = neuron.morphology(built["soma"])
    origin = built["soma"](0.5)
    for site, area, distance in zip(shape.sites, shape.area, shape.distance, strict=True):
        name, _, x = site.rpartition("(")
        place = built[name](float(x[:-1]))
        assert distance == pytest.approx(h.distance(origin, place))
        if float(x[:-1]) not in (0, 1):
            assert area == pytest.approx(place.area())
    assert shape.points is None


def test_points_lie_along_the_sections(h, built):
    bent = built["far"]
    for point in ((0, 0, 0, 2), (100, 0, 0, 2), (100, 50, 0, 1)):
        bent.pt3dadd(*point)
    h.define_shape()
    shape = neuron.morphology(built["soma"])
    points = dict(zip(shape.sites, shape.points, strict=True))
    lines = [points[f"far({x:g})"][:, :3] for x in (1 / 6, 0.5, 5 / 6)]
    lengths = [np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in lines]
    np.testing.assert_allclose(lengths, 50, rtol=1e-5)
    assert len(points["trunk(1)"]) == 0
    last = points["far(0.833333)"]
    np.testing.assert_allclose(last[-1] - last[0], [0, 50, 0, -1], atol=1e-4)


def test_current_that_was_not_recorded_is_named(h, built):
    kept = drive(h, built, at_ends=False)
    recorder = neuron.CellRecorder(built["soma"])
    h.finitialize(-65)
    h.continuerun(25)
    segment = recorder.to_segment()
    kept_signals = [s for s in segment.analogsignals if s.annotations["role"] != "electrode"]
    assert len(kept_signals) == len(segment.analogsignals) - 1
    segment = neo.Segment(**segment.annotations)
    segment.analogsignals.extend(kept_signals)
    cell = ncs.CellRecording.from_segment(segment)
    with pytest.warns(CurrentscapeWarning, match=r"at far\(0.833333\) is unexplained.*a current clamp"):
        found = cell.attribute("far(0.833333)")
    at = found.names.index("unexplained")
    during = slice(200, 400)
    np.testing.assert_allclose(found.inward[at][during], 0.2, rtol=1e-9)
    assert kept


def test_sections_that_changed_are_refused(h, built):
    recorder = neuron.CellRecorder(built["soma"])
    h.finitialize(-65)
    h.continuerun(1)
    built["trunk"].Ra = 200
    with pytest.raises(CurrentscapeError, match="changed after the CellRecorder"):
        recorder.to_segment()


def test_morphology_survives_a_file(h, built, tmp_path):
    pytest.importorskip("nixio")
    recorder = neuron.CellRecorder(built["soma"])
    h.finitialize(-65)
    h.continuerun(3)
    segment = recorder.to_segment()
    block = neo.Block()
    block.segments.append(segment)
    with neo.io.NixIO(str(tmp_path / "cell.nix"), mode="ow") as out:
        out.write_block(block)
    with neo.io.NixIO(str(tmp_path / "cell.nix"), mode="ro") as stored:
        again = ncs.CellRecording.from_segment(stored.read_block().segments[0])
    cell = ncs.CellRecording.from_segment(segment)
    assert again.sites == cell.sites
    assert sorted(again.names) == sorted(cell.names)
    np.testing.assert_allclose(again.axial(), cell.axial(), atol=1e-12)


def test_regions_from_section_lists(h, built):
    shape = neuron.morphology(built["soma"])
    lists = {
        "proximal": h.SectionList([built["soma"], built["trunk"], built["near"]]),
        "back": [built["backwards"], built["leaf"]],
        "far": built["far"],
    }
    labelled = shape.with_regions(lists, rest="others")
    found = dict(zip(labelled.sites, labelled.regions, strict=True))
    assert found["trunk(0.1)"] == found["near(0.5)"] == "proximal"
    assert found["leaf(0.25)"] == "back" and found["far(0.5)"] == "far"
    assert found["other(0.25)"] == found["middle(0.125)"] == "others"


class Endless(dict):
    """Makes what it is asked for, as the dictionaries of NetPyNE do."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self.setdefault(name, Endless())


def test_objects_that_make_their_attributes(h):
    """They are looked through, not asked, so that they are left as they were."""
    nothing = Endless()
    with pytest.raises(ArgumentTypeError, match="holds no section"):
        neuron.CellRecorder(nothing)
    assert not nothing
    with pytest.raises(ArgumentTypeError, match="holds no section"):
        neuron.CellRecorder(MagicMock())
    soma = h.Section(name="soma")
    held = Endless(soma=Endless(geom=Endless(L=20.0), hObj=soma))
    assert neuron.CellRecorder(held).morphology.sites == ("soma(0.5)",)
    assert set(held.soma) == {"geom", "hObj"}
    with pytest.raises((ArgumentTypeError, ArgumentError)):
        neuron.Recorder(MagicMock())
