"""What all results of protocols share: a table, and a figure of what was found."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols

pytest.importorskip("pandas")


def step(amplitude, spikes=()):
    voltage = np.full((1001, 1), -65.0 + 20 * amplitude)
    voltage[:200] = -65.0
    voltage[list(spikes)] = 20.0
    made = neo.Segment(amplitude=amplitude * pq.nA, onset=20 * pq.ms, duration=80 * pq.ms)
    made.analogsignals.append(neo.AnalogSignal(voltage, units="mV", sampling_period=0.1 * pq.ms, name="v"))
    return made


def test_a_row_for_each_value_that_was_found():
    found = protocols.current_clamp(step(0.3, spikes=(300, 500)))
    frame = found.to_dataframe()
    assert frame.loc["spike_times", "value"].tolist() == [30.0, 50.0]
    assert frame.loc["spike_count"].tolist() == [2.0, ""]
    assert frame.loc["latency"].tolist() == [pytest.approx(float(found.latency)), "ms"]
    silent = protocols.current_clamp(step(0.1)).to_dataframe()
    assert "spike_times" not in silent.index and np.isnan(silent.loc["latency", "value"])


def test_a_row_for_each_step_of_an_fi_curve():
    found = protocols.fi([step(0.1), step(0.3, spikes=(300, 500))])
    frame = found.to_dataframe()
    assert frame["amplitude"].tolist() == [0.1, 0.3] and frame["count"].tolist() == [0, 2]
    assert frame["rate"].tolist() == [0.0, pytest.approx(2 / 0.08, rel=1e-2)]
    assert frame.attrs["units"] == {"amplitude": "nA", "rate": "Hz"}


def test_a_row_for_each_carrier_the_greatest_first():
    found = protocols.Carriers("sag", ["Na", "Ih"], np.array([-1.0, 3.0]) * pq.nA, "change", None)
    frame = found.to_dataframe()
    assert frame.index.tolist() == ["Ih", "Na"] and frame["effect"].tolist() == [3.0, -1.0]
    assert frame["part"].tolist() == [1.0, 0.0] and frame.attrs["units"] == {"effect": "nA"}
