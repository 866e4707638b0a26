"""How the reduction and figures grow with samples, currents and threads; ratios within one run.

``python benchmarks/bench_scaling.py`` prints the tables; ``python benchmarks/bench_scaling.py memory N``
prints what one figure of N samples costs, in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import median
from typing import Any

import neo
import numpy as np
import quantities as pq
from bench_figure import draw_ours, recording
from timing import seconds

import neo_currentscape as ncs

N_CURRENTS, N_BINS = 12, 2000

#: Time in ms that the figures show, however many samples it holds.
SPAN = 10_000.0


def random_recording(n_samples: int, n_currents: int) -> tuple[np.ndarray, ncs.Recording]:
    """Make currents of random numbers, and a Recording of them that shares their memory."""
    values = np.random.default_rng(0).standard_normal((n_samples, n_currents))
    signal = neo.AnalogSignal(
        values,
        units="nA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": np.array([f"I{k}" for k in range(n_currents)])},
    )
    return values, ncs.Recording(signal)


def reduction_line(n_samples: int, n_currents: int, repeats: int) -> str:
    """Time the reduction to bins beside a sum over the same array, by turns."""
    from neo_currentscape.reduction import engine
    from neo_currentscape.reduction.columns import reduce_recording

    values, rec = random_recording(n_samples, n_currents)
    threads, found = engine.threads(), {}

    def reduce(kernel: str, count: int) -> None:
        os.environ[engine.VARIABLE] = kernel
        engine.threads = lambda: count
        reduce_recording(rec, N_BINS)

    cases = {"sum": values.sum, "numpy": lambda: reduce("numpy", 1)}
    cases |= {f"numba {n}": lambda n=n: reduce("numba", n) for n in sorted({1, threads})}
    reduce("numba", 1)
    for _ in range(repeats):
        for name, call in cases.items():
            found.setdefault(name, []).append(seconds(call, 1))
    # The fastest of several, as what else the machine does only adds to it.
    best = {name: min(times) for name, times in found.items()}
    engine.threads = lambda: threads
    os.environ.pop(engine.VARIABLE)
    rest = "".join(f"{best[name] * 1e3:8.0f} {best[name] / best['sum']:6.2f}" for name in list(cases)[1:])
    return f"{n_samples:9d} {n_currents:9d} {best['sum'] * 1e3:9.1f}{rest}"


def reduction_table(repeats: int = 7) -> str:
    """Reduction to 2,000 bins by samples and currents: ms, and as multiples of one np.sum."""
    lines = [
        "reduction to 2,000 bins (ms, and multiples of np.sum)",
        "  samples  currents  sum (ms)   NumPy      x  [fast] 1      x   2 threads  x",
    ]
    for n_samples, n_currents in (
        (10**5, 12),
        (10**6, 12),
        (10**7, 12),
        (10**7, 3),
        (10**6, 48),
        (10**6, 120),
    ):
        lines.append(reduction_line(n_samples, n_currents, repeats))
    return "\n".join(lines)


def timed_reductions() -> list[float]:
    """A list to which every reduction of a currentscape to columns adds its seconds from now on."""
    from neo_currentscape.reduction import shares

    spent: list[float] = []
    plain = shares.reduce_recording

    def reduce(*arguments: Any) -> Any:
        begun = time.perf_counter()
        found = plain(*arguments)
        spent.append(time.perf_counter() - begun)
        return found

    shares.reduce_recording = reduce
    return spent


def figure_cost(n_samples: int, kernel: str) -> dict[str, float]:
    """Time and extra memory from arrays to files, in this process."""
    os.environ["NEO_CURRENTSCAPE_KERNEL"] = kernel
    # The same signals sampled more and more finely, as pictures of more bursts have longer outlines.
    voltage, currents = recording(n_samples, SPAN / n_samples)
    spent, aside = timed_reductions(), list[float]()
    out: dict[str, float] = {"data": currents.nbytes / 1e6}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.png"
        draw_ours(voltage[:5000], currents[:, :5000], path)
        draw_ours(voltage[:5000], currents[:, :5000], path.with_suffix(".pdf"))
        whole = []
        for _ in range(5):
            spent.clear()
            whole.append(seconds(lambda: draw_ours(voltage, currents, path), 1))
            aside.append(whole[-1] - sum(spent))
        out["png"], out["aside"] = median(whole), median(aside)
        tracemalloc.start()
        draw_ours(voltage, currents, path)
        out["extra"] = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        out["pdf"] = seconds(lambda: draw_ours(voltage, currents, path.with_suffix(".pdf")), 3)
        out["pdf_megabytes"] = path.with_suffix(".pdf").stat().st_size / 1e6
    return out


def figure_lines(sizes: list[int]) -> str:
    """What figures cost by samples; without the one pass over them, a PNG's time should be flat."""
    lines = [
        f"arrays to files, {N_CURRENTS} currents and the voltage",
        "  samples  kernel    PNG (s)  PNG without the pass (s)   PDF (s)  PDF (MB)  extra memory (MB)"
        "  data (MB)",
    ]
    for kernel in ("numpy", "numba"):
        for n in sizes:
            ran = subprocess.run(
                [sys.executable, __file__, "memory", str(n), kernel], check=True, capture_output=True
            )
            c: Any = json.loads(ran.stdout.decode().splitlines()[-1])
            lines.append(
                f"{n:9d}  {kernel:6s} {c['png']:9.3f} {c['aside']:25.3f} {c['pdf']:9.3f} "
                f"{c['pdf_megabytes']:9.3f} {c['extra']:18.0f} {c['data']:10.0f}"
            )
    return "\n".join(lines)


def zoom_table(n_samples: int = 10**7) -> str:
    """From a new window to the new picture, on a canvas of 100 dots per inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    _, rec = random_recording(n_samples, N_CURRENTS)
    lines = [f"zoom at {n_samples:.0e} x {N_CURRENTS}: window as a part of the whole, seconds"]
    for kernel in ("numpy", "numba"):
        os.environ["NEO_CURRENTSCAPE_KERNEL"] = kernel
        figure = ncs.Currentscape(rec).plot(size=(7, 6))
        canvas = FigureCanvasAgg(figure.fig)
        canvas.draw()
        stop = figure.axes[0].get_xlim()[1]
        for part in (0.9, 0.5, 0.1, 1e-3, 1e-6):
            times = []
            for k in range(3):  # never the same window twice
                figure.axes[0].set_xlim(stop * (0.05 + 0.001 * k), stop * (0.05 + 0.001 * k + part))
                begun = time.perf_counter()
                canvas.draw()
                times.append(time.perf_counter() - begun)
            lines.append(f"{kernel:6s} {part:8.0e} {min(times):8.3f}")
    os.environ.pop("NEO_CURRENTSCAPE_KERNEL")
    return "\n".join(lines)


def main() -> None:
    """Print all tables, or one line for `figure_lines`."""
    import matplotlib

    matplotlib.use("agg")
    if sys.argv[1:2] == ["memory"]:
        print(json.dumps(figure_cost(int(sys.argv[2]), sys.argv[3])))
        return
    print(reduction_table(), flush=True)
    print(flush=True)
    print(figure_lines([10**4, 10**5, 10**6, 10**7]), flush=True)
    print(flush=True)
    print(zoom_table())


if __name__ == "__main__":
    main()
