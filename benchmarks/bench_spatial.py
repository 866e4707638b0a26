"""Attribution along the tree: how its time grows, and a whole cell from the recorder to the figure.

The cell runs in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
from timing import seconds

#: Nodes, types and times of the published cell (Fogel & Ujfalussy, eLife reviewed preprint 108352).
PAPER = (1365, 9, 500)

#: Seconds that their code is said to take for it.
PAPER_SECONDS = 216


def random_tree(n_nodes: int, n_types: int, n_times: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Currents on a tree that balances: membrane (node, type, time), axial (node, time), parent."""
    rng = np.random.default_rng(0)
    parent = np.array([-1, *(rng.integers(max(0, n - 20), n) for n in range(1, n_nodes))])
    axial = rng.standard_normal((n_nodes, n_times))
    axial[0] = 0
    inflow = axial.copy()
    np.subtract.at(inflow, parent[1:], axial[1:])
    membrane = rng.standard_normal((n_nodes, n_types, n_times))
    membrane[:, -1] += inflow - membrane.sum(axis=1)
    return membrane, axial, parent


def partition_table(repeats: int) -> str:
    """Time `partition` at the published size, and with each dimension doubled and halved."""
    from neo_currentscape import spatial

    nodes, types, times = PAPER
    sizes = [PAPER]
    for factor in (0.5, 2):
        sizes += [
            (int(nodes * factor), types, times),
            (nodes, max(1, round(types * factor)), times),
            (nodes, types, int(times * factor)),
        ]
    lines = [
        f"partition; the published code takes {PAPER_SECONDS} s for {nodes} x {types} x {times}",
        " nodes  types  times   seconds   ns per value",
    ]
    for size in sizes:
        arrays = random_tree(*size)
        spent = seconds(lambda arrays=arrays: spatial.partition(*arrays), repeats)
        lines.append(
            f"{size[0]:6d} {size[1]:6d} {size[2]:6d} {spent:9.3f} {1e9 * spent / np.prod(size):14.1f}"
        )
    return "\n".join(lines)


def build(h, n_compartments: int) -> list:
    """A binary tree of sections with hh and pas, and a hundred synapses, in NEURON."""
    n_sections = n_compartments // 9
    sections = []
    for number in range(n_sections):
        section = h.Section(name=f"dend[{number}]")
        section.nseg, section.L, section.diam = 9, 100, 1.5 if number else 20
        section.insert("pas")
        section.insert("hh")
        section.gnabar_hh, section.gkbar_hh = (0.12, 0.036) if number == 0 else (0.01, 0.003)
        if number:
            section.connect(sections[(number - 1) // 2](1))
        sections.append(section)
    kept = []
    for number in range(100):
        synapse = h.ExpSyn(sections[(number * 37) % n_sections](0.5))
        source = h.NetStim()
        source.interval, source.number, source.noise = 50, 1000, 1
        source.noiseFromRandom123(number, 0, 0)
        kept.append((synapse, source, h.NetCon(source, synapse, 0, 0, 0.0005)))
    return [sections, kept]


def memory() -> float:
    """The largest memory that this process had so far, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def whole_cell(n_compartments: int, duration: float) -> dict[str, float]:
    """Run a cell, from the recorder to the figure; seconds of the processor and MB of each stage."""
    from neuron import h

    import neo_currentscape as ncs
    from neo_currentscape.adapters import neuron

    h.load_file("stdrun.hoc")
    built = build(h, n_compartments)
    out: dict[str, float] = {}
    h.finitialize(-65)
    begun = time.process_time()
    h.continuerun(duration)
    out["simulation alone"] = time.process_time() - begun
    recorder = neuron.CellRecorder(built[0][0])
    h.finitialize(-65)
    begun = time.process_time()
    h.continuerun(duration)
    out["simulation, recorded"] = time.process_time() - begun
    out["MB recorded by NEURON"] = memory()
    begun = time.process_time()
    segment = recorder.to_segment()
    out["to_segment"] = time.process_time() - begun
    out["MB after to_segment"] = memory()
    currents = [s for s in segment.analogsignals if s.annotations["role"] in ("current", "capacitive")]
    out["MB of the currents"] = sum(s.nbytes for s in currents) / 2**20
    out["MB of all signals"] = sum(s.nbytes for s in segment.analogsignals) / 2**20
    begun = time.process_time()
    cell = ncs.CellRecording.from_segment(segment)
    worst = cell.balance.worst
    out["balance"] = time.process_time() - begun
    begun = time.process_time()
    attribution = cell.attribute()
    out["attribution"] = time.process_time() - begun
    begun = time.process_time()
    attribution.plot().fig.canvas.draw()
    out["figure"] = time.process_time() - begun
    out["MB in the end"] = memory()
    out["worst balance"] = worst
    out["compartments"] = float((~cell.morphology.is_joint).sum())
    return out


def cell_table(n_compartments: int = 1000, duration: float = 1000.0) -> str:
    """Run `whole_cell` in a process of its own and print what it took."""
    command = [sys.executable, __file__, str(n_compartments), str(duration)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    analysis = sum(found[stage] for stage in ("to_segment", "balance", "attribution", "figure"))
    lines = [
        f"NEURON, {found['compartments']:.0f} compartments, {duration:g} ms at 0.025 ms, processor seconds"
    ]
    lines += [f"  {name:24s} {value:10.3g}" for name, value in found.items()]
    extra = found["MB in the end"] - found["MB recorded by NEURON"]
    lines.append(f"  analysis / simulation    {analysis / found['simulation, recorded']:10.2f}")
    lines.append(f"  memory of the analysis / currents {extra / found['MB of the currents']:10.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(whole_cell(int(sys.argv[1]), float(sys.argv[2]))))
