"""The mechanisms that tests of NEURON and of what runs on it share."""

import os
import pathlib
import shutil
import subprocess

import pytest

MODS = pathlib.Path(__file__).parent / "neuron" / "mods"


@pytest.fixture(scope="session")
def mechanisms(once, tool_path):
    """Load the test mechanisms, once in a process; they are compiled once a session."""
    pytest.importorskip("neuron")
    from neuron import h

    if not hasattr(h, "NcsCaSyn"):
        where = once("neuron_mechanisms", lambda folder: _compile(folder, tool_path))
        h.nrn_load_dll(str(next(where.glob("*/libnrnmech.*"))))
    h.load_file("stdrun.hoc")
    return h


def _compile(folder, path):
    compiler = shutil.which("nrnivmodl", path=path)
    if compiler is None:
        pytest.fail("nrnivmodl, which comes with NEURON, is neither beside the interpreter nor on PATH")
    done = subprocess.run(
        [compiler, str(MODS)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        pytest.fail(f"nrnivmodl: {done.stdout[-2000:]}{done.stderr[-2000:]}")
