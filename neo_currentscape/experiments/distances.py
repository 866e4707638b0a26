"""Distances: how far the currentscapes of many recordings are from each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, require
from neo_currentscape.conventions.result import Result
from neo_currentscape.experiments.comparison import Comparison, align


class Distances(Result):
    """How far the currentscapes of many recordings are from each other; made by `distances`.

    Attributes
    ----------
    matrix : ndarray, shape (recording, recording)
        Symmetric, from 0 to 1, with a diagonal of 0.
    labels : list of str
    """

    def __init__(self, matrix: np.ndarray, labels: Sequence[str]) -> None:
        self.matrix, self.labels = matrix, [str(label) for label in labels]

    @property
    def pairs(self) -> np.ndarray:
        """The distance of every pair once, shape (n (n - 1) / 2,), as of `scipy.spatial.distance`."""
        return self.matrix[np.triu_indices(len(self.matrix), 1)]

    def to_dataframe(self) -> Any:
        """The matrix as a `pandas.DataFrame`."""
        pandas = require("pandas", "table", "to_dataframe()")
        return pandas.DataFrame(self.matrix, index=self.labels, columns=self.labels)

    def plot(self, **options: Any) -> Any:
        """Draw matrix and distribution; see `neo_currentscape.experiments.figures.distances_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import distances_figure

        return distances_figure(self, **options)

    def __repr__(self) -> str:
        return (
            f"Distances of {len(self.labels)} recordings: {self.pairs.min():.3f} to {self.pairs.max():.3f}"
        )


def distances(
    sources: Sequence[Any],
    by: str = "time",
    *,
    bins: int | None = None,
    labels: Sequence[str] | None = None,
    **options: Any,
) -> Distances:
    """Find how far the currentscapes of many recordings are from each other.

    Parameters
    ----------
    sources : sequence of Currentscape, Recording, neo.Segment or neo.Block
        Two or more.
    by, bins, **options
        See `compare`.
    labels : sequence of str, optional
        Numbers where left out.

    Returns
    -------
    Distances
        Of each pair the `Comparison.distance`.

    Examples
    --------
    >>> import quantities as pq
    >>> from neo_currentscape.models import stg
    >>> runs = [stg.simulate(model, t_stop=0.5 * pq.s) for model in "AAB"]
    >>> found = distances(runs, labels=["A", "A again", "B"])
    >>> float(found.pairs[0]), bool(found.pairs[1] > 0.1)
    (0.0, True)
    """
    for what, given in (("sources", sources), ("labels", labels if labels is not None else ())):
        # A Recording has a length, but is one; labels may be the letters of a word.
        is_text = isinstance(given, str) and what == "sources"
        if is_text or not isinstance(given, (Sequence, np.ndarray)):
            raise ArgumentTypeError(
                f"distances() takes a list of {what}, not {given!r}: write e.g. distances([first, second])."
            )
    if len(sources) < 2:
        raise ArgumentError(f"{len(sources)} recordings have no distances: give two or more.")
    names = [str(k) for k in range(len(sources))] if labels is None else list(labels)
    if len(names) != len(sources):
        raise ArgumentError(f"{len(names)} labels do not fit {len(sources)} recordings: give one for each.")
    averages = align(sources, by, bins, names, **options)
    matrix = np.zeros((len(averages), len(averages)))
    for i, a in enumerate(averages):
        for j in range(i + 1, len(averages)):
            matrix[i, j] = matrix[j, i] = Comparison(
                a, averages[j], names[i : i + 1] + names[j : j + 1]
            ).distance
    return Distances(matrix, names)
