"""The commands of experiments on files: what they write and print, and how they fail and resume."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli import compare
from neo_currentscape.cli.main import main

pytest.importorskip("scipy")
pandas = pytest.importorskip("pandas")
PNG = b"\x89PNG\r\n\x1a\n"


def write(block: neo.Block, path: Path) -> Path:
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    from neo_currentscape.models import stg

    folder = tmp_path_factory.mktemp("experiments")
    write(stg.perturb("CaT", [1, 0.6, 0.2], t_stop=0.4 * pq.s, transient=0 * pq.s), folder / "runs.nix")
    control = stg.simulate("A", t_stop=3 * pq.s)
    spikes = ncs.detect_spikes(control)
    spikes.name = "soma"
    control.segments[0].spiketrains.append(spikes)
    write(control, folder / "control.nix")
    write(stg.simulate(stg.MODELS["A"].scaled("CaT", 0.8), t_stop=3 * pq.s), folder / "drug.nix")
    return folder


def run(*words: object) -> None:
    assert main([str(word) for word in words]) == 0


def test_sweep(files, capsys):
    table = files / "sweep.csv"
    run("sweep", files / "runs.nix", "--by", "factor", "--multiples", "--table", table, "--dpi", 50, "-q")
    out = capsys.readouterr().out
    assert (files / "runs.nix.sweep.png").read_bytes()[:8] == PNG
    assert "factor" in out and "CaS" in out and "charge_outward in pC" in out
    frame = pandas.read_csv(table)
    block = neo.io.NixIO(str(files / "runs.nix"), mode="ro").read_block()
    charge = ncs.sweep(block, by="factor").charge("inward").magnitude
    np.testing.assert_allclose(frame["charge_inward"].to_numpy().reshape(3, 8), charge)


def test_sweep_without_the_annotation(files, capsys):
    assert main(["sweep", str(files / "runs.nix"), "--by", "amplitude"]) == 2
    assert "--by 'amplitude' is no annotation of the segments" in capsys.readouterr().err
    assert main(["sweep", str(files / "runs.nix"), "--by", "factor", "--segment", "1"]) == 2
    assert "--segment" in capsys.readouterr().err


def test_perturb_of_a_file(files, capsys):
    saved = files / "found.npz"
    run("perturb", files / "runs.nix", "--by", "factor", "--save", saved, "--dpi", 50, "-q",
        "--voltages", "-70 mV", "35 mV", "--bins", 50)  # fmt: skip
    found = ncs.Perturbation.load(saved)
    assert found.voltage.shape == (3, 50) and found.voltage_edges[0] == -70 * pq.mV
    assert (files / "runs.nix.perturb.png").read_bytes()[:8] == PNG


MODEL = [
    "perturb",
    "--model",
    "F",
    "--current",
    "CaT",
    "--seconds",
    "0.2",
    "--transient",
    "0",
    "-q",
    "--dpi",
    "50",
]


def test_perturb_of_the_model_resumes(files, capsys):
    out, folder, saved = files / "model.png", files / "kept", files / "model.npz"
    words = [*MODEL, "--steps", "4", "--workers", "2", "-o", out, "--steps-in", folder, "--save", saved]
    run(*words)
    whole = ncs.Perturbation.load(saved)
    (folder / "step-00002.npz").unlink()
    kept = (folder / "step-00001.npz").stat().st_mtime_ns
    capsys.readouterr()
    assert main([str(word) for word in words]) == 2
    assert "3 steps of an experiment already: resume it" in capsys.readouterr().err
    run(*words, "--resume")
    assert "3 of 4 steps" in capsys.readouterr().out
    assert (folder / "step-00001.npz").stat().st_mtime_ns == kept
    again = ncs.Perturbation.load(saved)
    np.testing.assert_array_equal(again.voltage, whole.voltage)
    np.testing.assert_array_equal(again.values.magnitude, np.linspace(1, 0, 4))
    assert main([*(str(w) for w in words), "--resume", "--first", "0.9"]) == 2
    assert "--first 1.0, not 0.9" in capsys.readouterr().err


def test_a_finished_perturbation_leaves_no_steps(files):
    run(*MODEL, "--steps", 2, "--workers", 1, "-o", files / "two.png")
    assert not (files / "two.png.steps").exists()


@pytest.mark.alone
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("kind, times, status, said", [
    (signal.SIGINT, 1, 130, "interrupted"), (signal.SIGINT, 2, 130, "interrupted"),
    (signal.SIGTERM, 1, 143, "terminated"), (signal.SIGTERM, 2, 143, "terminated"),
])  # fmt: skip
def test_an_interrupt_keeps_what_is_done_and_ends_the_workers(kind, times, status, said, tmp_path):
    words = [
        *(sys.executable, "-m", "neo_currentscape", "perturb", "--model", "A", "--current", "Na"),
        *("--steps", "500", "--seconds", "0.2", "--transient", "0", "--workers", "2", "-o", "long.png"),
    ]
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, interrupts are ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    steps = tmp_path / "long.png.steps"
    end = time.monotonic() + 60
    while time.monotonic() < end and len(list(steps.glob("step-*.npz"))) < 3:
        time.sleep(0.1)
    for _ in range(times):
        process.send_signal(kind)
        time.sleep(0.01)
    # Until the pipes are closed, which workers hold as well.
    out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert "of 500 steps are in long.png.steps: go on with --resume" in out
    assert said in err and "Traceback" not in err
    assert not list(steps.glob("*.part")) and len(list(steps.glob("step-*.npz"))) >= 3


@pytest.mark.alone
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_a_worker_that_is_killed_is_told_and_what_is_done_is_kept(tmp_path):
    words = [
        *(sys.executable, "-m", "neo_currentscape", "perturb", "--model", "A", "--current", "Na"),
        *("--steps", "500", "--seconds", "0.2", "--transient", "0", "--workers", "2", "-o", "long.png"),
    ]
    process = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    steps = tmp_path / "long.png.steps"
    end = time.monotonic() + 60
    while time.monotonic() < end and len(list(steps.glob("step-*.npz"))) < 3:
        time.sleep(0.1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "A worker died" in err and "Traceback" not in err
    assert "of 500 steps are in long.png.steps: go on with --resume" in out


@pytest.mark.parametrize("words, said", [
    (["--model", "A"], "needs --current"),
    ([], "needs a FILE"),
    (["--model", "A", "--current", "Ca"], "Unknown current 'Ca'"),
])  # fmt: skip
def test_perturb_says_what_is_missing(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["perturb", *words, "-q"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("show, said", [
    ("average", "% at [0-9.-]+ ms"), ("burst", "cycles"), ("spike", "% at phase 0"), ("phases", "upstroke"),
    ("dominant", "of the time"),
])  # fmt: skip
def test_events(files, show, said, capsys):
    out = files / f"{show}.png"
    run("events", files / "control.nix", "--show", show, "-o", out, "--dpi", 50, "-q")
    assert re.search(said, capsys.readouterr().out) and out.read_bytes()[:8] == PNG


def test_events_of_a_spike_train_in_the_file(files, capsys):
    own, named = files / "own.csv", files / "named.csv"
    common = ["events", files / "control.nix", "--before", "5 ms", "--after", "5ms", "-q", "--dpi", 50]
    run(*common, "-o", files / "own.png", "--table", own)
    run(*common, "-o", files / "named.png", "--table", named, "--events", "soma")
    pandas.testing.assert_frame_equal(pandas.read_csv(own), pandas.read_csv(named))
    assert main(["events", str(files / "control.nix"), "--events", "axon"]) == 2
    assert "'soma'" in capsys.readouterr().err


def test_the_dominant_current_as_a_table(files):
    table = files / "dominant.csv"
    run("events", files / "control.nix", "--show", "dominant", "--table", table, "-q", "--dpi", 50,
        "--min-duration", "1 ms", "-o", files / "dominant.png")  # fmt: skip
    frame = pandas.read_csv(table)
    inward = frame[frame.direction == "inward"]
    assert inward.duration.sum() == pytest.approx(3000) and inward.duration.min() >= 1


def test_events_say_when_there_are_none(files, capsys):
    assert main(["events", str(files / "control.nix"), "--threshold", "60 mV"]) == 2
    assert "No spike was found" in capsys.readouterr().err


def test_compare_two_files(files, capsys):
    table = files / "compare.csv"
    run("compare", files / "control.nix", files / "drug.nix", "--by", "spike", "--before", "5 ms",
        "--after", "10 ms", "--table", table, "-o", files / "c.png", "--dpi", 50, "-q")  # fmt: skip
    out = capsys.readouterr().out
    assert out.split("distance ")[1].split()[0] != "0.0000" and "drug" in out
    assert pandas.read_csv(table)["rank"].tolist() == list(range(1, 9))


def test_compare_segments_of_one_file(files, capsys):
    run("compare", files / "runs.nix", "-o", files / "d.png", "--dpi", 50, "-q")
    out = capsys.readouterr().out
    assert "segment 2" in out and out.count("0.000") == 3
    run("compare", files / "runs.nix", "--segments", 0, 2, "-o", files / "e.png", "--dpi", 50, "-q",
        "--labels", "all", "little")  # fmt: skip
    assert "little" in capsys.readouterr().out
    assert main(["compare", str(files / "runs.nix"), "--segments", "0"]) == 2
    assert "needs two" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sweep", "perturb", "events", "compare"])
def test_help_shows_an_example(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"neo-currentscape {command}" in capsys.readouterr().out.split("example")[1]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/one.nix", "b/one.nix"], ["a/one", "b/one"]),
        (["x/a/one.nix", "y/a/one.nix", "y/b/one.nix"], ["x/a/one", "y/a/one", "y/b/one"]),
        (["one.nix", "two.nix"], ["one", "two"]),
        (["one.nix", "one.h5"], ["one.nix", "one.h5"]),
        (["one.nix", "one.nix"], ["one (1)", "one (2)"]),
    ],
)
def test_files_of_one_name_are_told_apart(paths, names):
    assert compare._called(paths) == names
