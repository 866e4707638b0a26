"""Settings that the drawing thread alone sees."""

import copy
import io
import multiprocessing
import pickle
import threading
import time

import matplotlib
import pytest
from matplotlib.figure import Figure

from neo_currentscape.style.drawing import drawing

RC = matplotlib.rcParams


def in_a_thread(function):
    found = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join(20)
    return found[0]


def test_other_threads_see_what_they_saw():
    before = dict(RC)
    with drawing({"font.size": 31, "axes.spines.top": False}):
        assert (RC["font.size"], RC.get("axes.spines.top"), dict(RC)["font.size"]) == (31, False, 31)
        assert in_a_thread(lambda: (dict(RC), dict(RC.copy()))) == (before, before)
        assert in_a_thread(lambda: matplotlib.text.Text().get_fontsize()) == before["font.size"]
    assert dict(RC) == before


def test_no_trace_is_left_after_an_error():
    before, kind = dict(RC), type(RC)
    with pytest.raises(ZeroDivisionError), drawing({"font.size": 31}):
        RC["lines.linewidth"] = 7
        raise ZeroDivisionError
    with pytest.raises(ValueError, match="font.size"), drawing({"font.size": "large as a house"}):
        pass
    assert dict(RC) == before and type(RC) is kind


def test_settings_in_settings():
    with drawing({"font.size": 31, "lines.linewidth": 3}):
        with drawing({"font.size": 5}):
            assert (RC["font.size"], RC["lines.linewidth"]) == (5, 3)
        assert RC["font.size"] == 31


def test_what_others_write_is_kept_and_not_drawn_with():
    before = RC["font.size"]
    try:
        with drawing({"lines.linewidth": 3}):
            in_a_thread(lambda: RC.update({"font.size": 23}))
            assert RC["font.size"] == before
        assert RC["font.size"] == 23
    finally:
        RC["font.size"] = before


def test_copies_are_plain():
    with drawing({"font.size": 31}):
        for made in (copy.deepcopy(RC), pickle.loads(pickle.dumps(RC)), RC.find_all("font")):
            assert type(made) is matplotlib.RcParams and made["font.size"] == 31
            made["font.size"] = 5
        assert RC["font.size"] == 31


def test_a_context_of_matplotlib_inside_stays_inside():
    before = dict(RC)
    with drawing({"lines.linewidth": 3}):
        with matplotlib.rc_context({"font.size": 31}):
            assert in_a_thread(lambda: RC["font.size"]) == before["font.size"]
        Figure().savefig(io.BytesIO(), format="jpg")  # has such a context in matplotlib itself
        assert RC["lines.linewidth"] == 3
    assert dict(RC) == before


def test_a_backend_that_is_chosen_meanwhile_stays():
    before = RC["backend"]
    try:
        with drawing({"font.size": 31}):
            RC["backend"] = "svg"
            assert in_a_thread(lambda: RC["backend"]) == "svg"
        assert RC["backend"] == "svg"
    finally:
        RC["backend"] = before


def _draw_in_child(queue):
    with drawing({"font.size": 3}):
        queue.put(RC["font.size"])


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_a_process_that_is_forked_while_another_thread_draws_can_draw():
    begun, context = threading.Event(), multiprocessing.get_context("fork")

    def draw():
        with drawing({"font.size": 31}):
            begun.set()
            time.sleep(0.3)

    thread = threading.Thread(target=draw)
    thread.start()
    begun.wait(20)
    queue = context.SimpleQueue()
    child = context.Process(target=_draw_in_child, args=(queue,))
    child.start()
    child.join(20)
    alive = child.is_alive()
    child.kill()
    thread.join()
    assert not alive and queue.get() == 3
