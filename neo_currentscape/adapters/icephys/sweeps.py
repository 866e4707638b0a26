"""Sweeps as Neo Segments: each with its own zero of time, its start in the recording, and roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.conventions.errors import UnitsError
from neo_currentscape.conventions.roles import CANONICAL
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.values import like, time_axis

#: Spellings of acquisition programs that quantities does not know, or takes for something else.
_SPELLED = {"volts": "V", "volt": "V", "amperes": "A", "amps": "A", "ampere": "A", "siemens": "S"}


@dataclass(frozen=True)
class Channel:
    """What one channel of a file is, in every sweep.

    Attributes
    ----------
    name : str
    unit : Quantity
        Of the values; dimensionless where the stored text is no unit.
    role : str or None
        None where nothing tells it; the name then decides, as for any signal.
    site : str or None
        The recorded cell, where a file holds several.
    notes : dict
        Further annotations.
    """

    name: str
    unit: Any
    role: str | None = None
    site: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def annotations(self) -> dict[str, Any]:
        """The annotations of a signal of this channel."""
        if self.role is None:
            return dict(self.notes)
        is_current = units.kind(self.unit) != "voltage"
        role = "electrode" if self.role == "command" and is_current else self.role
        direction = CANONICAL.get(role)
        return {**signal_annotations(self.role, direction, site=self.site), **self.notes}


@dataclass(frozen=True)
class Sweep:
    """One sweep.

    Attributes
    ----------
    values : list of (Channel, ndarray of shape (time,))
        Not copied.
    axis : neo signal
        With the times, of which the first is 0.
    start : float
        Since the begin of the recording, in s.
    notes : dict
        Annotations of the Segment.
    """

    values: Sequence[tuple[Channel, np.ndarray]]
    axis: Any
    start: float
    notes: dict[str, Any] = field(default_factory=dict)


def unit_of(text: str) -> tuple[Any, dict[str, Any]]:
    """The unit that a file names, and an annotation with its text where that is none.

    Examples
    --------
    >>> unit_of("pA")[0], unit_of("mmHg/s?")[1]
    (array(1.) * pA, {'stored_unit': 'mmHg/s?'})
    """
    plain = text.replace("\x00", "").strip()
    try:
        return units.parse_units(_SPELLED.get(plain.lower(), plain)), {}
    except UnitsError:
        return pq.Quantity(1.0, "dimensionless"), {"stored_unit": plain}


def block_of(path: Path, sweeps: Iterable[Sweep], **notes: Any) -> neo.Block:
    """Make the Block of a file.

    Parameters
    ----------
    path : pathlib.Path
    sweeps : iterable of Sweep
    **notes
        Annotations of the Block, and ``rec_datetime``.

    Returns
    -------
    neo.Block
        With a Segment for each sweep: annotations ``sweep`` (its number from 0), ``sweep_start`` (Quantity,
        since the begin of the recording), and ``clamp`` where it is known.
    """
    block = neo.Block(name=path.stem, file_origin=path.name, **notes)
    found = [_segment(sweep, number, path) for number, sweep in enumerate(sweeps)]
    block.segments.extend(found)
    for segment in found:
        segment.block = block
    return block


def _segment(sweep: Sweep, number: int, path: Path) -> neo.Segment:
    notes = {"sweep": number, "sweep_start": sweep.start * pq.s, **sweep.notes}
    segment = neo.Segment(name=f"sweep {number}", index=number, file_origin=path.name, **notes)
    put_signals(
        segment,
        [
            like(sweep.axis, values[:, np.newaxis], channel.unit, channel.name, **channel.annotations)
            for channel, values in sweep.values
        ],
    )
    return segment


def regular_axis(step: float) -> Any:
    """The times of a sweep, from 0 on, with a step in s; of any length."""
    return time_axis(np.array([0.0, 1e3 * step]), 1e3 * step)
