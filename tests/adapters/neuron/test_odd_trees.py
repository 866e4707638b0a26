"""Random trees with odd attachments: whatever NEURON builds is found whole, and in balance."""

from __future__ import annotations

import random

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

pytestmark = pytest.mark.neuron


def build(h, seed, n_sections=30, without_length=()):
    """Sections of any nseg, Ra, cm and taper, attached anywhere by either end; synapses also at ends."""
    draw, sections = random.Random(seed), []
    for number in range(n_sections):
        section = h.Section(name=f"s[{number}]")
        section.nseg = 1 if number in without_length else draw.choice([1, 2, 3, 4, 5, 7, 8])
        section.L = 1e-9 if number in without_length else draw.choice([0.5, 5, 20, 80, 200])
        section.diam = draw.uniform(0.3, 6) if number else 20
        section.Ra, section.cm = draw.choice([35.4, 80, 150, 300]), draw.choice([0.5, 1, 2])
        if number:
            place = 0.5 if number in without_length else draw.choice([0, 0, 0.5, 0.5, 1, 1, 0.25, 0.3])
            section.connect(draw.choice(sections[-8:])(place), draw.choice([0, 0, 0, 1]))
        section.insert("pas")
        section.g_pas, section.e_pas = 10 ** draw.uniform(-5, -3), -65
        if number == 0 or draw.random() < 0.5:
            section.insert("hh")
            section.gnabar_hh = 0.12 if number == 0 else draw.uniform(0, 0.12)
        if section.nseg > 2 and draw.random() < 0.4:
            for k, segment in enumerate(section):
                segment.diam *= 1 + 0.3 * np.sin(k)
        sections.append(section)
    kept = []
    for _ in range(20):
        synapse = h.Exp2Syn(draw.choice(sections)(draw.choice([0, 1, 0.5, 0.2, 0.9, 1])))
        synapse.e = draw.choice([0, -80])
        source = h.NetStim()
        source.start, source.number, source.interval = draw.uniform(0, 10), 3, 3
        kept.append((synapse, source, h.NetCon(source, synapse, 0, 0, draw.uniform(0.001, 0.01))))
    clamp, held = h.IClamp(draw.choice(sections)(1)), h.SEClamp(draw.choice(sections)(0.5))
    clamp.delay, clamp.dur, clamp.amp = 3, 8, 0.3
    held.dur1, held.amp1, held.rs = 8, -60, 50
    return sections, [*kept, clamp, held]


def record(h, part, variable):
    recorder = neuron.CellRecorder(part)
    h.CVode().active(variable)
    h.finitialize(-65)
    h.continuerun(15)
    h.CVode().active(False)
    return ncs.CellRecording.from_segment(recorder.to_segment())


@pytest.mark.parametrize("variable", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_compartment_of_a_random_tree_balances(h, seed, variable):
    sections, kept = build(h, seed)
    cell = record(h, sections[seed], variable)
    assert int((~cell.morphology.is_joint).sum()) == sum(section.nseg for section in sections)
    assert cell.balance.worst < 1e-8
    # The membrane currents of the whole cell sum to nothing.
    net = np.abs(cell.membrane().sum(axis=(0, 1))).max()
    assert net < 1e-8 * np.abs(cell.membrane()).max()
    for target in (0, len(cell.sites) // 2, len(cell.sites) - 1):
        found = cell.attribute(target)
        own, axial = cell.membrane()[target], cell.axial()
        edges = [axial[n] for n in np.flatnonzero(cell.morphology.parent == target)] + [-axial[target]]
        outward = np.maximum(own, 0).sum(axis=0) + sum(np.maximum(edge, 0) for edge in edges)
        np.testing.assert_allclose(found.outward.sum(axis=0), outward, rtol=0, atol=1e-10)
    assert kept


@pytest.mark.parametrize("variable", [False, True])
def test_sections_without_length_raise_no_false_alarm(h, variable):
    """NEURON makes them 1e-9 um long; its currents there are little more than rounding."""
    sections, kept = build(h, 7, without_length=(5, 9, 20, 29))
    cell = record(h, sections[0], variable)
    assert int((~cell.morphology.is_joint).sum()) == sum(section.nseg for section in sections)
    assert cell.balance.worst < (1e-3 if variable else 1e-6)
    assert not cell.balance.is_noticed
    wide = np.asarray(cell.morphology.area) > 1e-6
    assert cell.balance.relative[wide].max() < 1e-6
    assert kept
