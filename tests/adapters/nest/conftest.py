"""NEST, reset before each test, and the residual of the balance by plain differences of arrays."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def kernel():
    """The simulator, empty and quiet."""
    nest = pytest.importorskip("nest")
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    yield nest
    nest.ResetKernel()


@pytest.fixture
def record(kernel):
    """record(neurons, dt) -> a multimeter that records everything of the neurons, connected."""

    def connect(neurons, dt, names=None, **params):
        names = list(names or neurons[0].get("recordables"))
        multimeter = kernel.Create("multimeter", params={"interval": dt, "record_from": names, **params})
        kernel.Connect(multimeter, neurons)
        return multimeter

    return connect


@pytest.fixture
def residual():
    """residual(segment, neuron, site) -> the largest residual of free samples, as part of the peak total.

    With `quiet` (mV) only samples more than 1 ms away from those above that potential count.
    """

    def compute(segment, neuron, site=None, quiet=None):
        signals = [s for s in segment.analogsignals if s.annotations.get("site") == site]
        columns = {}
        for signal in signals:
            at = np.flatnonzero(signal.array_annotations["channel_index"] == neuron)
            if len(at):
                columns[signal.name] = (signal, signal.magnitude[:, at[0]])
        (voltage, v) = next(pair for pair in columns.values() if pair[0].annotations["role"] == "voltage")
        net, outward, inward = np.zeros(len(v)), np.zeros(len(v)), np.zeros(len(v))
        for signal, values in columns.values():
            role, positive = signal.annotations["role"], signal.annotations.get("positive")
            if role not in ("current", "electrode", "axial"):
                continue
            flow = values if positive == "outward" else -values
            net += flow
            if role == "current":
                outward += np.clip(flow, 0, None)
                inward += np.clip(-flow, 0, None)
        times, dt = voltage.times.rescale("ms").magnitude, float(voltage.sampling_period.rescale("ms"))
        c = float(np.atleast_1d(voltage.annotations["capacitance"].magnitude)[0])
        left = {
            "forward": np.r_[c * np.diff(v) / dt, np.nan] + net,
            "backward": np.r_[np.nan, c * np.diff(v) / dt] + net,
            "central": np.r_[np.nan, c * (v[2:] - v[:-2]) / (2 * dt), np.nan] + net,
        }[voltage.annotations["derivative"]]
        free = np.isfinite(left)
        for epoch in segment.epochs:
            assert epoch.name == "clamped"
            mine = epoch.array_annotations["channel_index"] == neuron
            for begin, duration in zip(
                epoch.times[mine].magnitude, epoch.durations[mine].magnitude, strict=True
            ):
                free &= ~((times > begin) & (times < begin + duration))
        peak = max(outward[free].max(), inward[free].max())
        if quiet is not None:
            near = np.convolve(v > quiet, np.ones(2 * int(round(1.0 / dt)) + 1), mode="same") > 0.5
            assert near.any() and not near.all()
            free &= ~near
        return np.abs(left[free]).max() / peak

    return compute
