"""Reports that BMTK itself wrote, against what NEURON recorded in the same run."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import sonata

pytest.importorskip("bmtk")
pytest.importorskip("neuron")
pytest.importorskip("h5py")
pytestmark = [pytest.mark.sonata, pytest.mark.neuron]

#: BMTK changes NEURON's global state, so it gets a process of its own.
SCRIPT = pathlib.Path(__file__).with_name("bionet_run.py")
UNITS = {"v": "mV", "ina": "mA/cm**2", "ik": "mA/cm**2", "il_hh": "mA/cm**2"}


@pytest.fixture(scope="module", params=[0.025, 0.1], ids=["every step", "every fourth step"])
def bionet(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bionet")
    command = [sys.executable, str(SCRIPT), str(folder), "0.025", str(request.param)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder, request.param, dict(np.load(folder / "neuron.npz"))


def test_values_stand_at_the_times_at_which_neuron_had_them(bionet):
    folder, step, neuron = bionet
    reports = {name: folder / "output" / f"{name}.h5" for name in UNITS}
    segment = sonata.to_segment(reports, units=UNITS, simulation_dt=0.025 * pq.ms)
    recording = ncs.Recording.from_segment(segment, neuron=0)
    times = recording.times.rescale("ms").magnitude
    np.testing.assert_allclose(times, 0.025 + step * np.arange(round(10 / step)), atol=1e-9)
    found = {"v": recording.voltage.magnitude[:, 0]}
    found |= {name: recording.currents.magnitude[:, recording.index(name)] for name in recording.names}
    assert np.ptp(found["v"]) > 50
    for name, values in found.items():
        wanted = np.interp(times, neuron["t"], neuron[name])
        np.testing.assert_allclose(values, wanted, rtol=0, atol=1e-9)


def test_places_of_a_report_of_all_sections(bionet):
    folder, _, neuron = bionet
    path = folder / "output" / "everywhere.h5"
    segment = sonata.to_segment({"v": path}, node=0, units="mV", simulation_dt=0.025 * pq.ms)
    signals = {signal.annotations["site"]: signal for signal in segment.analogsignals}
    assert "sec[0](0.5)" in signals
    assert sum(site.startswith("sec[1]") for site in signals) == 3
    times = signals["sec[0](0.5)"].times.rescale("ms").magnitude
    wanted = np.interp(times, neuron["t"], neuron["v"])
    np.testing.assert_allclose(signals["sec[0](0.5)"].magnitude[:, 0], wanted, rtol=0, atol=1e-9)
