"""`neo_currentscape.plot` and `currentscape.plot` on the same arrays and configurations, side by side."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import subprocess
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from bench_figure import N_CURRENTS, recording
from timing import seconds

#: Samples up to which the peer runs once only.
PATIENCE = 3e4

#: Configurations by name; the names of the currents and the output are added.
CONFIGS: dict[str, dict[str, Any]] = {
    "default": {},
    "patterns": {"pattern": {"use": True}},
    "everything": {
        "pattern": {"use": True},
        "show": {
            "xlabels": True,
            "xticklabels": True,
            "xgridlines": True,
            "all_currents": True,
            "total_contribution": True,
        },
        "figsize": [4, 6],
        "title": "everything",
    },
}


def mend_peer() -> None:
    """Give the peer the name in matplotlib that it misses, without which its patterns crash."""
    from matplotlib.legend import Legend

    if not hasattr(Legend, "legendHandles"):
        Legend.legendHandles = property(lambda self: self.legend_handles)


def config_of(name: str, extension: str, folder: str) -> dict[str, Any]:
    """The configuration of a case, which writes a file."""
    config = copy.deepcopy(CONFIGS[name])
    config["current"] = {"names": [f"I{k}" for k in range(N_CURRENTS)]}
    config["ions"] = {"names": ["ca", "k"]}
    config["output"] = {"savefig": True, "dir": folder, "fname": name, "extension": extension}
    return config


def run(package: str, name: str, n_samples: int, extension: str, repeats: int) -> tuple[float, float]:
    """Time one package from arrays in memory to a file.

    Returns
    -------
    seconds, megabytes : float
        Median time, and the size of the file.
    """
    import matplotlib.pyplot as plt

    module = __import__(package)
    voltage, currents = recording(n_samples)
    ions = np.abs(currents[:2]) + 1
    time = np.arange(n_samples) * 0.1
    with tempfile.TemporaryDirectory() as folder:
        config = config_of(name, extension, folder)

        def call(n: int = n_samples) -> None:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module.plot(voltage[:n], currents[:, :n], copy.deepcopy(config), ions[:, :n], time[:n])
            plt.close("all")

        call(1000)  # the first figure loads the fonts
        taken = seconds(partial(call), repeats)
        return taken, (Path(folder) / f"{name}.{extension}").stat().st_size / 1e6


def in_its_own_process(*arguments: Any, timeout: float = 900) -> tuple[float, float] | None:
    """Call `run` in a fresh process, whose memory and settings are its own; None where it fails."""
    command = [sys.executable, __file__, *map(str, arguments)]
    try:
        found = subprocess.run(command, check=True, capture_output=True, timeout=timeout)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return tuple(json.loads(found.stdout.decode().splitlines()[-1]))


def compat_table(sizes: list[int], repeats: int) -> str:
    """Time both packages for each configuration, format and number of samples.

    Parameters
    ----------
    sizes : list of int
        Numbers of samples.
    repeats : int
        Calls of which the median counts; where the peer is slow it is called once.

    Returns
    -------
    str
    """
    lines = [
        f"the same call and configuration, {N_CURRENTS} currents, 2 ions",
        "config      format  samples   ours (s)  currentscape (s)   ratio   ours (MB)  currentscape (MB)",
    ]
    for name in CONFIGS:
        for extension in ("png", "pdf"):
            for n in sizes:
                ours = in_its_own_process("neo_currentscape", name, n, extension, repeats)
                times = repeats if n < PATIENCE else 1
                theirs = in_its_own_process("currentscape", name, n, extension, times)
                lines.append(_line(name, extension, n, ours, theirs))
                print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def _line(name: str, extension: str, n: int, ours: Any, theirs: Any) -> str:
    first = f"{name:10s}  {extension:6s} {n:8d}   {ours[0]:8.3f}"
    if theirs is None:
        return f"{first}            failed       -   {ours[1]:9.3f}                  -"
    ratio = theirs[0] / ours[0]
    return f"{first}  {theirs[0]:16.3f}  {ratio:6.1f}   {ours[1]:9.3f}  {theirs[1]:17.3f}"


if __name__ == "__main__":
    import matplotlib

    matplotlib.use("agg")
    mend_peer()
    package, name, n, extension, repeats = sys.argv[1:]
    print(json.dumps(run(package, name, int(n), extension, int(repeats))))
