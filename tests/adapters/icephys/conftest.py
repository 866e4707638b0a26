"""Files as acquisition programs write them, made here: ABF 1 with its outputs and epochs, NWB."""

from __future__ import annotations

import struct
from datetime import datetime, timezone

import numpy as np
import pytest

BLOCK = 512


def write_abf(path, data, inputs, outputs, *, rate=10_000.0, holding=(0.0,), epochs=(), starts=None):
    """Write an ABF 1 file of 16-bit integers.

    Parameters
    ----------
    data : ndarray, shape (sweep, channel, time)
    inputs, outputs : list of (name, unit)
    holding : sequence of float
        Level of each output between and beside its epochs.
    epochs : sequence of (output, level, step of the level, samples)
        One after the other; an output without any is off.
    starts : sequence of float, optional
        Of the sweeps, in s.
    """
    n_sweeps, n_channels, n_samples = data.shape
    scale = 3e4 / max(np.abs(data).max(), 1e-9)
    first = 12
    header = bytearray(first * BLOCK)

    def put(offset, kind, *values):
        struct.pack_into(f"<{kind}", header, offset, *values)

    put(0, "4s", b"ABF ")
    put(4, "f", 1.83)
    put(8, "h", 5)
    put(10, "i", data.size)
    put(16, "i", n_sweeps)
    put(40, "i", first)
    put(120, "h", n_channels)
    put(122, "f", 1e6 / rate / n_channels)
    put(244, "f", 10.0)
    put(252, "i", 1 << 15)
    for k in range(16):
        put(378 + 2 * k, "h", k)
        put(410 + 2 * k, "h", k if k < n_channels else -1)
        put(730 + 4 * k, "f", 1.0)
        put(922 + 4 * k, "f", scale * 10.0 / (1 << 15))
        put(1050 + 4 * k, "f", 1.0)
        name, unit = inputs[k] if k < len(inputs) else ("", "")
        put(442 + 10 * k, "10s", name.encode().ljust(10))
        put(602 + 8 * k, "8s", unit.encode().ljust(8))
    for k, (name, unit) in enumerate(outputs):
        put(1306 + 10 * k, "10s", name.encode().ljust(10))
        put(1346 + 8 * k, "8s", unit.encode().ljust(8))
    for k, level in enumerate(holding):
        put(1394 + 4 * k, "f", level)
    used = [0, 0]
    for dac, level, step, samples in epochs:
        at = 10 * dac + used[dac]
        put(2296 + 2 * dac, "h", 1)
        put(2300 + 2 * dac, "h", 1)
        put(2308 + 2 * at, "h", 1)
        put(2348 + 4 * at, "f", level)
        put(2428 + 4 * at, "f", step)
        put(2508 + 4 * at, "i", samples)
        used[dac] += 1
    body = np.round(np.swapaxes(data, 1, 2) * scale).astype("<i2").tobytes()
    body += b"\0" * (-len(body) % BLOCK)
    table = b""
    if starts is not None:
        put(92, "i", first + len(body) // BLOCK)
        put(96, "i", n_sweeps)
        put(130, "f", 10.0)
        ticks = [(round(start * 1e5), n_samples * n_channels) for start in starts]
        table = np.array(ticks, dtype="<i4").tobytes()
    path.write_bytes(bytes(header) + body + table)
    return path


@pytest.fixture
def steps(tmp_path):
    """Five sweeps of current clamp: a cell of 200 Mohm and 20 ms, steps of -40, -20 ... 40 pA."""
    n, first, length = 6400, 100 + 1000, 3000
    t = np.arange(n) / 10.0
    sweeps = []
    for k in range(5):
        pulse = -40.0 + 20 * k
        since = np.clip(t - first / 10, 0, length / 10)
        rise = 1 - np.exp(-since / 20)
        fall = np.exp(-np.clip(t - (first + length) / 10, 0, None) / 20)
        sweeps.append([-65 + 0.2 * pulse * rise * fall])
    return write_abf(
        tmp_path / "steps.abf",
        np.array(sweeps),
        [("IN 0", "mV")],
        [("Cmd 0", "pA"), ("Cmd 1", "mV")],
        epochs=[(0, 0.0, 0.0, 1000), (0, -40.0, 20.0, length), (0, 0.0, 0.0, 1000)],
        starts=[0.0, 4.0, 8.0, 12.0, 16.5],
    )


@pytest.fixture
def nwb_file():
    """A file with an amplifier; `add` puts a response and what was sent into it."""
    pynwb = pytest.importorskip("pynwb")
    file = pynwb.NWBFile("session", "id", datetime(2025, 3, 1, tzinfo=timezone.utc))
    device = file.create_device("amplifier")
    electrodes = [
        file.create_icephys_electrode(name=f"electrode {k}", description="pipette", device=device)
        for k in range(2)
    ]
    return file, electrodes


@pytest.fixture
def abf(tmp_path):
    """Write an ABF file of a name; see `write_abf`."""
    return lambda name, *args, **options: write_abf(tmp_path / name, *args, **options)


@pytest.fixture
def saved(nwb_file, tmp_path):
    """Write the file that `nwb_file` began, and return its path."""

    def save(name="cell.nwb"):
        from pynwb import NWBHDF5IO

        path = tmp_path / name
        with NWBHDF5IO(str(path), "w") as io:
            io.write(nwb_file[0])
        return path

    return save
