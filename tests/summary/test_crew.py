"""Workers that die and sources that cannot be sent cost nothing but themselves."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.summary import crew, pool

pytestmark = pytest.mark.alone


def segment(seed, n_neurons=3):
    values = np.random.default_rng(seed).standard_normal((60, n_neurons))
    made = neo.Segment(name=f"net {seed}")
    for name, factor in (("K", 1), ("Na", -2)):
        signal = neo.AnalogSignal(
            factor * values, units="nA", sampling_period=0.1 * pq.ms, name=name, role="current"
        )
        signal.array_annotate(channel_index=np.arange(n_neurons))
        made.analogsignals.append(signal)
    return made


class Unreadable:
    """Arrives at a worker in pieces that end it."""

    def __call__(self):
        return segment(0)

    def __reduce__(self):
        return os._exit, (3,)


def deadly_when_read(marker):
    """Ends the worker that summarises it, not the one that looks at it first."""
    if marker.exists():
        os._exit(3)
    marker.touch()
    return segment(9)


def table(summary):
    return {key: list(values) for key, values in summary.table.items()}


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_worker_that_dies_costs_its_source(method, tmp_path):
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("not here")
    good = {f"good {k}": partial(segment, k) for k in range(5)}
    sources = dict(list(good.items())[:2])
    sources["first look"] = partial(os._exit, 1)
    sources["second look"] = partial(deadly_when_read, tmp_path / "seen")
    sources["on arrival"] = Unreadable()
    sources.update(good)
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as executor:
        found = ncs.summarise(sources, executor, errors="skip")
    assert {one.source for one in found.failures} == {"first look", "second look", "on arrival"}
    assert all("its worker died" in one.reason for one in found.failures)
    assert table(found) == table(ncs.summarise(good))


def test_a_source_that_cannot_be_sent_costs_itself():
    good = {f"good {k}": segment(k) for k in range(3)}
    sources = {**good, "here": lambda: segment(7)}
    with ProcessPoolExecutor(2) as executor:
        found = ncs.summarise(sources, executor, errors="skip")
        again = ncs.summarise(good, executor)  # the executor is as it was
    assert [one.source for one in found.failures] == ["here"]
    assert "give a file name" in found.failures[0].reason
    assert table(found) == table(again) == table(ncs.summarise(good))


def test_a_deadly_signal_in_memory(tmp_path):
    """What is sent in pieces to be mapped, and is deadly on arrival."""
    bad = segment(1)
    bad.analogsignals[0].array_annotations["channel_index"]  # as the good one
    good = segment(2)
    with ProcessPoolExecutor(1) as executor:
        executor.submit(os._exit, 1).exception()  # broken before anything is sent
        found = ncs.summarise([bad, good], executor, errors="skip")
    assert found.failures == [] and table(found) == table(ncs.summarise([bad, good]))


def test_more_jobs_than_are_under_way(monkeypatch):
    monkeypatch.setattr(pool, "WINDOW", 3)
    sources = {str(k): partial(segment, k) for k in range(8)}
    deadly = {**sources, "3": partial(os._exit, 1), "6": partial(os._exit, 1)}
    with ProcessPoolExecutor(2) as executor:
        found = ncs.summarise(deadly, executor, errors="skip")
    assert [one.source for one in found.failures] == ["3", "6"]
    rest = {key: source for key, source in sources.items() if key not in ("3", "6")}
    assert table(found) == table(ncs.summarise(rest))


def test_workers_of_a_new_pool_begin_as_those_of_the_old():
    given = ProcessPoolExecutor(3, initializer=len, initargs=("abc",))
    new = crew._like(given, 1)
    assert (new._max_workers, new._initializer, new._initargs) == (1, len, ("abc",))
    assert crew._like(given)._max_workers == 3
