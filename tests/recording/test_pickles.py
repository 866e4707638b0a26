"""Pickles run code: none is read unless the caller says that it is trusted."""

import os
import pickle
import signal
from functools import partial
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import pynn
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import ArgumentTypeError, CurrentscapeError, FileError, SignalError


class Harmful:
    """What writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def segment(name="one"):
    made = neo.Segment(name=name)
    made.analogsignals.append(
        neo.AnalogSignal(
            np.ones((5, 2)),
            units="nA",
            sampling_period=0.5 * pq.ms,
            array_annotations={"name": ["ik", "ileak"]},
            name="membrane",
            role="current",
        )
    )
    return made


def block(*segments):
    made = neo.Block()
    made.segments.extend(segments)
    return made


READERS = {
    "read_lazy": ncs.read_lazy,
    "from_segment": ncs.Recording.from_segment,
    "currentscape": ncs.Currentscape.from_segment,
    "pynn": pynn.read,
}


@pytest.mark.parametrize("name", ["a.pkl", "a.pickle", "a.PKL", "a.pkl.0", "a.Pickle.12"])
@pytest.mark.parametrize("reader", READERS)
def test_nothing_of_a_pickle_runs(reader, name, tmp_path):
    path, mark = tmp_path / name, tmp_path / "ran"
    path.write_bytes(pickle.dumps(Harmful(mark)))
    if reader == "pynn" and Path(name.rstrip(".012")).suffix not in (".pkl", ".pickle"):
        pytest.skip("PyNN writes no such name")
    with pytest.raises(FileError, match=r"is a pickle.*runs whatever code.*trust_pickle=True.*NIX"):
        READERS[reader](str(path))
    assert not mark.exists()


@pytest.mark.parametrize(
    "command", [["info"], ["plot"], ["sweep", "--by", "x"], ["perturb", "--by", "x"], ["events"],
                ["compare"], ["protocol", "clamp"]]
)  # fmt: skip
def test_no_command_runs_a_pickle(command, tmp_path, capsys):
    path, mark = tmp_path / "a.pkl", tmp_path / "ran"
    path.write_bytes(pickle.dumps(Harmful(mark)))
    assert main([*command, str(path)]) == 2
    assert "--trust-pickle" in capsys.readouterr().err
    assert not mark.exists()
    assert main([*command, str(path), "--trust-pickle"]) == 2
    assert mark.exists()
    assert "holds a" in capsys.readouterr().err


def test_a_summary_names_the_pickle_and_goes_on(tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps(block(segment())))
    with pytest.raises(SignalError, match="is a pickle"):
        ncs.summarise(path)
    summary = ncs.summarise([path, segment("here")], errors="skip")
    assert [failure.source for failure in summary.failures] == [str(path)]
    assert len(ncs.summarise([path, segment("here")], trust_pickle=True).table["source"]) == 4


def test_a_pickle_of_another_name_is_none(tmp_path):
    for name in ("a.nix", "a.mat", "a.h5", "a.nwb", "a.txt", "a.abf"):
        mark = tmp_path / f"{name}.ran"
        (tmp_path / name).write_bytes(pickle.dumps(Harmful(mark)))
        with pytest.raises(FileError):
            ncs.read_lazy(tmp_path / name)
        assert not mark.exists()


@pytest.mark.parametrize(
    "name, beside", [("run.0", "run.pkl"), ("a.pkl.0.1", "a.pkl.0"), ("a.7", "a.pickle")]
)
def test_names_of_other_files_make_no_pickle(name, beside, tmp_path, capsys):
    mark = tmp_path / "ran"
    (tmp_path / beside).write_bytes(b"")
    (tmp_path / name).write_bytes(pickle.dumps(Harmful(mark)))
    with pytest.raises(FileError):
        ncs.read_lazy(tmp_path / name)
    for command in (["info"], ["protocol", "clamp"]):
        assert main([*command, str(tmp_path / name)]) == 2
    with pytest.raises(FileError):
        ncs.read_lazy(tmp_path)
    assert not mark.exists()


@pytest.mark.parametrize("held", [segment(), [segment(), segment()], (block(segment()),)])
def test_segments_and_lists_are_read_as_they_are(held, tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps(held))
    found = ncs.read_lazy(path, trust_pickle=True)
    assert all(isinstance(one, neo.Block) for one in found)
    assert ncs.Recording.from_segment(found[0].segments[0], voltage=False).names == ["ik", "ileak"]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"responses": {}}, "holds a dict"),
        ({"simData": {}}, "says nothing of its traces"),  # as NetPyNE writes it
        (np.arange(3), "holds a ndarray"),
        ([], "holds an empty list"),
        ([1, segment()], "holds a list of int"),
        (None, "holds a NoneType"),
        (segment().analogsignals[0], "holds a AnalogSignal"),
        (partial(int), "holds a partial"),
    ],
)
def test_what_is_no_block_is_named(held, said, tmp_path, capsys):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps(held))
    with pytest.raises(FileError, match=said):
        ncs.read_lazy(path, trust_pickle=True)
    for command in (["info"], ["plot"], ["protocol", "passive"]):
        assert main([*command, str(path), "--trust-pickle"]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04c", pickle.dumps(segment())[:200]])
def test_a_broken_pickle_is_said_in_a_sentence(content, tmp_path):
    (tmp_path / "a.pkl").write_bytes(content)
    with pytest.raises(FileError, match="could not be unpickled"):
        ncs.read_lazy(tmp_path / "a.pkl", trust_pickle=True)


def test_trust_is_yes_or_no(tmp_path):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(segment()))
    with pytest.raises(ArgumentTypeError, match="trust_pickle='no'"):
        ncs.read_lazy(tmp_path / "a.pkl", trust_pickle="no")


@pytest.fixture
def soon():
    """Fails where somebody waits for a pipe or reads a device to its end, which it has not."""

    def late(*_):
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["a.nix", "a.pkl", "a.txt", "a.nwb", "a.json", "a.csv"])
def test_pipes_and_devices_are_refused(name, tmp_path, capsys, soon):
    os.mkfifo(tmp_path / name)
    (tmp_path / f"link_{name}").symlink_to("/dev/zero")
    (tmp_path / "config.json").write_text("{}")
    for path, kind in ((tmp_path / name, "a pipe"), (tmp_path / f"link_{name}", "a device")):
        for command in (
            ["info", path],
            ["plot", path],
            ["plot", "--config", tmp_path / "config.json", path],
            ["plot", "--config", path, __file__],
            ["protocol", "fi", path],
            ["network", path],
            ["compare", path, "--segments", "0", "1"],
        ):
            assert main([str(word) for word in command]) == 2
            said = capsys.readouterr().err
            assert kind in said and len(said.splitlines()) == 1
        for reader in READERS.values():
            with pytest.raises(CurrentscapeError, match=kind):
                reader(path)


def test_a_folder_is_no_pickle(tmp_path):
    (tmp_path / "a.pkl").mkdir()
    with pytest.raises(FileError, match="is a folder"):
        ncs.read_lazy(tmp_path / "a.pkl", trust_pickle=True)
