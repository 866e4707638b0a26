"""What the names in a script of the gallery are, told where the script did not run.

sphinx-gallery finds out from the variables of a script which classes it uses, for the links in its code
and for the examples on the pages of the reference. They stay in the process that ran the script, so others
stand in for them: of the same class, with the same attributes, and no values.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import types
from typing import Any

from sphinx_gallery.backreferences import NameFinder

#: Packages whose names the pages link to; of others nothing is imported here.
LINKED = ("neo_currentscape", "neo", "numpy", "matplotlib", "pandas")


def names_in(code: str) -> list[str]:
    """Names and dotted names in a script, with what stands before each dot.

    Parameters
    ----------
    code
        Text of the script.

    Returns
    -------
    list of str

    Examples
    --------
    >>> names_in("scape.recording.plot()")
    ['scape', 'scape.recording', 'scape.recording.plot']
    """
    finder = NameFinder()
    finder.visit(ast.parse(code))
    parts = [name.split(".") for name in finder.accessed_names]
    return sorted({".".join(part[: end + 1]) for part in parts for end in range(len(part))})


class StandIn:
    """Stands in for an object of a class.

    Parameters
    ----------
    shown
        The class.
    parts
        Attributes.
    """

    def __init__(self, shown: type, parts: dict[str, Any]) -> None:
        self.__dict__.update(parts)
        self.__dict__["_shown"] = shown

    @property
    def __class__(self) -> type:
        return self.__dict__["_shown"]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.__dict__["_shown"], name)
        return types.MethodType(found, self) if inspect.isfunction(found) else found


def variables(known: dict[str, list[str]]) -> dict[str, Any]:
    """Variables of a script, from what is known of them.

    Parameters
    ----------
    known
        For a dotted name "is", or "of" where it is one of a class, and a module and a name in it.

    Returns
    -------
    dict
        By name: modules, classes and functions themselves, and stand-ins for all else.
    """
    made: dict[str, Any] = {}
    # From the longest: the parts of an object are there before it.
    for name in sorted(known, key=lambda name: -name.count(".")):
        kind, module, inside = known[name]
        found = _imported(module, inside)
        if found is not None:
            inner = {key: key.rpartition(".") for key in made}
            parts = {last: made[key] for key, (first, _, last) in inner.items() if first == name}
            made[name] = found if kind == "is" else StandIn(found, parts)
    return {name: value for name, value in made.items() if "." not in name}


def _imported(module: str, inside: str) -> Any:
    if module.partition(".")[0] not in LINKED:
        return None
    try:
        found: Any = importlib.import_module(module)
        for part in filter(None, inside.split(".")):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return found
