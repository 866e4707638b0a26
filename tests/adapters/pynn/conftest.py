"""Runs the simulations of `scenarios.py`, each backend in processes of its own, each once a session."""

import importlib.util
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NEEDS = {"neuron": "neuron", "nest": "nest", "brian2": "brian2"}


def _python(backend):
    """An interpreter that has the backend: this one, or for Brian2 (numpy < 2.4) one of its own."""
    if all(importlib.util.find_spec(name) for name in ("pyNN", NEEDS[backend])):
        return sys.executable
    other = os.environ.get("NEO_CURRENTSCAPE_BRIAN2_PYTHON", str(ROOT / ".venv-brian2" / "bin" / "python"))
    return other if backend == "brian2" and Path(other).exists() else None


@pytest.fixture(scope="session")
def simulate(once):
    """``simulate(backend, name)`` gives what a scenario returned, and the folder of its files."""
    done = {}

    def run(backend, name):
        if (backend, name) not in done:
            done[backend, name] = _result(backend, name, once)
        outcome = done[backend, name]
        if isinstance(outcome, str):
            pytest.skip(outcome)
        return outcome

    return run


def _result(backend, name, once):
    python = _python(backend)
    if python is None:
        return f"PyNN or {backend} is not installed"
    folder = once(f"pynn_{backend}_{name}", lambda folder: _run(python, backend, name, folder))
    with open(folder / "result.pkl", "rb") as file:
        return pickle.load(file), folder


def _run(python, backend, name, folder):
    # PyNN compiles NEURON's mechanisms with the tools that stand beside the interpreter.
    path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")])
    command = [python, str(HERE / "scenarios.py"), backend, name, str(folder)]
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="session")
def residual():
    """``residual(segment, neuron)``: what is left of the balance, as part of the largest current."""
    return _residual


def signal_of(segment, name, neuron, site=None):
    """The one signal and channel of a variable and neuron."""
    found = [
        (signal, column)
        for signal in [*segment.analogsignals, *segment.irregularlysampledsignals]
        for column, index in enumerate(signal.array_annotations["channel_index"])
        if signal.name == name and index == neuron and signal.annotations.get("site") == site
    ]
    assert len(found) == 1, (name, neuron, len(found))
    return found[0]


def _sum_of(segment, role, neuron, site):
    total, peak = 0.0, 0.0
    for signal in segment.analogsignals:
        if signal.annotations["role"] != role or signal.annotations.get("site") != site:
            continue
        for column, index in enumerate(signal.array_annotations["channel_index"]):
            if index == neuron:
                values = signal.rescale("nA").magnitude[:, column]
                total, peak = total + values, np.maximum(peak, np.abs(values))
    return total, peak


def _residual(segment, neuron, site=None, electrode=True):
    """Computed from nothing but the signals and the three conventions of the balance."""
    voltage, column = signal_of(segment, "v", neuron, site)
    each = voltage.array_annotations.get("capacitance")
    capacitance = voltage.annotations["capacitance"] if each is None else each[column]
    v, t = voltage.magnitude[:, column], voltage.times.rescale("ms").magnitude
    slope = np.full(len(v), np.nan)
    rule = voltage.annotations["derivative"]
    if rule == "forward":
        slope[:-1] = np.diff(v) / np.diff(t)
    elif rule == "backward":
        slope[1:] = np.diff(v) / np.diff(t)
    else:
        slope[1:-1] = (v[2:] - v[:-2]) / (t[2:] - t[:-2])
    currents, peak = _sum_of(segment, "current", neuron, site)
    injected = _sum_of(segment, "electrode", neuron, site)[0] if electrode else 0.0
    axial = _sum_of(segment, "axial", neuron, site)[0]
    left = float(capacitance.rescale("nF")) * slope + currents - injected - axial
    free = ~np.isnan(left) & ~_clamped(segment, neuron, t)
    assert free.mean() > 0.3
    return np.abs(left[free]).max() / peak[free].max()


def _clamped(segment, neuron, t):
    marked = np.zeros(len(t), dtype=bool)
    for epoch in segment.epochs:
        assert epoch.name == "clamped"
        mine = epoch[epoch.array_annotations["channel_index"] == neuron]
        starts = mine.times.rescale("ms").magnitude
        for start, duration in zip(starts, mine.durations.rescale("ms").magnitude, strict=True):
            marked |= (t >= start) & (t <= start + duration)
    return marked


@pytest.fixture(scope="session")
def channel():
    """``channel(segment, name, neuron)``: the values of one variable of one neuron."""

    def read(segment, name, neuron, site=None):
        signal, column = signal_of(segment, name, neuron, site)
        return signal.magnitude[:, column]

    return read
