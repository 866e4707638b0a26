"""Signals of real forward models, split by current: the parts sum to what the model itself gives."""

from __future__ import annotations

import contextlib
import warnings

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError, CurrentscapeWarning

LFPy = pytest.importorskip("LFPy")
kit = pytest.importorskip("lfpykit")
eeg = pytest.importorskip("lfpykit.eegmegcalc")
h = pytest.importorskip("neuron").h

pytestmark = pytest.mark.lfpy


@contextlib.contextmanager
def simulated(electrode=False):
    """A soma with hh, a trunk and two branches with hh or pas, and two synapses; as LFPy has them."""
    sections = []
    for name, length, diameter, nseg, parent in (
        ("soma", 20, 20, 1, None),
        ("trunk", 300, 2, 5, 0),
        ("left", 200, 1.5, 4, 1),
        ("right", 150, 1, 3, 1),
    ):
        section = h.Section(name=name)
        section.L, section.diam, section.nseg = length, diameter, nseg
        section.insert("pas")
        section.insert("hh")
        if parent is not None:
            section.connect(sections[parent](1))
            section.gnabar_hh *= 0.2
        sections.append(section)
    h.define_shape()
    cell = LFPy.Cell(
        morphology=h.SectionList(sections), delete_sections=False, nsegs_method=None, dt=0.025, tstop=15,
        v_init=-65,
    )  # fmt: skip
    cell.set_rotation(x=0.3, y=1.0)
    for idx, e, time in ((cell.totnsegs - 1, 0, 2.0), (3, -80, 4.0)):
        synapse = LFPy.Synapse(
            cell, idx=idx, syntype="ExpSyn", e=e, tau=2, weight=0.02, record_current=True
        )
        synapse.set_spike_times(np.array([time]))
    if electrode:
        LFPy.StimIntElectrode(cell, idx=0, pptype="IClamp", amp=0.3, delay=3, dur=5, record_current=True)
    from neo_currentscape.adapters import lfpy

    cell.simulate(**lfpy.recorders(cell))
    try:
        yield cell, ncs.CellRecording.from_segment(lfpy.cell_segment(cell))
    finally:
        cell.strip_hoc_objects()
        for section in sections:
            h.delete_section(sec=section)


@pytest.fixture(scope="module")
def run():
    with simulated() as found:
        yield found


def moved(cell, z):
    """The geometry of a cell at another height."""
    return kit.CellGeometry(x=cell.x, y=cell.y, z=cell.z + z, d=cell.d)


X = np.full(4, 25.0)
Z = np.linspace(-100, 400, 4)
PLACES = {"x": X, "y": np.zeros(4), "z": Z}
CELL_MODELS = {
    "point": lambda cell: kit.PointSourcePotential(cell, **PLACES),
    "line": lambda cell: kit.LineSourcePotential(cell, **PLACES),
    "electrode": lambda cell: kit.RecExtElectrode(
        cell, **PLACES, N=np.array([[1.0, 0, 0]] * 4), r=5, n=10, seedvalue=1
    ),
    "electrode of LFPy": lambda cell: LFPy.RecExtElectrode(cell, **PLACES, method="root_as_point"),
    "MEA": lambda cell: kit.RecMEAElectrode(cell, x=X, y=Z, z=np.full(4, -450.0), h=900, z_shift=-450),
    "one sphere": lambda cell: kit.OneSphereVolumeConductor(
        moved(cell, 8000), r=np.array([[9000.0, 9500.0], [0.1, 0.2], [0.3, 0.4]])
    ),
    "laminar CSD": lambda cell: kit.LaminarCurrentSourceDensity(
        cell, z=np.array([[-500.0, 0.0], [0.0, 300.0], [300.0, 800.0]]), r=np.full(3, 900.0)
    ),
    "volumetric CSD": lambda cell: kit.VolumetricCurrentSourceDensity(
        cell,
        x=np.array([-900.0, 0, 900]),
        y=np.array([-900.0, 900]),
        z=np.array([-900.0, 100, 900]),
        dl=5.0,
    ),
    "dipole": kit.CurrentDipoleMoment,
}


@pytest.mark.parametrize("name", CELL_MODELS)
def test_parts_sum_to_the_output_of_every_model_of_a_cell(run, name):
    cell, recording = run
    model = CELL_MODELS[name](cell)
    # RecExtElectrode averages over points that it draws anew for every matrix.
    np.random.seed(0)  # noqa: NPY002
    field = extracellular.split_field(recording, model)
    np.random.seed(0)  # noqa: NPY002
    own = np.asarray(model.get_transformation_matrix()) @ cell.imem[:, 1:]
    own = own.reshape(-1, own.shape[-1])
    assert np.abs(own).max() > 0
    assert np.abs(field.total - own).max() <= 1e-9 * np.abs(own).max()
    assert set(field.names) == {"ina", "ik", "il_hh", "i_pas", "ExpSyn", "capacitive"}


@pytest.mark.parametrize("split", [extracellular.dipole, extracellular.dipole_by_flow])
def test_both_splits_of_the_dipole_moment_sum_to_that_of_the_cell_of_lfpy(run, split):
    cell, recording = run
    own = kit.CurrentDipoleMoment(cell).get_transformation_matrix() @ cell.imem[:, 1:]
    assert np.abs(split(recording).total - own).max() <= 1e-9 * np.abs(own).max()


HEAD_MODELS = {
    "infinite": (
        eeg.InfiniteVolumeConductor,
        {},
        [[0.0, 0, 9000], [3000.0, 0, 9000]],
        "get_dipole_potential",
    ),
    "four spheres": (
        eeg.FourSphereVolumeConductor,
        {"r_electrodes": np.array([[0.0, 0, 90000], [0.0, 40000, 80000]])},
        [0.0, 0.0, 78000.0],
        "get_dipole_potential",
    ),
    "MEG, homogeneous": (
        eeg.InfiniteHomogeneousVolCondMEG,
        {"sensor_locations": np.array([[1e4, 0.0, 0.0], [0.0, 1e4, 100.0]])},
        [0.0, 0.0, 0.0],
        "calculate_H",
    ),
    "MEG, spherical": (
        eeg.SphericallySymmetricVolCondMEG,
        {"r": np.array([[0.0, 9e4, 1e4], [3e4, 0.0, 9e4]])},
        [0.0, 100.0, 78000.0],
        "calculate_H",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEAD_MODELS)
def test_parts_sum_to_the_output_of_every_model_of_a_head(run, name):
    cell, recording = run
    kind, options, location, call = HEAD_MODELS[name]
    model, location = kind(**options), np.array(location)
    field = extracellular.split_field(recording, model, location=location)
    moment = kit.CurrentDipoleMoment(cell).get_transformation_matrix() @ cell.imem[:, 1:]
    own = getattr(model, call)(moment, location)
    own = own.reshape(-1, own.shape[-1])
    assert field.total.shape == own.shape == (len(field.contacts), own.shape[1])
    assert np.abs(own).max() > 0
    # The membrane currents of the whole cell sum to zero only to rounding, and the moment is small.
    assert np.abs(field.total - own).max() <= 1e-9 * np.abs(own).max()
    assert field.unit == ("nA/um" if "MEG" in name else "mV")


def test_regions_are_another_split_of_the_same_signal(run):
    cell, recording = run
    model = CELL_MODELS["line"](cell)
    by_type = extracellular.split_field(recording, model)
    by_both = extracellular.split_field(recording, model, by=("region", "type"))
    by_region = extracellular.split_field(recording, model, by="region")
    assert set(by_region.names) == {"soma", "trunk", "left", "right"}
    rows = [k for k, name in enumerate(by_both.names) if name.startswith("trunk ")]
    trunk = by_region.parts[:, by_region.names.index("trunk")]
    np.testing.assert_allclose(by_both.parts[:, rows].sum(axis=1), trunk, atol=1e-15)
    np.testing.assert_allclose(by_region.total, by_type.total, atol=1e-15)
    matrix = model.get_transformation_matrix()
    inside = [n for n, site in enumerate(recording.sites) if site.startswith("trunk")][:5]
    np.testing.assert_allclose(trunk, matrix[:, inside] @ cell.imem[inside][:, 1:], atol=1e-14)


def test_electrode_makes_a_monopole_unless_it_is_a_source():
    with simulated(electrode=True) as (cell, recording):
        model = CELL_MODELS["line"](cell)
        without = extracellular.split_field(recording, model)
        own = model.get_transformation_matrix() @ cell.imem[:, 1:]
        assert np.abs(without.total - own).max() <= 1e-9 * np.abs(own).max()
        assert without.net == pytest.approx(0.3, rel=1e-9)
        sources = extracellular.split_field(recording, model, electrodes=True)
        assert "IClamp" in sources.names and sources.net < 1e-10
        with pytest.warns(CurrentscapeWarning, match="depends on the origin"):
            extracellular.split_field(recording, kit.CurrentDipoleMoment(cell))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            extracellular.split_field(recording, kit.CurrentDipoleMoment(cell), electrodes=True)


def test_geometry_of_the_recording_is_that_of_the_cell(run):
    cell, recording = run
    found = extracellular.geometry(recording.morphology)
    for axis in "xyz":
        np.testing.assert_allclose(getattr(found, axis), getattr(cell, axis), atol=1e-3)
    np.testing.assert_allclose(found.d, cell.d, rtol=1e-6)


def test_bad_input(run):
    cell, recording = run
    with pytest.raises(ArgumentError, match="cell of 3 compartments"):
        extracellular.split_field(recording, np.ones((2, 3)))
    with pytest.raises(CurrentscapeError, match="no forward model"):
        extracellular.split_field(recording, "electrode")
    with pytest.raises(ArgumentError, match="needs a place"):
        extracellular.split_field(recording, eeg.FourSphereVolumeConductor(np.array([[0.0, 0, 90000]])))
