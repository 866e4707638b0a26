"""Mean and spread of the shares over neurons, from parts that are merged in any sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from neo_currentscape.summary.measures import Measures


@dataclass(frozen=True)
class Population:
    """Sums over some neurons.

    Attributes
    ----------
    names : list of str
        Of the currents, in the order in which they were met.
    count : ndarray of int, shape (bin,)
        Neurons with samples in each bin.
    mean : dict of str to ndarray, shape (current, bin)
        For each direction the mean share over those neurons, and under "current" the mean current; a
        current that a neuron does not have counts as 0, so that the shares of all sum to 1 here, too.
    squares : dict of str to ndarray, shape (current, bin)
        Sum of the squared differences from the mean.
    """

    names: list[str]
    count: np.ndarray
    mean: Mapping[str, np.ndarray]
    squares: Mapping[str, np.ndarray]


def of_neurons(measures: Sequence[Measures], n_bins: int) -> Population:
    """Sum over neurons.

    Parameters
    ----------
    measures : sequence of Measures
    n_bins : int

    Returns
    -------
    Population
    """
    names = list(dict.fromkeys(name for one in measures for name in one.names))
    table = {key: np.zeros((len(measures), len(names), n_bins)) for key in measures[0].means}
    held = np.zeros((len(measures), 1, n_bins), dtype=bool)
    for k, one in enumerate(measures):
        places = [names.index(name) for name in one.names]
        held[k, 0] = np.isfinite(one.means["outward"]).all(axis=0)
        for key, rows in table.items():
            rows[k, places] = np.nan_to_num(one.means[key])
    count = held.sum(axis=0)
    divisor = np.maximum(count, 1)
    mean = {key: rows.sum(axis=0) / divisor for key, rows in table.items()}
    squares = {key: np.where(held, (rows - mean[key]) ** 2, 0.0).sum(axis=0) for key, rows in table.items()}
    return Population(names, count[0], mean, squares)


def merge(a: Population, b: Population) -> Population:
    """Combine two parts of a population.

    Means and squares are combined as by Chan, Golub & LeVeque (1983), The American Statistician
    37:242, which loses no digits where the spread is small.

    Parameters
    ----------
    a, b : Population
        Of different neurons, on the same bins.

    Returns
    -------
    Population
    """
    names = list(dict.fromkeys([*a.names, *b.names]))
    count = a.count + b.count
    weight = b.count / np.maximum(count, 1)
    mean, squares = {}, {}
    for d in a.mean:
        means = [_spread_out(one.mean[d], one.names, names) for one in (a, b)]
        sums = [_spread_out(one.squares[d], one.names, names) for one in (a, b)]
        apart = means[1] - means[0]
        mean[d] = means[0] + apart * weight
        squares[d] = sums[0] + sums[1] + apart**2 * (a.count * weight)
    return Population(names, count, mean, squares)


def _spread_out(rows: np.ndarray, names: list[str], wanted: list[str]) -> np.ndarray:
    if names == wanted:
        return rows
    out = np.zeros((len(wanted), rows.shape[1]))
    out[[wanted.index(name) for name in names]] = rows
    return out
