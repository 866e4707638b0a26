"""The protocols on a leaky integrate-and-fire neuron of PyNN, whose answers are known."""

import importlib.util
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.pynn
HERE = Path(__file__).parent
NEEDS = {"neuron": "neuron", "nest": "nest"}


@pytest.fixture(scope="module", params=NEEDS)
def found(request, tmp_path_factory):
    for name in ("pyNN", NEEDS[request.param]):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    result = tmp_path_factory.mktemp(request.param) / "result.pkl"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / "pynn_run.py"), request.param, str(result)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return pickle.loads(result.read_bytes())


def test_passive(found):
    passive = found["passive"]
    # R = tau_m / cm = 100 Mohm.
    assert float(passive["r_in"].rescale("Mohm")) == pytest.approx(100, rel=1e-3)
    assert float(passive["tau"]) == pytest.approx(20, rel=6e-3)
    assert float(passive["v_rest"]) == pytest.approx(-65)
    assert "leak" in found["names"] and "SharesPanel" in found["figures"]


def test_fi_curve(found):
    # An interval is t_ref + tau ln(R I / (R I - 15 mV)); below 0.15 nA there is none.
    expected = []
    for amplitude in found["amplitudes"].magnitude:
        drive = 100 * amplitude
        rises = 20 * np.log(drive / (drive - 15)) if drive > 15 + 1e-9 else np.inf
        expected.append(0 if np.isinf(rises) else int((300 + 2) // (rises + 2)))
    assert np.abs(found["counts"] - expected).max() <= 1
    assert np.abs(found["counts"] - found["trains"]).max() <= 1


def test_impedance(found):
    f = found["frequencies"].magnitude
    expected = 1 / (0.01 + 2j * np.pi * f * 1e-3 * 0.2)
    inner = f < 28
    assert np.abs(found["impedance"].magnitude)[inner] == pytest.approx(np.abs(expected)[inner], rel=0.01)
