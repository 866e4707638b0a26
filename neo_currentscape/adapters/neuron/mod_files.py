"""MOD files that a caller gives."""

from __future__ import annotations

import os
import re

from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError
from neo_currentscape.conventions.plain_text import brief

_INCLUDE = re.compile(r'(?m)^[ \t]*INCLUDE[ \t]+"([^"\n]+)"')


def text_of(name: str, given: str | os.PathLike[str]) -> str:
    """The text of a MOD file that is given for a mechanism, as its path or as such.

    Raises
    ------
    ArgumentError, ArgumentTypeError
    """
    if not isinstance(given, (str, os.PathLike)):
        raise ArgumentTypeError(
            f"sources= gives {name!r} {brief(given)}: write the path or the text of its MOD file."
        )
    if isinstance(given, str) and "{" in given:
        return given
    if not os.path.exists(given):
        raise ArgumentError(
            f"sources= gives {name!r} the file {given!r}, which does not exist: write the path or the text "
            "of its MOD file."
        )
    return _read(os.fspath(given))


def _read(path: str) -> str:
    """A MOD file with the files that it includes, as NEURON keeps the source of what it compiled."""
    with open(inputs.existing_file(path), encoding="utf-8", errors="replace") as file:
        text = file.read()

    def included(found: re.Match[str]) -> str:
        inner = os.path.join(os.path.dirname(path), found[1])
        if not os.path.exists(inner):
            raise ArgumentError(
                f"The MOD file {path!r} of sources= includes {found[1]!r}, which is not beside it: put it "
                "there, or give the whole text."
            )
        return _read(inner)

    return _INCLUDE.sub(included, text)


def check_name(source: Source, name: str, given: bool) -> None:
    """Refuse the source of another mechanism.

    Raises
    ------
    SelectionError
    """
    if source.name in (name, ""):
        return
    where = f"sources= gives for mechanism {name!r}" if given else f"NEURON has for mechanism {name!r}"
    what = "has no NEURON block" if source.name is None else f"describes {source.name!r}"
    raise SelectionError(
        f"The MOD source that {where} {what}: give its own with sources={{{name!r}: 'path/to/{name}.mod'}}."
    )
