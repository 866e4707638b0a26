"""``neo-currentscape sweep FILE``: charges and shares over the value each segment was run with."""

from __future__ import annotations

import argparse
from typing import Any

import neo_currentscape as ncs
from neo_currentscape.cli import examples, experiments, selection
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say
from neo_currentscape.conventions import plain_text


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "sweep",
        help="compare the segments of a file over a value that each is annotated with",
        description="Show what each current carries, over a value with which the segments of a file are "
        "annotated, as PyNN does with reset(annotations={'amplitude': ...}).",
        epilog=examples.epilog("sweep runs.nix --by amplitude --multiples --table sweep.csv"),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("file", help="any file that Neo reads, with a segment for each step")
    parser.add_argument("--by", required=True, help="name of the annotation")
    parser.add_argument("--what", default="contributions", help="contributions, shares or charge")
    parser.add_argument("--multiples", action="store_true", help="show the currentscape of each step too")
    selection.add_to(parser)
    experiments.add_output(parser, "sweep")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Read, compute, draw and report."""
    with steps(3, given.quiet) as progress:
        progress.step("reading")
        segments = experiments.read_segments(given, given.file)
        progress.step("computing charges")
        found = ncs.sweep(segments, by=given.by, **selection.keywords(given))
        progress.step("drawing")
        figure = found.plot(what=given.what, multiples=given.multiples, **experiments.looks(given))
        experiments.write(given, figure, given.file, found.to_dataframe)
    say(f"\n{report(found)}")


def report(found: ncs.Sweep) -> str:
    """The largest current of each step and direction, as a table in plain text."""
    rows = []
    parts = {direction: found.contributions(direction) for direction in ("outward", "inward")}
    for step, value in enumerate(found.values):
        cells = []
        for part in parts.values():
            k = int(part[step].argmax())
            cells.append(f"{found.names[k]} {part[step, k]:.0%}" if part[step, k] > 0 else "-")
        rows.append([plain_text.value(value), *cells])
    return plain_text.table(rows, [found.by, "most outward", "most inward"], "rll")
