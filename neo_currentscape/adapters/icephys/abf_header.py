"""The header of an ABF file, as far as it is checked before pyABF reads it, or pyABF does not tell it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from neo_currentscape.conventions.errors import FileError

#: Bytes of a block, in which ABF counts.
BLOCK = 512

#: Where the sections of ABF 2 are listed, 16 bytes each: first block, bytes of an entry, entries.
SECTIONS, N_SECTIONS, _SYNCH = 76, 18, 316

#: Offsets in the header of ABF 1.
_V1 = {
    "points": (10, "i"),
    "sweeps": (16, "i"),
    "data": (40, "i"),
    "synch": (92, "i"),
    "n_synch": (96, "i"),
}
_V1_UNIT, _V1_HOLDING = 130, 1394


def version(path: Path) -> int:
    """1 or 2, after what the header says was found to fit into the file.

    Raises
    ------
    FileError
        When it is no ABF file, is cut off, or its counts are larger than the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(6144)
    if head[:4] not in (b"ABF ", b"ABF2") or len(head) < BLOCK:
        raise FileError(
            f"{str(path)!r} is no ABF file, which begins with 'ABF': check its ending, or copy it anew."
        )
    found = 1 if head[:4] == b"ABF " else 2
    what = _oversized_v1(head, size) if found == 1 else _oversized_v2(head, size)
    if what:
        raise FileError(
            f"{str(path)!r} is cut off or damaged: its header tells of {what}, and the file has {size} "
            "bytes: copy it anew from where it was recorded."
        )
    return found


def _oversized_v1(head: bytes, size: int) -> str:
    points, sweeps, data = (_v1(head, name) for name in ("points", "sweeps", "data"))
    if not 0 <= data * BLOCK <= size or points < 0 or data * BLOCK + 2 * points > size:
        return f"{points} samples from byte {data * BLOCK} on"
    return f"{sweeps} sweeps" if not 0 <= sweeps <= max(points, 1) else ""


def _v1(head: bytes, name: str) -> int:
    offset, kind = _V1[name]
    return int(struct.unpack_from(kind, head, offset)[0])


def _oversized_v2(head: bytes, size: int) -> str:
    for k in range(N_SECTIONS):
        first, entry, count = struct.unpack_from("<IIq", head, SECTIONS + 16 * k)
        if count and not (count >= 0 and first * BLOCK + entry * count <= size):
            return f"a section of {count} entries of {entry} bytes at byte {first * BLOCK}"
    sweeps = struct.unpack_from("<I", head, 12)[0]
    return f"{sweeps} sweeps" if sweeps > size // 2 else ""


def holding_v1(path: Path) -> list[float]:
    """The holding levels of the outputs of an ABF 1 file, in the units of each."""
    with path.open("rb") as file:
        file.seek(_V1_HOLDING)
        return [float(level) for level in struct.unpack("<4f", file.read(16))]


def starts(path: Path, found: int, rate: float, synch_unit: float | None = None) -> np.ndarray | None:
    """When each sweep began.

    Parameters
    ----------
    path : pathlib.Path
    found : int
        The version.
    rate : float
        Samples per second, in which the starts are counted where no unit is told.
    synch_unit : float, optional
        Microseconds of a tick in an ABF 2 file, which its protocol tells.

    Returns
    -------
    ndarray, shape (sweep,), or None
        In s; None where the file does not tell.
    """
    with path.open("rb") as file:
        head = file.read(BLOCK)
        if found == 1:
            first, count = _v1(head, "synch"), _v1(head, "n_synch")
            (synch_unit,) = struct.unpack_from("<f", head, _V1_UNIT)
        else:
            first, _, count = struct.unpack_from("<IIq", head, _SYNCH)
        tick = float(synch_unit or 0) * 1e-6 or 1 / rate
        if first <= 0 or count <= 0 or not 0 < tick < 1:
            return None
        file.seek(first * BLOCK)
        table = np.frombuffer(file.read(8 * count), dtype="<i4")
    return table[0::2] * tick if len(table) == 2 * count else None
