"""Families of currents, told from a name: sodium, delayed rectifiers, calcium, leak, synapses ..."""

from __future__ import annotations

import re
from functools import lru_cache

#: Expressions for the families, the more special first. Each must match a whole word of a name, in small
#: letters and without what only says "current".
_RULES = tuple(
    (family, re.compile(words))
    for family, words in (
        (
            "pump",
            r".*(pump|exchanger|atpase|antiport|transporter).*|na_?k|ncx\d?|pmca|serca|n?kcc\d?|na_?ca\w?",
        ),
        ("NMDA", r".*(nmda|glun|nr2).*"),
        ("GABA_B", r".*gaba_?b(?!a).*"),
        ("GABA", r".*(gaba|glycin|inhib|chlor).*|(g?syn_?)?inh?|gly(r\d?)?|cl\w{0,2}|inh_?\w*|\w*_inh?"),
        ("AMPA", r".*(ampa|kainate|glutam|excit).*|(g?syn_?)?exc?|glu\w?|exc_?\w*|\w*_exc?"),
        ("adaptation", r"w|u|sfa|rr|.*adapt.*|k?_?[ms]?ahp\d?"),
        ("K(Ca)", r"[sb]k(ca|\d)?|[sb]k_?(e\d|ca)?|k_?\(?ca\)?\w*|kc|ca_?g?k|mslo|slack|k_?na|[sb]k_\w*"),
        ("h", r"h|hcn\w*|hd|h_?(slow|fast|soma|dend)|ar|sag|kh|q|ih\w*"),
        ("leak", r".*leak.*|l|pas(sive)?|lk|lkg"),
        ("K A-type", r"k?_?a|ka[a-z]|k_?a_\w*|kv4\w*|kv1_?4|k_?to?(_?st)?"),
        ("K slow", r"k?_?m|m_?v\d|km\w?|kv7\w*|kcnq\w*|k?_?ir\w?|irk|kur|k_?s(low)?|musc\w*"),
        ("K fast", r"s?kv3\w*|k_?f(ast)?|kv2\w*|k_?p(_?st)?|k?erg|herg|kr"),
        ("K", r"k|k_?d\w*|k_?v\w*|dr\w?|.*potassium.*|k\d\w?|stochkv|\w*_kdr|k_\w*|d"),
        ("Na persistent", r"na_?p\w*|.*persist.*|na_?r(sg)?|na_?s(low)?"),
        ("Na", r"na|na_?[tfvxh]\w*|nav?\d\w*|.*sodium.*|na[a-z]|na_\w*|stochnav"),
        ("Ca T-type", r"(ca_?)?t\d?|ca_?t\w|t_?type|(ca_?)?lva\w*|cav3\w*"),
        ("Ca L-type", r"ca_?l\w?|cav1\w*|l_?type"),
        ("Ca N-type", r"ca_?n\w?|cav2\w*|n_?type"),
        ("Ca", r"ca|ca_?[a-z]{1,2}\d?|(ca_?)?hva\w*|.*calcium.*|ca_\w*|ca\d\w?"),
    )
)

#: The names of the families.
FAMILIES = tuple(family for family, _ in _RULES)

#: Families of currents that an ion carries: of a name that says its ion ("kca.ik") only these are looked
#: for, and the last stands for what is not known more closely.
_OF_ION = {
    "na": {"pump", "h", "leak", "Na persistent", "Na"},
    "k": {*FAMILIES[: FAMILIES.index("K") + 1]} - {"NMDA", "GABA", "AMPA"},
    "ca": {"pump", "NMDA", "leak", "Ca T-type", "Ca L-type", "Ca N-type", "Ca"},
    "cl": {"pump", "leak", "GABA"},
}
_BASE = {"na": "Na", "k": "K", "ca": "Ca", "cl": "GABA"}

_ION = re.compile(r"[iI]_?(na|k|ca|cl)")
#: NEURON's own names, a variable and its mechanism: "ik_kap", "il_hh", "i_pas".
_OF_MECHANISM = re.compile(r"(i(?:na|k|ca|cl|l|h)?)_(\w+)")
_SITE = re.compile(r"\(.*?\)|\[.*?\]")
_BETWEEN = re.compile(r"[.\s/|:,]+")
#: "I_Na", "INa", "ina", "Na_current"; a small i is also the first letter of other words.
_SAYS_CURRENT = re.compile(
    r"^[iIgG]_|^[IG](?=[A-Z])|^i(?=(na|k|ca|cl)|[lhmat]$|Cl)|^I(?=[hm](_|$))|_?[cC]urrent$"
)


@lru_cache(maxsize=4096)
def family_of(name: str) -> str | None:
    """The family of a current, as far as its name says.

    Parameters
    ----------
    name : str
        Such as ``"Na"``, ``"I_CaT"``, ``"soma(0.5).kdr.ik"``, ``"Ca_LVAst"`` or ``"I_syn_ex"``. What is
        in brackets counts as a place. The last word says most, unless it is a current of an ion: then the
        mechanism before it says which.

    Returns
    -------
    str or None
        One of `FAMILIES`; None of a name that says nothing.

    Examples
    --------
    >>> [family_of(n) for n in ("INa", "kdr.ik", "kca.ik", "pas.i", "CaT", "I_syn_ex", "ExpSyn.i")]
    ['Na', 'K', 'K(Ca)', 'leak', 'Ca T-type', 'AMPA', None]
    """
    words = [part for word in _BETWEEN.split(_SITE.sub("", name)) if word for part in _parts(word)]
    ion = _ION.fullmatch(words[-1]) if words else None
    if ion and len(words) > 1:
        allowed = _OF_ION[ion[1]]
        found = (_of_word(word, allowed) for word in reversed(words[:-1]))
        return next((family for family in found if family), _BASE[ion[1]])
    return next((family for family in map(_of_word, reversed(words)) if family), None)


def _parts(word: str) -> tuple[str, ...]:
    """A mechanism and its variable, where a word is both."""
    found = _OF_MECHANISM.fullmatch(word)
    return (word,) if found is None else (found[2], found[1])


def _of_word(word: str, allowed: set[str] | None = None) -> str | None:
    """The family that a word names, the more special before the more general."""
    forms = {word.lower(), _SAYS_CURRENT.sub("", word).lower()}
    for family, expression in _RULES:
        wanted = allowed is None or family in allowed
        if wanted and any(expression.fullmatch(form) for form in forms):
            return family
    return None
