"""What the inputs and outputs of an amplifier are: which clamp, and the role of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from neo_currentscape.adapters.icephys.sweeps import Channel, unit_of
from neo_currentscape.conventions import units
from neo_currentscape.conventions.amplifier import ROLE_UNDER, is_command


@dataclass(frozen=True)
class Port:
    """An input or an output of the digitizer.

    Attributes
    ----------
    name : str
    unit : Quantity
    notes : dict
        With the text of the unit, where that is none.
    is_on : bool
        Of an output: whether a waveform was sent.
    is_named : bool
        Whether the file names it; a header that is not filled in does not.
    """

    name: str
    unit: Any
    notes: dict[str, Any]
    is_on: bool = True
    is_named: bool = True

    @classmethod
    def of(cls, name: str, unit: str, is_on: bool = True, otherwise: str = "") -> Port:
        """A port as a header tells it."""
        plain = name.replace("\x00", "").strip()
        is_named = plain not in ("", "?")
        return cls(plain if is_named else otherwise, *unit_of(unit), is_on, is_named)

    @property
    def kind(self) -> str:
        """Of the unit; that of an input without an amplifier is volts, which measure nothing told."""
        return units.kind(self.unit) if "stored_unit" not in self.notes else "other"

    @property
    def is_raw(self) -> bool:
        """Whether it is in plain volts, as an input is that no amplifier scales."""
        return self.unit.dimensionality.string == "V"


def clamp_of(inputs: Sequence[Port], outputs: Sequence[Port]) -> str | None:
    """Whether the current or the voltage was clamped.

    What was sent decides first, with the input of the same number: a voltage beside an output in amperes is
    current clamp. Then outputs that sent nothing, then the unit of an output, then that of the first input.

    Parameters
    ----------
    inputs, outputs : sequence of Port

    Returns
    -------
    {"current", "voltage"} or None
        None where two amplifiers clamp differently, or nothing tells.
    """
    pairs = list(zip(inputs, outputs, strict=False))
    for group in ([p for p in pairs if p[1].is_on], pairs):
        told = {clamp for clamp in (_of_pair(*pair) for pair in group) if clamp}
        if told:
            return told.pop() if len(told) == 1 else None
    sent = {port.kind for port in outputs if port.is_on and port.kind in ROLE_UNDER and not port.is_raw}
    if len(sent) == 1:
        return sent.pop()
    kinds = [port.kind for port in inputs if port.kind in ROLE_UNDER and not port.is_raw]
    return {"voltage": "current", "current": "voltage"}[kinds[0]] if kinds else None


def _of_pair(measured: Port, sent: Port) -> str | None:
    if measured.is_raw or sent.is_raw or measured.kind == sent.kind:
        return None
    return sent.kind if {measured.kind, sent.kind} == set(ROLE_UNDER) else None


def inputs_of(inputs: Sequence[Port], outputs: Sequence[Port], clamp: str | None) -> list[Channel]:
    """What each input measured.

    Parameters
    ----------
    inputs, outputs : sequence of Port
    clamp : {"current", "voltage"} or None

    Returns
    -------
    list of Channel
        With the name of the input as site where several cells were clamped.
    """
    found = [
        Channel(p.name, p.unit, _role(p, pair, clamp), None, p.notes)
        for p, pair in _paired(inputs, outputs)
    ]
    wanted = {"current": "voltage", "voltage": "membrane", None: ""}[clamp]
    sites = [k for k, channel in enumerate(found) if channel.role == wanted]
    if len(sites) > 1:
        found = [replace(c, site=c.name) if k in sites else c for k, c in enumerate(found)]
    return found


def is_scaled(port: Port) -> bool:
    """Whether an input measures a voltage or a current through an amplifier."""
    return port.kind in ROLE_UNDER and not port.is_raw


def _paired(inputs: Sequence[Port], outputs: Sequence[Port]) -> list[tuple[Port, Port | None]]:
    return [(port, outputs[k] if k < len(outputs) else None) for k, port in enumerate(inputs)]


def _role(port: Port, sent: Port | None, clamp: str | None) -> str | None:
    if not is_scaled(port):
        return "other"
    own = clamp if clamp is not None or sent is None or not sent.is_on else _of_pair(port, sent)
    if port.kind == "current":
        return None if own is None else ROLE_UNDER[own]
    if is_command(port.name):
        return "command"
    return "voltage"


def commands_of(
    inputs: Sequence[Channel], measured: Sequence[Port], outputs: Sequence[Port], clamp: str | None
) -> list[tuple[int, Channel]]:
    """The outputs that are commands of an input, by their number.

    Parameters
    ----------
    inputs : sequence of Channel
        As `inputs_of` gives them.
    measured, outputs : sequence of Port
    clamp : {"current", "voltage"} or None

    Returns
    -------
    list of (int, Channel)
        Of one clamp, those of its kind: what was sent, and what was held where nothing was sent.
    """
    found = []
    names = {channel.name for channel in inputs}
    for k, sent in enumerate(outputs):
        if k >= len(measured) or sent.kind not in ROLE_UNDER or sent.is_raw:
            continue
        is_one = sent.kind == clamp if clamp is not None else _of_pair(measured[k], sent) is not None
        is_pair = _of_pair(measured[k], sent) is not None
        if is_one and (sent.is_on or (is_pair and sent.is_named)):
            name = sent.name if sent.name not in names else f"{sent.name} command"
            found.append((k, Channel(name, sent.unit, "command", inputs[k].site if is_pair else None)))
    return found
