"""Progress of long work, shown on the terminal where tqdm is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from neo_currentscape.recording.lazy import progress as reading


class _Silent:
    def step(self, what: str) -> None:
        """Say what is done now."""


class _Bar:
    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._begun = False

    def step(self, what: str) -> None:
        """Say what is done now, and count what was done before."""
        if self._begun:
            self._bar.update()
        self._begun = True
        self._bar.set_description(what)


@contextmanager
def _reading_shown(shown: bool) -> Iterator[None]:
    """Whether each pass over a file has a bar of its own."""
    before, reading.SHOW = reading.SHOW, shown
    try:
        yield
    finally:
        reading.SHOW = before


@contextmanager
def steps(n_steps: int, quiet: bool = False) -> Iterator[Any]:
    """Show a bar of so many steps on standard error, if that is a terminal.

    While a large file is read, there is a second one for each pass over it.

    Parameters
    ----------
    n_steps : int
    quiet : bool
        Show nothing.

    Yields
    ------
    object
        With a method ``step(what)``.
    """
    try:
        from tqdm import tqdm
    except ImportError:
        quiet = True
    if quiet or not sys.stderr.isatty():
        with _reading_shown(False):
            yield _Silent()
        return
    # A bar appears only if the work takes longer than half a second.
    with tqdm(
        total=n_steps, delay=0.5, leave=False, bar_format="{desc:<24}{bar}{n_fmt}/{total_fmt}"
    ) as bar:
        yield _Bar(bar)
        bar.update()
