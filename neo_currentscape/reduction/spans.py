"""Which stretches of time the parts of a reduction were made of, so that none counts twice or lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError

#: Samples further apart than so many intervals have a hole between them.
HOLE = 1.5

#: Samples closer than so many intervals of a regular sampling overlap.
OVERLAP = 0.5

#: What is below this part of an interval is rounding.
TINY = 1e-6


@dataclass(frozen=True)
class Span:
    """A stretch of samples without a hole.

    Attributes
    ----------
    first, last : float
        Times of the first and of the last sample in ms.
    before, after : float
        How far away, in ms, the sample before and the one after it are to be expected; inf where
        nothing tells.
    regular : bool
        Whether all samples are as far apart.
    """

    first: float
    last: float
    before: float
    after: float
    regular: bool

    @classmethod
    def of(cls, times: np.ndarray, durations: np.ndarray | float) -> Span:
        """The span of a chunk of samples.

        Parameters
        ----------
        times : ndarray, shape (time,)
            Increasing.
        durations : float or ndarray, shape (time,)
            The time that each sample stands for: with irregular times half the way to either side.
        """
        first, last = float(times[0]), float(times[-1])
        if np.ndim(durations) == 0:
            return cls(first, last, float(durations), float(durations), True)
        ends = float(durations[0]), float(durations[-1])  # type: ignore[index]
        if len(times) == 1:
            away = 2 * ends[0] or np.inf
            return cls(first, last, away, away, False)
        steps = np.diff(times)
        # What an end stands for beyond half its own step leads to the neighbour; if that was not known
        # when the durations were taken, or is a gap, it may be as far away as any other.
        beyond = (2 * end - step for end, step in zip(ends, (steps[0], steps[-1]), strict=True))
        before, after = (way if way > TINY * steps.max() else steps.max() for way in beyond)
        # Of a sample that lies in a gap, and stands for no time, nothing tells how far away it is.
        before, after = (way if end else np.inf for way, end in zip((before, after), ends, strict=True))
        return cls(first, last, float(before), float(after), False)

    def distance(self, later: Span) -> float:
        """Time between this and a later span, in intervals; 0 or less where the two overlap.

        1 where no interval is known.
        """
        interval = max(self.after, later.before)
        if np.isinf(interval):
            return float(np.sign(later.first - self.last))
        found = (later.first - self.last) / interval
        too_near = self.regular and later.regular and found < OVERLAP
        return min(found, 0.0) if too_near else found


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put spans into the order of time; of regular samples, those together that follow each other.

    Parameters
    ----------
    spans : iterable of Span

    Returns
    -------
    tuple of Span

    Raises
    ------
    ArgumentError
        When two overlap.

    Examples
    --------
    >>> parts = [Span.of(np.arange(start, start + 3.0), 1.0) for start in (0, 6, 3, 20)]
    >>> [(span.first, span.last) for span in joined(parts)]
    [(0.0, 8.0), (20.0, 22.0)]
    """
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.first, one.last)):
        apart = found[-1].distance(span) if found else np.inf
        if apart <= 0:
            raise ArgumentError(_overlap(found[-1], span))
        # How far irregular samples may be apart is a bound; between them another chunk may still lie.
        if apart <= HOLE and found[-1].regular and span.regular:
            before = found.pop()
            span = Span(before.first, span.last, before.before, span.after, True)
        found.append(span)
    return tuple(found)


def _overlap(before: Span, span: Span) -> str:
    if span.first <= before.last:
        return (
            f"Two chunks overlap from {span.first:.10g} to {min(before.last, span.last):.10g} ms: give "
            "each sample once, in one of the two."
        )
    return (
        f"Two chunks overlap: one ends at {before.last:.10g} ms and the other begins at "
        f"{span.first:.10g} ms, less than a sampling interval of {before.after:.10g} ms later; give both "
        "as they were sampled."
    )


def check_whole(spans: tuple[Span, ...] | None) -> None:
    """Refuse what has a hole.

    Parameters
    ----------
    spans : tuple of Span or None
        As `joined` gives them; None where nothing is known.

    Raises
    ------
    ArgumentError
        Naming the first hole.
    """
    pairs = list(zip(spans or (), (spans or ())[1:], strict=False))
    holes = [(before, after) for before, after in pairs if before.distance(after) > HOLE]
    if not holes:
        return
    before, after = holes[0]
    interval = max(before.after, after.before)
    more = f", and {len(holes) - 1} more" if len(holes) > 1 else ""
    raise ArgumentError(
        f"The chunks leave a hole from {before.last:.10g} to {after.first:.10g} ms{more}, where the next "
        f"sample was to come after {interval:.4g} ms: merge the chunk in between as well, or fill the time "
        "with samples marked by gaps=."
    )
