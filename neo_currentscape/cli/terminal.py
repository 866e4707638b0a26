"""What a command says: nothing in it acts on the terminal, and nobody need listen to the end."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

from neo_currentscape.conventions.plain_text import escaped

#: Exit status when nobody reads on, as that of a process which is ended so.
NOBODY_READS = 141


def say(*texts: Any, end: str = "\n", stream: Any = None) -> None:
    """Write texts to standard output, each on lines of its own.

    Parameters
    ----------
    *texts : object
        Line feeds are kept, and all else that acts on a terminal is shown.
    end : str
        What follows.
    stream : file, optional
        Where to write instead.
    """
    stream = sys.stdout if stream is None else stream
    if stream is None:  # it was closed before the process began
        return
    text = "\n".join(escaped(text, keep="\n") for text in texts) + end
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def say_wrote(path: Any, more: str = "") -> None:
    """Say what was written, in one line."""
    name = "standard output" if str(path) == "-" else escaped(path)
    say(f"wrote {name}{more}")


def complain(sentence: Any) -> None:
    """Write one sentence to standard error, in one line."""
    say(f"neo-currentscape: {escaped(sentence)}", stream=sys.stderr)


@contextlib.contextmanager
def logs_escaped() -> Iterator[None]:
    """What libraries log, such as Neo of units that are none, does not act on the terminal either."""
    plain = logging.getLogRecordFactory()

    def escaping(*given: Any, **named: Any) -> logging.LogRecord:
        record = plain(*given, **named)
        record.msg, record.args = escaped(record.getMessage()), None
        return record

    logging.setLogRecordFactory(escaping)
    try:
        yield
    finally:
        logging.setLogRecordFactory(plain)


def finish() -> int:
    """Hand on all that was said.

    Returns
    -------
    int
        The exit status: 0, `NOBODY_READS`, or 2 where it cannot be written, which is told.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        return hang_up()
    except OSError as error:
        hang_up()
        complain(f"Standard output could not be written ({error.strerror}).")
        return 2
    return 0


def hang_up() -> int:
    """Drop what cannot be written, so that Python does not try it again when it ends.

    Returns
    -------
    int
        `NOBODY_READS`.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    return NOBODY_READS
