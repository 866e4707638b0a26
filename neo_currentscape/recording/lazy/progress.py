"""A progress bar for each pass over a file, where tqdm is installed."""

from __future__ import annotations

import sys
from typing import Any

from neo_currentscape.conventions.plain_text import escaped

#: None shows a bar on a terminal, where reading takes longer than `DELAY`; True always, False never.
SHOW: bool | None = None

#: Seconds after which a bar appears.
DELAY = 0.5


class Progress:
    """The bar of one signal: it begins with the first samples, and ends with the last.

    Parameters
    ----------
    n_samples : int
    what : str
        What is read.
    """

    def __init__(self, n_samples: int, what: str) -> None:
        self.n_samples, self.what = n_samples, what
        self._bar: Any = None

    def reached(self, first: int, last: int) -> None:
        """Say that these samples were read."""
        if first == 0 and last < self.n_samples:  # one step needs no bar
            self._begin()
        if self._bar is not None:
            self._bar.update(max(0, last - self._bar.n))
            if last >= self.n_samples:
                self.close()

    def _begin(self) -> None:
        self.close()
        if SHOW is False or (SHOW is None and not sys.stderr.isatty()):
            return
        try:
            from tqdm import tqdm
        except ImportError:
            return
        delay = 0 if SHOW else DELAY
        looks = {"unit": " samples", "unit_scale": True, "leave": False, "delay": delay}
        self._bar = tqdm(total=self.n_samples, desc=escaped(self.what), **looks)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __getstate__(self) -> dict[str, Any]:
        return {"n_samples": self.n_samples, "what": self.what, "_bar": None}
