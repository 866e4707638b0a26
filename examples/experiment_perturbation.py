"""
Taking a conductance away
=========================

Alonso & Marder (eLife 2019;8:e42722) ask what becomes of a bursting neuron when one of its
conductances is taken away bit by bit. They look upon the voltage, and upon the share of each current,
as a random variable that is sampled at a random time: the probability of a value is the time that is
spent there. A heat map then shows a whole perturbation. Their figures are made again here, beside
what their text says of them.

``stg.perturb`` runs the steps in any executor: processes as here, a cluster by dask
(``client.get_executor()``), or MPI (``mpi4py.futures``). With ``then=`` each step is reduced where it
was simulated, so that a long perturbation needs little memory. The variable
``STEPS`` of the environment sets another number of steps than 41.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

factors = np.linspace(1, 0, int(os.environ.get("STEPS", 41)))
count = partial(ncs.distribution, voltages=(-70, 35) * pq.mV, voltage_bins=150)

# Two processes. Where they cannot be forked, a script has to stand below `if __name__ == "__main__":`
# to start any, and this one does without.
can_fork = "fork" in multiprocessing.get_all_start_methods()
workers = (
    ProcessPoolExecutor(2, multiprocessing.get_context("fork"))
    if can_fork
    else None
)


def perturbed(model, current):
    """The distributions of a model while a conductance goes from 100 % to 0 %."""
    found = stg.perturb(
        current,
        factors,
        model,
        executor=workers,
        then=count,
        t_stop=3 * pq.s,
        transient=3 * pq.s,
    )
    return ncs.Perturbation(f"Part of g_{current} that is left", factors, found)


# %%
# The sodium conductance of the model of figure 3
# -----------------------------------------------
# The paper: the cell bursts down to 85 % of its sodium, and then abruptly fires single spikes instead;
# towards 0 % what oscillates becomes a narrow band at -20 mV with one spike. Here: the spikes' peaks fall
# until 85 %; then the voltage reaches down to -60 mV, and without sodium the largest voltage is -16 mV.

sodium = perturbed("Fig. 3", "Na")
figure_3 = sodium.plot(
    shares=False, title="Figure 3C: model of figure 3, sodium taken away"
)

# %%
# The slope of the distribution draws a line where the voltage often is, such as the peak of each spike.

figure_3d = sodium.plot(
    shares=False, ridges=True, title="Figure 3D: ridges of the distribution"
)

# %%
# The transient calcium conductance of all six models
# ---------------------------------------------------
# The paper: what less CaT does differs from model to model. At 70 %, (a), (b) and (c) burst, and (d), (e)
# and (f) spike tonically; without it all spike tonically but (a), which bursts slowly with a duty cycle of
# about 0.5, as it does below 30 %, and deeper than -50 mV.
#
# Here: the bursts reach down to -50 mV; where they end, the lowest voltage jumps up, and then falls with
# the conductance, while the peaks of all spikes become the same: in (a), (b) and (c) at 60 to 65 %, in (d),
# (e) and (f) before 70 %. In (a) the bursts are back at 20 %. All eight currents are taken away in "Taking
# each current away, in six models".

calcium = {model: perturbed(model, "CaT") for model in "ABCDEF"}
panels = [
    ncs.VoltageDistributionPanel(
        found,
        ylabel=f"{model}\nVoltage (mV)",
        ylim=(-66, 26),
        colorbar=model == "A",
        xlabel=model == "F" or False,
    )
    for model, found in calcium.items()
]
figure_12 = ncs.Figure(
    *panels, title="Figure 12: the six models, CaT taken away", size=(6, 9)
)

# %%
# The shares of model F
# ---------------------
# Figure 14 and its text: in control, Na and CaT can be responsible for about 90 % of the inward
# current, but most of the time contribute about 20 %; CaT tends to zero with its conductance, while
# the share of CaS rises to more than 75 %. H is small (at most 25 %) down to 80 %, negligible from
# there to 20 %, and then dominant. A, about 90 % of the outward current before a burst, becomes much
# smaller when bursting ends, and the more likely the less CaT is left. KCa becomes smaller, and some
# of it persists. Kd does not change much.

figure_14 = calcium["F"].plot(title="Figure 14: model F, CaT taken away")

# %%
# The currentscapes at some of the steps (figure 9): bursts, irregular bursts at 90 %, no bursts at
# 80 %, tonic spikes from 70 % on, doublets at 20 %, pairs of spikes at 10 %, and single spikes, between
# which H dominates, without CaT.

runs = stg.perturb(
    "CaT",
    [1, 0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0],
    "F",
    t_stop=2 * pq.s,
    transient=6 * pq.s,
)
figure_9 = ncs.Figure(
    ncs.MultiplesPanel(ncs.sweep(runs, by="factor")),
    title="Figure 9: model F, part of CaT that is left",
)

# %%
# Said in numbers
# ---------------

print("model  factor  spikes/s  bursts/s  duty cycle")
for model, factor in [
    ("A", 1),
    ("A", 0),
    ("D", 0.7),
    ("F", 1),
    ("F", 0.5),
    ("F", 0),
]:
    step = stg.perturb(
        "CaT", [factor], model, t_stop=6 * pq.s, transient=6 * pq.s
    ).segments[0]
    recording = ncs.Recording.from_segment(step)
    bursts = ncs.detect_bursts(recording)
    periods = np.diff(bursts.times.rescale("s").magnitude)
    lengths = bursts.durations.rescale("s").magnitude[:-1]
    cycle = (
        f"{1 / periods.mean():8.2f}  {(lengths / periods).mean():10.2f}"
        if len(periods)
        else "   none"
    )
    print(
        f"{model:5}  {factor:6}  {len(ncs.detect_spikes(recording)) / 6:8.1f}  {cycle}"
    )
