"""`Seen`: the currentscape of a long recording, of which every window is made of kept blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.cli.view.rescaled import in_unit
from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.blocks import Blocks
from neo_currentscape.reduction.columns import Columns, Extremes

if TYPE_CHECKING:
    from typing_extensions import Self


class Seen(Currentscape):
    """A currentscape that asks blocks before it reads a recording.

    Parameters
    ----------
    recording : Recording
    blocks : Blocks or None
        Of the recording; None for a short one, which is reduced anew for every window.
    top : int, optional
        Keep this many currents, and bundle the rest as "other"; that one has no line of its own here.

    Examples
    --------
    >>> import neo
    >>> signal = neo.AnalogSignal([[1, -2], [2, -3]] * 50, units="nA", sampling_period=1 * pq.ms,
    ...                           array_annotations={"name": ["K", "Na"]})
    >>> seen = Seen(Recording(signal), Blocks.of(Recording(signal), 10))
    >>> seen.window(20.0, 30.0).charge("outward")
    array([15.,  0.]) * pC
    """

    def __init__(self, recording: Recording, blocks: Blocks | None, *, top: int | None = None) -> None:
        self._blocks, self._whole, self._top = blocks, recording, top
        self._seen: tuple[float | None, float | None] = (None, None)
        super().__init__(recording, top=top)

    def in_unit(self, unit: str) -> Seen:
        """The same, with currents in another unit."""
        if unit == str(self.recording.currents.dimensionality):
            return self
        factor = units.factor(self.recording.currents.units, unit)
        blocks = None if self._blocks is None else self._blocks.scaled(factor)
        return Seen(in_unit(self.recording, unit), blocks, top=self._top)

    @property
    def limits(self) -> tuple[float, float]:
        """First and last time in ms."""
        return timebase.span(self.recording.currents, "ms")

    def window(self, start: float, stop: float) -> Self:
        """What is seen of a window in ms; bundled as the whole, with charges of its own."""
        first, last = self.limits
        if start <= first and stop >= last:
            return self
        found = self.slice(start * pq.ms, stop * pq.ms)
        found._seen = (start, stop)
        return found

    @cached_property
    def _recorded_charges(self) -> dict[str, np.ndarray]:
        if self._blocks is None:
            # The property of the class below, which this one stands for.
            return Currentscape._recorded_charges.func(self)  # type: ignore[attr-defined]
        return self._blocks.charges(self._whole, *self._seen)

    def _reduced(self, n_columns: int, t_start: float | None, t_stop: float | None, flows: bool) -> Columns:
        if self._blocks is None:
            return super()._reduced(n_columns, t_start, t_stop, flows)
        start, stop = self._seen
        start, stop = start if t_start is None else t_start, stop if t_stop is None else t_stop
        found = self._blocks.columns(self._whole, n_columns, start, stop)
        return found if self.bundle is None else _bundled(found, self.bundle)


def _bundled(found: Columns, bundle: np.ndarray) -> Columns:
    """Shares and means of a bundle; the extremes of its sum are in no block, and are left out."""

    def summed(rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {direction: bundle.T @ rows[direction] for direction in DIRECTIONS}

    kept, lines = np.argmax(bundle[:, :-1], axis=0), found.extremes["currents"]
    unknown = np.full((1, lines.low.shape[1]), np.nan)
    ends: Any = (np.vstack([side[kept], unknown]) for side in (lines.low, lines.high))
    extremes = {**found.extremes, "currents": Extremes(*ends)}
    flows = None if found.flows is None else summed(found.flows)
    return replace(found, shares=summed(found.shares), flows=flows, extremes=extremes)
