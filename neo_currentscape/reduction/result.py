"""`OfCurrents`: what the results share that tell something of every current: their ranking and order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from neo_currentscape.conventions.result import Result
from neo_currentscape.conventions.roles import OTHER
from neo_currentscape.reduction import bundling, ordering


class OfCurrents(Result):
    """Base of the results that tell something of every current.

    Each has ``names`` of the currents, and a ``bundle``, which is None where the small ones are not summed
    as "other".

    Examples
    --------
    >>> class Peaks(OfCurrents):
    ...     names, bundle = ["Na", "K", "leak"], None
    ...     def _sizes(self):
    ...         return np.array([3.0, 5.0, 1.0])
    >>> Peaks().ranking, Peaks().order(["leak"])
    (array([1, 0, 2]), [2, 1, 0])
    """

    def _sizes(self) -> Any:
        """By what the currents are ranked, shape (current,)."""
        raise NotImplementedError

    @cached_property
    def ranking(self) -> np.ndarray:
        """Indices of the currents by decreasing size of what is told of them."""
        return bundling.ranking(self._sizes())

    @property
    def _by_charge(self) -> Any:
        """Indices of the currents by decreasing charge in what was recorded."""
        return self.ranking

    def order(self, by: str | Sequence[str] = "charge") -> list[int]:
        """Indices of the currents in the order in which they are to be shown.

        Parameters
        ----------
        by : {"charge", "recorded", "name"} or list of str
            By decreasing charge in what was recorded, as in the standard figure; as recorded; by name; or
            the names themselves. Names that a list leaves out follow by charge, and "other" is last where
            small ones are bundled.

        Returns
        -------
        list of int

        Raises
        ------
        UnknownNameError
            When the word, or a name in the list, is not known.
        """
        own: Any = self
        return ordering.order(own.names, self._by_charge, by, OTHER if self._is_bundled else None)

    @property
    def _is_bundled(self) -> bool:
        own: Any = self
        return own.bundle is not None
