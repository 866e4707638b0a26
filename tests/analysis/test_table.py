"""The table of a currentscape."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import Currentscape, Recording

pandas = pytest.importorskip("pandas")

VALUES = np.array([[1.0, -2.0, 3.0], [2.0, -3.0, -1.0], [-4.0, 0.0, 0.5]])


def scape(units="nA", **options):
    signal = neo.AnalogSignal(
        VALUES, units=units, sampling_period=0.5 * pq.ms, array_annotations={"name": ["K", "Na", "leak"]}
    )
    return Currentscape(Recording(signal), **options)


def test_a_row_for_each_current():
    frame = scape().to_dataframe()
    assert frame.index.name == "current" and frame.index.tolist() == ["K", "Na", "leak"]
    assert frame.columns.tolist() == [
        "charge_outward",
        "charge_inward",
        "contribution_outward",
        "contribution_inward",
        "peak_outward",
        "peak_inward",
        "rank",
    ]
    np.testing.assert_allclose(frame["charge_outward"], [1.5, 0, 1.75])
    np.testing.assert_allclose(frame["charge_inward"], [2, 2.5, 0.5])
    np.testing.assert_allclose(frame["contribution_outward"], [1.5 / 3.25, 0, 1.75 / 3.25])
    assert frame["peak_outward"].tolist() == [2, 0, 3] and frame["peak_inward"].tolist() == [4, 3, 1]
    assert frame["rank"].tolist() == [1, 2, 3]
    assert frame.loc["K", "rank"] == 1


def test_units_are_told():
    assert scape().to_dataframe().attrs["units"] == {
        "charge_outward": "pC",
        "charge_inward": "pC",
        "peak_outward": "nA",
        "peak_inward": "nA",
    }
    assert scape("mA/cm**2").to_dataframe().attrs["units"]["charge_inward"] == "µC/cm²"


def test_a_bundle_has_a_row():
    frame = scape(top=1).to_dataframe()
    assert frame.index.tolist() == ["K", "other"]
    # Its peak is that of the sum: 3 outward from leak alone, 4 inward from both.
    assert frame["peak_outward"].tolist() == [2, 3] and frame["peak_inward"].tolist() == [4, 4]


def test_gaps_leave_the_peaks():
    values = VALUES.copy()
    values[0, 1] = np.inf
    signal = neo.AnalogSignal(
        values, units="nA", sampling_period=1 * pq.ms, array_annotations={"name": ["K", "Na", "leak"]}
    )
    frame = Currentscape(Recording(signal, nan="gap")).to_dataframe()
    assert frame["peak_outward"].tolist() == [2, 0, 0.5] and frame["peak_inward"].tolist() == [4, 3, 1]
