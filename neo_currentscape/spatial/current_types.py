"""Of which type a current is, from its label."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

#: Name of the capacitive current among the types.
CAPACITIVE = "capacitive"

#: What a label of one of several point processes ends with, e.g. "[3]".
_NUMBER = re.compile(r"\[\d+\]")


def type_of(label: str) -> str:
    """The type of a current from its label: without the number of the point process.

    Examples
    --------
    >>> type_of("ExpSyn[3]"), type_of("ina_hh"), type_of("CaSyn[0].ica")
    ('ExpSyn', 'ina_hh', 'CaSyn.ica')
    """
    return _NUMBER.sub("", label)


def typing(types: Any) -> Callable[[str, str], str]:
    """Make the function that says of which type a current is.

    Parameters
    ----------
    types : None, mapping or callable
        None for `type_of`; ``{type: label, pattern or list of them}``, where what no entry fits keeps its
        own; or a function of the label and the site.

    Returns
    -------
    callable
    """
    if types is None:
        return lambda label, site: type_of(label)
    if not isinstance(types, Mapping):
        return types
    patterns = [
        (pattern, str(name))
        for name, given in types.items()
        for pattern in ([given] if isinstance(given, str) else given)
    ]

    def found(label: str, site: str) -> str:
        plain = type_of(label)
        for pattern, name in patterns:
            if pattern in (label, plain) or fnmatchcase(label, pattern) or fnmatchcase(plain, pattern):
                return name
        return plain

    return found
