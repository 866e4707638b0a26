"""BluePyOpt, BluePyEModel's recordings and BlueCelluLab, run on NEURON."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import bluepyopt as adapter
from neo_currentscape.conventions.errors import CurrentscapeWarning, SelectionError, UnitsError

pytestmark = pytest.mark.bluepyopt

STIMULUS = 0.012


def signals(segment):
    return {signal.name: signal for signal in [*segment.analogsignals, *segment.irregularlysampledsignals]}


@pytest.fixture
def cell():
    """The one compartment of BluePyOpt's own example, which has hh."""
    pytest.importorskip("bluepyopt")
    from bluepyopt.ephys.examples.simplecell.simplecell import SimpleCell

    return SimpleCell()


def sweep(cell, variables, cvode, kind=None, name="Pulse"):
    import bluepyopt.ephys as ephys

    stimulus = ephys.stimuli.NrnSquarePulse(
        step_amplitude=STIMULUS,
        step_delay=5,
        step_duration=25,
        location=cell.soma_loc,
        total_duration=40,
    )
    recordings = [
        (kind or ephys.recordings.CompRecording)(f"{name}.soma.{variable}", cell.soma_loc, variable)
        for variable in variables
    ]
    return ephys.protocols.SweepProtocol(name, [stimulus], recordings, cvode_active=cvode)


def run(cell, protocol, cvode, isolate=False):
    import bluepyopt.ephys as ephys

    simulator = ephys.simulators.NrnSimulator(dt=0.025, cvode_active=cvode)
    return protocol.run(cell.cell_model, cell.default_param_values, sim=simulator, isolate=isolate)


VARIABLES = ("v", "ina", "ik", "il_hh", "i_cap")
#: Of the cell's soma, a cylinder of 10 um.
AREA = np.pi * 100


def test_responses_of_a_variable_step_add_up_to_what_was_injected(cell):
    segment = adapter.to_segment(run(cell, sweep(cell, VARIABLES, True), True), area=AREA)
    found = signals(segment)
    times = found["v"].times.rescale("ms").magnitude
    net = sum(found[name].magnitude[:, 0] for name in VARIABLES[1:]) * AREA * 1e-2
    # NEURON's i_cap is C dV/dt, so the sum is the pulse itself, away from its edges.
    inside = (times > 5.001) & (times < 29.999)
    assert found["v"].magnitude.max() > 0 and inside.sum() > 50
    peak = np.abs(found["ina"].magnitude).max() * AREA * 1e-2
    assert np.abs(net[inside] - STIMULUS).max() < 1e-9 * peak
    assert np.abs(net[times < 4.999]).max() < 1e-9 * peak


def test_responses_of_a_fixed_step_are_said_to_be_late(cell):
    given = run(cell, sweep(cell, VARIABLES[:4], False), False)
    times = np.asarray(given["Pulse.soma.v"]["time"])
    pulse = STIMULUS * ((times > 5.01) & (times < 30.01))
    given["Pulse.iclamp.i"] = {"time": times, "voltage": pulse}
    recording = ncs.Recording.from_segment(adapter.to_segment(given, area=AREA, capacitance=1))
    verdict = ncs.balance(recording).verdict
    assert verdict.startswith("holds to the first order in the step only") and "record(protocol)" in verdict


@pytest.mark.parametrize("cvode", [False, True])
def test_recorded_currents_balance(cell, cvode):
    protocol = sweep(cell, ["v"], cvode)
    adapter.record(protocol)
    adapter.record(protocol)
    assert [recording.name for recording in protocol.recordings] == ["Pulse.soma.v", "Pulse.soma.currents"]
    given = run(cell, protocol, cvode)
    recording = ncs.Recording.from_segment(adapter.to_segment(given), site="soma")
    assert recording.names == ["ik_hh", "il_hh", "ina_hh"]
    assert float(recording.area.rescale("um**2")) == pytest.approx(AREA)
    assert recording.electrode.magnitude.max() == pytest.approx(STIMULUS)
    assert ncs.balance(recording).worst < 1e-9
    # The response is also one of BluePyOpt's kind, and stays as it is.
    response = given["Pulse.soma.currents"]
    assert np.max(response["voltage"]) == pytest.approx(np.max(given["Pulse.soma.v"]["voltage"]))
    assert all(signal.annotations["site"] != "soma" for signal in signals(response.segment).values())


def test_recorded_currents_come_back_from_another_process(cell):
    pytest.importorskip("pebble")
    protocol = sweep(cell, ["v"], True)
    adapter.record(protocol)
    segment = adapter.to_segment(run(cell, protocol, True, isolate=True))
    assert ncs.balance(ncs.Recording.from_segment(segment)).worst < 1e-9


def test_evaluators_and_sequences_are_recorded_sweep_by_sweep(cell):
    import bluepyopt.ephys as ephys

    both = ephys.protocols.SequenceProtocol(
        "both", [sweep(cell, ["v"], True, name="A"), sweep(cell, ["v"], True, name="B")]
    )
    adapter.record({"both": both})
    block = adapter.to_block(run(cell, both, True))
    assert [segment.name for segment in block.segments] == ["A", "B"]
    adapter.record(cell.cell_evaluator)
    assert [recording.name for recording in cell.protocol.recordings] == [
        "Step1.soma.v",
        "Step1.soma.currents",
    ]
    with pytest.raises(SelectionError, match="No protocol records at a location"):
        adapter.record(ephys.protocols.SweepProtocol("empty", [], []))


def test_recordings_of_bluepyemodel_are_picoamperes(cell):
    recordings = pytest.importorskip("bluepyemodel.evaluation.recordings")
    kind = recordings.LooseDtRecordingCustom
    theirs = run(cell, sweep(cell, VARIABLES[:4], True, kind), True)
    plain = adapter.to_segment(run(cell, sweep(cell, VARIABLES[:4], True), True), area=AREA)
    with pytest.raises(UnitsError, match="BluePyEModel records pA"):
        adapter.to_segment(theirs)
    recording = ncs.Recording.from_segment(adapter.to_segment(theirs, units="pA"))
    other = ncs.Recording.from_segment(plain)
    charge = ncs.Currentscape(recording).charge("inward").rescale("pC")
    density = ncs.Currentscape(other).charge("inward") * (AREA * pq.um**2)
    np.testing.assert_allclose(charge.magnitude, density.rescale("pC").magnitude, rtol=1e-9)


@pytest.fixture
def ballstick():
    pytest.importorskip("bluecellulab")
    from bluecellulab.cell.ballstick import create_ball_stick

    cell = create_ball_stick()
    cell.add_step(5, 20, 0.5)
    return cell


def simulate(cell, cvode=True):
    from bluecellulab import Simulation

    simulation = Simulation()
    simulation.add_cell(cell)
    simulation.run(30, cvode=cvode)


def test_a_cell_of_bluecellulab_has_areas_and_names_what_it_did_not_record(ballstick):
    soma = ballstick.soma
    ballstick.add_currents_recordings(soma)
    simulate(ballstick)
    with pytest.warns(CurrentscapeWarning, match="il_hh at soma\\[0\\]\\(0.5\\): call cell.add_"):
        segment = adapter.cell_segment(ballstick)
    recording = ncs.Recording.from_segment(segment, site="soma[0](0.5)")
    assert recording.names == ["ik", "ina"]
    assert float(recording.area.rescale("um**2")) == pytest.approx(soma(0.5).area())
    np.testing.assert_allclose(recording.voltage.magnitude[:, 0], ballstick.get_soma_voltage())
    assert float(recording.voltage.annotations["capacitance"]) == pytest.approx(soma.cm)


def test_its_mechanisms_own_variables_are_read(ballstick):
    ballstick.add_currents_recordings(ballstick.soma)
    ballstick.add_variable_recording("hh.il", ballstick.soma, 0.5)
    ballstick.add_variable_recording("v", ballstick.sections["dend[0]"], 0.5)
    simulate(ballstick)
    segment = adapter.cell_segment(ballstick)
    assert ncs.Recording.from_segment(segment, site="soma[0](0.5)").names == ["ik", "il_hh", "ina"]
    assert "dend[0](0.5)" in {signal.annotations["site"] for signal in segment.irregularlysampledsignals}


def test_its_currents_are_densities_whatever_is_said(ballstick):
    ballstick.add_currents_recordings(ballstick.soma)
    simulate(ballstick)
    for units in ("pA", {"ina": "nA"}):
        with pytest.raises(UnitsError, match="'i(na|k)' at 'soma.*BlueCelluLab records it as NEURON"):
            adapter.cell_segment(ballstick, units=units)
    with pytest.warns(CurrentscapeWarning, match="il_hh"):
        adapter.cell_segment(ballstick, units="mA/cm**2")


def test_neurons_recorder_takes_its_sections_and_balances(ballstick):
    from neo_currentscape.adapters import neuron

    recorder = neuron.Recorder(ballstick.soma)
    simulate(ballstick)
    recording = ncs.Recording.from_segment(recorder.to_segment())
    assert recording.names == ["ik_hh", "il_hh", "ina_hh"]
    assert ncs.balance(recording).worst < 1e-9
