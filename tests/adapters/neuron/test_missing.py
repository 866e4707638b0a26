"""Currents left out of the recording of a real cell: the compartment and what kind it may be are named."""

from __future__ import annotations

import neo
import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import CurrentscapeWarning
from neo_currentscape.recording.morphology import Morphology

pytestmark = pytest.mark.neuron


@pytest.fixture
def tree(h):
    """A spiking soma with two dendrites, one of them forked."""
    found = {}
    for name, length, diameter, nseg, parent in (
        ("soma", 20, 20, 1, None),
        ("left", 200, 2, 5, "soma"),
        ("right", 150, 1.5, 3, "soma"),
        ("twig", 100, 1, 3, "left"),
        ("branch", 80, 1, 2, "left"),
    ):
        section = found[name] = h.Section(name=name)
        section.L, section.diam, section.nseg = length, diameter, nseg
        section.insert("hh")
        if parent:
            section.gnabar_hh, section.gkbar_hh = 0.01, 0.003
            section.connect(found[parent](1))
    return found


def record(h, tree, variable=False, t_stop=25):
    recorder = neuron.CellRecorder(tree["soma"])
    h.CVode().active(variable)
    h.finitialize(-65)
    h.continuerun(t_stop)
    h.CVode().active(False)
    return recorder.to_segment()


def without(segment, *names, site=None):
    """A Segment that lacks the currents whose names begin so."""
    out = neo.Segment(**segment.annotations)
    for kind in ("analogsignals", "irregularlysampledsignals"):
        kept = [
            s
            for s in getattr(segment, kind)
            if not (s.name.startswith(names) and site in (None, s.annotations["site"]))
        ]
        getattr(out, kind).extend(kept)
    assert len(out.data_children) < len(segment.data_children)
    return ncs.CellRecording.from_segment(out)


def verdict(cell):
    with pytest.warns(CurrentscapeWarning) as caught:
        said = cell.balance.verdict
    assert [str(w.message) for w in caught] == [said]
    return said


def connect(h, one, two, megohm=100.0):
    halves = h.NcsGap(one), h.NcsGap(two)
    halves[0]._ref_vother, halves[1]._ref_vother = two._ref_v, one._ref_v
    for half in halves:
        half.r = megohm
    return halves


@pytest.mark.parametrize("variable", [False, True])
def test_gap_junction_within_the_cell_and_its_conductance_are_named(h, tree, inject, variable):
    kept = connect(h, tree["twig"](0.5), tree["right"](0.5), 200), inject(tree["soma"](0.5))
    segment = record(h, tree, variable)
    assert ncs.CellRecording.from_segment(segment).balance.worst < 1e-6
    said = verdict(without(segment, "NcsGap"))
    assert "5 nS times its voltage minus that of" in said and "gap junction between the two" in said
    assert "twig(0.5)" in said and "right(0.5)" in said and "where the same is missing" in said
    half = verdict(without(segment, "NcsGap", site="twig(0.5)"))
    assert "at twig(0.5) is unexplained" in half and "minus that of right(0.5), as that of a gap" in half
    assert kept


@pytest.mark.parametrize("transferred", [False, True])
def test_gap_junction_with_another_cell_is_no_single_conductance(h, tree, inject, transferred):
    other = h.Section(name="other")
    other.L = other.diam = 20
    other.insert("hh")
    clamps = inject(other(0.5), amp=0.4, delay=1, dur=6), inject(tree["soma"](0.5), 0.6, 10, 15)
    if transferred:
        context = h.ParallelContext()
        context.source_var(other(0.5)._ref_v, 1, sec=other)
        half = h.NcsHalfGap(tree["left"](0.5))
        half.r = 50
        context.target_var(half, half._ref_vgap, 1)
        context.setup_transfer()
    else:
        half = connect(h, tree["left"](0.5), other(0.5), 50)
    try:
        segment = record(h, tree)
    finally:
        if transferred:
            context.gid_clear()
    assert ncs.CellRecording.from_segment(segment).balance.worst < 1e-6
    said = verdict(without(segment, "Ncs"))
    assert "at left(0.5) is unexplained" in said and "; 1 of 16 compartments" in said
    assert "as no single conductance is: a gap junction with a cell that was not recorded" in said
    assert clamps and half


def test_electrogenic_pump_is_nearly_constant_and_in_the_membrane(h, tree, inject):
    for section in tree.values():
        section.insert("ncs_pump")
    clamp = inject(tree["soma"](0.5))
    segment = record(h, tree)
    assert ncs.CellRecording.from_segment(segment).balance.worst < 1e-6
    said = verdict(without(segment, "ina_ncs_pump", "ik_ncs_pump"))
    assert "mostly outward" in said
    assert "as that of an electrogenic pump or a steady negative clamp, not a channel" in said
    density = tree["soma"].imax_ncs_pump / 8
    assert f"the same per area ({density:.3g} mA/cm2) in all 14: in the membrane" in said
    assert clamp


def test_pump_of_one_section_is_named_there(h, tree, inject):
    tree["twig"].insert("ncs_pump")
    tree["twig"].imax_ncs_pump = 0.2
    clamp = inject(tree["soma"](0.5))
    said = verdict(without(record(h, tree), "ina_ncs_pump", "ik_ncs_pump"))
    assert "at twig(" in said and "electrogenic pump" in said and "in all 3: in the membrane" in said
    assert clamp


def test_clamp_channel_and_synapse_are_told_apart(h, tree, inject, drive):
    synapses = drive(h.ExpSyn(tree["twig"](0.5)), weight=0.01)
    clamp = inject(tree["left"](0.5))
    segment = record(h, tree)
    assert "constant but for 2 jumps, as that of a current clamp" in verdict(without(segment, "IClamp"))
    synaptic = verdict(without(segment, "ExpSyn"))
    assert "inward at -" in synaptic and "an excitatory synapse" in synaptic
    potassium = verdict(without(segment, "ik_hh", site="soma(0.5)"))
    assert "at soma(0.5) is unexplained" in potassium and "a potassium channel" in potassium
    leak = verdict(without(segment, "il_hh", site="right(0.5)"))
    area = tree["right"](0.5).area()
    assert f"{0.0003 * area * 1e-2 * 1e3:.3g} nS times (v + 54.3 mV), as that of a leak" in leak
    assert synapses and clamp


def test_wrong_axial_resistance_is_told_from_a_gap_junction(h, tree, inject):
    clamp = inject(tree["soma"](0.5))
    segment = record(h, tree)
    shape = Morphology.of(segment)
    at = shape.index("twig(0.5)")
    resistance = shape.resistance.copy()
    resistance[at] *= 3
    wrong = Morphology(shape.sites, shape.parent, resistance, shape.area, shape.distance)
    said = verdict(ncs.CellRecording.from_segment(segment, wrong))
    assert "twig(0.5)" in said and "the axial resistance between the two is not that of the" in said
    assert clamp


def test_blocks_do_not_matter(h, tree, inject, monkeypatch):
    from neo_currentscape.spatial import cell as module

    kept = connect(h, tree["twig"](0.5), tree["right"](0.5), 200), inject(tree["soma"](0.5))
    cell = without(record(h, tree), "NcsGap")
    whole = verdict(cell)
    monkeypatch.setattr(module, "BLOCK_VALUES", 1000)
    again = ncs.CellRecording(cell.traces, cell.morphology)
    assert len(list(again.block_rows())) > 10
    assert verdict(again) == whole
    assert np.isfinite(cell.balance.residual).all() and kept
