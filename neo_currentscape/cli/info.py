"""``neo-currentscape info FILE``: what every signal is taken for, and why."""

from __future__ import annotations

import argparse
from typing import Any

import neo
import numpy as np

from neo_currentscape.cli.files import read_blocks
from neo_currentscape.cli.progress import table
from neo_currentscape.conventions import units
from neo_currentscape.recording.inventory import Variable, inventory


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "info",
        help="list every signal of a file with the role, sign and unit decided for it",
        description="List every signal of every segment with the role, sign and unit decided for it, "
        "and why.",
        epilog="example: neo-currentscape info recording.nix",
    )
    parser.add_argument("file", nargs="+", help="any file that Neo reads")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Print the report of each file."""
    for path in given.file:
        print(report(path))


def report(path: str) -> str:
    """Describe the signals of a file.

    Parameters
    ----------
    path : str
        Any file that Neo reads.

    Returns
    -------
    str
    """
    lines = [path]
    segments = [segment for block in read_blocks(path) for segment in block.segments]
    for index, segment in enumerate(segments):
        name = f" {segment.name!r}" if segment.name else ""
        lines.append(f"\nsegment {index}{name}")
        lines.append(describe(segment))
    if not segments:
        lines.append("holds no segment")
    return "\n".join(lines)


def describe(segment: neo.Segment) -> str:
    """Lay out the inventory of a segment as a table.

    Parameters
    ----------
    segment : neo.Segment

    Returns
    -------
    str
    """
    variables = inventory(segment)
    if not variables:
        return "  holds no signal"
    header = ["signal", "site", "neurons", "samples", "unit", "role", "positive", "because"]
    text = table([_row(variable) for variable in variables], header, "lllr")
    return "\n".join(f"  {line}" for line in text.splitlines())


def _row(variable: Variable) -> list[str]:
    direction, reason = variable.sign_and_reason
    because = variable.reason + (f"; direction {reason}" if direction else "")
    return [
        variable.name,
        variable.site or "-",
        _neurons(variable),
        str(variable.signal.shape[0]),
        units.label(variable.units) or "none",
        variable.role,
        direction or "-",
        because,
    ]


def _neurons(variable: Variable) -> str:
    if variable.neurons is None:
        return "-"
    numbers = np.sort(variable.neurons)
    if len(numbers) > 3 and np.array_equal(numbers, np.arange(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}-{numbers[-1]}"
    shown = ",".join(str(number) for number in numbers[:6])
    return shown + (",..." if len(numbers) > 6 else "")
