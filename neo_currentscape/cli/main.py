"""The command line: its sub-commands, and errors as one sentence instead of a traceback."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import neo_currentscape
from neo_currentscape.cli import compare, demo, events, info, network, perturb, plot, protocol, sweep
from neo_currentscape.conventions.errors import CurrentscapeError

#: Sub-commands, each a module with `add_to(subparsers)`.
COMMANDS = (demo, info, plot, sweep, perturb, events, compare, protocol, network)


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command with all its sub-commands.

    Returns
    -------
    argparse.ArgumentParser
    """
    made = argparse.ArgumentParser(
        prog="neo-currentscape",
        description="Show which membrane currents drive a neuron, from any recording that Neo reads.",
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {neo_currentscape.__version__}")
    made.add_argument("--debug", action="store_true", help="show the traceback of an error")
    subparsers = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(subparsers)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process where left out.

    Returns
    -------
    int
        The exit status: 0, or 2 after an error.

    Examples
    --------
    >>> main(["info", "no-such-file.nix"])
    2
    """
    given = parser().parse_args(arguments)
    try:
        given.run(given)
    except (CurrentscapeError, OSError) as error:
        if given.debug:
            raise
        print(f"neo-currentscape: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("neo-currentscape: interrupted", file=sys.stderr)
        return 130
    return 0
