"""``neo-currentscape compare FILE FILE``: what differs between recordings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import neo_currentscape as ncs
from neo_currentscape.cli import examples, experiments, selection
from neo_currentscape.cli.files import open_blocks
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say
from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import ArgumentError


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "compare",
        help="show what differs between two recordings, or how far many are from each other",
        description="Compare two recordings, in two files or in one: difference of shares, what changed "
        "most. Of three and more the distances between all pairs are shown.",
        epilog=examples.epilog(
            "compare control.nix drug.nix --by spike",
            "compare runs.nix --segments 0 4 --by phase",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("file", nargs="+", help="any files that Neo reads")
    parser.add_argument("--segments", nargs="+", type=int, help="of one file: their numbers, from 0")
    parser.add_argument("--by", default="time", help="align by time, spike or phase")
    parser.add_argument("--cycle", choices=["burst", "spike"], help="with --by phase; burst unless told")
    parser.add_argument("--bins", type=int, help="bins of time or phase")
    parser.add_argument("--threshold", help="voltage that a spike crosses; '-20 mV' unless told")
    parser.add_argument("--before", help="with --by spike: time before a spike; '20 ms' unless told")
    parser.add_argument("--after", help="with --by spike: time after a spike; '50 ms' unless told")
    parser.add_argument("--labels", nargs="+", help="what the recordings are called")
    selection.add_to(parser)
    experiments.add_output(parser, "compare")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Read, compare, draw and report."""
    with steps(3, given.quiet) as progress:
        progress.step("reading")
        scapes, labels = _recordings(given)
        progress.step("comparing")
        options: dict[str, Any] = {"labels": labels, "bins": given.bins}
        options |= {} if given.cycle is None else {"cycle": given.cycle}
        for name in ("threshold", "before", "after"):
            options |= experiments.quantity(given, name)
        if len(scapes) == 2:
            found: Any = ncs.compare(scapes[0], scapes[1], given.by, **options)
        else:
            found = ncs.distances(scapes, given.by, **options)
        progress.step("drawing")
        figure = found.plot(**experiments.looks(given, currents=len(scapes) == 2))
        experiments.write(given, figure, given.file[0], found.to_dataframe)
    say(f"\n{_ranking(found) if len(scapes) == 2 else _matrix(found)}")


def _recordings(given: argparse.Namespace) -> tuple[list[Any], list[str]]:
    """The currentscapes, of one file or of several, and what they are called."""
    if len(given.file) == 1:
        path = given.file[0]
        count = sum(len(block.segments) for block in open_blocks(path, given.trust_pickle))
        numbers = given.segments if given.segments is not None else list(range(count))
        pairs = [(path, number) for number in numbers]
        labels = [f"segment {number}" for number in numbers]
    elif given.segments is not None:
        raise ArgumentError("--segments chooses out of one file: give one FILE, or leave it out.")
    else:
        pairs = [(path, given.segment) for path in given.file]
        labels = _called(given.file)
    if len(pairs) < 2:
        raise ArgumentError(
            f"One recording was chosen, out of {given.file[0]!r}, and a comparison needs two: give a "
            "second FILE, or --segments with two numbers."
        )
    if given.labels is not None:
        if len(given.labels) != len(pairs):
            raise ArgumentError(f"--labels has {len(given.labels)} names for {len(pairs)} recordings.")
        labels = given.labels
    return [experiments.read_scape(given, path, number)[0] for path, number in pairs], labels


def _called(paths: Sequence[str]) -> list[str]:
    """The names of files, each with as many of its folders as tell it from the others; then numbered.

    Examples
    --------
    >>> _called(["a/cell.nix", "b/cell.nix"]), _called(["cell.nix", "other.nix"])
    (['a/cell', 'b/cell'], ['cell', 'other'])
    """
    whole = [Path(path).absolute().with_suffix("").parts for path in paths]
    for count in range(1, max(map(len, whole)) + 1):
        names = [str(PurePosixPath(*parts[-count:])) for parts in whole]
        if len(set(names)) == len(names):
            return names
    ends = [Path(path).name for path in paths]
    if len(set(ends)) == len(ends):
        return ends  # the same but for how they end
    return [f"{Path(path).stem} ({number})" for number, path in enumerate(paths, start=1)]


def _ranking(found: ncs.Comparison) -> str:
    frame = found.to_dataframe()
    rows = [
        [
            int(row["rank"]),
            name,
            *(f"{row[f'{label}_{d}']:.1%}" for d in ("outward", "inward") for label in found.labels),
            f"{row['change_outward'] + row['change_inward']:.3f}",
        ]
        for name, row in frame.iterrows()
    ]
    header = ["rank", "current", *(f"{d} {label}" for d in ("outward", "inward") for label in found.labels)]
    return f"distance {found.distance:.4f}\n\n{plain_text.table(rows, [*header, 'change'], 'rlrrrrr')}"


def _matrix(found: ncs.Distances) -> str:
    rows = [
        [label, *(f"{d:.3f}" for d in row)] for label, row in zip(found.labels, found.matrix, strict=True)
    ]
    return plain_text.table(rows, ["", *found.labels], "l" + "r" * len(found.labels))
