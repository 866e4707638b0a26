"""From arrays in memory to a PNG or a PDF: this package and `currentscape` on the same arrays."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from timing import seconds

N_CURRENTS = 12


def recording(n_samples: int, step: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Make a bursting voltage and currents of both signs, like those of a neuron, every `step` ms.

    Returns
    -------
    voltage : ndarray, shape (time,)
        In mV.
    currents : ndarray, shape (current, time)
        In nA, outward positive.
    """
    rng = np.random.default_rng(1)
    t = np.arange(n_samples) * step
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
    """From arrays to a file with this package, through Neo."""
    import neo
    import quantities as pq

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
    """From arrays to a file with the `currentscape` package."""
    import currentscape
    from matplotlib.pyplot import close

    config = {
        "current": {"names": [f"I{k}" for k in range(len(currents))]},
        "output": {
            "savefig": True,
            "dir": str(path.parent),
            "fname": path.stem,
            "extension": path.suffix[1:],
            "dpi": 400,
        },
        "legend": {"textsize": 4},
        "colormap": {"name": "Set3", "n_colors": 12},
    }
    with contextlib.redirect_stdout(io.StringIO()):
        figure = currentscape.plot(voltage, currents, config)
    close(figure)


#: Samples up to which the peer is run as often as this package; beyond them once.
PATIENCE = 3e4


def figure_table(sizes: list[int], repeats: int) -> str:
    """Time both packages for each format and number of samples.

    Parameters
    ----------
    sizes : list of int
        Numbers of samples. With 3e6 of them the peer's PDF takes minutes and writes a gigabyte, into
        a temporary folder.
    repeats : int
        Calls of which the median counts; the larger sizes are run once with the peer.

    Returns
    -------
    str
    """
    lines = [
        f"arrays to a file, {N_CURRENTS} currents and the voltage",
        "format   samples   ours (s)  currentscape (s)   ratio   ours (MB)  currentscape (MB)",
    ]
    for extension in ("png", "pdf"):
        for n in sizes:
            voltage, currents = recording(n)
            call = partial(_timed, voltage=voltage, currents=currents, extension=extension)
            ours, size = call(draw_ours, repeats=repeats)
            theirs, their_size = call(draw_theirs, repeats=repeats if n < PATIENCE else 1)
            times = f"{ours:8.3f}  {theirs:16.3f}  {theirs / ours:6.1f}"
            lines.append(f"{extension:6s}  {n:8d}   {times}   {size:9.3f}  {their_size:17.3f}")
            print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def _timed(
    draw: Callable[..., None], voltage: np.ndarray, currents: np.ndarray, extension: str, repeats: int
) -> tuple[float, float]:
    """Seconds that a figure takes, and megabytes of its file, which is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{draw.__name__}.{extension}"
        draw(voltage[:1000], currents[:, :1000], path)  # the first figure loads the fonts
        taken = seconds(partial(draw, voltage, currents, path), repeats)
        return taken, path.stat().st_size / 1e6
