"""``neo-currentscape perturb``: distributions of voltage and shares over a parameter."""

from __future__ import annotations

import argparse
import functools
import os
from pathlib import Path
from typing import Any

import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli import examples, experiments, output, selection
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say, say_wrote
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError, UnitsError
from neo_currentscape.conventions.workers import ExecutorError, worker_processes
from neo_currentscape.experiments.distribution import STORED, Distribution
from neo_currentscape.experiments.runner import Store


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "perturb",
        help="show how voltage and shares change with a parameter, of a file or a model",
        description="Show the distributions of the voltage and of each share over a parameter: of "
        "the segments of a file, or of the stomatogastric neuron with one conductance scaled step by step "
        "(Alonso & Marder 2019).",
        epilog=examples.epilog(
            "perturb runs.nix --by factor",
            "perturb --model F --current CaT --steps 101 --seconds 10 --output CaT.png",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("file", nargs="?", help="any file that Neo reads, with a segment for each step")
    parser.add_argument("--by", help="name of the annotation of the segments of a file")
    _add_model(parser.add_argument_group("the built-in model, instead of a file"))
    group = parser.add_argument_group("the distributions")
    group.add_argument("--voltages", nargs=2, metavar=("LOW", "HIGH"), help="e.g. '-70 mV' '35 mV'")
    group.add_argument("--bins", type=int, help="bins of the voltage")
    group.add_argument("--ridges", action="store_true", help="draw the slope of the distribution")
    group.add_argument("--save", help="write the distributions to this .npz file")
    selection.add_to(parser)
    experiments.add_output(parser, "perturb")
    parser.set_defaults(run=run)


def _add_model(group: Any) -> None:
    group.add_argument("--model", help="Fig. 2, Fig. 3, or A to F")
    group.add_argument("--current", help="whose conductance is scaled: Na, CaT, CaS, A, KCa, Kd, H or L")
    group.add_argument("--steps", type=int, default=101, help="how many; 101 unless told")
    group.add_argument("--first", type=float, default=1.0, help="factor of the first step; 1 unless told")
    group.add_argument("--last", type=float, default=0.0, help="factor of the last step; 0 unless told")
    group.add_argument("--seconds", type=float, default=10.0, help="length of each step")
    group.add_argument("--transient", type=float, default=2.0, help="seconds that are left out before")
    group.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    group.add_argument("--steps-in", help="folder for the steps that are done; OUTPUT.steps where left out")
    group.add_argument("--resume", action="store_true", help="go on with the steps in that folder")


def run(given: argparse.Namespace) -> None:
    """Compute the distributions, of a file or of the model, and draw them."""
    if (given.file is None) == (given.model is None):
        raise ArgumentError(
            "perturb needs a FILE with --by, or --model with --current: give one of the two."
        )
    found = _of_file(given) if given.file is not None else _of_model(given)
    figure = found.plot(ridges=given.ridges, **experiments.looks(given, currents=False))
    beside = given.file if given.file is not None else f"{given.model}_{given.current}".replace(" ", "_")
    experiments.write(given, figure, beside)
    if given.save is not None:
        found.save(given.save)
        say_wrote(given.save if given.save.endswith(".npz") else f"{given.save}.npz")


def _options(given: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {} if given.bins is None else {"voltage_bins": given.bins}
    if given.voltages is not None:
        ends = [selection.quantity(text, "--voltages") for text in given.voltages]
        if any(end.dimensionality.simplified != pq.mV.dimensionality.simplified for end in ends):
            raise UnitsError(
                f"--voltages {' '.join(given.voltages)}: write two voltages, '-70 mV' '35 mV'."
            )
        found["voltages"] = pq.Quantity([float(end.rescale("mV")) for end in ends], "mV")
    return found


def _of_file(given: argparse.Namespace) -> ncs.Perturbation:
    if given.by is None:
        raise ArgumentError(f"perturb {given.file} needs --by: name the annotation of its segments.")
    with steps(2, given.quiet) as progress:
        progress.step("reading")
        segments = experiments.read_segments(given, given.file)
        progress.step("counting")
        return ncs.perturbation(segments, by=given.by, **_options(given), **selection.keywords(given))


def _of_model(given: argparse.Namespace) -> ncs.Perturbation:
    if given.current is None:
        raise ArgumentError(f"perturb --model {given.model} needs --current: name the one that is scaled.")
    if given.steps < 1 or given.workers < 1:
        raise ArgumentError("--steps and --workers are 1 at least.")
    factors = np.linspace(given.first, given.last, given.steps)
    options = _options(given)
    folder = _folder(given)
    store = Store(folder, _described(given, options), given.resume)
    try:
        _run_steps(given, factors, options, store)
    except (KeyboardInterrupt, ExecutorError):
        say(f"{len(store.done())} of {given.steps} steps are in {folder}: go on with --resume")
        raise
    except CurrentscapeError:
        if not store.done():  # such as an option that is none
            store.remove()
        raise
    found = [Distribution.from_arrays(store.load(k, STORED)) for k in range(given.steps)]
    if given.steps_in is None:
        store.remove()
    return ncs.Perturbation(f"Factor of g_{given.current}", factors, found)


def _run_steps(
    given: argparse.Namespace, factors: np.ndarray, options: dict[str, Any], store: Store
) -> None:
    """Run what is not in the folder yet."""
    from neo_currentscape.models import stg

    done = [k for k in store.done() if k < given.steps]
    for k in done:  # before others are computed
        store.load(k, STORED)
    todo = [k for k in range(given.steps) if k not in done]
    if done:
        say(f"{len(done)} of {given.steps} steps are in {store.folder} already")
    with (
        steps(len(todo), given.quiet) as progress,
        worker_processes(given.workers) as pool,
    ):

        def keep(place: int, result: Distribution) -> None:
            store.save(todo[place], result.to_arrays())
            progress.step(f"{given.current} x {factors[todo[place]]:.3g}")

        if todo:
            stg.perturb(
                given.current,
                factors[todo],
                given.model,
                executor=pool,
                then=functools.partial(ncs.distribution, **options),
                on_step=keep,
                t_stop=given.seconds * pq.s,
                transient=given.transient * pq.s,
            )


def _folder(given: argparse.Namespace) -> Path:
    if given.steps_in is not None:
        return Path(given.steps_in)
    picture = output.picture_path(given, f"{given.model}_{given.current}.perturb.png")
    picture = f"{given.model}_{given.current}" if picture == output.STANDARD else picture
    return Path(f"{picture}.steps".replace(" ", "_"))


def _described(given: argparse.Namespace, options: dict[str, Any]) -> dict[str, Any]:
    names = ("model", "current", "steps", "first", "last", "seconds", "transient")
    return {**{name: getattr(given, name) for name in names}, **{k: str(v) for k, v in options.items()}}
