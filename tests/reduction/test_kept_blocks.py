"""Kept blocks are those of the file as it is, or are made anew."""

import os
import shutil
import stat

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.reduction import kept_blocks
from neo_currentscape.reduction.blocks import Blocks


def write(path, factor=1.0):
    numbers = factor * np.random.default_rng(5).normal(size=(2000, 2))
    currents = neo.AnalogSignal(
        numbers, units="nA", sampling_period=0.1 * pq.ms, array_annotations={"name": ["K", "Na"]}
    )
    block = neo.Block()
    block.segments.append(ncs.Recording(currents).to_segment())
    with neo.NixIO(str(path), "ow") as file:
        file.write_block(block)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_blocks.sys, "platform", "linux")
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "run.nix")
    return tmp_path / "data" / "run.nix"


@pytest.fixture
def made(monkeypatch):
    """How often blocks were made of samples."""
    count, of = [], Blocks.of
    monkeypatch.setattr(Blocks, "of", lambda *given, **named: count.append(1) or of(*given, **named))
    return count


def blocks_of(path, **chosen):
    return kept_blocks.blocks_of(ncs.Recording.from_segment(path, voltage=False), path, chosen)


def kept(path):
    return [one for one in path.parent.iterdir() if one.name.endswith(".ncs-blocks")]


def test_what_is_kept_is_what_was_made(path, made):
    first, again = blocks_of(path), blocks_of(path)
    assert len(made) == 1
    assert len(kept(path)) == 1
    own, other = kept_blocks._rows(first), kept_blocks._rows(again)
    assert own.keys() == other.keys()
    for name, array in own.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_other_choices_have_blocks_of_their_own(path, made):
    blocks_of(path, neuron=0)
    blocks_of(path, neuron=1)
    blocks_of(path, neuron=0)
    assert len(made) == 2
    assert len(kept(path)) == 2


def test_a_file_that_is_another_is_read_again(path, made):
    blocks_of(path)
    before = path.stat()
    write(path, factor=2.0)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as if nothing had happened
    charges = blocks_of(path).partial.charge
    assert len(made) == 2
    weights = ncs.Recording.from_segment(path, voltage=False).currents.magnitude
    np.testing.assert_allclose(charges["outward"], 0.1 * np.maximum(weights, 0).sum(axis=0))


def test_a_byte_within_a_large_file_counts_though_size_and_time_stay(tmp_path, monkeypatch):
    file = tmp_path / "large"
    file.write_bytes(bytes(3 << 20))
    monkeypatch.setattr(kept_blocks, "WHOLE", 1 << 20)
    before, times = kept_blocks.fingerprint(file), file.stat()
    with file.open("r+b") as content:
        content.seek(1_500_000)
        content.write(b"x")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert kept_blocks.fingerprint(file) != before


def test_files_of_a_folder_count(tmp_path):
    (tmp_path / "store" / "v").mkdir(parents=True)
    (tmp_path / "store" / "v" / "0.0").write_bytes(b"12345678")
    seen = {kept_blocks.fingerprint(tmp_path / "store")}
    (tmp_path / "store" / "v" / "1.0").write_bytes(b"12345678")
    seen.add(kept_blocks.fingerprint(tmp_path / "store"))
    (tmp_path / "store" / "v" / "1.0").rename(tmp_path / "store" / "v" / "2.0")
    seen.add(kept_blocks.fingerprint(tmp_path / "store"))
    assert len(seen) == 3


def test_another_version_makes_its_own(path, made, monkeypatch):
    blocks_of(path)
    monkeypatch.setattr(kept_blocks, "version", lambda name: "99")
    blocks_of(path)
    assert len(made) == 2


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"PK" + b[2:900]])
def test_what_is_damaged_is_made_anew(path, made, damage):
    blocks_of(path)
    (file,) = kept(path)
    file.write_bytes(damage(file.read_bytes()))
    blocks_of(path)
    assert len(made) == 2
    blocks_of(path)
    assert len(made) == 2


def test_a_flipped_bit_is_found(path, made):
    blocks_of(path)
    (file,) = kept(path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    blocks_of(path)
    assert len(made) == 2


def test_a_link_is_neither_read_nor_written_through(path, made, tmp_path):
    blocks_of(path)
    (file,) = kept(path)
    mine = tmp_path / "mine.txt"
    mine.write_text("precious")
    file.unlink()
    file.symlink_to(mine)
    blocks_of(path)
    assert mine.read_text() == "precious"
    assert len(made) == 2


def without_beside(monkeypatch):
    """As in a folder that may not be changed; root may change every one."""
    plain = kept_blocks._written
    monkeypatch.setattr(
        kept_blocks,
        "_written",
        lambda place, *given: place.parent.name == "neo-currentscape" and plain(place, *given),
    )


def test_the_users_folder_takes_what_cannot_stand_beside_the_file(path, made, monkeypatch, tmp_path):
    without_beside(monkeypatch)
    blocks_of(path)
    blocks_of(path)
    assert len(made) == 1
    assert not kept(path)
    folder = tmp_path / "cache" / "neo-currentscape"
    assert len(list(folder.iterdir())) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_place_at_all_is_said(path, made, monkeypatch, tmp_path):
    without_beside(monkeypatch)
    (tmp_path / "cache").write_text("a file")
    with pytest.warns(ncs.CurrentscapeWarning, match=r"is not kept, as .*data' and .*cache") as given:
        blocks_of(path)
    assert len(given) == 1


def test_a_copy_elsewhere_is_not_taken_for_the_file(path, made, tmp_path):
    blocks_of(path)
    other = tmp_path / "other"
    other.mkdir()
    write(other / "run.nix", factor=3.0)
    shutil.copy(kept(path)[0], other / kept(path)[0].name)
    blocks_of(other / "run.nix")
    assert len(made) == 2
