"""What stands in the Segment of an LFPy cell, and what is said of a cell that lacks something."""

import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import lfpy
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    MissingDependencyError,
    SelectionError,
    UnknownNameError,
)

pytest.importorskip("LFPy")
pytestmark = pytest.mark.lfpy


@pytest.fixture
def simulated(branched_cell):
    with branched_cell(tstop=8.0) as cell:
        keywords = lfpy.recorders(cell)
        keywords["rec_variables"] += ["m_hh", "ena", "gnabar_hh"]
        cell.simulate(**keywords)
        yield cell


def test_signals_of_a_compartment_say_what_they_are(simulated):
    segment = lfpy.to_segment(simulated, 3)
    found = {s.name: (s.annotations["role"], s.annotations.get("positive")) for s in segment.analogsignals}
    assert found == {
        "v": ("voltage", None),
        "ina": ("current", "outward"),
        "ik": ("current", "outward"),
        "il_hh": ("current", "outward"),
        "i_pas": ("current", "outward"),
        "ExpSyn[0]": ("current", "outward"),
        "Exp2Syn[1]": ("current", "outward"),
        "axial": ("axial", "inward"),
        "icap": ("capacitive", "outward"),
        "imem": ("membrane", "outward"),
        "dina_dv_": ("conductance", None),
        "dik_dv_": ("conductance", None),
        "m_hh": ("gate", None),
        "ena": ("other", None),
        "gnabar_hh": ("conductance", None),
    }
    assert {s.annotations["site"] for s in segment.analogsignals} == {"trunk(0.5)"}
    for signal in segment.analogsignals:
        assert float(signal.annotations["area"].rescale("um**2")) == simulated.area[3]
        assert float(signal.t_start.rescale("ms")) == 0.025
        assert signal.shape == (len(simulated.tvec) - 1, 1)


def test_the_recording_of_a_site_picks_the_right_things_by_itself(simulated):
    segment = lfpy.to_segment(simulated)
    recording = ncs.Recording.from_segment(segment, site="soma(0.5)")
    assert recording.names == ["ik", "il_hh", "ina"]
    assert recording.electrode.array_annotations["name"].tolist() == ["IClamp[0]"]
    assert recording.currents.units == pq.nA
    np.testing.assert_array_equal(recording.voltage.magnitude[:, 0], simulated.vmem[0, 1:])
    assert recording.electrode.magnitude.max() == 0.5
    assert recording.currents.magnitude[:, 2].min() < -1


def test_a_variable_that_a_compartment_lacks_is_left_out(simulated):
    segment = lfpy.to_segment(simulated, "left(0.5)")
    names = {signal.name for signal in segment.analogsignals}
    assert "i_pas" in names
    assert not names & {"ina", "ik", "m_hh", "dina_dv_", "gnabar_hh"}


def test_compartments_can_be_chosen(simulated):
    segment = lfpy.to_segment(simulated, [0, "left(0.5)"])
    assert {s.annotations["site"] for s in segment.analogsignals} == {"soma(0.5)", "left(0.5)"}
    with pytest.raises(UnknownNameError, match=r"did you mean 'soma\(0.5\)'"):
        lfpy.to_segment(simulated, "soma(0.6)")
    with pytest.raises(ArgumentError, match="idx=99 is no compartment: the cell has 0 to"):
        lfpy.to_segment(simulated, 99)


def test_a_cell_that_was_not_simulated(branched_cell):
    with branched_cell() as cell:
        with pytest.raises(SelectionError, match=r"not simulated: call cell.simulate\("):
            lfpy.to_segment(cell)
        with pytest.raises(SelectionError, match="not simulated"):
            lfpy.Recorder(cell).to_segment()


def test_a_cell_without_voltages_or_currents(branched_cell):
    with branched_cell(tstop=1.0) as cell:
        cell.simulate(rec_imem=True, rec_variables=["ina"])
        with pytest.raises(SelectionError, match="cell.vmem was not recorded: .*rec_vmem=True"):
            lfpy.to_segment(cell)
    with branched_cell(tstop=1.0) as cell:
        cell.simulate(rec_imem=True, rec_vmem=True)
        with pytest.raises(SelectionError, match="cell.rec_variables holds no current: write"):
            lfpy.to_segment(cell)


def test_a_recorder_for_another_kind_of_step(branched_cell):
    with branched_cell(tstop=3.0) as cell:
        recorder = lfpy.Recorder(cell)
        cell.simulate(variable_dt=True, **recorder.keywords)
        with pytest.raises(SelectionError, match=r"the same variable_dt=\.\.\."):
            recorder.to_segment()


def test_synapses_and_electrodes_that_were_not_recorded(branched_cell):
    with branched_cell(tstop=1.0, recorded=False) as cell:
        cell.simulate(**lfpy.recorders(cell))
        with pytest.warns(CurrentscapeWarning) as caught:
            lfpy.to_segment(cell)
    said = sorted(str(warning.message) for warning in caught)
    assert len(said) == 4
    assert said[0] == (
        "Electrode IClamp[0] at soma(0.5) was not recorded and is missing: "
        "make it with record_current=True."
    )


def test_without_neuron_one_sentence_says_what_to_install(simulated, monkeypatch):
    monkeypatch.setitem(sys.modules, "neuron", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "neo-currentscape\[lfpy\]"'):
        lfpy.to_segment(simulated)
