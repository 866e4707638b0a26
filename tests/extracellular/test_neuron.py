"""The field of a cell of NEURON itself, with LFPykit on the geometry that was recorded with it."""

from __future__ import annotations

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import CurrentscapeError

kit = pytest.importorskip("lfpykit")
h = pytest.importorskip("neuron").h
pytestmark = [pytest.mark.neuron, pytest.mark.lfpy]

PLACES = {"x": np.array([20.0, 30, 0]), "y": np.array([0.0, 0, 40]), "z": np.array([0.0, 150, 300])}


def simulated(at=0.7):
    """A soma and a forked dendrite with hh, and a synapse on a branch; with NEURON's own i_membrane_."""
    h.load_file("stdrun.hoc")
    h.CVode().active(False)
    h.CVode().use_fast_imem(True)
    h.dt = 0.025
    sections = {name: h.Section(name=name) for name in ("soma", "stem", "left", "right")}
    for name, points, nseg, parent in (
        ("soma", ((0, 0, -10, 20), (0, 0, 10, 20)), 1, None),
        ("stem", ((0, 0, 10, 3), (0, 5, 200, 2)), 5, "soma"),
        ("left", ((0, 5, 200, 1.5), (80, 5, 300, 1)), 3, "stem"),
        ("right", ((0, 5, 200, 1.5), (-80, 5, 320, 1)), 3, "stem"),
    ):
        section = sections[name]
        for point in points:
            section.pt3dadd(*point)
        section.nseg = nseg
        section.insert("hh")
        if parent:
            section.connect(sections[parent](1))
            section.gnabar_hh, section.gkbar_hh = 0.02, 0.006
    synapse = h.ExpSyn(sections["left"](at))
    source = h.NetStim()
    source.start, source.number = 2, 1
    link = h.NetCon(source, synapse, 0, 0, 0.02)
    recorder = neuron.CellRecorder(sections["soma"])
    own = {}
    for section in sections.values():
        for place in section:
            own[str(place)] = h.Vector().record(place._ref_i_membrane_)
    h.finitialize(-65)
    h.continuerun(12)
    h.CVode().use_fast_imem(False)
    cell = ncs.CellRecording.from_segment(recorder.to_segment())
    del link
    return cell, {site: vector.as_numpy().copy() for site, vector in own.items()}


def test_parts_sum_to_the_field_of_neurons_own_membrane_current():
    cell, own = simulated()
    geometry = extracellular.geometry(cell.morphology)
    model = kit.LineSourcePotential(geometry, **PLACES)
    field = extracellular.split_field(cell, model)
    joint = cell.morphology.is_joint
    order = [site for site, is_joint in zip(cell.sites, joint, strict=True) if not is_joint]
    wanted = model.get_transformation_matrix() @ np.array([own[site][1:] for site in order])
    assert np.abs(field.total - wanted).max() <= 1e-9 * np.abs(wanted).max()
    assert field.net < 1e-9


def test_a_synapse_on_a_joint_counts_beside_it():
    cell, _ = simulated(at=1)
    assert cell.morphology.is_joint[cell.sites.index("left(1)")]
    model = kit.PointSourcePotential(extracellular.geometry(cell.morphology), **PLACES)
    field = extracellular.split_field(cell, model)
    at = [s for s in cell.sites if not cell.morphology.is_joint[cell.sites.index(s)]].index(
        "left(0.833333)"
    )
    current = cell.membrane()[cell.sites.index("left(1)"), cell.names.index("ExpSyn")]
    wanted = np.outer(model.get_transformation_matrix()[:, at], current)
    np.testing.assert_allclose(field.parts[:, field.names.index("ExpSyn")], wanted, atol=1e-15)
    assert np.abs(current).max() > 0.01 and field.net < 1e-9


def test_units_can_be_changed():
    cell, _ = simulated()
    model = kit.PointSourcePotential(extracellular.geometry(cell.morphology), **PLACES)
    field = extracellular.split_field(cell, model)
    np.testing.assert_allclose(field.rescale("uV").total, 1e3 * field.total)
    with pytest.raises(CurrentscapeError, match="no nA"):
        field.rescale("nA")
    signals = field.to_signals()
    assert [s.name for s in signals] == field.names
    np.testing.assert_allclose(signals[0].magnitude.T, field.parts[:, 0])
