"""
Intervals between spikes while current is injected
==================================================

What becomes of six alike bursters under a constant current? Alonso & Marder (eLife 2019;8:e42722)
show the voltage of some steps (figure 5) and every interval between spikes over the injected current
(figure 6). Their intervals come from 60 s at each of 1001 currents; here they come from 4 s at each of
16, which takes a minute or two. The variable ``STEPS`` of the environment sets another number.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import neo
import numpy as np
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.experiments.runner import run_steps
from neo_currentscape.models import stg

models = "ABCDEF"
amplitudes = np.linspace(0, 6, int(os.environ.get("STEPS", 16))) * pq.nA


def intervals(model, amplitude):
    """The model under a constant current: all its intervals between spikes, in ms."""
    run = stg.simulate(model, i_app=amplitude, t_stop=4 * pq.s, transient=2 * pq.s)
    spikes = ncs.detect_spikes(ncs.Recording.from_segment(run.segments[0]))
    return np.diff(spikes.times.rescale("ms").magnitude)


# Two processes. Where they cannot be forked, a script has to stand below `if __name__ == "__main__":`
# to start any, and this one does without.
can_fork = "fork" in multiprocessing.get_all_start_methods()
workers = (
    ProcessPoolExecutor(2, multiprocessing.get_context("fork"))
    if can_fork
    else None
)
cases = [(model, amplitude) for model in models for amplitude in amplitudes]
found = run_steps(intervals, cases, workers)
if workers is not None:
    workers.shutdown()

# %%
# All intervals
# -------------
# The paper: without current there are short intervals, below 100 ms, within the bursts, and a long one
# between them. All six spike tonically, with one interval, above 5 nA, and come there in different ways:
# ranges with a few intervals, where the spikes are periodic, stand between ranges in which they fill a
# band, and fork like a cascade of period doublings to chaos.
#
# Here: the long interval, 700 to 800 ms, shrinks from the first 0.4 nA on and meets the short ones.
# Through two intervals, the last fork, all six come to a single one of 20 to 30 ms, (f) and (e) from
# about 2.5 to 3 nA on, (c) and (d) from 3, (b) from 3.5, (a) from 4.5 nA on. The bands are before that:
# from 2 to 3 nA in (a), around 1 nA in (f).

figure_6 = Figure(figsize=(6.85, 4), layout="constrained")
grid = figure_6.subplots(2, 3, sharex=True, sharey=True)
for axes, model in zip(grid.flat, models, strict=True):
    for k, (name, amplitude) in enumerate(cases):
        if name == model:
            axes.plot(
                np.full(len(found[k]), float(amplitude)),
                found[k],
                "k.",
                markersize=2,
            )
    axes.set_title(f"({model.lower()})", fontsize=8)
    axes.set_yscale("log")
    axes.tick_params(labelsize=7)
figure_6.suptitle(
    "Figure 6: intervals between spikes over the injected current", fontsize=8
)
figure_6.supxlabel("Injected current (nA)", fontsize=7)
figure_6.supylabel("Interval (ms)", fontsize=7)

# %%
# The currentscapes on the way
# ----------------------------
# The paper, for model (a): bursts at 0 and 0.8 nA, irregular ones at 1.95 nA, then spikes in
# quadruplets (3.45 nA), in doublets (3.75 nA) and one by one (4.5 nA). Here they are the same, and the
# currentscapes show what changes: the leak and H have no more time between the bursts, and what is left
# is a circle of Na, CaT and CaS against Kd and KCa.

block = neo.Block(name="model A, injected current")
for amplitude in [0, 0.8, 1.95, 3.45, 3.75, 4.5] * pq.nA:
    run = stg.simulate(
        "A", i_app=amplitude, t_stop=2 * pq.s, transient=3 * pq.s
    ).segments[0]
    run.annotate(amplitude=amplitude)
    block.segments.append(run)
figure_5 = ncs.Figure(
    ncs.MultiplesPanel(
        ncs.sweep(block, by="amplitude"), window=(0 * pq.s, 1.5 * pq.s)
    ),
    title="Model A under a constant current",
)
