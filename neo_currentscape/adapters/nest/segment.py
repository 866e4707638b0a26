"""`to_segment`: what NEST multimeters recorded, as a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.nest import clamped, events, grid, group, signals
from neo_currentscape.adapters.nest.describe import check_names
from neo_currentscape.adapters.nest.neurons import Neurons, kernel
from neo_currentscape.conventions import roles
from neo_currentscape.conventions.errors import ArgumentError


def to_segment(
    multimeter: Any,
    model: str | Mapping[int, str] | None = None,
    *,
    parameters: Mapping[Any, Any] | None = None,
    derived: bool | Sequence[str] | None = None,
    stimulus: Any = None,
    units: Mapping[str, Any] | None = None,
    sign: Mapping[str, str] | None = None,
    resolution: Any = None,
) -> neo.Segment:
    """Put what NEST multimeters recorded into a Neo Segment."""
    tables = grid.merge([grid.to_grid(part) for part in events.read(multimeter, resolution)])
    _check(tables, units, sign)
    neurons = Neurons(kernel(multimeter), model, parameters)
    segment = neo.Segment(name="NEST multimeter")
    missing: list[str] = []
    marked: dict[str | None, list[tuple[np.ndarray, ...]]] = {}
    for part in (part for table in tables for part in neurons.groups(table)):
        computed, absent = group.derived_signals(part, derived)
        injected = group.injected_signals(part, neurons.injected(part, stimulus))
        if derived is None or derived is True:
            computed += group.gap_signals(part, neurons.through_gaps(part))
        for signal in (*group.recorded_signals(part, units, sign), *computed, *injected):
            signals.add(segment, signal)
        stretches = group.clamped_epochs(part)
        if stretches is not None:
            marked.setdefault(stretches[0], []).append(stretches[1])
        missing += absent
    for site, found in marked.items():
        segment.epochs.append(clamped.to_epoch(found, site))
    if missing:
        segment.annotate(not_derived=missing)
    return segment


def _check(
    tables: Sequence[grid.Grid], units: Mapping[str, Any] | None, sign: Mapping[str, str] | None
) -> None:
    recorded = {name for table in tables for name in table.variables}
    check_names("units=", units, recorded)
    check_names("sign=", sign, recorded)
    for name, direction in (sign or {}).items():
        if direction not in roles.DIRECTIONS:
            raise ArgumentError(
                f"sign= gives {name!r} the direction {direction!r}: write 'inward' or 'outward', the "
                "direction of its positive values."
            )
