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


def test_whatever_byte_is_damaged_nothing_else_is_read_and_nothing_fails(path):
    first = kept_blocks._rows(blocks_of(path))
    (file,) = kept(path)
    whole, rng = file.read_bytes(), np.random.default_rng(4)
    # Heads of the parts, and the list of them at the end, are where a reader is led astray.
    heads = [at for at in range(len(whole) - 4) if whole[at : at + 4] in (b"PK\x03\x04", b"PK\x01\x02")]
    near = [at + k for at in heads[:2] + heads[-2:] for k in range(4, 44, 4)]
    for at in [*near, *rng.integers(0, len(whole), 8), *range(len(whole) - 22, len(whole), 3)]:
        content = bytearray(whole)
        content[min(int(at), len(whole) - 1)] ^= 1 << int(rng.integers(8))
        file.write_bytes(content)
        again = kept_blocks._rows(blocks_of(path))
        for name, array in first.items():
            np.testing.assert_array_equal(array, again[name], err_msg=f"{name}, byte {at}")


def test_what_says_that_it_is_larger_than_it_is_is_not_unpacked(path, made):
    blocks_of(path)
    (file,) = kept(path)
    with np.load(file) as held:
        rows = dict(held)
    np.savez_compressed(file.with_suffix(".npz"), **{**rows, "starts": np.zeros(5_000_000, np.int64)})
    file.with_suffix(".npz").replace(file)
    assert file.stat().st_size < 1_000_000
    blocks_of(path)
    assert len(made) == 2


def test_two_at_once_read_and_write_whole_files(path):
    from concurrent.futures import ThreadPoolExecutor

    recording = ncs.Recording.from_segment(path, voltage=False)
    expected = Blocks.of(recording).partial.charge["outward"]
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(kept_blocks.blocks_of, recording, path, {}) for _ in range(12)]
    for one in found:
        np.testing.assert_array_equal(one.result().partial.charge["outward"], expected)
    assert len(kept(path)) == 1
    assert len(list(path.parent.iterdir())) == 2  # no draft is left


def test_a_full_disk_leaves_nothing_and_is_said(path, monkeypatch, tmp_path):
    import errno

    def full(*given, **named):
        given[0].write(b"PK")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(kept_blocks.np, "savez", full)
    with pytest.warns(ncs.CurrentscapeWarning, match="is not kept"):
        blocks_of(path)
    assert [one.name for one in path.parent.iterdir()] == ["run.nix"]


def test_what_was_changed_since_it_was_opened_is_refused(path, made):
    state, recording = kept_blocks.fingerprint(path), ncs.Recording.from_segment(path, voltage=False)
    write(path, factor=2.0)
    with pytest.raises(OSError, match="since it was opened"):
        kept_blocks.blocks_of(recording, path, {}, state=state)
    path.unlink()
    with pytest.raises(OSError, match="since it was opened"):
        kept_blocks.blocks_of(recording, path, {}, state=state)
    assert not made
    assert not kept(path)


def test_what_is_changed_while_it_is_read_is_refused(path, monkeypatch):
    of = Blocks.of

    def meanwhile(*given, **named):
        write(path, factor=2.0)
        return of(*given, **named)

    monkeypatch.setattr(Blocks, "of", meanwhile)
    with pytest.raises(OSError, match="since it was opened"):
        blocks_of(path)
    assert not kept(path)


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
