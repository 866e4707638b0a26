"""Workers that end with the process they work for."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

from neo_currentscape.conventions.workers import watched, worker_processes

pytestmark = [pytest.mark.alone, pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")]

SCRIPT = """
import os, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from neo_currentscape.conventions.workers import watched

def work(k):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(60)

if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context(sys.argv[1])) as pool:
        list(pool.map(watched(work, pool), range(2)))
"""


def lives(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{number}/stat") as file:  # one that nobody waits for is a zombie
        return file.read().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="tells zombies by /proc")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_end_when_their_parent_is_killed(method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    parent = subprocess.Popen([sys.executable, script, method], stdout=subprocess.PIPE, text=True)
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(lives, workers))
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while any(map(lives, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(lives, workers))


IDLE = """
import os, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from neo_currentscape.conventions.workers import watched

if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, get_context(sys.argv[1]), os.write, (1, b"begun\\n"))
    for _ in range(2):
        future = pool.submit(watched(time.sleep, pool), 1)
    os.write(1, (" ".join(map(str, pool._processes)) + "\\n").encode())
    time.sleep(60)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="tells zombies by /proc")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_without_work_end_too(method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(IDLE)
    parent = subprocess.Popen([sys.executable, script, method], stdout=subprocess.PIPE, text=True)
    lines = [parent.stdout.readline() for _ in range(3)]
    assert lines.count("begun\n") == 2
    parent.kill()
    parent.wait()
    workers = [int(word) for line in lines for word in line.split() if word != "begun"]
    end = time.monotonic() + 10
    while any(map(lives, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(lives, workers))


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_error_ends_workers_at_once(error):
    with pytest.raises(error), worker_processes(2) as pool:
        futures = [pool.submit(time.sleep, 60) for _ in range(4)]
        numbers = list(pool._processes)
        begun = time.monotonic()
        raise error
    assert time.monotonic() - begun < 10
    assert len(numbers) == 2 and not any(map(lives, numbers))
    # The pool's own thread cancels them.
    while not all(future.done() for future in futures) and time.monotonic() - begun < 20:
        time.sleep(0.05)
    assert all(future.done() for future in futures)


def _write_half_a_result():
    """End like a worker that is killed while it writes a result."""
    import multiprocessing.connection as connection

    def send(self, data):
        os.write(self.fileno(), len(data).to_bytes(4, "big") + bytes(data)[:10])
        os.kill(os.getpid(), signal.SIGKILL)

    connection.Connection._send_bytes = send


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="writes as pipes of POSIX are written")
def test_half_a_result_of_a_dead_worker_is_not_waited_for():
    with ProcessPoolExecutor(2, get_context("fork")) as pool:
        futures = [pool.submit(watched(work, pool)) for work in (_write_half_a_result, _long)]
        for future in futures:
            with pytest.raises(BrokenProcessPool):
                future.result(timeout=20)


def _long():
    time.sleep(60)


def test_workers_leave_interrupts_to_their_parent():
    with worker_processes(1) as pool:
        number = pool.submit(os.getpid).result()
        os.kill(number, signal.SIGINT)
        assert pool.submit(abs, -3).result() == 3


def test_only_processes_of_this_machine_are_watched():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        assert watched(len, pool) is len


def test_a_worker_of_a_worker_is_watched_too():
    with worker_processes(1) as pool:
        assert pool.submit(_nested).result() == 7


def _nested():
    with worker_processes(1) as pool:
        return pool.submit(watched(abs, pool), -7).result()
