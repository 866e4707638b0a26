"""Which of its family a current is: known members have places of their own, the first the family's."""

from __future__ import annotations

from zlib import crc32

#: The known members of each family, in the order of their places. Words that stand together are spellings
#: of one current, without what separates and in small letters.
_KNOWN = {
    "Na": (
        "na nav sodium stochnav",
        "nat nata natat natransient",
        "naf nafast",
        "nats nats2 nats2t",
        "nax naxn naaxon",
        "nav16 na16",
        "nav12 na12",
        "nav11 na11 natg natg2",
        "na3",
    ),
    "Na persistent": ("nap napet2 persistent", "naslow nas", "nar narsg", "napf"),
    "K": (
        "k potassium",
        "kd kdrect kdelayed",
        "kdr kdrs dr",
        "kv stochkv",
        "kv1 kv11 kv12",
        "k2",
        "kv15 kv13",
    ),
    "K A-type": (
        "a ka kva",
        "kt ktst kto",
        "kap kaprox",
        "kad kadist",
        "kv42 kv4 kv43",
        "kv14",
        "kaf",
        "kas",
    ),
    "K fast": (
        "kv31 kv3 skv31 skv3 stochkv3",
        "kp kpst",
        "kv21 kv2",
        "kf kfast",
        "kv33",
        "kv34 kv32",
        "erg herg kerg",
    ),
    "K(Ca)": (
        "kca kc",
        "sk skca sk2 ske2 kca22 ksk kcas",
        "bk bkca kbk mslo slo1 kca11 kcab kvcab",
        "kna slack",
        "kca31 sk4",
        "cagk",
        "sk1 kca21",
        "sk3 kca23",
    ),
    "K slow": (
        "m km kmb",
        "kir kir2 ir irk kir21 kir23",
        "ks kslow",
        "kv7 kcnq kv72 kv723 kv73 mv2",
        "kur",
        "katp",
        "musc",
    ),
    "Ca": ("ca calcium", "cas", "cahva hva cahva2", "cap capq", "car", "caq", "cah cahigh", "cav"),
    "Ca T-type": ("t cat ttype cavt", "calva lva calvast", "cav31", "cav32", "cav33", "it2 cat2"),
    "Ca L-type": ("cal ltype cavl", "cav12", "cav13", "calh"),
    "Ca N-type": ("can ntype cavn", "cav22", "cav21"),
    "h": ("h hd ihcn hcn q ar sag", "hcn1", "hcn2", "kh", "hslow", "hfast", "hcn4"),
    "leak": (
        "leak l pas passive lk lkg ileak",
        "naleak leakna nal",
        "kleak leakk kl",
        "clleak leakcl",
        "caleak leakca",
    ),
    "GABA": (
        "gaba gabaa",
        "inh in synin syninh gsyninh gsynin inhib",
        "gly glycine glyr",
        "cl chloride chlor",
        "cacc clca",
        "ipsc",
    ),
    "GABA_B": ("gabab",),
    "AMPA": (
        "ampa",
        "exc ex synex synexc gsynexc gsynex excit",
        "kainate",
        "glu glutamate",
        "ampanmda nmdaampa",
        "epsc",
    ),
    "NMDA": ("nmda", "nmdaca canmda", "nr2a glun2a", "nr2b glun2b"),
    "pump": (
        "pump nak nakpump natpump nakatpase",
        "ncx naca nacax nacx",
        "pmca capump caatpase",
        "serca",
        "nkcc nkcc1",
        "kcc kcc2",
    ),
    "adaptation": ("w adapt adaptation", "ahp kahp", "sfa", "rr", "mahp", "sahp skahp", "u"),
}

_PLACE = {
    family: {word: k for k, words in enumerate(members) for word in words.split()}
    for family, members in _KNOWN.items()
}


def is_known(family: str, word: str) -> bool:
    """Whether a word names a member that has a place of its own."""
    return word in _PLACE[family]


def place_of(family: str, word: str, n_places: int) -> tuple[int, bool]:
    """The place of a current among the looks of its family.

    Parameters
    ----------
    family, word : str
        As `neo_currentscape.conventions.families.told_by` says them.
    n_places : int
        Looks that the family has.

    Returns
    -------
    int
        That of a known member; of another one a number by its letters, behind the known ones where there
        is room.
    bool
        Whether it is known.

    Examples
    --------
    >>> place_of("K(Ca)", "kca", 10), place_of("K(Ca)", "ske2", 10), place_of("K(Ca)", "foo", 10)
    ((0, True), (1, True), (9, False))
    """
    place = _PLACE[family].get(word)
    if place is not None:
        return place, True
    first = min(len(_KNOWN[family]), n_places - 3)
    return first + crc32(word.encode()) % (n_places - first), False


#: Names of no family that are common, by their places among the looks of the rest.
_KNOWN_REST = (
    "expsyn alphasynapse alphasyn syn isyn",
    "gap gapjunction gj",
    "exp2syn tmgsyn",
    "cap capacitive",
    "can ican",
    "total membrane mem",
    "axial",
    "stim iclamp electrode inj injected",
)
#: Regions of a cell, at places of another hue each: those of the eight colours that differ most.
_REGIONS = {
    "soma somatic": 8,
    "axon axonal": 12,
    "oblique": 13,
    "basal": 14,
    "apical apic": 27,
    "dend dendrite dendrites": 31,
    "trunk": 33,
    "tuft": 42,
}
_PLACE_OF_REST = {word: k for k, words in enumerate(_KNOWN_REST) for word in words.split()}
_PLACE_OF_REST |= {word: k for words, k in _REGIONS.items() for word in words.split()}


def place_of_rest(word: str) -> int | None:
    """The place of a name that says no family among their looks; None of one that is not known."""
    return _PLACE_OF_REST.get(word)
