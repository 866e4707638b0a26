"""Timing of calls and processes."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Median wall-clock time of a call, in seconds."""
    times = []
    for _ in range(repeats):
        gc.collect()
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return median(times)


def process_seconds(code: str, repeats: int) -> float:
    """Median wall-clock time of a fresh Python process that runs some code, in seconds."""
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True), repeats)
