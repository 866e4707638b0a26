"""Tables of results: columns that need no pandas, and the same as a DataFrame."""

import numpy as np
import pytest

from neo_currentscape.conventions.result import Result, Table

pandas = pytest.importorskip("pandas")

COLUMNS = {"charge": np.array([3.0, 1.0]), "rank": [1, 2]}


class Found(Result):
    def __init__(self, **index):
        self.index = index

    def _table(self):
        return Table(COLUMNS, self.index, {"charge": "pC"})


def test_rows_have_numbers_a_name_or_several():
    plain = Found().to_dataframe()
    assert plain.index.tolist() == [0, 1] and plain.columns.tolist() == ["charge", "rank"]
    one = Found(current=["Na", "K"]).to_dataframe()
    assert one.index.name == "current" and one.loc["Na", "charge"] == 3.0
    two = Found(step=[0.1, 0.1], current=["Na", "K"]).to_dataframe()
    assert two.index.names == ["step", "current"] and two.loc[(0.1, "K"), "rank"] == 2


def test_units_go_with_the_table_and_are_its_own():
    units = {"charge": "pC"}
    frame = Table(COLUMNS, units=units).frame()
    frame.attrs["units"]["charge"] = "nC"
    assert units == {"charge": "pC"}


def test_the_columns_are_not_those_of_the_result():
    frame = Found().to_dataframe()
    frame.loc[0, "charge"] = 7.0
    assert COLUMNS["charge"][0] == 3.0
