"""What an amplifier recorded: current clamp, voltage clamp and commands, told by annotations, then names.

In current clamp an amplifier's current is what it injects: role "electrode". In voltage clamp it is all
that flows through the membrane: role "membrane", the total. A command waveform, in volts or in amperes, is
what the amplifier was told to hold or to inject: role "command", never a membrane potential and never one
of the membrane's currents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.conventions.roles import Reading, end_of, is_all_of, plain_name

#: What an amplifier controls; the annotation ``clamp`` of a Segment.
CLAMPS = ("current", "voltage")

#: Role of an amplifier's current under each of `CLAMPS`.
ROLE_UNDER = {"current": "electrode", "voltage": "membrane"}

#: Kinds of unit that an amplifier's current can have: it knows no area.
_CURRENTS = ("current", "current per capacitance")

_NUMBER = r"[\s_#-]*\d*"
_COMMAND = re.compile(
    rf"(^|[._\s])([vi]?[\s_-]*(cmd|command|com){_NUMBER}|(ao|dac|analog[\s_]?out(put)?)[\s_#-]*\d+"
    rf"|out[\s_]*#?[\s_]*\d+|(cmd|command)[\s_]?(waveform|current|voltage|potential|pulse){_NUMBER}"
    rf"|(voltage|current|potential)[\s_](cmd|command){_NUMBER}|v?[\s_-]?hold(ing)?([\s_](potential|voltage))?)"
    r"([\s_]*[\[(].*[\])])?$",
    re.IGNORECASE,
)
_INPUT = re.compile(
    r"(^|[._\s])((in|ai|adc|input)[\s_]*#?[\s_]*\d+|_?i[\s_-]?(memb|patch|pipette|mon(itor)?|mtest|scaled)\w*"
    r"(?:[\s-]*\d+)?|(current|channel|trace|signal|ch)[\s_-]*\d+|scaled[\s_]?out(put)?|(primary|secondary)\w*"
    r"|(axopatch|multiclamp|axoclamp|epc)[\w-]*)([\s_]*[\[(].*[\])])?$",
    re.IGNORECASE,
)
# Names of ions, channels and synapses, as far as they are no beginning of another word ("I_test").
_OF_MEMBRANE = re.compile(
    r"_?([iI]_?)?(k|K|h|H|l|L|M|a|A|T|w|(?i:sodium|potassium|calcium|chloride|leak(age)?|synaptic|exc(itatory)?"
    r"|inh(ibitory)?|na|ca|cl|mg|lk|pas|passive|pump|hcn|nap|nat|kdr|kd|kca|kv|nav|cav"
    r"|cat|cal|can|bk|sk|m?s?f?ahp|adp|ampa|nmda|gabaa?|glu|gly|i?syn|eta|ion|ionic|adapt|gap|hd|hh|kir"
    r"|girk|ncx|cagk))(?![a-z])[\w ]*[+-]*([\[(].*[\])])?"
    r"|i(na|k|ca|cl)[A-Za-z0-9]{0,4}(_\w+)?|i(h|l|hcn)(_\w+)?"
)

#: Classes of the NWB standard, with the clamp that they are of, and the role of what they hold.
NWB = {
    "CurrentClampSeries": ("current", "voltage"),
    "IZeroClampSeries": ("current", "voltage"),
    "CurrentClampStimulusSeries": ("current", "command"),
    "VoltageClampSeries": ("voltage", "membrane"),
    "VoltageClampStimulusSeries": ("voltage", "command"),
}


@dataclass(frozen=True)
class Fact:
    """What is known of one signal before the others are looked at.

    Attributes
    ----------
    name : str
    kind : str
        Of its unit.
    notes : mapping
        Its annotations.
    reading : Reading
        What its own role, unit and name say.
    role : str or None
        The role that it is annotated with.
    is_described : bool
        Whether the direction of its currents, its area or its place is annotated.
    """

    name: str
    kind: str
    notes: Mapping[str, Any]
    reading: Reading
    role: str | None
    is_described: bool


def is_command(name: str) -> bool:
    """Whether a name is one that acquisition programs give to a command waveform.

    Examples
    --------
    >>> [name for name in ("Cmd 0", "V command", "AO #0", "I_Com", "Vcmd", "Vm", "ica") if is_command(name)]
    ['Cmd 0', 'V command', 'AO #0', 'I_Com', 'Vcmd']
    """
    return bool(_COMMAND.search(end_of(plain_name(name))))


def is_input(name: str) -> bool:
    """Whether a name is one that acquisition programs give to an input of theirs, whatever it measures.

    Examples
    --------
    >>> [name for name in ("IN 0", "Ipatch", "I_MTest 1", "Imemb", "I_Na", "ik") if is_input(name)]
    ['IN 0', 'Ipatch', 'I_MTest 1', 'Imemb']
    """
    return bool(_INPUT.search(end_of(plain_name(name))))


def names_a_membrane_current(name: str) -> bool:
    """Whether a name is that of an ion, a channel or a synapse, or is said with the mechanism before a dot.

    Examples
    --------
    >>> [name for name in ("I_Na", "ik", "pas.i", "leak", "I_test", "I", "Ipatch")
    ...  if names_a_membrane_current(name)]
    ['I_Na', 'ik', 'pas.i', 'leak']
    """
    name = plain_name(name)
    return "." in name.strip(".") or is_all_of(_OF_MEMBRANE, name)


def checked_clamp(value: Any) -> str | None:
    """The annotation ``clamp`` of a Segment; None where there is none.

    Raises
    ------
    ArgumentError
        When it is neither "current" nor "voltage".
    """
    if value is None or value in CLAMPS:
        return value
    raise ArgumentError(
        f"The segment's annotation clamp={value!r} is not known: write 'current' or 'voltage', what the "
        "amplifier held."
    )


def read_together(facts: Sequence[Fact], clamp: str | None = None) -> list[Reading]:
    """Settle what no signal says alone: which current is an amplifier's, and what that is.

    Parameters
    ----------
    facts : sequence of Fact
        All signals of a Segment.
    clamp : {"current", "voltage"}, optional
        What the Segment is annotated with.

    Returns
    -------
    list of Reading
        One a signal: that which it says alone, or what the rule of this module makes of it.
    """
    readings = [_alone(fact) for fact in facts]
    clamp = clamp or _clamp_by_pairing(facts, readings)
    n_currents = sum(reading.role == "current" for reading in readings)
    for k, fact in enumerate(facts):
        if not _is_open(fact, readings[k]):
            continue
        if is_input(fact.name) or _nwb_type(fact) == "PatchClampSeries":
            readings[k] = _under(clamp, _NAMED)
        elif n_currents == 1 and not fact.is_described and not names_a_membrane_current(fact.name):
            readings[k] = _under(clamp, _ALONE)
    if clamp is not None and not any(reading.role == "current" for reading in readings):
        readings = [_of_amplifier(*each, clamp) for each in zip(facts, readings, strict=True)]
    return readings


_NAMED = "its name is that of an amplifier's current"
_ALONE = "it is the only current, and nothing says that it is one of the membrane's"


def _alone(fact: Fact) -> Reading:
    """What annotations of the acquisition say, then the name of a command."""
    if fact.role is not None:
        return fact.reading
    told = NWB.get(_nwb_type(fact))
    if told is not None:
        return Reading(told[1], f"its annotation says that it is a {_nwb_type(fact)} of NWB")
    if fact.kind in ("voltage", *_CURRENTS):
        if fact.notes.get("nwb_group") == "stimulus":
            return Reading("command", "its annotation says that it is a stimulus of NWB")
        if is_command(fact.name):
            return Reading("command", f"its unit is that of a {fact.kind} and its name that of a command")
    return fact.reading


def _nwb_type(fact: Fact) -> str:
    told = fact.notes.get("nwb_neurodata_type")
    return str(told[-1] if isinstance(told, (tuple, list)) and told else told)


def _is_open(fact: Fact, reading: Reading) -> bool:
    """Whether a current may be an amplifier's."""
    return reading.role == "current" and fact.role is None and fact.kind in _CURRENTS


def _clamp_by_pairing(facts: Sequence[Fact], readings: Sequence[Reading]) -> str | None:
    """The clamp that classes of NWB, or the unit of the commands, say; None where they disagree."""
    said = {NWB[_nwb_type(fact)][0] for fact in facts if _nwb_type(fact) in NWB}
    if not said:
        kinds = [f.kind for f, reading in zip(facts, readings, strict=True) if reading.role == "command"]
        said = {"voltage" if kind == "voltage" else "current" for kind in kinds}
    return said.pop() if len(said) == 1 else None


def _under(clamp: str | None, because: str) -> Reading:
    if clamp is None:
        return Reading("other", f"{because}: {UNSAID}")
    what = "what it injects" if clamp == "current" else "all that flows through the membrane"
    return Reading(ROLE_UNDER[clamp], f"{because}; in {clamp} clamp an amplifier's current is {what}")


def _of_amplifier(fact: Fact, reading: Reading, clamp: str) -> Reading:
    """What "Im" is in current clamp, and "I_clamp" in voltage clamp, where no membrane current is told."""
    open_ = fact.role is None and not fact.is_described and "." not in fact.name and fact.kind in _CURRENTS
    is_told = _nwb_type(fact) in NWB
    if not open_ or is_told or reading.role not in ROLE_UNDER.values() or reading.role == ROLE_UNDER[clamp]:
        return reading
    return _under(clamp, _NAMED)


#: What to write where nothing tells the clamp.
UNSAID = (
    "in current clamp it is what is injected, write electrode=...; in voltage clamp the total of the "
    "membrane; segment.annotate(clamp='current' or 'voltage') says which"
)


def check_offset(signal: Any, what: str) -> None:
    """Refuse a signal of an NWB file whose offset Neo (0.14) passes on and does not add.

    Parameters
    ----------
    signal : neo signal
    what : str
        How the error names it.

    Raises
    ------
    SignalError
    """
    offset = signal.annotations.get("nwb:offset")
    if isinstance(offset, (int, float)) and offset != 0 and "role" not in signal.annotations:
        raise SignalError(
            f"{what} has an offset of {offset:g} (in the unit of its NWB file) that Neo does not add: read "
            "the file with neo_currentscape.adapters.icephys.read(path), which does."
        )


def is_by_clamp(reading: Any) -> bool:
    """Whether the clamp decided what an amplifier's current is."""
    return bool(re.search(r"in (current|voltage) clamp an amplifier's current is", reading.reason))


def is_unsaid(reading: Any) -> bool:
    """Whether a current is left out because nothing says whether it is an amplifier's or a membrane's."""
    return reading.role == "other" and reading.reason.endswith(UNSAID)
