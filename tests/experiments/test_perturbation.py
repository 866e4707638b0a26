"""Distributions and perturbations: closed forms, NumPy, executors, and the store of steps."""

from __future__ import annotations

import io
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    FileError,
    SelectionError,
    UnknownNameError,
)
from neo_currentscape.experiments.runner import Store, run_steps
from neo_currentscape.models import stg

SHORT = {"t_stop": 0.2 * pq.s, "transient": 0 * pq.s, "dt": 0.5 * pq.ms}


@pytest.mark.parametrize("irregular", [False, True])
def test_same_as_numpys_histogram(random_recording, irregular):
    recording = random_recording(irregular=irregular)
    found = ncs.distribution(recording, voltages=(-65, 30) * pq.mV, voltage_bins=37, share_bins=23)
    times = recording.times.rescale("ms").magnitude
    half = np.diff(times) / 2
    weights = np.r_[half, 0] + np.r_[0, half] if irregular else np.ones(len(times))
    scape = ncs.Currentscape(recording)
    for direction in ("outward", "inward"):
        shares = scape.shares(direction).magnitude
        for k in range(3):
            theirs, _ = np.histogram(shares[:, k], 23, (0, 1), weights=weights)
            np.testing.assert_allclose(found.shares[direction][k], theirs / weights.sum(), atol=1e-12)
    voltage = recording.voltage.magnitude[:, 0]
    theirs, edges = np.histogram(voltage, 37, (-65, 30), weights=weights)
    np.testing.assert_allclose(found.voltage, theirs / weights.sum(), atol=1e-12)
    np.testing.assert_allclose(found.voltage_edges.magnitude, edges)
    outside = weights[(voltage < -65) | (voltage > 30)].sum() / weights.sum()
    assert found.outside == pytest.approx(outside) and outside > 0


def test_a_sine_has_the_arcsine_distribution(recording_of):
    t = np.arange(200_000) / 200_000
    wave = np.sin(2 * np.pi * t)
    recording = recording_of(np.ones((len(t), 1)), voltage=40 * wave)
    found = ncs.distribution(recording, voltages=(-40, 40) * pq.mV, voltage_bins=16)
    exact = np.diff(np.arcsin(np.clip(found.voltage_edges.magnitude / 40, -1, 1))) / np.pi
    np.testing.assert_allclose(found.voltage, exact, atol=1e-4)


def test_gaps_do_not_count(recording_of):
    values = np.array([[1.0, 3.0]] * 6 + [[np.nan, 1.0]] * 10 + [[1.0, 1.0]] * 2)
    found = ncs.distribution(recording_of(values, nan="gap"), share_bins=4)
    np.testing.assert_allclose(found.shares["outward"], [[0, 0.75, 0.25, 0], [0, 0, 0.25, 0.75]])
    assert found.voltage is None


def test_bundles_are_counted_as_one(burster):
    found = ncs.distribution(ncs.Currentscape(burster, top=2), share_bins=50)
    assert found.names[-1] == "other" and found.shares["inward"].shape == (3, 50)
    np.testing.assert_allclose(found.shares["inward"].sum(axis=1), 1.0)


@pytest.fixture(scope="module")
def block():
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    return stg.perturb("CaT", [1, 0.5, 0], **SHORT)


def test_the_model_is_perturbed(block):
    notes = [segment.annotations for segment in block.segments]
    assert [float(note["factor"]) for note in notes] == [1, 0.5, 0]
    assert [float(note["conductance"].rescale("uS")) for note in notes] == pytest.approx(
        [6.4056, 3.2028, 0]
    )
    same = stg.simulate(stg.MODELS["A"].scaled("CaT", 0.5), **SHORT).segments[0]
    for own, other in zip(block.segments[1].analogsignals, same.analogsignals, strict=True):
        np.testing.assert_array_equal(own.magnitude, other.magnitude)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same(block, kind):
    here = ncs.perturbation(block, by="factor")
    with kind(2) as executor:
        found = stg.perturb("CaT", [1, 0.5, 0], executor=executor, then=ncs.distribution, **SHORT)
    there = ncs.perturbation(found, by=[1, 0.5, 0])
    np.testing.assert_array_equal(here.voltage, there.voltage)
    np.testing.assert_array_equal(here.shares("inward"), there.shares("inward"))


def test_a_perturbation_is_saved_and_read_back(block, tmp_path):
    found = ncs.perturbation(block, by="conductance", voltage_bins=40, share_bins=20)
    assert found.values.units == pq.uS
    path = tmp_path / "found.npz"
    found.save(path)
    back = ncs.Perturbation.load(path)
    assert back.by == "conductance" and back.names == found.names and back.values.units == pq.uS
    np.testing.assert_array_equal(back.shares("outward"), found.shares("outward"))
    np.testing.assert_array_equal(back.voltage, found.voltage)


def test_mean_shares_are_those_of_the_sweep(block):
    found = ncs.perturbation(block, by="factor", share_bins=1000)
    swept = ncs.sweep(block, by="factor")
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(found.mean_shares(direction), swept.shares(direction), atol=1e-3)


def test_refusals(block, burster):
    with pytest.raises(UnknownNameError, match="Known are 'Na', 'CaT'"):
        stg.perturb("Cat", [1])
    with pytest.raises(ArgumentError, match="factor"):
        stg.perturb("CaT", [1, -1])
    with pytest.raises(ArgumentError, match="empty"):
        stg.perturb("CaT", [])
    with pytest.raises(ArgumentTypeError, match="np.linspace"):
        stg.perturb("CaT", ["half"])
    with pytest.raises(ArgumentError, match="no method submit"):
        stg.perturb("CaT", [1], executor=2, **SHORT)
    with pytest.raises(SelectionError, match="no annotation 'drug'"):
        ncs.perturbation(block, by="drug")
    with pytest.raises(ArgumentError, match="voltages="):
        ncs.distribution(burster, voltages=(-70, 35))
    with pytest.raises(ArgumentError, match="lower one first"):
        ncs.distribution(burster, voltages=(35, -70) * pq.mV)
    with pytest.raises(ArgumentError, match="share_bins"):
        ncs.distribution(burster, share_bins=0)
    few, many = (ncs.distribution(burster, voltage_bins=n) for n in (10, 20))
    with pytest.raises(ArgumentError, match="other bins"):
        ncs.perturbation([few, many], by=[1, 2])
    with pytest.raises(ArgumentTypeError, match="carry no annotations"):
        ncs.perturbation([few, few], by="factor")
    with pytest.raises(ArgumentTypeError, match="sweep"):
        ncs.Perturbation("condition", ["control", "drug"], [few, few])


def test_steps_are_told_and_skipped():
    told = []
    with ThreadPoolExecutor(2) as pool:
        found = run_steps(
            pow, [(2, k) for k in range(5)], pool, lambda k, r: told.append((k, r)), skip=[1, 3]
        )
    assert found == {0: 1, 2: 4, 4: 16} and sorted(told) == [(0, 1), (2, 4), (4, 16)]


def test_a_failing_step_is_not_hidden():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        run_steps(divmod, [(1, 1), (1, 0), (1, 2)], pool)


def test_the_store_resumes_and_refuses(tmp_path):
    folder = tmp_path / "steps"
    store = Store(folder, {"model": "A", "steps": 3}, resume=False)
    store.save(1, {"x": np.arange(3)})
    assert store.done() == [1]
    with pytest.raises(ArgumentError, match="1 steps of an experiment already: resume it"):
        Store(folder, {"model": "A", "steps": 3}, resume=False)
    with pytest.raises(ArgumentError, match="model='A', not 'B'"):
        Store(folder, {"model": "B", "steps": 3}, resume=True)
    again = Store(folder, {"model": "A", "steps": 3}, resume=True)
    assert again.load(1)["x"].tolist() == [0, 1, 2]
    with pytest.raises(SelectionError, match="Step 0 is not"):
        again.load(0)
    again.remove()
    assert not folder.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff\xfe\x00", b"[" * 100_000])
@pytest.mark.parametrize("resume", [True, False])
def test_a_damaged_note_says_what_to_delete(tmp_path, content, resume):
    folder = tmp_path / "steps"
    Store(folder, {"model": "A"}, resume=False).save(4, {"x": np.arange(3)})
    (folder / "experiment.json").write_bytes(content)
    with pytest.raises(FileError, match=r"experiment.json' is damaged .* the 1 steps .* delete the folder"):
        Store(folder, {"model": "A"}, resume)
    assert len(list(folder.iterdir())) == 2


def test_steps_without_a_note_are_of_nobody(tmp_path):
    folder = tmp_path / "steps"
    Store(folder, {"model": "A"}, resume=False).save(0, {"x": np.arange(3)})
    (folder / "experiment.json").unlink()
    with pytest.raises(FileError, match="experiment.json' is missing.* delete the folder"):
        Store(folder, {"model": "A"}, resume=True)


def damaged(whole):
    """Ways in which an archive of arrays can be damaged."""
    yield b""
    yield b"no archive"
    yield whole[: len(whole) // 2]
    yield whole[:-5]
    yield bytes(a ^ 0xFF if 40 < k < 60 else a for k, a in enumerate(whole))
    for array in (np.arange(3), np.array([{}, []], dtype=object)):
        file = io.BytesIO()
        np.save(file, array)
        yield file.getvalue()
    file = io.BytesIO()
    np.savez(file, x=np.array([{}], dtype=object))
    yield file.getvalue()


def test_a_damaged_step_says_what_to_delete(tmp_path):
    store = Store(tmp_path / "steps", {"model": "A"}, resume=False)
    store.save(0, {"x": np.arange(300)})
    path = tmp_path / "steps" / "step-00000.npz"
    for content in damaged(path.read_bytes()):
        path.write_bytes(content)
        with pytest.raises(FileError, match=r"step-00000.npz' is damaged .*: delete this file, and resume"):
            store.load(0)
    store.save(0, {"x": np.arange(3)})
    with pytest.raises(FileError, match="has no array 'names'.*: delete this file, and resume"):
        store.load(0, ["x", "names"])


def test_what_is_no_step_is_left_alone(tmp_path):
    store = Store(tmp_path / "steps", {}, resume=False)
    (tmp_path / "steps" / "step-notes.npz").write_bytes(b"mine")
    store.save(2, {"x": np.arange(2)})
    assert store.done() == [2]
    with pytest.raises(FileError, match="is a file, and steps need a folder"):
        Store(tmp_path / "steps" / "step-notes.npz", {}, resume=False)


def test_a_file_that_is_no_perturbation_is_named(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, by=np.array("x"))
    with pytest.raises(FileError, match="has no array 'values'"):
        ncs.Perturbation.load(path)
    path.write_bytes(b"")
    with pytest.raises(FileError, match="other.npz' is damaged .*check that the file is whole"):
        ncs.Perturbation.load(path)
