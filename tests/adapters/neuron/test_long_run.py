"""Whole cells at length: what is kept on the disk is what would have been kept in memory."""

import gc
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.adapters.neuron import long_run
from neo_currentscape.adapters.neuron.gather import rows
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    FileError,
    SelectionError,
    SignalError,
)
from neo_currentscape.spatial import channels

#: NEURON, once it was called back from, uses no threads in that process, as other tests do.
pytestmark = [pytest.mark.neuron, pytest.mark.alone]


@pytest.fixture
def cell(h, soma, drive, inject):
    """A soma, a trunk and two branches, with channels of every kind and synapses, one of them at an end."""
    sections = [soma]
    for name, length, nseg, parent in (("trunk", 150, 3, 0), ("left", 100, 3, 1), ("right", 80, 1, 1)):
        section = h.Section(name=name)
        section.L, section.diam, section.nseg = length, 1.5, nseg
        section.insert("pas")
        section.connect(sections[parent](1))
        sections.append(section)
    sections[1].insert("hh")
    # Replayed, beside another of its ion; one that moves calcium; one set late.
    for name in ("ncs_ghk", "ncs_krange", "ncs_cadyn", "ncs_cal"):
        soma.insert(name)
    places = (soma(0.5), sections[2](0.5), sections[2](0.5), sections[1](1))
    synapses = drive(
        *(h.ExpSyn(place) for place in places),
        h.NcsNMDA(sections[3](0.5)),
        h.NcsLate(soma(0.5)),
        between=0.7,
    )
    return soma, sections, synapses, inject(soma(0.5))


@pytest.fixture
def small(monkeypatch):
    """Chunks of a few samples, on the disk and in the file, and nothing small enough to be read at once."""
    monkeypatch.setattr(rows, "BUFFER_BYTES", 1)
    monkeypatch.setattr(long_run, "CHUNK_BYTES", 1)
    monkeypatch.setattr(channels, "SMALL", 0)


def both(h, run, soma, path, every, **options):
    """The same run in memory and on the disk."""
    one = neuron.CellRecorder(soma, **options)
    other = neuron.CellRecorder(soma, every=every, path=path, **options)
    run("fixed")
    return one.to_segment(every=every), other.to_segment()


def by_name(segment):
    """Values, times and annotations of each channel, by name and site."""
    found = {}
    for signal in segment.analogsignals:
        loaded = signal.load() if hasattr(signal, "load") else signal
        names = loaded.array_annotations.get("name", [loaded.name])
        sites = loaded.array_annotations.get("site", [loaded.annotations.get("site")])
        for column, key in enumerate(zip(map(str, names), map(str, sites), strict=True)):
            found[key] = loaded.magnitude[:, column], loaded
    return found


@pytest.mark.parametrize("every", [1, 4])
def test_kept_samples_are_those_of_the_whole_run(h, cell, run, small, tmp_path, every):
    here, there = both(h, run, cell[0], tmp_path / "run.zarr", every)
    expected, found = by_name(here), by_name(there)
    assert set(expected) == set(found)
    for key, (values, signal) in expected.items():
        stored, unread = found[key]
        scale = np.abs(values).max()
        np.testing.assert_allclose(stored, values, rtol=0, atol=1e-9 * scale, err_msg=str(key))
        assert (unread.units, unread.t_start, unread.sampling_rate) == (
            signal.units, signal.t_start, signal.sampling_rate
        )  # fmt: skip
        for note in ("role", "positive", "derivative"):
            assert unread.annotations.get(note) == signal.annotations.get(note)
    assert list(tmp_path.iterdir()) == [tmp_path / "run.zarr"]


def test_every_kept_sample_balances(h, cell, run, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=5, path=tmp_path / "run.zarr")
    run("fixed")
    found = ncs.CellRecording.from_segment(recorder.to_segment())
    assert np.ptp(found.voltage()[0]) > 50 and found.balance.worst < 1e-9
    again = ncs.CellRecording.from_segment(str(tmp_path / "run.zarr"))
    assert again.balance.worst == found.balance.worst and len(again) == 160


def test_analyses_read_the_file_and_agree_with_memory(h, cell, run, small, tmp_path, monkeypatch):
    here, there = both(h, run, cell[0], tmp_path / "run.zarr", 3)
    from neo_currentscape.spatial import cell as blocks

    monkeypatch.setattr(blocks, "BLOCK_VALUES", 4000)
    memory, disk = ncs.CellRecording.from_segment(here), ncs.CellRecording.from_segment(there)
    assert len(list(disk.block_rows())) > 5 and set(disk.names) == set(memory.names)
    assert all(not isinstance(trace.values, np.ndarray) for trace in disk.traces.currents)
    matrix = np.random.default_rng(1).random((2, int((~memory.morphology.is_joint).sum())))
    for target in (None, "left", "right(0.5)"):
        for by in ("type", "section", "site", "distance"):
            one, other = (c.attribute(target, by=by) for c in (memory, disk))
            order = [other.names.index(name) for name in one.names]
            for direction in ("outward", "inward"):
                same(getattr(other, direction)[order], getattr(one, direction))
        for window in ({}, {"t_start": 3 * pq.ms, "t_stop": 11 * pq.ms}, {"time": 7 * pq.ms}):
            one, other = (c.map(target, **window) for c in (memory, disk))
            same(other.outward, one.outward)
            same(other.inward, one.inward)
    fields = [ncs.extracellular.split_field(c, matrix, by="section") for c in (memory, disk)]
    same(fields[1].parts, fields[0].parts)
    same(disk.voltage(), memory.voltage())
    same(disk.balance.residual, memory.balance.residual, np.abs(memory.membrane()).max())
    assert disk.attribute("trunk").currentscape().ranking is not None


def same(found, expected, scale=None):
    scale = np.abs(expected).max() if scale is None else scale
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * (scale or 1.0))


def test_one_site_of_the_file_is_a_recording(h, cell, run, small, tmp_path):
    here, there = both(h, run, cell[0], tmp_path / "run.zarr", 1)
    one, other = (ncs.Recording.from_segment(s, site="soma(0.5)") for s in (here, there))
    assert set(one.names) == set(other.names) and "ina_hh" in one.names
    order = [other.names.index(name) for name in one.names]
    same(np.asarray(other.currents.magnitude)[:, order], np.asarray(one.currents.magnitude), 1e3)
    assert ncs.balance(other).worst < 1e-9
    (block,) = ncs.read_lazy(tmp_path / "run.zarr")
    assert block.segments[0].annotations["simulator"] == "NEURON"


def test_a_run_in_memory_is_written_afterwards(h, cell, run, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0])
    run("fixed")
    here, there = recorder.to_segment(every=4), recorder.to_segment(every=4, path=tmp_path / "run.zarr")
    found = by_name(there)
    for key, (values, _) in by_name(here).items():
        np.testing.assert_array_equal(found[key][0], values)
    run("global")
    variable = recorder.to_segment(path=tmp_path / "run.zarr")
    assert ncs.CellRecording.from_segment(variable).balance.worst < 1e-6
    assert not len(variable.analogsignals)


def test_a_run_goes_on_and_another_replaces_it(h, cell, run, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=2, path=tmp_path / "run.zarr")
    run("fixed", 5)
    first = len(recorder.to_segment().analogsignals[0])
    h.continuerun(9)
    second = recorder.to_segment().analogsignals[0].load()
    run("fixed", 9)
    third = recorder.to_segment().analogsignals[0].load()
    assert (first, len(second)) == (100, 180)
    np.testing.assert_array_equal(second.magnitude, third.magnitude)


def test_time_and_voltage_set_from_outside(h, cell, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=3, path=tmp_path / "run.zarr")
    h.finitialize(-65)
    h.continuerun(5)
    h.t = 0
    h.continuerun(4)
    cell[0](0.5).v = -20
    h.continuerun(8)
    with pytest.warns(CurrentscapeWarning, match="set back to .* the 67 samples before that"):
        found = ncs.CellRecording.from_segment(recorder.to_segment())
    assert found.balance.worst < 1e-9
    assert float(found.times[0].rescale("ms")) == pytest.approx(0.05)


def test_a_step_that_changes(h, cell, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=2, path=tmp_path / "run.zarr")
    h.finitialize(-65)
    h.continuerun(4)
    h.dt, h.steps_per_ms = 0.1, 10
    h.continuerun(9)
    found = ncs.CellRecording.from_segment(recorder.to_segment())
    assert found.balance.worst < 1e-9 and set(np.diff(found.times).round(9)) >= {0.05, 0.2}


def test_what_cannot_be_is_said(h, cell, run, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=4, path=tmp_path / "run.zarr")
    with pytest.raises(SignalError, match=r"Nothing was recorded at soma\(0.5\) \(0 samples\)"):
        recorder.to_segment()
    run("fixed", 2)
    with pytest.raises(ArgumentError, match="every=2 was not what the run kept: one in 4"):
        recorder.to_segment(every=2)
    h.CVode().active(True)
    with pytest.raises(SignalError, match="which is for runs with a fixed step, and CVODE was active"):
        recorder.to_segment()
    h.CVode().active(False)
    with pytest.raises(ArgumentError, match="does not end with '.zarr'.*path='run.zarr'"):
        neuron.CellRecorder(cell[0], path="run.nix")
    with pytest.raises(FileError, match="There is no folder"):
        neuron.CellRecorder(cell[0], path=tmp_path / "none" / "run.zarr")
    (tmp_path / "mine.zarr").mkdir()
    with pytest.raises(FileError, match="something else already"):
        neuron.CellRecorder(cell[0], path=tmp_path / "mine.zarr")
    with pytest.raises(ArgumentError, match="every=0 is no number of samples"):
        neuron.CellRecorder(cell[0], every=0, path=tmp_path / "run.zarr")
    cell[1][3].nseg = 3
    with pytest.raises(SelectionError, match="changed after the CellRecorder was made"):
        recorder.to_segment()
    assert [p.name for p in tmp_path.iterdir()] == ["mine.zarr"]


def test_a_run_with_variable_steps_is_refused_though_they_are_off_by_now(h, cell, run, tmp_path):
    recorder = neuron.CellRecorder(cell[0], every=4, path=tmp_path / "run.zarr")
    run("cvode", 3)
    assert not h.CVode().active()
    with pytest.raises(SignalError, match="for runs with a fixed step, and CVODE was active"):
        recorder.to_segment()
    h.dt = 0.025  # CVODE leaves its own
    run("fixed", 3)
    assert len(recorder.to_segment().analogsignals[0]) == 30


@pytest.mark.parametrize("before", [True, False])
def test_a_run_of_which_one_sample_is_kept(h, cell, run, tmp_path, before):
    options = {"every": 200, "path": tmp_path / "run.zarr"}
    recorder = neuron.CellRecorder(cell[0], **(options if before else {}))
    run("fixed", 5)
    with pytest.raises(SignalError, match="every=200 keeps a single sample of this run"):
        recorder.to_segment(**({} if before else options))
    run("fixed", 5.025)
    kept = recorder.to_segment(**({} if before else options)).analogsignals[0]
    assert kept.times.rescale("ms").magnitude == pytest.approx([0.025, 5.025])


@pytest.mark.parametrize("path", [3, "", b"run.zarr"])
def test_what_is_no_name_of_a_folder(h, cell, path):
    with pytest.raises(TypeError, match="is no name: write e.g. path='run.zarr'"):
        neuron.CellRecorder(cell[0], path=path)


def test_signals_of_a_run_that_another_replaced_are_not_those_of_the_other(h, cell, run, small, tmp_path):
    recorder = neuron.CellRecorder(cell[0], path=tmp_path / "run.zarr")
    run("fixed", 2)
    first = recorder.to_segment()
    cell[3].amp *= 2
    run("fixed", 2)
    second = recorder.to_segment()
    assert len(second.analogsignals[0].load()) == 80
    with pytest.raises(SignalError, match="written anew since it was read.*a path= of its own"):
        first.analogsignals[0].load()


def test_a_full_disk_is_said_and_nothing_is_left(h, cell, run, small, tmp_path, monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows.tempfile, "TemporaryFile", full)
    recorder = neuron.CellRecorder(cell[0], path=tmp_path / "run.zarr")
    run("fixed", 3)
    with pytest.raises(FileError, match="could not be kept in .*No space left on device"):
        recorder.to_segment()
    assert not list(tmp_path.iterdir())


def test_a_recorder_that_goes_lets_the_run_alone(h, cell, run, tmp_path):
    recorder = neuron.CellRecorder(cell[0], path=tmp_path / "run.zarr")
    run("fixed", 2)
    kept = recorder._run._gather
    n_rows = len(kept)
    del recorder, kept
    gc.collect()
    run("fixed", 2)
    assert n_rows == 80 and not list(tmp_path.iterdir())


def test_memory_holds_one_chunk_at_a_time(h, cell, run, small, tmp_path, monkeypatch):
    places = []
    turn = rows.Rows._turn

    def watched(self, first, out):
        places.append(out.ctypes.data)
        turn(self, first, out)

    monkeypatch.setattr(rows.Rows, "_turn", watched)
    recorder = neuron.CellRecorder(cell[0], every=2, path=tmp_path / "run.zarr")
    run("fixed", 10)
    recorder.to_segment()
    assert len(places) > 10 and len(set(places)) == 1


def test_parameters_of_replayed_channels_differ_and_change(h, cell, run, small, tmp_path):
    """Copies that were given a parameter are given it anew where it is another one."""
    soma, trunk = cell[1][:2]
    trunk.insert("ncs_ghk")
    trunk.insert("ncs_cal")
    for segment, pbar in zip((soma(0.5), *trunk), (2e-5, 5e-6, 5e-6, 4e-5), strict=True):
        segment.ncs_ghk.pbar = pbar
    recorder = neuron.CellRecorder(soma, every=3, path=tmp_path / "run.zarr")
    run("fixed", 4)
    trunk(0.5).ncs_ghk.pbar = 6e-5
    h.continuerun(8)
    found = ncs.CellRecording.from_segment(recorder.to_segment())
    assert found.balance.worst < 1e-8
    currents = by_name(recorder.to_segment())
    for segment in (soma(0.5), *trunk):
        assert np.abs(currents["ica_ncs_ghk", str(segment)][0]).max() > 0


def test_pointers_to_a_voltage_and_to_nothing(h, cell, run, small, tmp_path):
    """What another membrane's voltage was before the step counts; what points nowhere is what is left."""
    other = h.Section(name="other")
    other.insert("hh")
    cell[0].insert("ncs_watch")
    h.setpointer(other(0.5)._ref_v, "seen", cell[0](0.5).ncs_watch)
    lost = h.NcsPointed(cell[1][3](0.5))
    one = neuron.CellRecorder(cell[0], unknown="each")
    recorder = neuron.CellRecorder(cell[0], every=3, path=tmp_path / "run.zarr", unknown="each")
    h.setpointer(other(0.5)._ref_v, "pre", lost)
    run("fixed", 12)
    expected, found = by_name(one.to_segment(every=3)), by_name(recorder.to_segment())
    assert set(expected) == set(found) and any(name.endswith("(rest)") for name, _ in found)
    for key, (values, _) in expected.items():
        scale = np.abs(values).max() or 1.0
        np.testing.assert_allclose(found[key][0], values, rtol=0, atol=1e-9 * scale, err_msg=str(key))


def test_a_cell_that_goes_before_its_recorder(h, run, tmp_path):
    gone, other = h.Section(name="gone"), h.Section(name="other")
    other.insert("hh")
    recorder = neuron.CellRecorder(gone, path=tmp_path / "run.zarr")
    run("fixed", 2)
    h.delete_section(sec=gone)
    run("fixed", 2)
    assert len(recorder._run._gather) == 0


THREADS = """
from neuron import h
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import SignalError

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.insert("hh")
recorder = neuron.CellRecorder(soma, path="run.zarr", every=2)
h.finitialize(-65)
h.continuerun(2)
h.ParallelContext().nthread(2)
try:
    h.finitialize(-65)
except RuntimeError as error:
    print("leaves behind" in str(error))
try:
    neuron.CellRecorder(soma, path="run.zarr")
except SignalError as error:
    print("runs in 2 threads" in str(error))
h.ParallelContext().nthread(1)
h.finitialize(-65)
h.continuerun(2)
print(recorder.to_segment().analogsignals[0].shape)
"""


def test_several_threads_are_said_not_run_into(h, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=300, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-3:] == ["True", "True", "(40, 1)"], done.stderr[-2000:]


def test_an_interrupted_process_leaves_nothing(h, tmp_path):
    pathlib.Path(tmp_path / "kept").write_text("")
    code = THREADS.split("h.ParallelContext")[0] + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    code = code.replace("every=2)", "every=2)\nfrom neo_currentscape.adapters.neuron.gather import rows")
    code = code.replace("h.load_file", "from neo_currentscape.adapters.neuron.gather import rows\n"
                        "rows.BUFFER_BYTES = 1\nh.load_file")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=300, cwd=tmp_path)
    assert done.returncode == -9 and [p.name for p in tmp_path.iterdir()] == ["kept"]
