"""
Taking each current away, in six models
=======================================

Six neurons burst alike, and answer alike to nothing: Alonso & Marder (eLife 2019;8:e42722) take each
of the eight conductances of their models (a) to (f) away in steps, from 100 % to 0 %, and show the
voltage (figures 7 and 8), the currentscapes without the current (figures 10 and 11), and the
distributions of the voltage (figures 12 and 13). The six figures are made again here, each beside what
the paper says of it and what is seen. The paper has 1001 steps of 30 s, 120 s after the start, in its
distributions; here are 11 steps of 3 s after 3 s, which takes some minutes. The variable ``STEPS`` of
the environment sets another number.

Sodium, both calcium currents and H are inward; A, KCa, Kd and the leak (L) are outward, or mostly so.
Model (d) has no H and model (f) no leak: their rows show what is not changed.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import matplotlib.pyplot as plt
import numpy as np
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.models import stg

models, inward, outward = (
    "ABCDEF",
    ("Na", "CaT", "CaS", "H"),
    ("A", "KCa", "Kd", "L"),
)
factors = np.linspace(1, 0, int(os.environ.get("STEPS", 11)))
options = {"t_stop": 3 * pq.s, "transient": 3 * pq.s}

# Two processes. Where they cannot be forked, a script has to stand below `if __name__ == "__main__":`
# to start any, and this one does without.
can_fork = "fork" in multiprocessing.get_all_start_methods()
workers = (
    ProcessPoolExecutor(2, multiprocessing.get_context("fork"))
    if can_fork
    else None
)

maps, traces, without = {}, {}, {}
for current in inward + outward:
    for model in models:
        runs = stg.perturb(current, factors, model, executor=workers, **options)
        maps[model, current] = ncs.perturbation(
            runs, by="factor", voltages=(-80, 40) * pq.mV, voltage_bins=120
        )
        # Every fifth sample is enough for a short line; a copy, as a view would keep the whole run.
        traces[model, current] = [
            np.array(run.analogsignals[0][::5, 0]).ravel() for run in runs.segments
        ]
        without[model, current] = runs.segments[-1]
if workers is not None:
    workers.shutdown()


# %%
# The voltage while each current is taken away
# --------------------------------------------
# A column for each model, a row for each current, and in each place the voltage at 100 % (above) to
# 0 % (below) during 3 s, with dashed lines at 0 and -50 mV.
#
# The paper: each model answers in its own way, some conductances matter little and others much, and CaT
# has the richest effects. At 70 % of CaT (a), (b) and (c) burst, with other frequencies and duty cycles;
# (d), (e) and (f) spike tonically, (e) with several intervals. At 20 % most spike tonically, and (f) fires
# doublets. Without CaT all spike tonically but (a), which bursts slowly, half of the time.
#
# Here: the same, but that (e) at 70 % groups its spikes. A tenth less Na makes single spikes of the
# bursts in all but (c), and slower ones the less is left. With less CaS the bursts come later and later
# until none come, first in (c), at 30 %, and last in (f); in (e) one comes now and then even without. H
# changes little but the intervals, except in (e), where single spikes take over at 10 %.


def draw_traces(currents, title):
    """Voltages of all models, one below the other for each step of each current."""
    figure = Figure(figsize=(6.85, 8.8), layout="constrained")
    figure.suptitle(title, fontsize=8)
    grid = figure.subplots(len(currents), len(models), sharex=True, sharey=True)
    apart = 110  # mV from one trace to the next
    for row, current in zip(grid, currents, strict=True):
        for axes, model in zip(row, models, strict=True):
            for k, trace in enumerate(traces[model, current]):
                for level in (0, -50):
                    axes.axhline(
                        level - k * apart,
                        color="0.7",
                        linewidth=0.3,
                        linestyle=(0, (4, 4)),
                    )
                seconds = np.arange(len(trace)) * 0.5e-3
                axes.plot(
                    seconds,
                    trace - k * apart,
                    color="k",
                    linewidth=0.35,
                    rasterized=True,
                )
        row[0].set_yticks(
            -25 - apart * np.arange(len(factors)), [f"{f:.0%}" for f in factors]
        )
        row[0].set_ylabel(f"g$_\\mathrm{{{current}}}$", fontsize=8)
    for axes in grid.flat:
        axes.tick_params(labelsize=6, length=2)
        axes.spines[["top", "right"]].set_visible(False)
    for axes, model in zip(grid[0], models, strict=True):
        axes.set_title(f"({model.lower()})", fontsize=8)
    figure.supxlabel("Time (s)", fontsize=7)
    return figure


figure_7 = draw_traces(inward, "Figure 7: inward currents taken away")

# %%
# The paper shades what differs most between the models; the figure above and this one are said to show
# together that no two of them change alike.
#
# Here: (a) does not care for A, while the others fire single spikes from 90 % (f) to 60 % (c) on. With
# less KCa the bursts grow longer until they never end, at 80 (f) to 60 %. A tenth less Kd makes single
# spikes of the bursts in all six, and the cells rest, depolarized, from 30 % (e, f) to 0 % (a) on. With
# less leak (c) and (e) go on bursting, (a), (b) and (d) turn to single spikes, and (d) falls silent.

figure_8 = draw_traces(
    outward, "Figure 8: outward currents and the leak taken away"
)

# %%
# Without the current
# -------------------
# The last step of each perturbation: voltage and currentscape without one current.
#
# The paper: the lack of Na, and that of CaS, looks alike in all models, although the currentscapes differ;
# that of H in most but not all; that of CaT is different in each, in voltage and in currents.
#
# Here: without Na all fire one broad spike about once a second, which CaT begins and KCa ends, and in
# between L flows outwards in (a), A in (f), and both in the others. Without CaS all rest at about -50 mV
# (only (e) fires now and then), held there by L in (a), by A in (c) to (f), by both in (b). Without H all
# burst but (e). Without CaT (a) bursts, (b) and (d) spike five times a second, and (f) once, with H as the
# largest inward current after each spike.


def draw_without(currents, title):
    """Currentscapes of all models without each of some currents."""
    cases = [(model, current) for current in currents for model in models]
    sweep = ncs.sweep(
        [without[case] for case in cases],
        by=[f"({m.lower()}) without {c}" for m, c in cases],
    )
    panel = ncs.MultiplesPanel(
        sweep,
        columns=len(models),
        steps=range(len(cases)),
        window=(0 * pq.s, 2 * pq.s),
    )
    return ncs.Figure(panel, title=title, size=(6.85, 8))


figure_10 = draw_without(inward, "Figure 10: without an inward current")

# %%
# The paper: without Kd all models do the same, with the same currents; without KCa, and without the
# leak, there are two kinds of answers, each in about half of the models, and model (d) without leak is an
# exception; without A most are alike, but not all.
#
# Here: without Kd all rest at about -20 mV, where Na and some CaT balance KCa. Without KCa (a) and (f)
# spike tonically, (b), (c) and (d) are blocked at about -20 mV by their own depolarization, and (e) goes
# from the one to the other after some seconds. Without leak (a) and (b) fire single spikes, (c), (e) and
# (f) burst, and (d) rests below -70 mV. Without A (a) bursts as before, as it has hardly any, and the
# others fire single spikes on a plateau, after which KCa, and no longer A, is what flows outwards.

figure_11 = draw_without(
    outward, "Figure 11: without an outward current, or the leak"
)

# %%
# The ridges of the distributions
# -------------------------------
# The slope of each distribution over the voltage. Where the voltage often is, as at the lowest point
# between bursts or the peak of every spike, blue meets red, or the map ends in a line.
#
# The paper: a little less Na already makes the voltage reach deeper than the -50 mV of the control;
# without any the amplitude is about 40 mV, and a line near -20 mV is the belly of the burst. With less CaT
# the bursts of (a) keep their amplitude over a range; then all spikes are equally high, the lowest voltage
# falls, and below 30 % the bursts are back, from below -50 mV; (f) turns to spikes earlier. CaS and H
# change the waveform little, up to where the bursts end with CaS, first in (c), and those of (e) with H.
#
# Here: the lowest voltage jumps from -51 to below -60 mV at 90 % of Na (80 % in (c)) and rises again, the
# peaks fall from 20 to -7 mV, and without Na 44 mV are left. CaT: the lowest voltage rises to -46 mV where
# the bursts end, falls to -60 mV, and goes below -50 mV at 20 % in (a). CaS: nothing but a line at -50 mV
# is left from 30 % on in (c), from 20 % in (a) and (d), from 10 % in (b), and at 0 % in (f). H: parallel
# lines, and the jump to -70 mV at 10 % in (e).


def draw_ridges(currents, title):
    """The slope of each distribution of the voltage, a column for each model."""
    with plt.rc_context({"font.size": 6}):
        figure = Figure(figsize=(6.85, 6.5), layout="constrained")
        figure.suptitle(title, fontsize=8)
        grid = figure.subplots(
            len(currents), len(models), sharex="row", sharey=True
        )
        for row, current in zip(grid, currents, strict=True):
            for axes, model in zip(row, models, strict=True):
                panel = ncs.VoltageDistributionPanel(
                    maps[model, current],
                    ridges=True,
                    ylim=(-80, 40),
                    colorbar=False,
                    xlabel=f"Part of g$_\\mathrm{{{current}}}$",
                    ylabel="Voltage (mV)" if model == "A" else False,
                )
                panel.plot(axes)
    for axes, model in zip(grid[0], models, strict=True):
        axes.set_title(f"({model.lower()})", fontsize=8)
    return figure


figure_12 = draw_ridges(
    inward, "Figure 12: ridges of the distribution of V, inward currents"
)

# %%
# The paper: A is so small in (a) that the lines stay parallel; the others come to a regime like that
# without Na, but with an amplitude that grows as A is taken away, where it shrinks with Na. Without KCa
# the models spike tonically, with smaller amplitudes and more depolarized than without CaT. Kd is what
# all are most sensitive to: (c) keeps bursting longest, to about 90 %, the amplitude grows, and the
# plateau at -20 mV ends in an oscillation that grows too. The leak is like a mixture of Na and A.
#
# Here: the same. In KCa the lowest voltage jumps from -50 up to -45 mV at 80 to 60 %, where the bursts
# end, and without any of it (b), (c) and (d) are one line at -20 mV. In Kd the red line at -22 mV is the
# plateau, the blue one that climbs above it the oscillation at its end, the peaks rise from 20 to 25 mV,
# and the plateau becomes a rest at 10 % in (b) to (d), at 30 % in (e) and (f). With 11 steps (c) bursts at
# 100 % only. In A the lowest voltage falls from -51 to -67 mV at 90 % in (f), at 80 % in (b) and (d), and
# at 70 to 60 % in (e) and (c).

figure_13 = draw_ridges(
    outward, "Figure 13: ridges of the distribution of V, outward currents and leak"
)

# sphinx_gallery_thumbnail_number = 3
