"""Figures of several threads are those of one, and no thread sees the settings of another."""

import io
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def scape(seed, n=400):
    walk = np.random.default_rng(seed).standard_normal((n, 3)).cumsum(axis=0)
    voltage = neo.AnalogSignal(walk[:, :1] - 60, units="mV", sampling_period=0.1 * pq.ms)
    currents = neo.AnalogSignal(
        walk, units="nA", sampling_period=0.1 * pq.ms, array_annotations={"name": ["K", "Na", "leak"]}
    )
    return ncs.Currentscape(ncs.Recording(currents, voltage=voltage))


def saved(figure, **options):
    file = io.BytesIO()
    (getattr(figure, "save", None) or figure.savefig)(file, **{"format": "png", "dpi": 60, **options})
    return file.getvalue()


def standard(seed):
    # Titles with formulas: matplotlib's parser of them serves all threads.
    size = ["column", "page", "slide"][seed % 3]
    return saved(scape(seed).plot(size=size, title=f"$g_{{Na}}^{{{seed}}}$", panels="all"))


def of_currentscape(seed):
    data = np.random.default_rng(seed).standard_normal((3, 300)).cumsum(axis=1)
    config = {"textsize": 6 + seed % 5, "current": {"names": ["a", "b", f"$x_{seed}$"]}}
    figure = ncs.plot(data[0] - 60, data, config)
    found = saved(figure)
    matplotlib.pyplot.close(figure)
    return found


def by_matplotlib(seed):
    """Saved past `ncs.Figure.save`."""
    figure = scape(seed).plot(size="column", settings={"font.size": 6 + seed % 3})
    return saved(figure.fig)


def with_pynn(seed):
    from pyNN.utility.plotting import Panel

    shown = scape(seed)
    signal = shown.recording.currents
    plain = neo.AnalogSignal(signal.magnitude, units="nA", sampling_period=0.1 * pq.ms, name="walk")
    panel = Panel(plain, ylabel=f"$w_{seed}$", xticks=True, data_labels=["walk"])
    return saved(ncs.Figure(ncs.SharesPanel(shown), panel))


@pytest.mark.parametrize("draw", [standard, of_currentscape, by_matplotlib, with_pynn])
def test_figures_of_four_threads_are_those_of_one(draw):
    import matplotlib.pyplot as plt

    expected = [draw(seed) for seed in range(4)]
    jobs = [seed for seed in range(4) for _ in range(3)]
    random.Random(0).shuffle(jobs)
    before, numbers = dict(matplotlib.rcParams), plt.get_fignums()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(draw, jobs))
    assert [picture == expected[seed] for picture, seed in zip(found, jobs, strict=True)] == [True] * 12
    assert dict(matplotlib.rcParams) == before and plt.get_fignums() == numbers


def test_figures_of_threads_all_reach_pyplot():
    import matplotlib.pyplot as plt

    data = np.ones((2, 50))
    with ThreadPoolExecutor(4) as pool:
        figures = list(pool.map(lambda k: ncs.plot(data[0], data), range(12)))
    numbers = [figure.number for figure in figures]
    try:
        assert len(set(numbers)) == 12 and set(numbers) <= set(plt.get_fignums())
    finally:
        for number in numbers:
            plt.close(number)


def test_no_moment_shows_another_thread_a_setting():
    before, seen, over = dict(matplotlib.rcParams), [], threading.Event()

    def watch():
        while not over.is_set():
            now = dict(dict.items(matplotlib.rcParams)), dict(matplotlib.rcParams)
            seen.append(all(one == before for one in now))
            over.wait(1e-4)

    watcher = threading.Thread(target=watch)
    watcher.start()
    shown = scape(1)
    standard(1), of_currentscape(1), by_matplotlib(1)
    saved(shown.plot(settings={"font.size": 5}), format="pdf")
    saved(shown.plot(settings={"font.size": 5}), format="svg")
    over.set()
    watcher.join()
    assert len(seen) > 20 and all(seen)


def test_threads_that_fail_leave_the_others_whole():
    class Broken:
        def plot(self, axes):
            matplotlib.rcParams["font.size"] = 40
            raise ZeroDivisionError

    expected = standard(2)

    def draw(k):
        if k % 2:
            with pytest.raises(ZeroDivisionError):
                ncs.Figure(ncs.SharesPanel(scape(1)), Broken())
            return expected
        return standard(2)

    before = dict(matplotlib.rcParams)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(draw, range(12))) == {expected}
    assert dict(matplotlib.rcParams) == before


def test_one_recording_is_drawn_by_many_threads():
    def draw(shown, width):
        return saved(shown.plot(size=(width, 4)))

    widths = [3, 4, 5, 6] * 3
    apart = [draw(scape(3, 20_000), width) for width in widths[:4]]
    shown = scape(3, 20_000)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda width: draw(shown, width), widths)) == apart * 3
