"""`TwoSided`: shares of parts that may be outward and inward at the same time.

A group of currents may flow both ways at once (a leak is inward in one branch and outward in another),
so its two directions are recorded as two currents, and are shown as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import Columns, Extremes, reduce_recording
from neo_currentscape.reduction.shares import Shares


class TwoSided(Shares):
    """Shares of parts that may have both directions at once.

    Parameters
    ----------
    recording : Recording
        The positive parts of all groups, then the negative ones, in the same order; see `two_sided`.
    names : sequence of str
        Of the groups.
    """

    def __init__(self, recording: Recording, names: Sequence[str]) -> None:
        super().__init__(recording)
        self._groups = list(names)
        self._bundle = np.vstack([np.eye(len(self._groups))] * 2)

    @property
    def names(self) -> list[str]:
        """Names of the groups."""
        return list(self._groups)

    @property
    def bundle(self) -> None:
        """None: no group is a bundle of small ones."""
        return None

    @property
    def _is_bundled(self) -> bool:
        # Attributions and fields sum what is small as "other" themselves.
        return True

    def _reduced(self, n_columns: int, t_start: float | None, t_stop: float | None, flows: bool) -> Columns:
        """The line of a group runs through both its inward and its outward current."""
        return self._joined(reduce_recording(self.recording, n_columns, t_start, t_stop, None, flows))

    def _joined(self, found: Columns) -> Columns:
        n, lines = len(self._groups), found.extremes["currents"]
        shares = {d: found.shares[d][:n] + found.shares[d][n:] for d in DIRECTIONS}
        both = Extremes(lines.low[n:], lines.high[:n])
        flows = found.flows and {d: found.flows[d][:n] + found.flows[d][n:] for d in DIRECTIONS}
        return replace(found, shares=shares, extremes={**found.extremes, "currents": both}, flows=flows)


def two_sided(
    signed: np.ndarray, names: Sequence[str], like: Any, unit: str, voltage: Any = None
) -> Recording:
    """A Recording of positive parts and negative parts.

    Parameters
    ----------
    signed : ndarray, shape (2 group, time)
        The positive parts of all groups, then the negative ones.
    names : sequence of str
        Of the groups.
    like : neo signal
        With the same times.
    unit : str
    voltage : neo signal, optional

    Returns
    -------
    Recording
    """
    # A channel lies in one piece in memory.
    labels = [f"{name} {side}" for side in ("+", "-") for name in names]
    arrays = {"name": np.array(labels)}
    signal = values.like(like, signed.T, unit, "currents", array_annotations=arrays, role="current")
    return Recording(signal, voltage)
