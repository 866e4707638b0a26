"""The command line: its sub-commands, and errors as one sentence instead of a traceback."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import neo_currentscape
from neo_currentscape.cli import (
    compare,
    completion,
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
from neo_currentscape.cli.options import Parser, as_options
from neo_currentscape.cli.view import command as view
from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning
from neo_currentscape.conventions.workers import can_exit

#: Sub-commands, each a module with `add_to(subparsers)`.
COMMANDS = (demo, info, plot, view, sweep, perturb, events, compare, protocol, network, completion)


#: What the statuses say with which the command ends, as the help tells them.
STATUSES = (
    "exit status: 0 all was written; 2 an error, told in one sentence; 130 interrupted; 141 nobody reads "
    "the output; 143 told to end"
)


def parser() -> Parser:
    """Make the parser of the command with all its sub-commands.

    Returns
    -------
    argparse.ArgumentParser
    """
    made = Parser(
        prog="neo-currentscape",
        description="Show which membrane currents drive a neuron, from any recording that Neo reads.",
        epilog=f"'%(prog)s COMMAND --help' tells more. {STATUSES}.",
    )
    made.add_argument(
        "--version", "-V", action="version", version=f"%(prog)s {neo_currentscape.__version__}"
    )
    made.add_argument("--debug", action="store_true", help="show the traceback of an error")
    subparsers = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(subparsers)
    return made


@contextlib.contextmanager
def _warnings_in_one_line(options: Collection[str]) -> Iterator[None]:
    """Show warnings of this package as sentences, without the line of code that they came from."""
    plain = warnings.formatwarning

    def sentence(message: Any, category: Any, *place: Any, **more: Any) -> str:
        if issubclass(category, CurrentscapeWarning):
            return f"neo-currentscape: {plain_text.escaped(as_options(str(message), options))}\n"
        return plain_text.escaped(plain(message, category, *place, **more), keep="\n")

    warnings.formatwarning = sentence
    try:
        yield
    finally:
        warnings.formatwarning = plain


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
    made = parser()
    given = made.parse_args(sys.argv[1:] if arguments is None else list(arguments))
    options = set(vars(given))
    given.parser = made
    try:
        with (
            _ended_in_order(),
            _warnings_in_one_line(options),
            terminal.logs_escaped(),
            output.apart(given),
        ):
            output.check_inputs(given)
            getattr(given, "check_output", lambda given: None)(given)
            given.run(given)
    except BrokenPipeError:
        raise
    except (CurrentscapeError, OSError) as error:
        if given.debug:
            raise
        terminal.complain(as_options(str(error), options))
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
