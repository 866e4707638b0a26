"""Times that cannot be are refused in one sentence, wherever they come from; charges are never negative."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.adapters import signals
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import CurrentscapeError, SignalError
from neo_currentscape.recording import time_checks, timebase

N = 40
VALUES = np.random.default_rng(7).standard_normal((N, 3))
NAMES = {"name": ["ina", "ikd", "ileak"]}

#: Intervals, first times and rates that are none.
PERIODS = [0.0, -0.25, np.nan, np.inf, -np.inf, 1e-320, 1e308]
STARTS = [np.nan, np.inf, -np.inf, 1e25]
BROKEN = {
    "nan first": [np.nan, 1, 2, 3],
    "nan": [0, 1, np.nan, 3],
    "nan last": [0, 1, 2, np.nan],
    "all nan": [np.nan] * 4,
    "inf": [0, 1, 2, np.inf],
    "two inf": [0, 1, np.inf, np.inf],
    "-inf": [-np.inf, 1, 2, 3],
    "huge": [0, 1, 2, 1.7e308],
    "back": [0, 2, 1, 3],
    "still": [5, 5, 5, 5],
}

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def regular(period=0.25, start=0.0, unit="nA", channels=3, **notes):
    with np.errstate(all="ignore"):
        return neo.AnalogSignal(
            VALUES[:, :channels],
            units=unit,
            t_start=start * pq.ms,
            sampling_period=period * pq.ms,
            **notes,
        )


def currents(period=0.25, start=0.0):
    return regular(period, start, name="membrane", array_annotations=NAMES)


def voltage(period=0.25, start=0.0):
    return regular(period, start, "mV", 1, name="v")


def irregular(times, channels=3, unit="nA", **notes):
    values = VALUES[: len(times), :channels]
    return neo.IrregularlySampledSignal(times, values, units=unit, time_units="ms", **notes)


def segment(*signals):
    made = neo.Segment()
    for signal in signals:
        made.analogsignals.append(signal) if timebase.is_regular(
            signal
        ) else made.irregularlysampledsignals.append(signal)
    return made


def one_sentence(call):
    with pytest.raises(CurrentscapeError) as told:
        call()
    assert str(told.value).count("\n") == 0 and str(told.value).endswith((".", ".)"))
    return str(told.value)


INTAKES = {
    "Recording": lambda clock: ncs.Recording(currents(*clock)),
    "voltage": lambda clock: ncs.Recording(currents(), voltage(*clock)),
    "plot": lambda clock: ncs.plot(voltage(*clock), currents(*clock)),
    "from_segment": lambda clock: ncs.Recording.from_segment(
        segment(voltage(*clock), currents(*clock)), currents={"all": "membrane"}
    ),
    "summarise": lambda clock: ncs.summarise(
        segment(
            *(regular(*clock, channels=1, name=name, role="current", site="soma") for name in ("ik", "ina"))
        )
    ),
    "clamp": lambda clock: protocols.current_clamp(
        segment(voltage(*clock)), amplitude=1 * pq.nA, onset=1 * pq.ms, duration=3 * pq.ms
    ),
    "sweep": lambda clock: ncs.sweep([segment(currents(*clock))] * 2, by=[1, 2]),
}


@pytest.mark.parametrize("clock", [(p, 0.0) for p in PERIODS] + [(0.25, s) for s in STARTS], ids=str)
@pytest.mark.parametrize("intake", INTAKES)
def test_regular_times_that_cannot_be(intake, clock):
    one_sentence(lambda: INTAKES[intake](clock))


@pytest.mark.parametrize("rate", [0.0, -4.0, np.nan, np.inf])
def test_rates_that_cannot_be(rate):
    with np.errstate(all="ignore"):
        signal = neo.AnalogSignal(VALUES, units="nA", sampling_rate=rate * pq.kHz, array_annotations=NAMES)
    assert "sampling interval" in one_sentence(lambda: ncs.Recording(signal))


@pytest.mark.parametrize("kind", BROKEN)
def test_irregular_times_that_cannot_be(kind):
    times = BROKEN[kind]
    said = one_sentence(lambda: ncs.Recording(irregular(times, array_annotations=NAMES)))
    assert ("finite" in said) == (kind not in ("back", "still"))
    one_sentence(lambda: ncs.plot(VALUES[:4, 0], VALUES[:4].T, time=np.array(times, dtype=float)))
    one_sentence(lambda: ncs.plot(VALUES[:4, 0], VALUES[:4].T, time=times * pq.s))
    if kind not in ("back", "still"):
        one_sentence(lambda: signals.Clock(np.array(times, dtype=float)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_times_of_arguments_and_events(bad):
    scape = ncs.Currentscape(ncs.Recording(currents(), voltage()))
    time = bad * pq.ms
    for call in (
        lambda: scape.recording.slice(time, None),
        lambda: scape.recording.slice(None, time),
        lambda: scape.columns(5, bad, 3.0),
        lambda: scape.columns(5, 1.0, bad),
        lambda: scape.columns(5, bad),
        lambda: ncs.event_average(scape, [bad, 3] * pq.ms),
        lambda: ncs.event_average(scape, neo.Event([3, bad] * pq.ms, labels=["a", "b"])),
        lambda: ncs.event_average(scape, [3] * pq.ms, before=time),
        lambda: ncs.phase_average(scape, [1, bad, 3] * pq.ms),
        lambda: ncs.dominant(scape, "outward", min_duration=time),
        lambda: ncs.summarise(scape, t_start=time),
        lambda: ncs.summarise(scape, t_stop=time),
    ):
        one_sentence(call)


@pytest.mark.parametrize(
    "times, durations", [([1, np.nan], [1, 1]), ([1, 2], [1, np.inf]), ([1, 2], [1, -1])]
)
def test_clamped_times_that_cannot_be(times, durations):
    epoch = neo.Epoch(times * pq.ms, durations * pq.ms, labels=["a", "b"])
    said = one_sentence(lambda: ncs.Recording(currents(), voltage(), clamped=epoch))
    assert "Epoch of clamped times" in said


def saved(path, *given):
    writer = neo.io.NixIO(str(path), mode="ow")
    block = neo.Block()
    block.segments.append(segment(*given))
    writer.write_block(block)
    writer.close()
    return path


def changed(path, interval=None, tick=None):
    """The same file with other times, as a broken program may write them."""
    h5py = pytest.importorskip("h5py")

    def change(_, found):
        if interval is not None and "sampling_interval" in found.attrs:
            found.attrs["sampling_interval"] = interval
        if tick is not None and isinstance(found, h5py.Group) and "ticks" in found:
            ticks = found["ticks"][()]
            ticks[tick[0]] = tick[1]
            found["ticks"][...] = ticks

    with h5py.File(path, "r+") as file:
        file.visititems(change)
    return path


def parts(make):
    return [make("mV", "v"), make("nA", "ina"), make("nA", "ikd")]


WORDS = {
    "plot": ["-o", "x.png", "-q"],
    "events": ["-o", "x.png", "-q", "--threshold", "0 mV"],
    "protocol clamp": ["--onset", "1 ms", "--duration", "3 ms", "--amplitude", "1 nA"],
    "compare": ["--segments", "0", "0"],
}


@pytest.mark.parametrize("interval", [0.0, -0.25, np.nan, np.inf])
def test_intervals_of_files(interval, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = parts(lambda unit, name: regular(unit=unit, name=name, channels=1))
    path = changed(saved(tmp_path / "a.nix", *made), interval=interval)
    _refused_by_all(path, capsys, "sampling interval")


@pytest.mark.parametrize("tick", [(0, np.nan), (3, np.nan), (-1, np.inf), (0, -np.inf), (5, 0.0)])
def test_times_of_files(tick, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    times = np.cumsum(np.random.default_rng(1).random(N) + 0.1)
    made = parts(lambda unit, name: irregular(times, 1, unit, name=name))
    path = changed(saved(tmp_path / "a.nix", *made), tick=tick)
    _refused_by_all(path, capsys, "finite|increasing")


def _refused_by_all(path, capsys, said):
    import re

    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        for command, words in WORDS.items():
            assert main([*command.split(), str(path), *words]) == 2
            told = capsys.readouterr().err
            assert re.search(said, told) and len(told.splitlines()) == 1
        assert main(["info", str(path)]) == 0
        told = capsys.readouterr().out
        assert re.search(said, told) or "increasing" in said
        for block in ncs.read_lazy(path):
            one_sentence(lambda block=block: ncs.Recording.from_segment(block))
    with pytest.raises(SignalError):
        ncs.summarise(path)


def test_a_clock_of_nan_is_not_that_of_another():
    with pytest.raises(SignalError, match="different times"):
        time_checks.check_same_times(currents(), voltage(np.nan), "currents", "voltage")


@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(allow_nan=True, allow_infinity=True),
)
def test_charges_are_never_negative(period, start):
    try:
        scape = ncs.Currentscape(ncs.Recording(currents(period, start)))
    except CurrentscapeError:
        return
    for direction in ("outward", "inward"):
        charge = scape.charge(direction).magnitude
        assert (charge >= 0).all() and not np.isnan(charge).any()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=2, max_size=6))
def test_charges_over_any_times_are_never_negative(times):
    try:
        scape = ncs.Currentscape(ncs.Recording(irregular(times, array_annotations=NAMES)))
    except CurrentscapeError:
        return
    for direction in ("outward", "inward"):
        assert (scape.charge(direction).magnitude >= 0).all()
