"""The steps of an experiment: the Segments of a Block, and the value that each was run with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, UnitsError


def segments_of(block: Any) -> list[neo.Segment]:
    """The Segments of a Block, of a list of Blocks, or of a list of Segments.

    Raises
    ------
    ArgumentTypeError
        When it is something else.
    SelectionError
        When there is no Segment.
    """
    parts = block if isinstance(block, (list, tuple)) else [block]
    for part in parts:
        if not isinstance(part, (neo.Block, neo.Segment)):
            raise ArgumentTypeError(
                f"A neo.Block is needed, or a list of Segments, not a {type(part).__name__}: put the "
                "Segments of all steps into one Block."
            )
    found = [s for part in parts for s in (part.segments if isinstance(part, neo.Block) else [part])]
    if not found:
        raise SelectionError("The Block holds no Segment: run the steps first, each into a Segment.")
    return found


def step_values(segments: Sequence[neo.Segment], by: Any) -> pq.Quantity | np.ndarray:
    """Read the value of each step.

    Parameters
    ----------
    segments : sequence of neo.Segment
    by : str, Quantity or sequence
        The name of an annotation of the Segments; or the values themselves.

    Returns
    -------
    Quantity or ndarray, shape (step,)
        Quantities keep the unit of the first; numbers are dimensionless; text stays text.

    Raises
    ------
    SelectionError
        When a Segment lacks the annotation; the message lists those that there are.
    UnitsError
        When the values have units that do not fit together.

    Examples
    --------
    >>> runs = [neo.Segment(amplitude=a) for a in (0.1 * pq.nA, 200 * pq.pA)]
    >>> step_values(runs, "amplitude")
    array([0.1, 0.2]) * nA
    """
    if isinstance(by, str):
        found = [_annotation(segments, k, by) for k in range(len(segments))]
        name = by
    else:
        found, name = list(by), "by"
        if len(found) != len(segments):
            raise ArgumentTypeError(
                f"by= has {len(found)} values for {len(segments)} Segments: give one for each, or the "
                "name of an annotation."
            )
    if all(isinstance(value, str) for value in found):
        return np.array(found)
    return _quantities(found, name)


def _annotation(segments: Sequence[neo.Segment], index: int, by: str) -> Any:
    segment = segments[index]
    if by in segment.annotations:
        return segment.annotations[by]
    known = sorted({key for other in segments for key in other.annotations})
    listed = f"they have {', '.join(map(repr, known))}" if known else "they have no annotations"
    named = f" ({segment.name!r})" if segment.name else ""
    raise SelectionError(
        f"Segment {index}{named} has no annotation {by!r} ({listed}): write segment.annotate({by}=...), in "
        f"PyNN reset(annotations={{{by!r}: ...}}), or give the values themselves as by=[...]."
    )


def _quantities(found: Sequence[Any], name: str) -> pq.Quantity:
    first = found[0]
    unit = units.parse_units(first.units) if isinstance(first, pq.Quantity) else pq.dimensionless
    numbers = []
    for step, value in enumerate(found):
        own = value if isinstance(value, pq.Quantity) else _plain(value, name, step)
        if own.size != 1:
            raise ArgumentTypeError(f"{name!r} of step {step} has {own.size} values: a step needs one.")
        if not units.same_dimension(own, unit):
            raise UnitsError(
                f"{name!r} is in {units.label(unit) or 'no unit'} in step 0 and in "
                f"{units.label(own) or 'no unit'} in step {step}: give all steps values of one kind."
            )
        numbers.append(float(own.reshape(()).rescale(unit.units)))
    return pq.Quantity(np.array(numbers), unit.units)


def _plain(value: Any, name: str, step: int) -> pq.Quantity:
    try:
        return pq.Quantity(float(value), "dimensionless")
    except (TypeError, ValueError) as cause:
        raise ArgumentTypeError(
            f"{name!r} of step {step} is {value!r}, which is no number and no Quantity: annotate each "
            "Segment with one value."
        ) from cause
