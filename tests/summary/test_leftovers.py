"""Folders of processes: freed at their end, and swept up where that was violent."""

import os
import signal
import subprocess
import sys
import time

import pytest

from neo_currentscape.summary import leftovers, shared

pytestmark = [pytest.mark.alone, pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")]

HOLD = """
import sys, time
from pathlib import Path
from neo_currentscape.summary.leftovers import own_folder

with own_folder(Path(sys.argv[1])) as folder:
    (folder / "data").write_bytes(bytes(1000))
    print(folder, flush=True)
    time.sleep(60)
"""


def holder(where):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(where)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def test_sigterm_frees(tmp_path):
    process = holder(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    process.terminate()
    assert process.wait(20) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_no_other(tmp_path):
    living, killed = holder(tmp_path), holder(tmp_path)
    killed.kill()
    killed.wait()
    with leftovers.own_folder(tmp_path) as own:
        strange = [tmp_path / name for name in ("ncs-1", "ncs-x-y-z", "ncs-999999999-5-abc", "other")]
        for folder in strange:
            folder.mkdir()
        leftovers.sweep([tmp_path, tmp_path / "missing"])
        left = [path for path in tmp_path.iterdir() if path not in strange]
        assert own in left and len(left) == 2
        assert all(str(killed.pid) not in path.name for path in left)
        assert all(folder.exists() for folder in strange)
    living.kill()
    living.wait()
    leftovers.sweep([tmp_path])
    assert [path for path in tmp_path.iterdir() if path not in strange] == []


def test_a_folder_without_an_owner_is_kept_while_it_is_young(tmp_path):
    folder = tmp_path / "ncs-999999999-5-abc"
    folder.mkdir()
    leftovers.sweep([tmp_path])
    assert folder.exists()
    os.utime(folder, (time.time() - 100,) * 2)
    leftovers.sweep([tmp_path])
    assert not folder.exists()


def test_a_number_that_is_used_again_is_no_owner(tmp_path):
    stale = tmp_path / f"ncs-{os.getppid()}-1-abc"
    stale.mkdir()
    (stale / "owner").touch()
    leftovers.sweep([tmp_path])
    assert not stale.exists()


def test_a_folder_whose_owner_cannot_be_seen_is_kept_while_it_is_locked(tmp_path):
    """As of a process in another container, whose number means nothing here."""
    process = holder(tmp_path)
    folder = next(tmp_path.iterdir())
    hidden = folder.rename(tmp_path / "ncs-999999999-5-abc")
    leftovers.sweep([tmp_path])
    assert hidden.exists()
    process.kill()
    process.wait()
    leftovers.sweep([tmp_path])
    assert not hidden.exists()


SUMMARISE = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
import neo, numpy as np, quantities as pq
import neo_currentscape as ncs
from neo_currentscape.summary import shared

shared.RAM_FOLDER = Path(sys.argv[1])

if __name__ == "__main__":
    segment = neo.Segment()
    for name in ("ina", "ik"):
        segment.analogsignals.append(neo.AnalogSignal(
            np.ones((20000, 30)), units="nA", name=name, sampling_period=0.1 * pq.ms,
            array_annotations={"channel_index": list(range(30))}))
    with ProcessPoolExecutor(2, get_context("fork")) as executor:
        while True:
            ncs.summarise(segment, executor)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are forked")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_summary_that_is_ended_leaves_nothing(kind, tmp_path, monkeypatch):
    where = tmp_path / "ram"
    where.mkdir()
    script = tmp_path / "script.py"
    script.write_text(SUMMARISE)
    process = subprocess.Popen(
        [sys.executable, script, where],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # Where the tests run in the background, interrupts are ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    end = time.monotonic() + 60
    while not list(where.iterdir()) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(kind)
    process.wait(30)
    # The pipe is closed when the last of the workers is gone.
    assert process.communicate(timeout=30)[0] == b""
    monkeypatch.setattr(shared, "RAM_FOLDER", where)
    shared.sweep_up()
    left = list(where.iterdir())
    # Killed just when its folder was made or removed: that is empty, and swept up later.
    assert left == [] or (kind == signal.SIGKILL and not list(left[0].iterdir()))
