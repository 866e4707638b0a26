"""The errors of the package, each a `CurrentscapeError` and the builtin that fits, and its warnings."""

from __future__ import annotations

import difflib
import importlib
import os
import re
import sys
import warnings
from collections.abc import Iterable
from types import FrameType, ModuleType

#: So many names are listed in a message.
MOST_LISTED = 40

#: A sentence of more letters has its names cut, of which each has so many at least.
MOST_LETTERS, _LONG_NAME = 2000, re.compile(r"'[^']{200,}'|\"[^\"]{200,}\"")

#: Where a line ends.
_LINES = re.compile(r"\s*\n\s*")

#: Folders of this package and of Python's own library, whose lines nobody can mend.
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_INSTALLED = ("site-packages", "dist-packages")


def brief(sentence: str) -> str:
    """A sentence on one line that can be read; of the long names that it tells the beginning and the end.

    Examples
    --------
    >>> len(brief(f"There is no signal {'x' * 100_000!r}: check the name."))
    159
    """
    sentence = _LINES.sub(" ", sentence)  # as of arrays, which Python writes in rows
    if len(sentence) <= MOST_LETTERS:
        return sentence
    return _LONG_NAME.sub(lambda name: f"{name[0][:80]}...{name[0][-40:]}", sentence)


class CurrentscapeError(Exception):
    """Base of every error that this package raises on purpose."""

    def __str__(self) -> str:
        return brief(super().__str__())


class ArgumentError(CurrentscapeError, ValueError):
    """An argument has a value that cannot be used."""


class ArgumentTypeError(CurrentscapeError, TypeError):
    """An argument has a type that cannot be used."""


class UnitsError(CurrentscapeError, ValueError):
    """A signal or argument has units that do not fit what it is used for."""


class SignalError(CurrentscapeError, ValueError):
    """The values or times of a signal cannot be used (NaN, unsorted, unequal ...)."""


class SelectionError(CurrentscapeError, LookupError):
    """A signal, neuron or site that was asked for is missing or ambiguous."""


class UnknownNameError(CurrentscapeError, KeyError):
    """A name (of an option, palette, model, current ...) is not one of those known."""

    def __str__(self) -> str:
        # KeyError prints the repr of its argument; a sentence should read as a sentence.
        return brief(str(self.args[0])) if self.args else ""


class UnknownOptionError(UnknownNameError, TypeError):
    """A keyword is not one that the callee takes."""


class MissingDependencyError(CurrentscapeError, ImportError):
    """An optional package is needed and not installed."""


class FileError(CurrentscapeError, OSError):
    """A file is missing, or Neo cannot read it."""


class CurrentscapeWarning(UserWarning):
    """Something that is drawn or computed all the same, but that the user should know."""


def warn(text: str, category: type[Warning] = CurrentscapeWarning) -> None:
    """Give a `CurrentscapeWarning` at the line that called this package, however deep the reason lies.

    Parameters
    ----------
    text : str
        The sentence.
    category : type
        Of another warning.

    Notes
    -----
    The line is the innermost one that is neither of this package nor of Python's own library, which
    lies between where a property is cached or a context entered. Where there is none, as under
    ``python -m neo_currentscape`` or in a thread, it is the outermost line of this package.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as given:
    ...     warnings.simplefilter("always")
    ...     warn("It is later than you think.")
    >>> given[0].category.__name__, given[0].lineno
    ('CurrentscapeWarning', 3)
    """
    frame = _caller(sys._getframe(1))
    module = frame.f_globals.get("__name__", "<unknown>")
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    path, line = frame.f_code.co_filename, frame.f_lineno
    warnings.warn_explicit(text, category, path, line, module, registry)


def _caller(frame: FrameType) -> FrameType:
    own, found = frame, frame
    while True:
        path = found.f_code.co_filename
        if path.startswith(_PACKAGE) or _is_generated(found):
            own = found
        elif not _is_library(path):
            return found
        if found.f_back is None:
            return own
        found = found.f_back


def _is_generated(frame: FrameType) -> bool:
    """Whether code without a file, as the `__init__` that a dataclass writes, is of this package."""
    module = str(frame.f_globals.get("__name__", ""))
    return frame.f_code.co_filename == "<string>" and module.partition(".")[0] == __name__.partition(".")[0]


def _is_library(path: str) -> bool:
    if path.startswith("<frozen "):
        return True
    return path.startswith(_LIBRARY) and path[len(_LIBRARY) :].split(os.sep)[0] not in _INSTALLED


def unknown_name(
    kind: str, name: object, known: Iterable[object], error: type[CurrentscapeError] | None = None
) -> CurrentscapeError:
    """Make the error for a mistyped name, with the nearest right one and all that are known.

    Parameters
    ----------
    kind : str
        What the name is a name of, e.g. ``"palette"``.
    name : object
        What was found.
    known : iterable
        The names that would have been right.
    error : type, optional
        The error class; `UnknownNameError` unless told.

    Returns
    -------
    CurrentscapeError
        To be raised by the caller.

    Examples
    --------
    >>> str(unknown_name("palette", "saef", ["safe", "bright"]))
    "Unknown palette 'saef': did you mean 'safe'? Known are 'safe', 'bright'."
    """
    options = [str(option) for option in known]
    close = difflib.get_close_matches(str(name), options, n=1, cutoff=0.5)
    listed = ", ".join(repr(option) for option in options[:MOST_LISTED]) or "none"
    listed += f" and {len(options) - MOST_LISTED} more" if len(options) > MOST_LISTED else ""
    hint = f"did you mean {close[0]!r}? Known" if close else "known"
    return (error or UnknownNameError)(f"Unknown {kind} {str(name)!r}: {hint} are {listed}.")


def require(module: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional module, or say which extra installs it.

    Parameters
    ----------
    module : str
        Dotted name of the module.
    extra : str
        The extra of this package that installs it.
    purpose : str
        What it is needed for, as in "<purpose> needs the package ...".

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    MissingDependencyError
        When the module is not installed.

    Examples
    --------
    >>> require("json", "demo", "This example").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError as cause:
        raise MissingDependencyError(
            f"{purpose} needs the package {module.split('.')[0]!r}, which could not be imported "
            f'({cause}): write pip install "neo-currentscape[{extra}]".'
        ) from cause
