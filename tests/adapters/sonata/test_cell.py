"""A whole cell from reports over all sections: what NEURON computed, written as SONATA has it."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron, sonata
from neo_currentscape.conventions.errors import CurrentscapeError
from neo_currentscape.recording.morphology import Morphology

h5py = pytest.importorskip("h5py")
pytest.importorskip("neuron")
pytest.importorskip("libsonata")
pytestmark = [pytest.mark.sonata, pytest.mark.neuron]


def write(path, columns, unit, places, step):
    """A report of one node over all its elements."""
    with h5py.File(path, "w") as file:
        file.attrs["magic"] = np.uint32(0x0A7A)
        group = file.create_group("report/net")
        mapping = group.create_group("mapping")
        nodes = mapping.create_dataset("node_ids", data=np.array([7], dtype=np.uint64))
        nodes.attrs["sorted"] = np.uint8(1)
        mapping.create_dataset("index_pointers", data=np.array([0, len(places)], dtype=np.uint64))
        mapping.create_dataset("element_ids", data=np.array([p[0] for p in places], dtype=np.uint32))
        mapping.create_dataset("element_pos", data=np.array([p[1] for p in places], dtype=np.float32))
        time = mapping.create_dataset("time", data=[0.0, step * columns.shape[0], step])
        time.attrs["units"] = "ms"
        data = group.create_dataset("data", data=columns.astype(np.float32))
        data.attrs["units"] = unit


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports of a NEURON run of a cell with two branches, its morphology and its sections."""
    from neuron import h

    folder = tmp_path_factory.mktemp("sonata")
    h.load_file("stdrun.hoc")
    sections = [h.Section(name=name) for name in ("soma", "left", "right")]
    for section, nseg, length, diameter in zip(
        sections, (1, 3, 2), (20, 150, 90), (20, 1.5, 1), strict=True
    ):
        section.nseg, section.L, section.diam = nseg, length, diameter
        section.insert("hh")
        if section is not sections[0]:
            section.connect(sections[0](1))
    clamp = h.IClamp(sections[1](0.9))
    clamp.delay, clamp.dur, clamp.amp = 1, 5, 0.2
    h.CVode().active(False)
    h.dt = 0.025
    recorder = neuron.CellRecorder(sections[0])
    places = [(k, seg.x) for k, section in enumerate(sections) for seg in section]
    raw = {
        name: [h.Vector().record(getattr(sections[k](x), f"_ref_{name}")) for k, x in places]
        for name in ("ina", "ik", "il_hh")
    }
    h.finitialize(-65)
    h.continuerun(12)
    segment = recorder.to_segment()
    cell = ncs.CellRecording.from_segment(segment)
    names = [f"{sections[k].name()}({x:g})" for k, x in places]
    order = [cell.sites.index(name) for name in names]
    columns = {"v": cell.voltage()[order].T}
    for name in ("ina_hh", "ik_hh", "il_hh", "IClamp"):
        columns[name] = cell.membrane()[order, cell.names.index(name)].T
    paths = {name: folder / f"{name}.h5" for name in columns}
    for name, values in columns.items():
        write(paths[name], values, "mV" if name == "v" else "nA", places, 0.025)
    # As NEURON shows them, and BMTK stores them: densities at the voltage before the step.
    for name, vectors in raw.items():
        paths[f"raw {name}"] = folder / f"raw_{name}.h5"
        values = np.array([vector.as_numpy()[1:] for vector in vectors]).T
        write(paths[f"raw {name}"], values, "mA/cm**2", places, 0.025)
    return paths, cell, [section.name() for section in sections]


def test_the_cell_is_what_neuron_computed(reports):
    paths, cell, sections = reports
    paths = {name: path for name, path in paths.items() if not name.startswith("raw")}
    segment = sonata.cell_segment(
        paths, cell.morphology, sections=sections, node=7, capacitance=1 * pq.uF / pq.cm**2,
        role={"IClamp": "current"},
    )  # fmt: skip
    found = ncs.CellRecording.from_segment(segment)
    assert found.sites == cell.sites
    order = [cell.names.index(name) for name in found.names]
    np.testing.assert_allclose(found.membrane(), cell.membrane()[:, order, 1:], atol=2e-4)
    # Single precision: 4e-6 mV at -70 mV, times the conductances between neighbours.
    siemens = (1 / cell.morphology.resistance[1:]).max()
    np.testing.assert_allclose(found.axial(), cell.axial()[:, 1:], atol=2 * 8e-6 * siemens)
    assert found.balance.worst < 1e-3
    a, b = found.attribute("soma"), cell.attribute("soma")
    rows = [b.names.index(name) for name in a.names]
    np.testing.assert_allclose(a.inward, b.inward[rows][:, 1:], atol=1e-3)


def test_sections_are_needed_where_names_differ(reports):
    paths, cell, sections = reports
    paths = {name: path for name, path in paths.items() if not name.startswith("raw")}
    with pytest.raises(CurrentscapeError, match="give sections="):
        sonata.cell_segment(paths, cell.morphology, node=7)
    with pytest.raises(CurrentscapeError, match="section 2, and sections= lists 2"):
        sonata.cell_segment(paths, cell.morphology, sections=sections[:2], node=7)


def test_currents_of_a_fixed_step_balance_with_their_reversal_potentials(reports):
    paths, cell, sections = reports
    given = {name: paths[f"raw {name}"] for name in ("ina", "ik", "il_hh")}
    given |= {"v": paths["v"], "IClamp": paths["IClamp"]}
    potentials = {"ina": 50 * pq.mV, "ik": -77 * pq.mV, "il_hh": -54.3 * pq.mV}
    options = {"sections": sections, "node": 7, "capacitance": 1 * pq.uF / pq.cm**2}
    role = {"IClamp": "current"}
    segment = sonata.cell_segment(given, cell.morphology, role=role, reversal=potentials, **options)
    found = ncs.CellRecording.from_segment(segment)
    assert found.balance.worst < 1e-3
    for name, own in (("ina", "ina_hh"), ("ik", "ik_hh"), ("il_hh", "il_hh")):
        wanted = cell.membrane()[:, cell.names.index(own), 1:]
        np.testing.assert_allclose(found.membrane()[:, found.names.index(name)], wanted, atol=1e-4)
    late = ncs.CellRecording.from_segment(sonata.cell_segment(given, cell.morphology, role=role, **options))
    with pytest.warns(ncs.CurrentscapeWarning, match="unexplained"):
        assert late.balance.unexplained.max() > 0.01
    with pytest.raises(CurrentscapeError, match="Unknown report in reversal="):
        sonata.cell_segment(given, cell.morphology, role=role, reversal={"ica": 1 * pq.mV}, **options)


def test_capacitance_that_differs_between_sections(tmp_path):
    """The built cell and its morphology know it, as do names and arrays; one for all does not do."""
    from neuron import h

    sections = [h.Section(name=name) for name in ("soma", "tree")]
    for section, cm, nseg in zip(sections, (1.0, 2.5), (1, 4), strict=True):
        section.L, section.diam, section.nseg, section.cm = 30 * nseg, 20 / nseg, nseg, cm
        section.insert("pas")
        section.e_pas, section.g_pas = -70, 2e-4
    sections[1].connect(sections[0](1))
    clamp = h.IClamp(sections[1](0.9))
    clamp.delay, clamp.dur, clamp.amp = 2, 10, 0.08
    places = [(k, seg.x) for k, section in enumerate(sections) for seg in section]
    vectors = {
        name: [h.Vector().record(getattr(sections[k](x), f"_ref_{name}")) for k, x in places]
        for name in ("v", "i_pas")
    }
    h.load_file("stdrun.hoc")
    h.CVode().active(False)
    h.dt = 0.025
    h.finitialize(-70)
    h.continuerun(15)
    paths = {}
    for name, recorded in vectors.items():
        paths[name] = tmp_path / f"{name}.h5"
        columns = np.array([vector.as_numpy()[1:] for vector in recorded]).T
        write(paths[name], columns, "mV" if name == "v" else "mA/cm**2", places, 0.025)
        with h5py.File(paths[name], "a") as file:  # in double precision, as BMTK's are
            mapping = file["report/net/mapping"]
            mapping.move("index_pointers", "index_pointer")
            del file["report/net/data"]
            file["report/net/data"] = columns
            file["report/net/data"].attrs["units"] = "mV" if name == "v" else "mA/cm**2"
    t = np.arange(1, len(columns) + 1) * 0.025
    options = {
        "sections": sections, "node": 7, "reversal": {"i_pas": -70 * pq.mV},
        "electrodes": {"tree(0.875)": 0.08 * ((t > 2.01) & (t < 12.01)) * pq.nA},
    }  # fmt: skip
    shape, unit = neuron.morphology(sections[0]), pq.uF / pq.cm**2
    bare = Morphology(shape.sites, shape.parent, shape.resistance, shape.area, shape.distance)

    def worst(shape, capacitance):
        segment = sonata.cell_segment(paths, shape, capacitance=capacitance, **options)
        return ncs.CellRecording.from_segment(segment).balance.worst

    right = [(shape, None), (bare, None), (bare, [1, 2.5] * unit), (bare, [1, 2.5, 2.5, 2.5, 2.5] * unit)]
    for one, given in [*right, (bare, {"soma": 1 * unit, "tree": 2.5 * unit})]:
        assert worst(one, given) < 1e-6
    with pytest.warns(ncs.CurrentscapeWarning, match="unexplained"):
        assert worst(bare, 1 * unit) > 0.01
