"""Run the fuzz tests again and again with new cases until the time is up, or a case fails.

python tests/fuzz/for_minutes.py --minutes 30
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    """Parse the command line, run, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--cases", type=int, default=100, help="of each test in a round")
    given = parser.parse_args()
    end, tried, rounds = time.monotonic() + 60 * given.minutes, Counter(), 0
    while time.monotonic() < end:
        rounds += 1
        code, found = one_round(given.cases, seed=time.time_ns() % 2**32)
        tried.update(found)
        print(f"round {rounds}: {sum(tried.values())} cases tried", flush=True)
        if code:
            sys.exit(code)
    for name, count in sorted(tried.items()):
        print(f"{count:10d} {name}")


def one_round(cases, seed):
    """The exit code of a run, and the cases that each test tried."""
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--hypothesis-seed={seed}",
        str(HERE),
    ]
    environment = {**os.environ, "NEO_CURRENTSCAPE_FUZZ": str(cases), "MPLBACKEND": "agg"}
    done = subprocess.run(run, env=environment, cwd=HERE.parents[1], capture_output=True, text=True)
    if done.returncode:
        print(f"seed {seed}\n{done.stdout[-20000:]}\n{done.stderr[-4000:]}")
    counted = re.findall(r"^fuzz: +(\d+) (\S+)$", done.stdout, re.MULTILINE)
    return done.returncode, {name: int(count) for count, name in counted}


if __name__ == "__main__":
    main()
