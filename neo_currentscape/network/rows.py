"""The nodes or edges of a SONATA population, whose attributes lie in several groups and in a file of types.

``/nodes/<population>/<group>/<attribute>[index]`` is the attribute of the node that has this group in
``node_group_id`` and this index in ``node_group_index``; what its group does not hold may stand in the row
of its type (SONATA's specification, "Representing node attributes"; the same for edges).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import SelectionError

#: What files of types write where there is nothing.
NOTHING = (None, "", "NULL", "nan")


class Rows:
    """The nodes or edges of a population.

    Parameters
    ----------
    stored : h5py.Group
        ``/nodes/<population>`` or ``/edges/<population>``.
    kind : {"node", "edge"}
    types : dict of int to dict
        Rows of the file of types, by type.
    n : int
        Number of nodes or edges.

    Raises
    ------
    SelectionError
        When a row is said to be in a group that is not there, or beyond its end.
    """

    def __init__(self, stored: Any, kind: str, types: dict[int, dict[str, str]], n: int) -> None:
        self.n, self._types = n, types
        key = f"{kind}_type_id"
        self._type_ids = np.asarray(stored[key]) if key in stored else np.zeros(n, dtype=int)
        numbers = stored.get(f"{kind}_group_id")
        numbers = np.zeros(n, dtype=int) if numbers is None else np.asarray(numbers, dtype=int)
        index = stored.get(f"{kind}_group_index")
        self._groups: list[tuple[Any, np.ndarray, np.ndarray]] = []
        for number in np.unique(numbers).tolist():
            rows = np.flatnonzero(numbers == number)
            # Without an index the rows of a group are in the order of the nodes.
            inside = np.arange(len(rows)) if index is None else np.asarray(index, dtype=int)[rows]
            self._groups.append((stored.get(str(number), {}), rows, inside))
        self._where = getattr(stored, "name", kind)

    def attribute(self, name: str) -> np.ndarray | None:
        """Values of an attribute, of the groups first and of the types else.

        Returns
        -------
        ndarray, shape (row,) or (row, column), or None
            None in rows that nothing says it of; None in place of all where it says it of none.
        """
        out: np.ndarray | None = None
        for group, rows, inside in self._groups:
            if name not in group:
                continue
            values = self._values(group, name, inside)
            if out is None:
                out = np.full((self.n, *values.shape[1:]), None, dtype=object)
            out[rows] = values
        return self._filled_from_types(name, out)

    def _values(self, group: Any, name: str, inside: np.ndarray) -> np.ndarray:
        values = np.asarray(group[name])
        if len(inside) and inside.max() >= len(values):
            raise SelectionError(
                f"{self._where} says row {inside.max()} of {group.name}/{name}, which has {len(values)}: "
                "mend its group_index."
            )
        # An enumeration of SONATA is stored as numbers, and its words in a group of their own.
        library = group.get(f"@library/{name}")
        values = values if library is None else np.asarray(library)[values]
        chosen = values[inside]
        if chosen.dtype.kind in "SO":
            words = [v.decode() if isinstance(v, bytes) else v for v in chosen.tolist()]
            chosen = np.array(words, dtype=object)
        return chosen

    def _filled_from_types(self, name: str, found: np.ndarray | None) -> np.ndarray | None:
        told = {k: row[name] for k, row in self._types.items() if row.get(name) not in NOTHING}
        if not told or (found is not None and found.ndim > 1):
            return found
        of_types = np.array([told.get(int(k)) for k in self._type_ids], dtype=object)
        if found is None:
            return of_types
        return np.where(is_told(found), found, of_types)


def is_told(values: np.ndarray) -> np.ndarray:
    """Where an attribute has a value."""
    return np.array([value is not None for value in values.tolist()], dtype=bool)
