"""The numbers of a page, as one block of bytes and a list of what lies where in it."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.panels.base import TimePanel
from neo_currentscape.reduction.levels import Level, levels, steps_of

#: Columns of the coarsest level, and the most that are tried.
COARSEST, MOST = 2000, 200_000

#: Part of the bytes left for the numbers that is aimed at, and below which finer levels are tried.
AIM, LITTLE = 0.95, 0.85


def packed(content: bytes) -> str:
    """Bytes as text that a page can hold.

    Examples
    --------
    >>> packed(b"currents" * 1000)[:4]
    'H4sI'
    """
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


class Block:
    """Arrays one behind the other, each with its bytes sorted by place, so that they pack well."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, array: np.ndarray) -> dict[str, Any]:
        """Put an array in, and say where it lies."""
        values = np.ascontiguousarray(array)
        raw = values.view(np.uint8).reshape(-1, values.itemsize).T.tobytes() if values.size else b""
        where = {"at": self._size, "type": values.dtype.str[1:], "shape": list(values.shape)}
        self._parts.append(raw)
        self._size += len(raw)
        return where

    def text(self) -> str:
        """All of it."""
        return packed(b"".join(self._parts))


def of_level(block: Block, level: Level) -> dict[str, Any]:
    """Put a level in a block, and say where its parts lie."""
    rows = {name: block.add(row) for name, row in level.rows.items()}
    return {"times": _times(block, level.times), "rows": rows, "reduced": level.reduced}


def _times(block: Block, times: np.ndarray) -> dict[str, Any]:
    steps = np.diff(times)
    if len(steps) and np.ptp(steps) <= 1e-6 * steps.mean():
        return {"first": times[0], "step": (times[-1] - times[0]) / len(steps), "n": len(times)}
    return block.add(times.astype("<f8"))


def parts_of(panels: Sequence[TimePanel]) -> tuple[str, ...]:
    """The extremes that panels of one recording show, or tell below the mouse."""
    recording = panels[0].scape.recording
    wanted = {str(getattr(panel, "part", "")) for panel in panels}
    found = ["currents", "outward", "inward"]
    found += ["voltage"] if recording.voltage is not None else []
    return (*found, *(part for part in ("ions", "electrode") if part in wanted))


def numbers(panels: Sequence[TimePanel], room: int) -> tuple[list[dict[str, Any]], str]:
    """The levels of every recording that is shown, as fine as there is room for.

    Parameters
    ----------
    panels : sequence of TimePanel
    room : int
        Bytes that their text may have.

    Returns
    -------
    sets : list of dict
        For each recording where its levels lie; `set_of` tells which a panel has.
    text : str
        The block.
    """
    groups = grouped(panels)
    if not groups:
        return [], packed(b"")
    share, finest = room / len(groups), [COARSEST] * len(groups)
    for place, group in enumerate(groups.values()):
        n_samples = len(group[0].scape.recording)
        weight = len(_text([group], [min(COARSEST, n_samples)])[1]) / min(COARSEST, n_samples)
        # All levels together have about a sixth more columns than the finest.
        finest[place] = int(min(MOST, max(COARSEST, AIM * share / weight / 1.2)))
    sets, text = _text(list(groups.values()), finest)
    if _could_be_finer(groups, finest, len(text) / room):
        finest = [_scaled(n, AIM * room / len(text)) for n in finest]
        sets, text = _text(list(groups.values()), finest)
    while len(text) > room and max(finest) > COARSEST:
        finest = [_scaled(n, 0.9 * room / len(text)) for n in finest]
        sets, text = _text(list(groups.values()), finest)
    return sets, text


def _could_be_finer(groups: Mapping[int, Sequence[TimePanel]], finest: Sequence[int], used: float) -> bool:
    longest = [min(MOST, len(group[0].scape.recording)) for group in groups.values()]
    return used < LITTLE and any(n < most for n, most in zip(finest, longest, strict=True))


def _scaled(n_columns: int, factor: float) -> int:
    return int(min(MOST, max(COARSEST, factor * n_columns)))


def _text(groups: Sequence[Sequence[TimePanel]], finest: Sequence[int]) -> tuple[list[dict[str, Any]], str]:
    block, sets = Block(), []
    for group, most in zip(groups, finest, strict=True):
        flows = any(panel.shows_flows for panel in group)
        found = levels(group[0].scape, COARSEST, most, parts_of(group), flows)
        sets.append({"levels": [of_level(block, level) for level in found]})
    return sets, block.text()


def grouped(panels: Sequence[TimePanel]) -> Mapping[int, list[TimePanel]]:
    """Panels by what they show."""
    groups: dict[int, list[TimePanel]] = {}
    for panel in panels:
        groups.setdefault(id(panel.scape), []).append(panel)
    return groups


__all__ = ["COARSEST", "Block", "grouped", "numbers", "packed", "steps_of"]
