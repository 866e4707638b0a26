"""The errors of the package: each is a `CurrentscapeError` and the builtin that fits."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from types import ModuleType

#: So many names are listed in a message.
MOST_LISTED = 40


class CurrentscapeError(Exception):
    """Base of every error that this package raises on purpose."""


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
        return str(self.args[0]) if self.args else ""


class UnknownOptionError(UnknownNameError, TypeError):
    """A keyword is not one that the callee takes."""


class MissingDependencyError(CurrentscapeError, ImportError):
    """An optional package is needed and not installed."""


class FileError(CurrentscapeError, OSError):
    """A file is missing, or Neo cannot read it."""


class CurrentscapeWarning(UserWarning):
    """Something that is drawn or computed all the same, but that the user should know."""


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
