"""Families of currents, told from a name: sodium, delayed rectifiers, calcium, leak, synapses ..."""

from __future__ import annotations

import re
from functools import lru_cache

from neo_currentscape.conventions.members import is_known
from neo_currentscape.conventions.name_words import forms_of, ion_of, is_place, pieces_of, words_of

#: Expressions for the families, the more special first. Each must match a whole word of a name, in small
#: letters and without what only says "current".
_RULES = tuple(
    (family, re.compile(words))
    for family, words in (
        (
            "pump",
            r".*(pump|pmp|exchanger|atpase|antiport|transporter).*|na_?k|ncx\d?|naca?x|pmca|serca"
            r"|n?kcc\d?|na_?ca",
        ),
        # With AMPA together it is excitation.
        ("NMDA", r"(?!.*ampa).*(nmda|glun|nr2).*"),
        ("GABA_B", r".*gaba_?b(?!a).*"),
        (
            "GABA",
            r".*(gaba|glycin|inhib|chlor).*|(g?syn_?)?inh?|gly(r\d?)?|cl\w{0,2}|cacc|inh_\w*"
            r"|\w*_inh?|[sm]?ipsc",
        ),
        (
            "AMPA",
            r".*(ampa|kainate|glutam|excit).*|(g?syn_?)?exc?|glu\w?|exc_\w*|\w*_exc?|[sm]?epsc",
        ),
        ("adaptation", r"w|u|sfa|rr|.*adapt.*|(s?k)?_?[ms]?ahp\d?"),
        (
            "K(Ca)",
            r"k?_?[sb]k(ca|\d)?|slo\d\w*|[sb]k_?(e\d|ca)?|k_?\(?ca\)?\w*|kc|ca_?g?k|mslo|slack|k_?na|kvca\w*|[sb]k_\w*",
        ),
        ("h", r"h|hcn\w*|hd|h_?(slow|fast|soma|dend|sus)|ar|sag|kh|q|ih(?!co)\w*"),
        ("leak", r".*leak.*|(k|na|cl)?l|pas(s|sive|\d|r)?|i?lkg?"),
        ("K A-type", r"k?_?a|ka[a-z]|k_?a_\w*|ka(prox|dist)|kv_?a\w*|kv4\w*|kv1_?4|k_?to?(_?st)?"),
        ("K slow", r"k?_?m|m_?v\d|km\w?|kv7\w*|kcnq\w*|k?_?ir\d*\w?|irk|kur|k_?s(low)?|k_?atp|musc\w*"),
        ("K fast", r"(stoch|s)?kv3\w*|k_?f(ast)?|kv2\w*|k_?p(_?st)?|k?erg|herg|kr"),
        ("K", r"k|k_?d\w*|k_?v\w*|dr\w?|.*potassium.*|k\d\w?|stochkv\d?|\w*_kdr|k_\w*|d"),
        ("Na persistent", r"na_?p\w{0,3}|na_?p_\w*|.*persist.*|na_?r(sg)?|na_?s(low)?"),
        ("Na", r"na|na_?[tfvxh]\w*|nav?\d\w*|.*sodium.*|na[a-z]|na_\w*|stochnav"),
        ("Ca T-type", r"((ca_?v?)|i)?t\d?|itghk|ca_?t\w|t_?type|(ca_?)?lva\w*|cav3\w*"),
        ("Ca L-type", r"ca_?v?l\w?|cav1\w*|l_?type"),
        ("Ca N-type", r"ca_?v?n\w?|cav2\w*|n_?type"),
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
#: Hodgkin and Huxley's currents are those that their ions stand for.
_HODGKIN_HUXLEY = re.compile(r"(\w+_)?hh\w*")


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
    return told_by(name)[0]


@lru_cache(maxsize=4096)
def told_by(name: str) -> tuple[str | None, str]:
    """The family of a current, and the word that tells which of the family it is.

    Returns
    -------
    str or None
        As for `family_of`.
    str
        In small letters, without what says "current" or what separates: ``"ske2"`` of ``"SK_E2.ik"``.

    Examples
    --------
    >>> told_by("soma.SK_E2.ik"), told_by("I_Kd"), told_by("foo.ica"), told_by("ExpSyn.i")
    (('K(Ca)', 'ske2'), ('K', 'kd'), ('Ca', 'foo'), (None, 'expsyn'))
    """
    words = words_of(name)
    ion = ion_of(words[0]) if words else None
    if ion and len(words) > 1:
        found = _first(words[1:], ion)
        return found or (_BASE[ion], _mechanism(words[1], ion))
    if len(words) > 1 and words[0].lower() in ("ih", "ihcn"):  # a variable of what is before it
        words = [word for word in words[1:] if _of_word(word, "")] or words
    return _first(words, "") or (None, _of_none(words) or _plain(name))


def _first(words: list[str], ion: str) -> tuple[str, str] | None:
    """The family and form of the first word that tells one; whole words before their parts."""
    found = (_of_word(word, ion) for word in words)
    parts = (_of_word(part, ion) for word in words for part in pieces_of(word))
    return next((one for one in (*found, *parts) if one), None)


def _of_word(word: str, ion: str) -> tuple[str, str] | None:
    """The family that a word names, the more special before the more general."""
    forms = forms_of(word)
    if ion:  # what an ion carries is not capacitive
        forms = [_of_ion(form, ion) for form in forms or [word.lower()]]
    for family, expression in _RULES:
        if not ion or family in _OF_ION[ion]:
            matching = [form for form in forms if expression.fullmatch(form)]
            if matching:
                return family, _known(family, matching[-1], word)
    return None


def _of_ion(form: str, ion: str) -> str:
    """A letter is a channel of its ion: "iL.ica" is CaL."""
    return ion + form if len(form) == 1 and form.isalpha() and form != "h" else form


def _known(family: str, form: str, word: str) -> str:
    """The known member that a word or a part of it names, as "Naleak" of "TC_Naleak"; else all of it."""
    parts = (part for piece in pieces_of(word) for part in forms_of(piece))
    return next((_plain(one) for one in (form, *parts) if is_known(family, _plain(one))), _plain(form))


def _mechanism(word: str, ion: str) -> str:
    generic = is_place(word) or _HODGKIN_HUXLEY.fullmatch(word.lower())
    return ion if generic else _plain(word)


def _of_none(words: list[str]) -> str:
    """What a name says that tells no family, without its site and variable."""
    told = [word for word in words if not is_place(word) and word.lower() != "i"] or words
    return _plain(re.sub(r"^[iI]_(?=\w{2})|_current$", "", "_".join(reversed(told))))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
