"""Processor time of whole processes, and of the second figure in one: this package and `currentscape`.

Processor time (user and system, all threads) does not count what other programs do meanwhile. The two
packages take turns, each in processes of its own, and the least of several counts.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from bench_compat import config_of, mend_peer
from bench_figure import draw_ours, draw_theirs, recording

#: What is drawn: the standard figure beside the peer's own, or the same call and configuration in both.
CASES = ("figure", "default", "patterns", "everything")

PACKAGES = {"ours": "neo_currentscape", "theirs": "currentscape"}


def drawing(which: str, case: str, n_samples: int, extension: str, folder: str) -> Callable[[], Any]:
    """What draws one figure, from arrays in memory to a file."""
    voltage, currents = recording(n_samples)
    if case == "figure":
        draw = draw_ours if which == "ours" else draw_theirs
        return lambda: draw(voltage, currents, Path(folder) / f"{case}.{extension}")
    ions, times = np.abs(currents[:2]) + 1, np.arange(n_samples) * 0.1
    config = config_of(case, extension, folder)

    def call() -> None:
        package = __import__(PACKAGES[which])
        if which == "theirs":
            mend_peer()
        package.plot(voltage, currents, copy.deepcopy(config), ions, times)

    return call


def figures(which: str, case: str, n_samples: int, extension: str, count: int) -> tuple[list[float], float]:
    """Draw figures one after the other in this process.

    Returns
    -------
    seconds : list of float
        Processor time of each.
    megabytes : float
        Of a file.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        draw = drawing(which, case, n_samples, extension, folder)
        for _ in range(count):
            begun = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                draw()
            found.append(time.process_time() - begun)
            _forget()
        return found, (Path(folder) / f"{case}.{extension}").stat().st_size / 1e6


def _forget() -> None:
    """Close the figures that pyplot keeps, without loading it where it is not."""
    from matplotlib._pylab_helpers import Gcf

    Gcf.destroy_all()


def in_a_process(
    *arguments: Any, kernel: str = "", timeout: float = 3600
) -> tuple[float, list[float], float]:
    """Call `figures` in a fresh process.

    Parameters
    ----------
    *arguments
        Of `figures`.
    kernel : {"", "numpy", "numba"}
        What reduces; by default what is chosen by itself.
    timeout : float
        In seconds.

    Returns
    -------
    whole : float
        Processor time of the process, in seconds.
    seconds : list of float
        That of each figure.
    megabytes : float
        Of a file.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, __file__, *map(str, arguments)]
    surroundings = {**os.environ, "MPLBACKEND": "agg"}
    if kernel:
        surroundings["NEO_CURRENTSCAPE_KERNEL"] = kernel
    done = subprocess.run(command, check=True, capture_output=True, timeout=timeout, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds, megabytes = json.loads(done.stdout.decode().splitlines()[-1])
    return whole, seconds, megabytes


HEAD = (
    "processor time of a figure, from arrays to a file (s): whole fresh processes, and the second figure\n"
    "case               format  samples   whole   theirs  ratio   second   theirs  ratio      MB   theirs"
)


def process_table(turns: int = 5, n_samples: int = 10_000) -> str:
    """Processor time of both packages, for each case and format.

    Parameters
    ----------
    turns : int
        Processes of each package, of which the quickest counts.
    n_samples : int

    Returns
    -------
    str
    """
    lines = [HEAD]
    for case in CASES:
        for extension in ("png", "pdf"):
            ours, theirs = _in_turns(case, n_samples, extension, turns)
            lines.append(_line(case, extension, n_samples, ours, theirs))
            print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def long_table(n_samples: int = 1_000_000, cases: tuple[str, ...] = ("figure", "default")) -> str:
    """The same for a long recording, with NumPy and with ``[fast]``; the peer draws it twice.

    Returns
    -------
    str
    """
    lines = [HEAD]
    for case in cases:
        for extension in ("png", "pdf"):
            theirs = _once("theirs", case, n_samples, extension, "")
            for kernel, name in (("numpy", ""), ("numba", " [fast]")):
                ours = _once("ours", case, n_samples, extension, kernel)
                lines.append(_line(case + name, extension, n_samples, ours, theirs))
                print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


#: Processor time of a whole process and of the second figure in one, and the size of the file.
Found = tuple[float, float, float]


def _in_turns(case: str, n: int, extension: str, turns: int) -> tuple[Found, Found]:
    """Of both packages, one process of each after the other, some times."""
    found: dict[str, list[Found]] = {which: [] for which in PACKAGES}
    for _ in range(turns):
        for which, all_of_it in found.items():
            whole = in_a_process(which, case, n, extension, 1)[0]
            _, seconds, megabytes = in_a_process(which, case, n, extension, 3)
            all_of_it.append((whole, min(seconds[1:]), megabytes))
    ours, theirs = (tuple(map(min, zip(*one, strict=True))) for one in found.values())
    return ours, theirs


def _once(which: str, case: str, n: int, extension: str, kernel: str) -> Found:
    """Of one process that draws two figures; the whole is what it takes without the second."""
    whole, seconds, megabytes = in_a_process(which, case, n, extension, 2, kernel=kernel)
    return whole - seconds[1], seconds[1], megabytes


def _line(case: str, extension: str, n: int, ours: Found, theirs: Found) -> str:
    cells = [f"{case:18s}  {extension:6s} {n:8d}"]
    for k in range(2):
        cells.append(f"{ours[k]:8.3f} {theirs[k]:8.3f} {theirs[k] / ours[k]:7.2f}")
    return " ".join([*cells, f"{ours[2]:7.2f} {theirs[2]:8.2f}"])


if __name__ == "__main__":
    which, case, n, extension, count = sys.argv[1:]
    print(json.dumps(figures(which, case, int(n), extension, int(count))))
