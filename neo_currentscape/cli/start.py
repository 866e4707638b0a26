"""Where the command begins: an interrupt while it is loaded is told in one line, too."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any


def main() -> int:
    """Load the command and run it with the arguments of the process.

    Returns
    -------
    int
        The exit status, as of `neo_currentscape.cli.main.main`.
    """
    ours = threading.current_thread() is threading.main_thread()
    ours = ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, _leave)
    from neo_currentscape.cli import main as command

    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return command.main()


def _leave(number: int, frame: Any) -> None:
    """End at once: nothing is written yet, and a half-loaded package would say something else."""
    os.write(2, b"neo-currentscape: interrupted\n")
    os._exit(130)
