"""What is done to a recording, and which verdict of the balance is then true.

Everything recorded has to be called complete, or sampled too coarsely to tell. A current that is left
out, inverted or a thousand times too large has to be named so. A verdict that says that it cannot tell
is not given; one that accuses another current, or misses what was done, is false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import neo_currentscape as ncs
from neo_currentscape.recording.values import like

#: Part of the charge of all terms from which a current is large.
LARGE = 0.05

#: Verdicts that do not tell, whatever was done.
UNTOLD = ("coarse", "first order", "unchecked")


@dataclass(frozen=True)
class Variation:
    """A recording to which one thing was done.

    Attributes
    ----------
    what : {"everything", "removed", "inverted", "times 1000", "axial removed"}
    name : str
        Of the current it was done to.
    recording : Recording
    """

    what: str
    name: str
    recording: ncs.Recording

    def rate(self, found: Any) -> str:
        """Whether a Balance says what was done: "true", "untold" or "false"."""
        diagnosis = found.diagnosis
        if self.what == "everything":
            return "true" if diagnosis.kind in ("complete", *UNTOLD) else "false"
        if diagnosis.kind in UNTOLD:
            return "untold"
        if self.what == "removed":
            return "true" if diagnosis.kind == "missing" else "false"
        if self.what == "axial removed":
            first = ("the axial current is missing", "a current is missing: the axial current")
            return "true" if diagnosis.text.startswith(first) else "false"
        if self.what == "inverted":
            right = diagnosis.inverted == (self.name,) and set(diagnosis.factors) <= {self.name}
            return "true" if right else "false"
        return "true" if _is_thousand(diagnosis, self.name) else "false"


def _is_thousand(diagnosis: Any, name: str) -> bool:
    if diagnosis.kind == "extra":  # "more than so many times too large"
        return diagnosis.extra == (name,)
    return list(diagnosis.factors) == [name] and bool(abs(diagnosis.factors[name] / 1000 - 1) < 0.2)


def variations(recording: ncs.Recording, is_part: bool = False) -> Iterator[Variation]:
    """Everything that is done to a recording, one at a time.

    Parameters
    ----------
    recording : Recording
    is_part : bool
        Whether it is of a compartment whose axial current was not recorded: this is then all that is asked.
    """
    if is_part:
        yield Variation("axial removed", "axial", recording)
        return
    yield Variation("everything", "", recording)
    names = large(recording)
    for name in names:
        if name in recording.names and len(recording.names) > 1:
            yield Variation("removed", name, without(recording, name))
        yield Variation("inverted", name, scaled(recording, name, -1.0))
        yield Variation("times 1000", name, scaled(recording, name, 1000.0))
    if "axial" in names:
        yield Variation("axial removed", "axial", _made(recording, axial=None))


def large(recording: ncs.Recording) -> list[str]:
    """Names of the currents, electrodes and axial current with much of the charge."""
    terms = ncs.balance(recording).terms
    charges = {
        name: terms.mean(np.abs(column)) for name, column in zip(terms.names, terms.numbers.T, strict=True)
    }
    total = sum(charges.values())
    return [name for name in terms.names[1:] if charges[name] > LARGE * total]


def without(recording: ncs.Recording, name: str) -> ncs.Recording:
    """A recording that lacks one of its membrane currents."""
    kept = [k for k, other in enumerate(recording.names) if other != name]
    currents = _copy(recording.currents, recording.currents.magnitude[:, kept], kept)
    return _made(recording, currents=currents)


def scaled(recording: ncs.Recording, name: str, factor: float) -> ncs.Recording:
    """A recording in which one current, of whatever role, is multiplied by a number."""
    for part in ("currents", "electrode", "axial"):
        signal = getattr(recording, part)
        names = [] if signal is None else list(signal.array_annotations["name"])
        if name in names:
            by = np.where(np.array(names) == name, factor, 1.0)
            return _made(recording, **{part: _copy(signal, signal.magnitude * by, range(len(names)))})
    raise KeyError(name)


def coarser(recording: ncs.Recording, every: int) -> ncs.Recording:
    """A recording of which only each n-th sample was kept, as by a long sampling interval."""
    parts = ("currents", "voltage", "electrode", "capacitive", "axial")
    thin = {part: _thinned(getattr(recording, part), every) for part in parts}
    clamped = recording.clamped
    if clamped is not None:
        padded = np.append(clamped, np.zeros(-len(clamped) % every, dtype=bool))
        clamped = padded.reshape(-1, every).any(axis=1)[: thin["currents"].shape[0]]
    return _made(recording, clamped=clamped, **thin)


def without_capacitive(recording: ncs.Recording) -> ncs.Recording:
    """A recording whose C dV/dt has to be taken from the voltage."""
    return _made(recording, capacitive=None)


def _thinned(signal: Any, every: int) -> Any:
    if signal is None:
        return None
    thin = signal[::every]
    arrays = {"name": np.array(signal.array_annotations["name"])}
    notes = dict(signal.annotations)
    if hasattr(signal, "sampling_period"):
        kind, times = type(signal), {"t_start": signal.t_start}
        times["sampling_period"] = signal.sampling_period * every
        return kind(
            thin.magnitude, signal.units, name=signal.name, array_annotations=arrays, **times, **notes
        )
    return type(signal)(
        thin.times, thin.magnitude, signal.units, name=signal.name, array_annotations=arrays, **notes
    )


def _copy(signal: Any, numbers: np.ndarray, kept: Any) -> Any:
    names = [str(signal.array_annotations["name"][k]) for k in kept]
    notes = dict(signal.annotations)
    return like(
        signal, numbers, signal.units, signal.name, array_annotations={"name": np.array(names)}, **notes
    )


def _made(recording: ncs.Recording, **changes: Any) -> ncs.Recording:
    parts = ("currents", "voltage", "electrode", "capacitive", "axial", "area", "clamped")
    given = {part: getattr(recording, part) for part in parts} | changes
    return ncs.Recording(given.pop("currents"), given.pop("voltage"), **given)
