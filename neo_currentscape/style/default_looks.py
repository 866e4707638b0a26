"""The looks that currents have by default: a hue for each family, shades for its members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from zlib import crc32

from neo_currentscape.style.families import family_of
from neo_currentscape.style.look import HATCHES, Look

#: The colour of each family. Chosen together with `REST` by a search for the largest differences: every
#: two of them, and the grey of "other", differ by 12 and more in CIEDE2000, by 8 and more with
#: deuteranopia or protanopia, and by 2.3 in lightness, which is what a print in grey leaves.
OF_FAMILY = {
    "Na": "#DF656F",
    "Na persistent": "#CA8799",
    "K": "#4850B0",
    "K A-type": "#2996F8",
    "K fast": "#3B73EB",
    "K(Ca)": "#563B74",
    "K slow": "#D3B6FA",
    "Ca": "#357250",
    "Ca T-type": "#B6D58B",
    "Ca L-type": "#5E941F",
    "Ca N-type": "#48592C",
    "h": "#D12C85",
    "leak": "#C4A992",
    "GABA": "#206972",
    "GABA_B": "#3C89A1",
    "AMPA": "#FD9F25",
    "NMDA": "#FCE55D",
    "pump": "#6B721A",
    "adaptation": "#5D2326",
}

#: Colours of currents whose names say no family.
REST = ("#C09B56", "#014B44", "#F082C9", "#9BEAEF", "#823152", "#80E8BC", "#5D074D", "#4A3902")

#: Families whose colours are taken last by names that say none, where those of `REST` are used up.
_COMMON_LAST = tuple(reversed(OF_FAMILY))

_NUMBER = re.compile(r"\d+")


def assigned(
    names: Sequence[str], chosen: Mapping[str, Look], theme: Mapping[str, Sequence[Any]]
) -> dict[str, Look]:
    """Give a look to every name that has none.

    The first current of a family has the family's colour, and each further one a shade of it with a
    hatch, in the order of their lengths and letters. A name that says no family has a colour by its
    letters and its first number, or the next that is free. So what is added or left out changes no
    current of another family.

    Parameters
    ----------
    names : sequence of str
    chosen : mapping of str to Look
        Looks of other currents, which are not given again.
    theme : mapping of str to sequence of colours
        Colours of families, before the default ones.

    Returns
    -------
    dict of str to Look
        Of fewer names where no more looks are left.
    """
    taken = {_key(look) for look in chosen.values()}
    found: dict[str, Look] = {}
    in_turn = sorted(names, key=lambda name: (family_of(name) is None, len(name), name))
    # First those of the rest that have their own colour for themselves, so that others do not move them.
    for only_own in (True, False):
        for name in in_turn:
            family = family_of(name)
            wanted = _of_rest(name) if family is None else _of_family(family, theme)
            tried = islice(wanted, 1) if only_own else wanted
            look = next((look for look in tried if _key(look) not in taken), None)
            if look is not None and name not in found:
                found[name] = look
                taken.add(_key(look))
    return found


def shade(color: Any, step: int) -> str:
    """A darker or a lighter tone of a colour: lighter of a dark one.

    Examples
    --------
    >>> shade("#5D2326", 0), shade("#FCE55D", 0)
    ('#967072', '#a4953c')
    """
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(color)
    # Luma as in ITU-R BT.709: enough to choose by.
    to = 1.0 if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.35 else 0.0
    part = (0.35, 0.2, 0.5)[step % 3]
    return str(to_hex((red + (to - red) * part, green + (to - green) * part, blue + (to - blue) * part)))


def _key(look: Look) -> tuple[Any, str]:
    from matplotlib.colors import to_rgba

    return to_rgba(look.color), look.hatch


def _of_family(family: str, theme: Mapping[str, Sequence[Any]]) -> Iterator[Look]:
    """The looks of a family's members, one after the other."""
    colors = theme.get(family) or (OF_FAMILY[family],)
    yield from (Look(color) for color in colors)
    for k, hatch in enumerate(HATCHES[1:]):
        for color in colors:
            yield Look(shade(color, k), hatch)


def _of_rest(name: str) -> Iterator[Look]:
    """The looks of a name that says no family: its own first, then all in turn."""
    number = _NUMBER.search(name)
    at, turn = int(number[0]) if number else 0, len(REST)
    start = crc32(_NUMBER.sub("", name, count=1).lower().encode())
    first = [Look(REST[(start + k) % turn]) for k in range(turn)]
    every = first + [Look(OF_FAMILY[family]) for family in _COMMON_LAST]
    if at < turn:
        yield from first[at:] + first[:at]
    elif at < len(every):
        yield every[at]
    yield from every
    for k, hatch in enumerate(HATCHES[1:]):
        yield from (Look(shade(look.color, k), hatch) for look in every)
