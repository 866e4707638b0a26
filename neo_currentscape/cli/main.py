"""The command line: its sub-commands, and errors as one sentence instead of a traceback."""

from __future__ import annotations

import argparse
import contextlib
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import neo_currentscape
from neo_currentscape.cli import compare, demo, events, info, network, perturb, plot, protocol, sweep
from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning

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


@contextlib.contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Show warnings of this package as sentences, without the line of code that they came from."""
    plain = warnings.formatwarning

    def sentence(message: Any, category: Any, *place: Any, **more: Any) -> str:
        if issubclass(category, CurrentscapeWarning):
            return f"neo-currentscape: {message}\n"
        return plain(message, category, *place, **more)

    warnings.formatwarning = sentence
    try:
        yield
    finally:
        warnings.formatwarning = plain


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
        with _warnings_in_one_line():
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
