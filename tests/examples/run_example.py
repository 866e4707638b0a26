"""Run an example as a reader would, and hand on the Segment it made: ``run_example.py FILE RESULT``."""

import pickle
import runpy
import sys
from pathlib import Path

import neo


def main(file, result):
    """Run a file and pickle its variable ``segment`` and the number of its figures."""
    variables = runpy.run_path(file, run_name="__main__")
    segment = variables.get("segment")
    figures = [value for value in variables.values() if type(value).__name__ == "Figure"]
    kept = {"segment": segment if isinstance(segment, neo.Segment) else None, "figures": len(figures)}
    Path(result).write_bytes(pickle.dumps(kept))


if __name__ == "__main__":
    main(*sys.argv[1:])
