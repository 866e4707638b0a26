"""The words of a current's name, without what only says that it is a current, where it is, or its unit."""

from __future__ import annotations

import re

#: "I(Na)", "g[K]", "I(Na) (pA)": the whole name is in the brackets.
_IN_BRACKETS = re.compile(r"[iIgG]_?\s*[(\[](.+?)[)\]](?:\s*[(\[][^()\[\]]*[)\]])?")

#: What may stand in brackets beside an ion, as in "K(Ca)" and "I_Ca[L]", and say which of its currents it
#: is; all else there is a place, a unit or a number.
_MEMBERS = {
    "k": r"ca(?:2\+|\+\+)?|(?!(?-i:nA))na\+?|atp|m|a|[as]hp|dr?|v|ir|f|fast|slow|v\d[\d.]*|leak|l",
    "na": r"p|per|persistent|t|transient|f|fast|slow|r|v|v\d[\d.]*|leak|l",
    "ca": r"[ltnpqrv]|[hlm]va|v\d[\d.]*",
    "cl": r"ca(?:2\+|\+\+)?|leak|l",
}
_OF_AN_ION = re.compile(
    r"(?<![a-z])([ig]?_?(?:"
    + "|".join(rf"{ion}(?=_?\s*[(\[](?:{which})(?:-type)?[)\]])" for ion, which in _MEMBERS.items())
    + r"))_?\s*[(\[](ca(?=2?\+)|\w[\w.]*)[^)\]]*[)\]]",
    re.IGNORECASE,
)
_SITE = re.compile(r"\(.*?\)|\[.*?\]")
_BETWEEN = re.compile(r"[.\s/|:,-]+|__+")
_CHARGE = re.compile(r"(?<=[A-Za-z])(2?[+-]|2\+)(?=[\W_]|$)")
#: Reversal potentials and voltages are no currents.
_NO_CURRENT = re.compile(r"[eEvV](_.*|Na|K|Ca|Cl|m|rev)")

#: NEURON's own names, a variable and its mechanism: "ik_kap", "il_hh", "i_pas".
_OF_MECHANISM = re.compile(r"(i(?:na|k|ca|cl|l|h)?)_(\w+)")

#: "I_Na", "INa", "ina", "iSK", "Na_current"; a small i is also the first letter of other words.
_SAYS_CURRENT = re.compile(
    r"^[iIgG][_-]|^[IG](?=[A-Z])|^g(?=Na|K|Ca|Cl)|^i(?=(na|k|ca|cl)|[lhmat]$|[sb]k|[A-Z])|^I(?=[hml](_|$)|na|k|ca|cl)"
    r"|_?[cC]urrent$"
)

_ION = re.compile(r"i_?(na|k|ca|cl)", re.IGNORECASE)

#: Words that name a place, and no mechanism.
_PLACE = re.compile(
    r"(soma|dend|axon|apic|basal|ais|hillock|iseg|node|myelin|cell|neuron|prox|dist|sec|comp)[a-z]*[\d_]*"
)

#: What only sets a name, as in "$I_\mathrm{Na}$" and "I_{K(Ca)}".
_TYPESET = re.compile(r"\\(?:[A-Za-z]+\s*|[ ,;:!])|[${}^]")

#: Letters of a name that are looked at.
_LONGEST = 300

#: Letters that begin like a current and say another word.
_OTHER_WORDS = {"nan", "native", "nature", "case", "cage", "care", "calc", "call", "cash", "cache"}


def words_of(name: str) -> list[str]:
    """The words of a name, the last first, as each of them says more than the one before it.

    Examples
    --------
    >>> words_of("soma(0.5).kdr.ik"), words_of("il_hh"), words_of("I(Na+)"), words_of("I_K(Ca)")
    (['ik', 'kdr', 'soma'], ['il', 'hh'], ['Na'], ['I_KCa'])
    """
    # The end of a name says what it is; patterns over more of it take time that grows as its square.
    name = _OF_AN_ION.sub(r"\1\2", _TYPESET.sub("", name[-_LONGEST:]))
    whole = _IN_BRACKETS.fullmatch(name.strip())
    text = _CHARGE.sub("", whole[1] if whole else _SITE.sub("", name))
    text = re.sub(r"^([iIgG])-(?=\w)", r"\1_", text)
    text = re.sub(r"(?<=[a-z]\d)\.(?=\d)", "_", text)  # Nav1.6
    words = (word.strip("_") for word in _BETWEEN.split(text))
    return [part for word in reversed(list(words)) if word for part in _parts(word)]


def ion_of(word: str) -> str | None:
    """The ion of a word that says no more: "na" of ``"ina"`` and of ``"I_na"``."""
    found = _ION.fullmatch(word)
    return None if found is None else found[1].lower()


def is_place(word: str) -> bool:
    """Whether a word says where, and not what."""
    return _PLACE.fullmatch(word.lower()) is not None


def forms_of(word: str) -> list[str]:
    """What a word may mean, in small letters: as it stands, and without what says "current".

    Examples
    --------
    >>> forms_of("ISK"), forms_of("case"), forms_of("i_cap")
    (['isk', 'sk'], [], [])
    """
    if _NO_CURRENT.fullmatch(word) or word.lower() in _OTHER_WORDS or _is_capacitive(word):
        return []
    # CAN is a cation current that calcium switches on; CaN is a channel.
    if re.fullmatch(r"[iI]?_?CAN|[iI]_?[cC]an", word):
        return []
    return list(dict.fromkeys((word.lower(), _SAYS_CURRENT.sub("", word).lower())))


def pieces_of(word: str) -> list[str]:
    """The parts of "TC_Nap_Et2" that may name a current by themselves, the last first."""
    parts = word.split("_")
    if len(parts) < 2 or not forms_of(word):
        return []
    return [part for part in reversed(parts) if len(part) > 1]


def _is_capacitive(word: str) -> bool:
    return re.fullmatch(r"[iI]_?cap(ac\w*)?|[cC]apac\w*", word) is not None


def _parts(word: str) -> tuple[str, ...]:
    """A variable and its mechanism, where a word is both."""
    found = _OF_MECHANISM.fullmatch(word)
    if found is None or found[2].lower() in ("cap", "mem", "membrane"):
        return (word,)
    # "i_pas" and "i_SK" are the variable "i", which says nothing, of a mechanism.
    return (found[1], found[2]) if found[1] != "i" else (f"i_{found[2]}",)
