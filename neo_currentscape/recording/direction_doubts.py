"""A warning where an assumed direction makes currents flow as currents of their families do not.

Sodium, calcium and what glutamate opens flow into a cell, potassium flows out of it, but for voltages
beyond their reversal potentials, which are never beyond both in one recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.conventions.errors import warn
from neo_currentscape.conventions.families import family_of
from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.doubts import is_often_inward
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.stored_columns import said_direction
from neo_currentscape.recording.values import magnitudes

#: Families that flow in, and those that flow out; a cell is mostly between their reversal potentials.
_IN = ("Na", "Na persistent", "Ca", "Ca T-type", "Ca L-type", "Ca N-type", "AMPA", "NMDA", "h")
_OUT = ("K", "K A-type", "K fast", "K slow", "K(Ca)")

#: What flows one way has so much more of it than of the other, as a part of both.
MAINLY = 0.9

#: So many samples are looked at.
LOOKED_AT = 100_000


def warn_of_reversed(currents: Any, choices: Sequence[Choice], sign: Any) -> None:
    """Warn of currents of which nothing says how they are stored, and that flow the wrong way.

    Parameters
    ----------
    currents : neo signal, shape (time, current)
        Outward positive, as far as is known.
    choices : sequence of Choice
        What the currents were made of.
    sign : str, mapping or None
        What the caller said of the direction.
    """
    families = _assumed(choices, sign)
    names = channel_names(currents) or []
    columns = {name: k for k, name in enumerate(names) if families.get(name) in (*_IN, *_OUT)}
    if is_lazy(currents) or not all(
        any(families[name] in side for name in columns) for side in (_IN, _OUT)
    ):
        return  # what is in a file is read for a window of it only
    looked_at = _looked_at(currents, list(columns.values()))
    values = dict(zip(columns, looked_at.T, strict=True))
    entering = {name: values[name] for name in columns if families[name] in _IN}
    leaving = {name: values[name] for name in columns if families[name] in _OUT}
    if _net(entering) > MAINLY and _net(leaving) < -MAINLY:
        _say_of(entering, leaving, all_of_them=len(families) == len(names))


def _assumed(choices: Sequence[Choice], sign: Any) -> dict[str, str | None]:
    """The family of each current by its label, of those whose direction is assumed."""
    found: dict[str, str | None] = {}
    told = set()
    for choice in choices:
        found.setdefault(choice.label, family_of(choice.label) or family_of(choice.variable.name))
        is_told = choice.variable.positive is not None or said_direction(choice, sign) is not None
        # Who annotates a role knows what is assumed of it.
        is_told = is_told or choice.variable.reason.startswith("its annotation")
        if is_told or is_often_inward(choice.variable.name):  # of which another warning speaks
            told.add(choice.label)
    return {label: family for label, family in found.items() if label not in told}


def _looked_at(signal: Any, columns: Sequence[int]) -> np.ndarray:
    """Some rows of a signal, all over it, shape (row, column)."""
    step = max(1, signal.shape[0] // LOOKED_AT)
    found = np.asarray(magnitudes(signal)[::step], dtype=float)[:, columns]
    return np.nan_to_num(found, posinf=0.0, neginf=0.0)


def _net(values: Mapping[str, np.ndarray]) -> float:
    """What leaves less what enters, as a part of both."""
    whole = sum(float(np.abs(x).sum()) for x in values.values())
    return sum(float(x.sum()) for x in values.values()) / whole if whole else 0.0


def _say_of(entering: Iterable[str], leaving: Iterable[str], all_of_them: bool) -> None:
    write = "'inward'" if all_of_them else _as_inward([*entering, *leaving])
    warn(
        "Nothing says which way the currents are stored, so they are taken to be outward positive, though "
        f"{_listed(entering)} would then flow out of the cell and {_listed(leaving)} into it: write "
        f"sign={write}, or sign='outward' if it is so."
    )


def _as_inward(names: Iterable[str]) -> str:
    return "{" + ", ".join(f"{name!r}: 'inward'" for name in names) + "}"


def _listed(names: Iterable[str]) -> str:
    listed = [repr(name) for name in names]
    return ", ".join(listed[:5]) + (", ..." if len(listed) > 5 else "")
