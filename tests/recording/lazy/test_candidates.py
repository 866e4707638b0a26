"""Files that several readers of Neo claim: the first that finds something in one reads it."""

import re

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.recording.lazy.candidates import candidates_of, first_that_reads


def block(with_signal=True):
    made, segment = neo.Block(), neo.Segment()
    if with_signal:
        segment.analogsignals.append(
            neo.AnalogSignal(np.ones((9, 1)), units="pA", sampling_period=1 * pq.ms, name="I_K")
        )
    made.segments.append(segment)
    return made


def test_what_neo_wrote_as_matlab_is_read_as_such(tmp_path):
    path = tmp_path / "neo.mat"
    neo.io.NeoMatlabIO(str(path)).write_block(block())
    (found,) = ncs.read_lazy(path)
    assert [signal.name for signal in found.segments[0].analogsignals] == ["I_K"]


def test_readers_that_take_anything_are_not_asked(tmp_path):
    names = {kind.__name__ for kind in candidates_of(tmp_path / "a.dat")}
    assert names and not names & {"RawBinarySignalIO", "NestIO", "AsciiSignalIO"}


def test_the_first_that_finds_something_reads_it(tmp_path):
    path, asked = tmp_path / "a.mat", []

    def read(kind):
        asked.append(kind.__name__)
        if len(asked) == 1:
            return [block(with_signal=False)]
        return block()

    assert first_that_reads(path, read)[0].segments[0].analogsignals
    assert len(asked) == 2


def test_the_sentence_names_all_that_were_tried(tmp_path):
    def read(kind):
        raise ValueError(f"no {kind.__name__}\nat all")

    with pytest.raises(
        FileError, match=r"by NeoMatlabIO \(ValueError: no NeoMatlabIO at all\), nor by PhyIO:"
    ):
        first_that_reads(tmp_path / "a.mat", read)


@pytest.mark.parametrize(
    "name, write",
    [
        ("a.ibw", 'write pip install "neo-currentscape[icephys]".'),
        ("a.nix", 'write pip install "neo-currentscape[nix]".'),
        ("a.mat", "install that package with pip."),
    ],
)
def test_a_missing_package_is_named_with_what_to_install(tmp_path, name, write):
    def read(kind):
        raise ModuleNotFoundError("No module named 'igor3'.\nTry it.")

    lacking = "a package that it needs is missing (No module named 'igor3'. Try it): "
    with pytest.raises(FileError, match=re.escape(lacking + write)):
        first_that_reads(tmp_path / name, read)
