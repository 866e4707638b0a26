"""The looks that currents have by default: a hue for each family, a place in it for each of its members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zlib import crc32

from neo_currentscape.conventions.families import told_by
from neo_currentscape.conventions.members import place_of, place_of_rest
from neo_currentscape.style.look import HATCHES, Look
from neo_currentscape.style.shades import PLAIN, SHADES, SHADES_OF_REST

#: The colour of each family, and those of names that say none: that of the first member.
OF_FAMILY = {family: shades[0] for family, shades in SHADES.items()}
REST = tuple(shades[0] for shades in SHADES_OF_REST)

#: Hatches of members: the plainer ones.
_OF_MEMBERS = HATCHES[1:10]

#: Families whose colours are taken last by names that say none and are numbered, where `REST` is used up.
_COMMON_LAST = tuple(reversed(OF_FAMILY.values()))

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class _Wish:
    """The look of a name's own, those that it takes where another has that, and how strong it is."""

    own: Look
    others: Iterable[Look]
    #: Those of colours that others have, told apart by their hatches.
    last: Iterable[Look]
    strength: tuple[Any, ...]


def assigned(
    names: Sequence[str], chosen: Mapping[str, Look], theme: Mapping[str, Sequence[Any]]
) -> dict[str, Look]:
    """Give a look to every name that has none.

    A name's own look is told by the name alone. Where several names of a figure have the same, the
    strongest keeps it: a known member of a family before an unknown one, then the shorter, then the first
    in the alphabet. The others move to places that are nobody's own. So what is added or left out changes
    no current, but those of its very look.

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
    wishes = {name: _wish(name, theme) for name in names}
    in_turn = sorted(wishes, key=lambda name: wishes[name].strength)
    taken = _Taken(chosen.values())
    found = {name: wishes[name].own for name in in_turn if taken.add(wishes[name].own)}
    for name in in_turn:
        if name not in found:
            look = next((look for look in wishes[name].others if taken.add(look)), None)
            look = look or next((look for look in wishes[name].last if taken.add(look, True)), None)
            if look is not None:
                found[name] = look
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


class _Taken:
    """Colours and looks that are given already."""

    def __init__(self, looks: Iterable[Look]) -> None:
        self._keys = {_key(look) for look in looks}
        self._colors = {color for color, _ in self._keys}

    def add(self, look: Look, hatch_is_enough: bool = False) -> bool:
        """Take a look, if it is free; one of a colour that another has only where a hatch is enough."""
        color, hatch = _key(look)
        if (color, hatch) in self._keys or (color in self._colors and not hatch_is_enough):
            return False
        self._keys.add((color, hatch))
        self._colors.add(color)
        return True


def _key(look: Look) -> tuple[Any, str]:
    from matplotlib.colors import to_rgba

    return to_rgba(look.color), look.hatch


def _wish(name: str, theme: Mapping[str, Sequence[Any]]) -> _Wish:
    family, word = told_by(name)
    if family is None:
        return _of_rest(name, word)
    colors = theme.get(family)
    looks = _members(family) if colors is None else _themed(colors)
    place, known = place_of(family, word, len(looks))
    own = place if colors is None else min(place, len(colors) - 1)
    given = looks[: len(colors)] if colors is not None else []
    others = chain(given, [looks[place]], _turned(looks, crc32(name.encode())))
    return _Wish(looks[own], others, _hatched(looks), (0, not known, len(name), name))


def _members(family: str) -> list[Look]:
    """The looks of a family's members, by their places."""
    plain, first = PLAIN.get(family, 1), list(SHADES).index(family)
    return [
        Look(color, "" if k < plain else _OF_MEMBERS[(first + k) % len(_OF_MEMBERS)])
        for k, color in enumerate(SHADES[family])
    ]


def _themed(colors: Sequence[Any]) -> list[Look]:
    """The looks of a family whose colours the user gave: these, and shades of them with hatches."""
    shaded = [Look(shade(color, k), _OF_MEMBERS[k]) for k in range(len(_OF_MEMBERS)) for color in colors]
    return [Look(color) for color in colors] + shaded


def _turned(looks: Sequence[Look], by: int) -> Iterator[Look]:
    """Looks in turn, those with a hatch first, from one of them on: that of the letters of a name."""
    hatched = [look for look in looks if look.hatch] or list(looks)
    start = by % len(hatched)
    yield from hatched[start:] + hatched[:start]
    yield from looks


def _of_rest(name: str, word: str) -> _Wish:
    """The looks of a name that says no family: of a number, those in turn; of letters, one by them."""
    place, turn = place_of_rest(word), len(REST)
    every = [
        Look(color, "" if k == 0 else _OF_MEMBERS[(row + k) % len(_OF_MEMBERS)])
        for k, colors in enumerate(zip(*SHADES_OF_REST, strict=True))
        for row, color in enumerate(colors)
    ]
    in_turn = [Look(color) for color in (*REST, *_COMMON_LAST)]
    number = _NUMBER.search(name)
    if place is None and number is not None:
        start = crc32(_NUMBER.sub("", name, count=1).lower().encode())
        in_turn[:turn] = [in_turn[(start + k) % turn] for k in range(turn)]
        own = in_turn[int(number[0])] if int(number[0]) < len(in_turn) else None
        own = own or in_turn[crc32(name.encode()) % len(in_turn)]
        return _Wish(own, in_turn, _hatched(in_turn), (1, True, len(name), name))
    own = every[crc32(word.encode()) % len(every) if place is None else place]
    others = _turned(every, crc32(name.encode()))
    return _Wish(own, others, _hatched(in_turn), (1, place is None, len(name), name))


def _hatched(looks: Sequence[Look]) -> Iterator[Look]:
    """The colours of looks with each hatch."""
    colors = list(dict.fromkeys(look.color for look in looks))
    return (Look(color, hatch) for hatch in HATCHES for color in colors)
