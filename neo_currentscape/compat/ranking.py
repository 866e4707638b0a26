"""The order of the currents: by mean share, as Currentscape has it, or as they were given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.mean_shares import both_mean_shares, share_order


@dataclass(frozen=True)
class Ranking:
    """Names of the currents in the orders in which they are shown.

    Attributes
    ----------
    outward, inward : list of str
        By decreasing mean share of that direction: the order of stacking.
    both : list of str
        Those that flow outward, then the others: the order of legends and colours.
    """

    outward: list[str]
    inward: list[str]
    both: list[str]


def ranking(recording: Recording, reorder: bool) -> Ranking:
    """Order the currents.

    Parameters
    ----------
    recording : Recording
    reorder : bool
        False for the order in which they were given.

    Returns
    -------
    Ranking
    """
    names = recording.names
    if not reorder:
        return Ranking(names, names, names)
    outward, inward = both_mean_shares(recording).values()
    orders = (share_order(outward, inward), share_order(inward, outward))
    first, second = ([names[k] for k in order] for order in orders)
    return Ranking(first, second, first)


def ion_ranking(recording: Recording, reorder: bool) -> list[str]:
    """Names of the ions, by decreasing mean concentration or as they were given.

    Parameters
    ----------
    recording : Recording
        With ions.
    reorder : bool

    Returns
    -------
    list of str
    """
    names = list(channel_names(recording.ions) or [])
    if not reorder:
        return names
    weights = timebase.sample_durations(recording.ions, "ms")
    numbers = values.magnitudes(recording.ions)
    weights = np.full(len(numbers), weights) if np.isscalar(weights) else np.asarray(weights)
    order = np.argsort(-(weights @ np.abs(numbers)), kind="stable")
    return [names[k] for k in order]
