"""The command line: its sub-commands, and errors as one sentence instead of a traceback."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import neo_currentscape
from neo_currentscape.cli import (
    compare,
    demo,
    events,
    info,
    network,
    output,
    perturb,
    plot,
    protocol,
    sweep,
    terminal,
)
from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning
from neo_currentscape.conventions.workers import can_exit

#: Sub-commands, each a module with `add_to(subparsers)`.
COMMANDS = (demo, info, plot, sweep, perturb, events, compare, protocol, network)


class Parser(argparse.ArgumentParser):
    """Repeats what it was given, such as names of files, without that it acts on the terminal."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one line, and exit."""
        super().error(plain_text.escaped(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            terminal.say(message, end="", stream=file)


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command with all its sub-commands.

    Returns
    -------
    argparse.ArgumentParser
    """
    made = Parser(
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
            return f"neo-currentscape: {plain_text.escaped(message)}\n"
        return plain_text.escaped(plain(message, category, *place, **more), keep="\n")

    warnings.formatwarning = sentence
    try:
        yield
    finally:
        warnings.formatwarning = plain


def _apart(arguments: Sequence[str]) -> list[str]:
    """Put a blank before negative values, which would be taken for options: "--amplitude -50pA"."""
    return [f" {word}" if re.match(r"-\.?\d", word) else word for word in arguments]


class _Terminated(KeyboardInterrupt):
    """The command was told to end: what it does on an interrupt, it does then too."""


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Take SIGTERM, of ``kill``, ``timeout`` or a scheduler, as an interrupt: workers and files go."""

    def end(number: int, frame: Any) -> None:
        raise _Terminated

    # Where the process does something else on SIGTERM already, or is not ours to tell, that stays.
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process where left out.

    Returns
    -------
    int
        The exit status: 0, 2 after an error, 130 after an interrupt, 141 where nobody reads on, and 143
        when the command was told to end.

    Examples
    --------
    >>> main(["info", "no-such-file.nix"])
    2
    """
    try:
        status = _run(arguments)
    except BrokenPipeError:
        return terminal.hang_up()
    except SystemExit:  # after help, and options that are none
        status = terminal.finish()
        if not status:
            raise
    return terminal.finish() or status


def _run(arguments: Sequence[str] | None) -> int:
    given = parser().parse_args(_apart(sys.argv[1:] if arguments is None else arguments))
    try:
        with _ended_in_order(), _warnings_in_one_line(), terminal.logs_escaped(), output.apart(given):
            getattr(given, "check_output", lambda given: None)(given)
            given.run(given)
    except BrokenPipeError:
        raise
    except (CurrentscapeError, OSError) as error:
        if given.debug:
            raise
        terminal.complain(error)
        return 2
    except KeyboardInterrupt as end:
        was_told = isinstance(end, _Terminated)
        terminal.complain("terminated" if was_told else "interrupted")
        status = 143 if was_told else 130
        if not can_exit():
            terminal.finish()
            os._exit(status)
        return status
    return 0
