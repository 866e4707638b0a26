"""What the results of analyses share: a table, as columns that need no pandas, and as a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from neo_currentscape.conventions.errors import require


@dataclass(frozen=True)
class Table:
    """Columns of equal length.

    Attributes
    ----------
    columns : dict of str to sequence
    index : dict of str to sequence
        What the rows are called by; several names for several levels, none for numbers.
    units : dict of str to str
        Of the columns that have one.
    """

    columns: Mapping[str, Any]
    index: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def frame(self) -> Any:
        """The same as a `pandas.DataFrame`, with ``attrs["units"]``.

        Raises
        ------
        MissingDependencyError
            When pandas is not installed.
        """
        pandas = require("pandas", "table", "to_dataframe()")
        index, names = None, list(self.index)
        if len(names) == 1:
            index = pandas.Index(self.index[names[0]], name=names[0])
        elif names:
            index = pandas.MultiIndex.from_arrays(list(self.index.values()), names=names)
        frame = pandas.DataFrame(dict(self.columns), index=index)
        frame.attrs["units"] = dict(self.units)
        return frame


class Result:
    """Base of the results of analyses: each has a table, and a method ``plot`` where it has a figure."""

    def to_dataframe(self) -> Any:
        """Make a table.

        Returns
        -------
        pandas.DataFrame
            ``attrs["units"]`` has the units of its columns.

        Raises
        ------
        MissingDependencyError
            When pandas is not installed.
        """
        return self._table().frame()

    def _table(self) -> Table:
        raise NotImplementedError
