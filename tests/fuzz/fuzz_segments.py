"""Strategies: Segments of every layout, kind of number, unit, direction and sampling, with gaps or not."""

from dataclasses import dataclass, field
from typing import Any

import neo
import numpy as np
import quantities as pq
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

#: Units of currents in nA, and of densities in mA/cm**2.
ABSOLUTE = {"nA": 1.0, "pA": 1e-3, "uA": 1e3, "mA": 1e6, "A": 1e9}
DENSITIES = {"mA/cm**2": 1.0, "uA/cm**2": 1e-3, "A/m**2": 0.1, "pA/um**2": 0.1}
TIMES = {"ms": 1.0, "s": 1e3, "us": 1e-3}


@dataclass
class Drawn:
    """A Segment, how it is to be read, and what is to be found.

    Attributes
    ----------
    segment : neo.Segment
    selection : dict
        Keywords of `Recording.from_segment`.
    values : ndarray, shape (time, current)
        Outward positive, in nA or mA/cm**2; anything in gaps.
    unit : str
        "nA" or "mA/cm**2".
    times : ndarray, shape (time,)
        In ms.
    gaps : ndarray of bool, shape (time,)
    regular : bool
    names : list of str
        Of the columns of `values`.
    """

    segment: Any
    selection: dict
    values: np.ndarray
    unit: str
    times: np.ndarray
    gaps: np.ndarray
    regular: bool
    names: list
    voltage: Any = None
    stored: list = field(default_factory=list)


numbers = st.one_of(
    st.just(0.0),
    st.floats(1e-9, 1e6),
    st.floats(-1e6, -1e-9),
    st.floats(-1.0, 1.0, allow_subnormal=False),
)
# What a legend may have to show; a name of nothing is given another one.
names = st.text(min_size=1, max_size=12).filter(lambda name: name != "other" and "\x00" not in name)


@st.composite
def axes(draw, n):
    """Times in ms, whether they are regular, and a function that makes a signal of values."""
    unit = draw(st.sampled_from(sorted(TIMES)))
    start = draw(st.floats(-1e4, 1e4)) * draw(st.sampled_from([0.0, 1.0]))
    if draw(st.booleans()):
        step = draw(st.floats(1e-3, 10.0))
        t_start, period = pq.Quantity(start / TIMES[unit], unit), pq.Quantity(step / TIMES[unit], unit)
        times = start + np.arange(n) * step

        def regular(values, **notes):
            return neo.AnalogSignal(values, t_start=t_start, sampling_period=period, **notes)

        return times, True, regular
    steps = draw(hnp.arrays(float, n - 1, elements=st.floats(1e-3, 10.0)))
    times = start + np.concatenate([[0.0], np.cumsum(steps)])

    def irregular(values, **notes):
        return neo.IrregularlySampledSignal(pq.Quantity(times / TIMES[unit], unit), values, **notes)

    return times, False, irregular


@st.composite
def stored(draw, values):
    """The values as an array of some kind in memory, and those that it really holds."""
    kind = draw(
        st.sampled_from(["float64", "float32", ">f8", "int16", "fortran", "strided", "read-only", "masked"])
    )
    if kind == "int16":
        array = np.clip(np.round(values), -30000, 30000).astype(np.int16)
    elif kind in ("float32", ">f8"):
        array = values.astype(kind)
    elif kind == "fortran":
        array = np.asfortranarray(values)
    elif kind == "strided":
        array = np.repeat(values, 2, axis=0)[::2]
    elif kind == "masked":
        array = np.ma.masked_array(values, mask=False)
    else:
        array = values.copy()
    if kind == "read-only":
        array.flags.writeable = False
    return array, np.asarray(array, dtype=float)


@st.composite
def segments(draw, most_samples=40, most_currents=6, with_gaps=True, layouts=("each", "one", "two")):
    """A Segment whose currents are annotated, so that any name will do."""
    n, m = draw(st.integers(2, most_samples)), draw(st.integers(1, most_currents))
    units = draw(st.sampled_from([ABSOLUTE, DENSITIES]))
    times, regular, signal = draw(axes(n))
    labels = draw(st.lists(names, min_size=m, max_size=m, unique_by=lambda name: name.strip() or name))
    gaps = np.zeros(n, dtype=bool)
    if with_gaps and draw(st.booleans()):
        gaps = draw(hnp.arrays(bool, n))
        gaps[draw(st.integers(0, n - 1))] = False  # all gaps is no recording
    segment, found, kept = neo.Segment(), np.empty((n, m)), []
    for columns in _groups(m, draw(st.sampled_from(layouts))):
        raw = draw(hnp.arrays(float, (n, len(columns)), elements=numbers, fill=st.just(0.0)))
        array, really = draw(stored(raw))
        unit = draw(st.sampled_from(sorted(units)))
        positive = draw(st.sampled_from(["outward", "inward", None]))
        if gaps.any() and array.dtype.kind == "f":
            array = np.array(array)
            array[gaps, draw(st.integers(0, len(columns) - 1))] = draw(st.sampled_from([np.nan, np.inf]))
        elif gaps.any():
            gaps = np.zeros(n, dtype=bool) if not kept else gaps
        notes = {"role": "current"} if positive is None else {"role": "current", "positive": positive}
        made = signal(array, units=unit, array_annotations={"name": [labels[k] for k in columns]}, **notes)
        segment_list = segment.analogsignals if regular else segment.irregularlysampledsignals
        segment_list.append(made)
        kept.append(made)
        found[:, columns] = really * units[unit] * (-1.0 if positive == "inward" else 1.0)
    gaps = ~np.all([np.isfinite(np.asarray(s.magnitude, dtype=float)).all(axis=1) for s in kept], axis=0)
    voltage = None
    if draw(st.booleans()):
        voltage = draw(hnp.arrays(float, (n, 1), elements=st.floats(-100, 60)))
        own = signal(voltage, units="mV", name="v", role="voltage")
        (segment.analogsignals if regular else segment.irregularlysampledsignals).append(own)
    selection = {"nan": "gap" if gaps.any() else "error"}
    if voltage is None:
        selection["voltage"] = False
    unit = "nA" if units is ABSOLUTE else "mA/cm**2"
    return Drawn(segment, selection, found, unit, times, gaps, regular, labels, voltage, kept)


def _groups(m, layout):
    if layout == "each":
        return [[k] for k in range(m)]
    if layout == "one" or m == 1:
        return [list(range(m))]
    return [list(range(m // 2)), list(range(m // 2, m))]


def close(found, wanted, size=None):
    """Compare up to rounding: relative to each value, and to the size of what was summed."""
    size = np.nanmax(np.abs(wanted), initial=0.0) if size is None else size
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12 * size)
