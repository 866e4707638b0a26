"""What is known of bins of time from some of the samples, and the merging of two such parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction.spans import Span, joined


@dataclass(frozen=True)
class Extremes:
    """Smallest and largest value of each channel in each bin, both of shape (channel, bin)."""

    low: np.ndarray
    high: np.ndarray

    def merge(self, other: Extremes) -> Extremes:
        """The extremes of both together; a bin without samples holds inf and -inf."""
        return Extremes(np.minimum(self.low, other.low), np.maximum(self.high, other.high))


@dataclass(frozen=True)
class Partial:
    """What is known of the bins from some of the samples.

    Attributes
    ----------
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    time : ndarray, shape (bin,)
        The time in ms that the samples in each bin stand for.
    samples : ndarray of int, shape (bin,)
        How many samples each bin holds, blanked ones among them.
    shares : dict of str to ndarray, shape (current, bin)
        For each direction the integral of the shares over the bin, in ms.
    totals : dict of str to ndarray, shape (1, bin)
        For each direction the integral of the total over the bin.
    extremes : dict of str to Extremes
        Of the "outward" and "inward" totals and of every signal by its part in the Recording.
    charge : dict of str to ndarray, shape (current,)
        For each direction the charge of each current in the samples seen.
    spans : tuple of Span or None
        The stretches of time of these samples, with holes between them; None where nothing is known.
    flows : dict of str to ndarray, shape (current, bin), or None
        For each direction the charge of each current in each bin; None where it was not asked for.
    """

    edges: np.ndarray
    time: np.ndarray
    samples: np.ndarray
    shares: Mapping[str, np.ndarray]
    totals: Mapping[str, np.ndarray]
    extremes: Mapping[str, Extremes]
    charge: Mapping[str, np.ndarray]
    spans: tuple[Span, ...] | None = None
    flows: Mapping[str, np.ndarray] | None = None


def merge(a: Partial, b: Partial) -> Partial:
    """Combine what is known from two sets of samples, on the same bins.

    Parameters
    ----------
    a, b : Partial
        Of samples that do not overlap, in any order; between the two may be a hole that another part
        fills.

    Returns
    -------
    Partial

    Raises
    ------
    ArgumentError
        When the two are of other bins, of other signals, or hold the same samples.

    Examples
    --------
    >>> whole = merge(of_the_first_half, of_the_second_half)             # doctest: +SKIP
    """
    if not np.array_equal(a.edges, b.edges):
        raise ArgumentError("Two parts of a reduction have different bins: give both the same edges.")
    if set(a.extremes) != set(b.extremes):
        raise ArgumentError(
            f"Two parts of a reduction hold different signals ({', '.join(sorted(a.extremes))} and "
            f"{', '.join(sorted(b.extremes))}): reduce the same ones in both."
        )
    known = a.spans is not None and b.spans is not None
    return Partial(
        spans=joined([*(a.spans or ()), *(b.spans or ())]) if known else None,
        edges=a.edges,
        time=a.time + b.time,
        samples=a.samples + b.samples,
        shares={d: a.shares[d] + b.shares[d] for d in DIRECTIONS},
        totals={d: a.totals[d] + b.totals[d] for d in DIRECTIONS},
        extremes={key: a.extremes[key].merge(b.extremes[key]) for key in a.extremes},
        charge={d: a.charge[d] + b.charge[d] for d in DIRECTIONS},
        flows=a.flows and b.flows and {d: a.flows[d] + b.flows[d] for d in DIRECTIONS},
    )
