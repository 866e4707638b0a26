"""The same figure is the same file, in whatever process and however often it is saved."""

import gzip
import io
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError

FORMATS = ("png", "pdf", "svg", "svgz", "eps", "ps", "jpg")

SCRIPT = """
import sys, hashlib
sys.path.insert(0, sys.argv[1])
import test_same_bytes as here
print(*(hashlib.sha256(written).hexdigest() for written in here.all_of()))
"""


def figure():
    values = np.random.default_rng(4).standard_normal((300, 4)).cumsum(axis=0)
    recording = ncs.Recording(
        neo.AnalogSignal(
            values, units="nA", sampling_period=0.1 * pq.ms, array_annotations={"name": list("abcd")}
        ),
        voltage=neo.AnalogSignal(values[:, :1] - 60, units="mV", sampling_period=0.1 * pq.ms),
    )
    return ncs.Currentscape(recording).plot(panels="all", size=(4, 9))


def drawn_in(made, kind, **options):
    file = io.BytesIO()
    (getattr(made, "save", None) or made.savefig)(file, format=kind, dpi=60, **options)
    return file.getvalue()


def all_of():
    made, other = figure(), ncs.plot(np.arange(50.0), np.ones((3, 50)), {"pattern": {"use": True}})
    found = [drawn_in(one, kind) for one in (made, made.fig, other) for kind in FORMATS]
    plt.close(other)
    return found


def in_a_process(seed, **environment):
    words = [sys.executable, "-c", SCRIPT, os.path.dirname(__file__)]
    variables = {**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg", **environment}
    return subprocess.run(words, capture_output=True, text=True, check=True, env=variables).stdout.split()


def test_processes_write_the_same():
    first = in_a_process("1")
    assert len(first) == 3 * len(FORMATS) and in_a_process("2") == first
    dated = in_a_process("3", SOURCE_DATE_EPOCH="86400", TZ="Asia/Tokyo")
    kept = {"png", "jpg"}
    kinds = FORMATS * 3
    assert {kind for kind, a, b in zip(kinds, first, dated, strict=True) if a == b} == kept


@pytest.mark.parametrize("kind", FORMATS)
def test_a_figure_that_is_saved_again_is_the_same(kind, tmp_path):
    made = figure()
    first = drawn_in(made, kind)
    drawn_in(made, "pdf" if kind == "png" else "png")
    made.save(tmp_path / f"it.{kind}", dpi=60)
    assert drawn_in(made, kind) == first == (tmp_path / f"it.{kind}").read_bytes()


def test_a_figure_that_was_moved_stays_moved():
    made = figure()
    made.axes[0].set_position((0.3, 0.8, 0.4, 0.1))
    drawn_in(made, "png")
    np.testing.assert_allclose(made.axes[0].get_position().bounds, (0.3, 0.8, 0.4, 0.1))


def test_the_time_of_the_environment(monkeypatch):
    made = figure()
    assert b"CreationDate" not in drawn_in(made, "pdf") and b"CreationDate" not in drawn_in(made, "eps")
    assert b"<dc:date>" not in drawn_in(made, "svg")
    assert drawn_in(made, "svgz")[4:8] == bytes(4)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert re.search(rb"/CreationDate \(D:19700102000000", drawn_in(made, "pdf"))
    assert b"%%CreationDate: Fri Jan  2 00:00:00 1970" in drawn_in(made, "eps").replace(
        b"Jan 02", b"Jan  2"
    )
    assert b"<dc:date>1970-01-02T00:00:00+00:00</dc:date>" in drawn_in(made, "svg")
    packed = drawn_in(made, "svgz")
    assert int.from_bytes(packed[4:8], "little") == 86400 and gzip.decompress(packed)[:5] == b"<?xml"


@pytest.mark.parametrize("words", ["yesterday", "-1", "1e9", "\N{SUPERSCRIPT TWO}", "9" * 20, "9" * 9999])
@pytest.mark.parametrize("kind", ["pdf", "svg", "eps", "svgz"])
def test_a_time_of_the_environment_that_is_none_is_told(kind, words, monkeypatch):
    made = figure()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", words)
    with pytest.raises(ArgumentError, match="SOURCE_DATE_EPOCH is .*: write whole seconds"):
        drawn_in(made, kind)
    assert drawn_in(made, "png")


def test_the_callers_own_say_goes_before():
    made = figure()
    dated = drawn_in(made, "svg", metadata={"Date": "2001-02-03", "Title": "mine"})
    assert b"<dc:date>2001-02-03</dc:date>" in dated and b"<dc:title>mine</dc:title>" in dated
    with plt.rc_context({"svg.hashsalt": "other"}):
        salted = drawn_in(made, "svg")
    assert salted != drawn_in(made, "svg")


def test_text_files_are_written_too():
    file = io.StringIO()
    figure().save(file, format="svg")
    assert file.getvalue().startswith("<?xml")
