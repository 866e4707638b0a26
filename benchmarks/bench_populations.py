"""Recordings of whole populations: from the simulator to a Segment and to a summary, beside the simulator.

``python benchmarks/bench_populations.py nest 10000`` prints one row, in a process of its own, as memory is
that of a process.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

#: How long is recorded, in ms, with a sample each ms.
DURATION = 200.0

#: Neurons of which PyNN's own reading is timed too: its time grows with their square.
PLAIN = 2000


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor that a call takes, and what it gives: less in doubt beside other work."""
    begun = time.process_time()
    found = call()
    return time.process_time() - begun, found


def in_nest(n_neurons: int) -> tuple[float, Callable[[], Any], Callable[[], Any]]:
    """Run NEST: seconds of the run, what hands the recordings out, and what makes a Segment of them."""
    import nest

    from neo_currentscape.adapters import nest as adapter

    nest.verbosity = nest.VerbosityLevel.ERROR
    neurons = nest.Create("iaf_cond_alpha", n_neurons)
    for rate, weight in ((8000.0, 2.0), (4000.0, -4.0)):
        source = nest.Create("poisson_generator", params={"rate": rate})
        nest.Connect(source, neurons, syn_spec={"weight": weight})
    multimeter = nest.Create("multimeter", params={"interval": 1.0, "record_from": ["V_m", "g_ex", "g_in"]})
    nest.Connect(multimeter, neurons)
    run, _ = timed(lambda: nest.Simulate(DURATION))
    return run, lambda: multimeter.get("events"), lambda: adapter.to_segment(multimeter)


def in_pynn(n_neurons: int, backend: str) -> tuple[float, Callable[[], Any], Callable[[], Any]]:
    """Run PyNN on one of its backends; as `in_nest`."""
    from neo_currentscape.adapters import pynn

    sim = importlib.import_module(f"pyNN.{backend}")
    sim.setup(timestep=0.1)
    cells = sim.Population(n_neurons, sim.IF_cond_exp(tau_syn_E=5.0, tau_syn_I=10.0))
    for receptor, weight in (("excitatory", 0.01), ("inhibitory", 0.02)):
        source = sim.Population(100, sim.SpikeSourcePoisson(rate=100.0))
        synapse = sim.StaticSynapse(weight=weight, delay=1.0)
        few = sim.FixedProbabilityConnector(0.1)
        sim.Projection(source, cells, few, synapse, receptor_type=receptor)
    pynn.record_currents(cells, sampling_interval=1.0)
    run, _ = timed(lambda: sim.run(DURATION))
    return run, cells.get_data, lambda: pynn.to_segment(cells)


def megabytes() -> float:
    """The most memory that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(name: str, n_neurons: int) -> dict[str, float]:
    """Run a simulator, and time what follows, in this process."""
    import neo_currentscape as ncs

    warnings.simplefilter("ignore")
    run, plain, segment_of = in_nest(n_neurons) if name == "nest" else in_pynn(n_neurons, name[5:])
    with_plain = name == "nest" or n_neurons <= PLAIN
    found = {"run": run, "plain": timed(plain)[0] if with_plain else float("nan")}
    before = megabytes()
    found["segment"], segment = timed(segment_of)
    found["memory"] = megabytes() - before
    found["summary"], _ = timed(lambda: ncs.summarise(segment))
    found["balance"], _ = timed(lambda: ncs.excitation_inhibition(segment))
    found["data"] = sum(signal.nbytes for signal in segment.analogsignals) / 2**20
    return found


def populations_table(sizes: Sequence[int] = (1000, 2000, 5000, 10_000)) -> str:
    """Seconds by neurons, and what the extra memory is of the Segment's own.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of neurons.

    Returns
    -------
    str
    """
    lines = [
        f"populations, {DURATION:g} ms with a sample each ms: seconds of the processor",
        "source       neurons    run  handed out  Segment  ms a neuron  summary  ms a neuron  E and I"
        "  extra memory / data",
    ]
    for name in ("nest", "pynn.nest", "pynn.neuron"):
        for n in sizes:
            command = [sys.executable, __file__, name, str(n)]
            ran = subprocess.run(command, check=True, capture_output=True)
            c: Any = json.loads(ran.stdout.decode().splitlines()[-1])
            lines.append(
                f"{name:12s} {n:7d} {c['run']:6.1f} {c['plain']:11.2f} {c['segment']:8.2f} "
                f"{1e3 * c['segment'] / n:12.2f} {c['summary']:8.2f} {1e3 * c['summary'] / n:12.2f} "
                f"{c['balance']:8.2f} {c['memory'] / c['data']:20.1f}"
            )
    return "\n".join(lines)


def main() -> None:
    """Print the table, or one row of it for `populations_table`."""
    if len(sys.argv) == 3:
        print(json.dumps(row(sys.argv[1], int(sys.argv[2]))))
        return
    print(populations_table())


if __name__ == "__main__":
    main()
