"""What was read off a family of voltage steps, with the means that it was read off."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.result import Result
from neo_currentscape.protocols.voltage_clamp.averaging import Averages
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps


class ReadOff(Result):
    """Base of what is read off a family of voltage steps; each has its ``means`` and ``rows()``."""

    means: Averages

    @property
    def sweeps(self) -> Sweeps:
        """The mean of each level."""
        return self.means.sweeps

    @property
    def errors(self) -> np.ndarray:
        """Standard errors of the means in pA, shape (level, time)."""
        return self.means.error

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found.

        Returns
        -------
        list of tuple
        """
        raise NotImplementedError

    def __str__(self) -> str:
        return plain_text.table([(name, plain_text.value(value)) for name, value in self.rows()])
