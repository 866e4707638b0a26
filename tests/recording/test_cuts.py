"""The samples of a stretch of time, of regular and of irregular ones."""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.conventions.errors import SignalError, UnitsError
from neo_currentscape.recording import cuts

REGULAR = neo.AnalogSignal(np.zeros((20, 1)), units="nA", t_start=3 * pq.ms, sampling_period=0.5 * pq.ms)
IRREGULAR = neo.IrregularlySampledSignal(
    3 + np.arange(20) ** 2 / 40, np.zeros((20, 1)), units="nA", time_units="ms"
)
moments = st.none() | st.floats(0, 20).map(lambda time: round(time, 3))


@given(st.sampled_from([REGULAR, IRREGULAR]), moments, moments)
def test_the_samples_that_are_not_before_the_start_and_before_the_stop(signal, start, stop):
    times = signal.times.rescale("ms").magnitude
    low, high = (-np.inf if start is None else start), (np.inf if stop is None else stop)
    wanted = np.flatnonzero((times >= low - 1e-12) & (times < high - 1e-12))
    rows = cuts.rows_between(signal, start, stop)
    assert np.arange(20)[rows].tolist() == wanted.tolist()
    given = [None if t is None else t * pq.ms for t in (start, stop)]
    if len(wanted) < 2:
        with pytest.raises(SignalError, match=f"holds {len(wanted)} of the 20 samples from 3 to 12"):
            cuts.rows_of_slice(signal, *given)
    else:
        assert cuts.rows_of_slice(signal, *given) == rows


def test_ends_are_in_any_unit_of_time():
    assert cuts.limits(1 * pq.s, None) == (1000.0, None)
    with pytest.raises(UnitsError, match="t_stop is 3, without units"):
        cuts.limits(None, 3)
