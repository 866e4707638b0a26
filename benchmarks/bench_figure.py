"""From arrays in memory to a PNG: this package and `currentscape` (PyPI) on the same arrays."""

from __future__ import annotations

import contextlib
import io
import tempfile
from functools import partial
from pathlib import Path

import neo
import numpy as np
import quantities as pq
from timing import seconds

N_CURRENTS = 12


def recording(n_samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Make a bursting voltage and currents of both signs, like those of a neuron.

    Returns
    -------
    voltage : ndarray, shape (time,)
        In mV.
    currents : ndarray, shape (current, time)
        In nA, outward positive.
    """
    rng = np.random.default_rng(1)
    t = np.arange(n_samples) * 0.1
    voltage = -50 + 60 * np.maximum(0, np.sin(t / 3)) ** 20 * (np.sin(t / 400) > 0)
    phases = rng.uniform(0, 2 * np.pi, N_CURRENTS)
    sizes = 10 ** rng.uniform(-1, 2, N_CURRENTS)
    currents = np.array(
        [
            size * (np.sin(t / (40 + 9 * k) + p) + 0.1)
            for k, (size, p) in enumerate(zip(sizes, phases, strict=True))
        ]
    )
    return voltage, currents + 0.01 * rng.standard_normal(currents.shape)


def draw_ours(voltage: np.ndarray, currents: np.ndarray, path: Path) -> None:
    """From arrays to a PNG with this package, through Neo."""
    import neo_currentscape as ncs

    names = np.array([f"I{k}" for k in range(len(currents))])
    signals = {
        "currents": neo.AnalogSignal(
            currents.T, units="nA", sampling_period=0.1 * pq.ms, array_annotations={"name": names}
        ),
        "voltage": neo.AnalogSignal(voltage[:, None], units="mV", sampling_period=0.1 * pq.ms),
    }
    scape = ncs.Currentscape(ncs.Recording(**signals))
    scape.plot(size=(3, 4)).save(path, dpi=400)


def draw_theirs(voltage: np.ndarray, currents: np.ndarray, path: Path) -> None:
    """From arrays to a PNG with the `currentscape` package."""
    import currentscape
    import matplotlib.pyplot as plt

    config = {
        "current": {"names": [f"I{k}" for k in range(len(currents))]},
        "output": {
            "savefig": True,
            "dir": str(path.parent),
            "fname": path.stem,
            "extension": "png",
            "dpi": 400,
        },
        "legend": {"textsize": 4},
        "colormap": {"name": "Set3", "n_colors": 12},
    }
    with contextlib.redirect_stdout(io.StringIO()):
        figure = currentscape.plot(voltage, currents, config)
    plt.close(figure)


def figure_table(sizes: list[int], repeats: int) -> str:
    """Time both packages for each number of samples.

    Parameters
    ----------
    sizes : list of int
        Numbers of samples.
    repeats : int
        Calls of which the median counts; the larger sizes are run once with the peer.

    Returns
    -------
    str
    """
    lines = [f"arrays to PNG, {N_CURRENTS} currents", " samples   ours (s)  currentscape (s)   ratio"]
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            voltage, currents = recording(n)
            path = Path(folder) / "ours.png"
            draw_ours(voltage[:1000], currents[:, :1000], path)  # the first figure loads the fonts
            ours = seconds(partial(draw_ours, voltage, currents, path), repeats)
            peer = Path(folder) / "theirs.png"
            theirs = seconds(partial(draw_theirs, voltage, currents, peer), repeats if n < 1e5 else 1)
            lines.append(f"{n:8d}   {ours:8.3f}  {theirs:16.3f}  {theirs / ours:6.1f}")
    return "\n".join(lines)
