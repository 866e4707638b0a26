"""Runs the gallery's examples, each once a session, in a process and an empty folder of its own."""

import importlib.util
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

#: Packages that an example needs beside the core; the first one that is missing skips it.
NEEDS = {
    "arbor_probes": ["arbor"],
    "bluepyopt_step": ["bluepyopt"],
    "brainpy_hh": ["brainpy"],
    "brian2_hh": ["brian2"],
    "extracellular_pulse": ["neuron"],
    "hnn_dipole": ["hnn_core"],
    "excitation_inhibition": ["nest", "pandas"],
    "jaxley_cell": ["jaxley"],
    "lfpy_cell": ["LFPy", "neuron"],
    "lfpy_field": ["LFPy", "neuron"],
    "long_whole_cell": ["neuron"],
    "nest_multimeter": ["nest"],
    "neuron_recorder": ["neuron"],
    "network_tables": ["neuron", "networkx", "elephant"],
    "protocols_neuron": ["neuron", "scipy", "efel"],
    "pynn_neuron": ["neuron"],
    "pyramidal_attribution": ["neuron"],
    "compat_layer4": ["neuron"],
    "sonata_report": ["h5py", "scipy"],
    "synapse_parts": ["neuron"],
    "dissection": ["scipy", "pandas"],
    "stg_currentscape": ["scipy", "pandas"],
    "voltage_clamp": ["neuron", "scipy"],
}


#: Environments of their own, by the package that needs one.
OTHERS = {"bluepyopt": ".venv-bluepyemodel", "brian2": ".venv-brian2", "hnn_core": ".venv-hnn"}


def interpreter(name):
    """The Python that has what an example needs, or what it lacks."""
    lacking = [need for need in NEEDS.get(name, ["scipy"]) if importlib.util.find_spec(need) is None]
    if not lacking:
        return sys.executable, None
    other = ROOT / OTHERS.get(lacking[0], "-") / "bin" / "python"
    return (str(other), None) if len(lacking) == 1 and other.exists() else (None, lacking[0])


@pytest.fixture(scope="session")
def example(once):
    """``example(name)`` gives what running an example left: its Segment, and how many figures."""
    done = {}

    def run(name):
        if name not in done:
            python, lacking = interpreter(name)
            if python is None:
                pytest.skip(f"{lacking} is not installed")
            folder = once(f"example_{name}", lambda folder: _run(python, name, folder))
            done[name] = pickle.loads((folder / "result.pkl").read_bytes())
        return done[name]

    return run


def _run(python, name, folder):
    # Tools such as nrnivmodl stand beside the interpreter.
    path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")])
    # Long perturbations are run with fewer steps than the gallery has.
    environment = {**os.environ, "STEPS": "2", "PATH": path, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    result = folder / "result.pkl"
    command = [python, str(HERE / "run_example.py"), str(ROOT / "examples" / f"{name}.py"), str(result)]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr[-4000:]
