"""A layer-5 pyramid for a second, recorded whole to the disk, and all analyses after it.

The recorded run and the bare one follow each other in one process, so that their ratio means something.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bench_spatial import memory
from layer5 import CHANNELS, build

#: MOD files of the channels that NEURON does not have.
MODS = Path(__file__).parent.parent / "tests" / "adapters" / "neuron" / "mods"


def compiled(folder: str) -> str:
    """Compile the channels; returns the library."""
    for name in CHANNELS:
        if (MODS / f"{name}.mod").exists():
            shutil.copy(MODS / f"{name}.mod", folder)
    subprocess.run(["nrnivmodl", "."], cwd=folder, check=True, capture_output=True)
    return str(next(Path(folder).glob("*/libnrnmech.*")))


def long_run(library: str, folder: str, duration: float, every: int) -> dict[str, float]:
    """Run the cell alone, recorded, alone and recorded; processor seconds and MB of all that follows."""
    from neuron import h

    import neo_currentscape as ncs
    from neo_currentscape.adapters import neuron

    h.load_file("stdrun.hoc")
    h.nrn_load_dll(library)
    kept = build(h)
    out = {"bare run": _run(h, duration)}
    recorder = neuron.CellRecorder(kept[0], every=every, path=f"{folder}/run.zarr")
    out["MB before"] = memory()
    out["recorded run"] = _run(h, duration)
    out["MB after the run"] = memory()
    begun = time.process_time()
    cell = ncs.CellRecording.from_segment(recorder.to_segment())
    out["to_segment"] = time.process_time() - begun
    matrix = np.random.default_rng(0).random((16, int((~cell.morphology.is_joint).sum())))
    for name, call in (
        ("balance", lambda: cell.balance.worst),
        ("attribution", lambda: cell.attribute("soma")),
        ("map", lambda: cell.map("soma")),
        ("field, 16 contacts", lambda: ncs.extracellular.split_field(cell, matrix)),
    ):
        begun = time.process_time()
        call()
        out[name] = time.process_time() - begun
    out["MB in the end"] = memory()
    out["worst balance"] = cell.balance.worst
    out["compartments"] = float((~cell.morphology.is_joint).sum())
    out["currents"] = float(len(cell.names))
    out["samples"] = float(len(cell))
    del recorder
    out["bare run"] = (out["bare run"] + _run(h, duration)) / 2
    return out


def _run(h, duration: float) -> float:
    h.finitialize(-70)
    begun = time.process_time()
    h.continuerun(duration)
    return time.process_time() - begun


def long_cell_table(duration: float = 1000.0, every: int = 4) -> str:
    """Run `long_run` in a process of its own and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, compiled(folder), folder, str(duration), str(every)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    after = sum(found[key] for key in ("to_segment", "balance", "attribution", "map", "field, 16 contacts"))
    lines = [f"NEURON, {duration:g} ms at 0.025 ms of which one sample in {every} is kept, on the disk"]
    lines += [f"  {name:24s} {value:10.3g}" for name, value in found.items()]
    lines.append(f"  recorded / bare run      {found['recorded run'] / found['bare run']:10.2f}")
    lines.append(f"  all after it / recorded  {after / found['recorded run']:10.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(long_run(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))))
