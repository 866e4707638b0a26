"""Reports of both kinds, against what was written and against libsonata itself."""

import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import sonata
from neo_currentscape.conventions.errors import (
    ArgumentError,
    MissingDependencyError,
    SelectionError,
    SignalError,
    UnitsError,
    UnknownNameError,
)

libsonata = pytest.importorskip("libsonata")
pytest.importorskip("h5py")
pytestmark = pytest.mark.sonata

SOMA = {"nodes": [3, 5, 8], "pointers": [0, 1, 2, 3], "sections": [0, 0, 0], "positions": [0.5, 0.5, 0.5]}


def _by_site(segment):
    return {signal.annotations["site"]: signal for signal in segment.analogsignals}


def test_a_report_of_the_specification_is_what_libsonata_reads(write):
    path, values = write("v.h5", units="mV", start=2.0)
    signals = _by_site(sonata.to_segment({"v": path}, node=3))
    assert list(signals) == ["sec[0](0.5)", "sec[1](0.25)", "sec[1](0.75)"]
    frame = libsonata.ElementReportReader(str(path))["net"].get(node_ids=[3])
    for column, signal in enumerate(signals.values()):
        np.testing.assert_array_equal(signal.magnitude[:, 0], values[:, column])
        np.testing.assert_array_equal(signal.magnitude[:, 0], frame.data[:, column])
        np.testing.assert_allclose(signal.times.rescale("ms").magnitude, frame.times)
        assert signal.units == pq.mV
        assert signal.annotations["role"] == "voltage"
        assert signal.array_annotations["channel_index"].tolist() == [3]


@pytest.mark.parametrize(("given", "offset"), [(None, 0.1), (0.025 * pq.ms, 0.025)])
def test_bmtks_variant_and_its_time(write, given, offset):
    path, values = write("v.h5", bmtk=True, start=2.0)
    with pytest.raises(RuntimeError, match="index_pointers"):
        libsonata.ElementReportReader(str(path))["net"]
    segment = sonata.to_segment({"v": path}, node=5, units="mV", simulation_dt=given)
    signals = _by_site(segment)
    assert list(signals) == ["sec[0](0.5)", "sec[1](0.5)"]
    np.testing.assert_array_equal(signals["sec[1](0.5)"].magnitude[:, 0], values[:, 4])
    times = signals["sec[1](0.5)"].times.rescale("ms").magnitude
    np.testing.assert_allclose(times, 2.0 + offset + 0.1 * np.arange(10))


@pytest.mark.parametrize("bmtk", [False, True])
def test_one_element_a_node_makes_a_channel_a_node(write, bmtk):
    path, values = write("v.h5", bmtk=bmtk, units="mV", **SOMA)
    (signal,) = sonata.to_segment({"v": path}).analogsignals
    assert signal.array_annotations["channel_index"].tolist() == [3, 5, 8]
    np.testing.assert_array_equal(signal.magnitude, values)
    (chosen,) = sonata.to_segment({"v": path}, node=[8, 3]).analogsignals
    assert chosen.array_annotations["channel_index"].tolist() == [8, 3]
    np.testing.assert_array_equal(chosen.magnitude, values[:, [2, 0]])
    assert chosen.annotations["site"] == "sec[0](0.5)"


@pytest.mark.parametrize("bmtk", [False, True])
def test_sections_can_be_chosen(write, bmtk):
    path, values = write("v.h5", bmtk=bmtk, units="mV")
    (signal,) = sonata.to_segment({"v": path}, section=0).analogsignals
    np.testing.assert_array_equal(signal.magnitude, values[:, [0, 3]])
    assert signal.array_annotations["channel_index"].tolist() == [3, 5]
    signals = _by_site(sonata.to_segment({"v": path}, node=3, section=1))
    assert list(signals) == ["sec[1](0.25)", "sec[1](0.75)"]


def test_without_positions_elements_are_numbered(write):
    path, _ = write("v.h5", units="mV", positions=None)
    signals = _by_site(sonata.to_segment({"v": path}, node=3))
    assert list(signals) == ["sec[0][0]", "sec[1][0]", "sec[1][1]"]


def test_several_reports_make_a_recording(write):
    reports = {
        "v": write("v.h5", units="mV")[0],
        "ina": write("ina.h5", units="mA/cm2", scale=-0.01)[0],
        "ik": write("ik.h5", units="mA/cm2", scale=0.02)[0],
    }
    segment = sonata.to_segment(reports, node=3)
    recording = ncs.Recording.from_segment(segment, site="sec[1](0.75)")
    assert recording.names == ["ik", "ina"]
    assert (recording.neuron, recording.site) == (3, "sec[1](0.75)")
    assert recording.currents.units == pq.mA / pq.cm**2
    wanted = write("again.h5")[1][:, 2]
    np.testing.assert_allclose(
        recording.currents.magnitude, np.c_[0.02 * wanted, -0.01 * wanted], rtol=1e-6
    )
    np.testing.assert_allclose(recording.voltage.magnitude[:, 0], wanted)


def test_densities_with_absolute_currents_ask_for_the_area(write):
    reports = {
        "ina": write("ina.h5", bmtk=True)[0],
        "isyn": write("isyn.h5", bmtk=True)[0],
    }
    units = {"ina": "mA/cm**2", "isyn": "nA"}
    with pytest.raises(UnitsError, match=r"'ina' is a density .* give area=\.\.\. to combine them"):
        segment = sonata.to_segment(reports, node=3, units=units)
        ncs.Recording.from_segment(segment, site="sec[0](0.5)", voltage=False)
    for area in (1000 * pq.um**2, {"sec[0](0.5)": 1e-9 * pq.m**2}):
        segment = sonata.to_segment(reports, node=3, units=units, area=area)
        recording = ncs.Recording.from_segment(segment, site="sec[0](0.5)", voltage=False)
        assert recording.currents.units == pq.nA
        stored = write("again.h5")[1][:, 0]
        np.testing.assert_allclose(recording.currents.magnitude, np.c_[10 * stored, stored])


def test_directions_and_roles_can_be_told(write):
    reports = {"i_a": write("a.h5", units="nA", **SOMA)[0], "amp": write("b.h5", units="nA", **SOMA)[0]}
    segment = sonata.to_segment(reports, positive={"i_a": "inward"}, role={"amp": "electrode"})
    notes = {s.name: (s.annotations["role"], s.annotations["positive"]) for s in segment.analogsignals}
    assert notes == {"i_a": ("current", "inward"), "amp": ("electrode", "inward")}
    recording = ncs.Recording.from_segment(segment, neuron=5, voltage=False)
    assert recording.currents.magnitude[0, 0] == 6.5


def test_a_report_without_units(write):
    path, _ = write("vm.h5", bmtk=True, **SOMA)
    with pytest.raises(UnitsError, match=r"'vm.h5' says nothing of its units: write units=\{'vm': 'mV'\}"):
        sonata.to_segment(path)
    plain, _ = write("plain.h5", **SOMA)
    with pytest.raises(UnitsError, match="says nothing of its units"):
        sonata.to_segment({"v": plain})
    assert sonata.to_segment(path, units="mV").analogsignals[0].name == "vm"
    stored, _ = write("stored.h5", units="mV", **SOMA)
    with pytest.raises(UnitsError, match="the unit nA, but it is stored in mV: leave it out"):
        sonata.to_segment({"v": stored}, units={"v": "nA"})


@pytest.mark.parametrize(
    "variable, unit, role",
    [("v", "mV", "voltage"), ("ina", "mA/cm**2", "current"), ("i_pas", "mA/cm**2", "current"),
     ("ihcn_Ih", "mA/cm**2", "current"), ("cai", "mM", "ion"), ("i_membrane_", "nA", "membrane")],
)  # fmt: skip
def test_units_that_the_variable_of_neuron_tells(write, variable, unit, role):
    path, _ = write(f"{variable}.h5", bmtk=True, **SOMA)
    (signal,) = sonata.to_segment(path).analogsignals
    assert signal.units == pq.Quantity(1, unit) and signal.annotations["role"] == role
    told = sonata.to_segment(path, units={variable: "nA"}).analogsignals[0]
    assert told.units == pq.nA


@pytest.mark.parametrize("without", ["group", "data", "node_ids", "element_ids", "time", "all values"])
def test_a_population_that_holds_nothing(write, without):
    h5py = pytest.importorskip("h5py")
    path, _ = write("two.h5", units="mV")
    with h5py.File(path, "a") as file:
        group = file["report"].create_group("bare")
        if without != "group":
            file.copy(file["report/net/mapping"], group)
            file.copy(file["report/net/data"], group)
        if without in ("node_ids", "element_ids", "time"):
            del group[f"mapping/{without}"]
        if without in ("data", "all values"):
            del group["data"]
        if without == "all values":
            group["data"] = np.zeros((0, 5))
    with pytest.raises(SelectionError, match="'bare' of report 'two.h5' holds no .*population='net'"):
        sonata.to_segment(path, population="bare", node=3)


def test_what_was_not_recorded(write, tmp_path):
    path, _ = write("v.h5", units="mV")
    with pytest.raises(
        SelectionError, match="Node 4 of population 'net' was not recorded: the nodes are 3, 5"
    ):
        sonata.to_segment(path, node=4)
    with pytest.raises(SelectionError, match="Section 7 was not recorded in 'v.h5': the sections are 0, 1"):
        sonata.to_segment(path, node=3, section=7)
    with pytest.raises(SelectionError, match="several elements of 2 nodes: write node=3"):
        sonata.to_segment(path)
    with pytest.raises(UnknownNameError, match="population of report 'v.h5' 'nte': did you mean 'net'"):
        sonata.to_segment(path, node=3, population="nte")
    write("v.h5", units="mV", population="other", mode="a")
    with pytest.raises(SelectionError, match=r"holds 2 populations \(net, other\): name one"):
        sonata.to_segment(path, node=3)
    with pytest.raises(ArgumentError, match="There is no report"):
        sonata.to_segment(tmp_path / "nothing.h5")
    with pytest.raises(UnknownNameError, match="Unknown report in units= 'w'"):
        sonata.to_segment(path, node=3, population="net", units={"w": "mV"})


def test_files_that_are_no_report_or_a_broken_one(write, tmp_path):
    import h5py

    with h5py.File(tmp_path / "spikes.h5", "w") as file:
        file.create_group("spikes")
    with pytest.raises(ArgumentError, match="'spikes.h5' has no group 'report': it is no SONATA report"):
        sonata.to_segment(tmp_path / "spikes.h5")
    path, _ = write("v.h5", units="mV", positions=[0.5, 0.25, 0.25, 0.5, 0.5])
    with pytest.raises(SignalError, match=r"has the element sec\[1\]\(0.25\) of node 3 twice"):
        sonata.to_segment(path, node=3)


@pytest.mark.parametrize("module", ["h5py", "libsonata"])
def test_without_a_reader_one_sentence_says_what_to_install(write, monkeypatch, module):
    path, _ = write("v.h5", units="mV", **SOMA)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError, match=r'pip install "neo-currentscape\[sonata\]"'):
        sonata.to_segment(path)
