"""Recordings with known answers, and the model's."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def _recording_of(
    currents, *, dt=0.1, t_start=0.0, voltage=None, names=None, times=None, units="nA", **options
):
    """A Recording of plain numbers, shape (time, current); of irregular samples where times are given."""
    currents = np.asarray(currents, dtype=float)
    names = names or [f"I{k}" for k in range(currents.shape[1])]
    notes = {"array_annotations": {"name": np.array(names)}}
    if times is not None:
        signal = neo.IrregularlySampledSignal(times, currents, units=units, time_units="ms", **notes)
    else:
        axis = {"sampling_period": dt * pq.ms, "t_start": t_start * pq.ms}
        signal = neo.AnalogSignal(currents, units=units, **axis, **notes)
    potential = None
    if voltage is not None:
        column = np.asarray(voltage, dtype=float)[:, None]
        if times is not None:
            potential = neo.IrregularlySampledSignal(times, column, units="mV", time_units="ms")
        else:
            potential = neo.AnalogSignal(column, units="mV", **axis)
    return ncs.Recording(signal, potential, **options)


@pytest.fixture(scope="session")
def recording_of():
    """A function that makes a Recording of plain numbers."""
    return _recording_of


@pytest.fixture
def random_recording():
    """Noise with spikes in the voltage, on a fixed or a variable step."""

    def make(n=4000, seed=1, irregular=False, currents=3):
        rng = np.random.default_rng(seed)
        times = np.cumsum(rng.uniform(0.02, 0.2, n)) if irregular else None
        values = rng.standard_normal((n, currents)).cumsum(axis=0)
        voltage = -60 + 100 * (np.sin(np.arange(n) / 40.0) > 0.9) + rng.standard_normal(n)
        return _recording_of(values, voltage=voltage, times=times)

    return make


@pytest.fixture(scope="session")
def burster():
    """Model A, four seconds after it has settled."""
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    return ncs.Recording.from_segment(stg.simulate("A", t_stop=4 * pq.s, transient=4 * pq.s).segments[0])
