"""From one table of samples to signals, marks, and what is missing of the currents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.nest import consistency, derivation, group, left_out
from neo_currentscape.adapters.nest.grid import Grid
from neo_currentscape.adapters.nest.left_out import LeftOut
from neo_currentscape.adapters.nest.neurons import Neurons
from neo_currentscape.adapters.signals import Stretches


@dataclass(frozen=True)
class Options:
    """What the caller of `to_segment` asks for.

    Attributes
    ----------
    derived, stimulus, units, sign
        As for `neo_currentscape.adapters.nest.to_segment`.
    """

    derived: bool | Sequence[str] | None
    stimulus: Any
    units: Mapping[str, Any] | None
    sign: Mapping[str, str] | None

    @property
    def all_derived(self) -> bool:
        """Whether all currents are wanted."""
        return self.derived is None or self.derived is True


@dataclass
class Found:
    """What was made of a table.

    Attributes
    ----------
    segment : neo.Segment
        With the signals.
    missing : list of (LeftOut, bool)
        Currents that are missing, and whether they were expected.
    marked : list of Stretches
        Where V is set.
    """

    segment: neo.Segment
    missing: list[tuple[LeftOut, bool]]
    marked: list[Stretches]


def convert(table: Grid, tables: Sequence[Grid], known: Neurons, options: Options) -> Found:
    """Make the signals of all neurons in a table.

    Parameters
    ----------
    table : Grid
    tables : sequence of Grid
        All that were recorded; what one lacks may stand in another.
    known : Neurons
    options : Options

    Returns
    -------
    Found
    """
    out = Found(neo.Segment(name="NEST multimeter"), [], [])
    for part in known.groups(table):
        writer = part.writer()
        group.add_recorded(writer, part, options.units, options.sign)
        absent = derivation.add_derived(writer, part, options.derived)
        if options.all_derived:
            derivation.add_gaps(writer, part, known.through_gaps(part))
            absent += left_out.of_recordables(part) + left_out.of_untold(part)
        injected = known.injected(part, options.stimulus)
        group.add_injected(writer, part, injected or {})
        absent += derivation.add_rest(writer, part, options.derived, injected is not None)
        certain = known.nest is not None and known.given is None and options.stimulus is None
        certain = certain and options.all_derived and not known.has_gaps(part)
        if certain and injected is not None and not absent:
            consistency.check_unchanged(writer, part)
        out.missing += [(left, part.told) for left in absent if not _is_elsewhere(left, part, tables)]
        writer.into(out.segment)
        out.marked += group.clamped_stretches(part)
    return out


def _is_elsewhere(left: LeftOut, part: group.Group, tables: Sequence[Grid]) -> bool:
    """Whether what is missing for a current was recorded at other times."""
    others = [table for table in tables if table.times is not part.grid.times]
    return bool(left.record) and all(
        any(name in t.variables and np.isin(part.nodes, t.variables[name].nodes).all() for t in others)
        for name in left.record
    )
