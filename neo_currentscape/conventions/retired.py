"""How a public name is retired: it works as before, and a `FutureWarning` says what to write in its place.

The steps, and how long each lasts, stand in ``docs/public.rst``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from neo_currentscape.conventions.errors import ArgumentTypeError, warn

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Retired:
    """A name that another has taken the place of.

    Parameters
    ----------
    old, new : str
        As they are written.
    since : str
        The version that brought the new name.
    until : str
        The major version that takes the old one away.

    Examples
    --------
    >>> print(Retired("ncs.Stage", "ncs.Figure", since="1.2", until="2.0"))
    ncs.Stage is called ncs.Figure since version 1.2: write ncs.Figure, as version 2.0 takes ncs.Stage away.
    """

    old: str
    new: str
    since: str
    until: str

    def __str__(self) -> str:
        return (
            f"{self.old} is called {self.new} since version {self.since}: "
            f"write {self.new}, as version {self.until} takes {self.old} away."
        )

    def tell(self) -> None:
        """Warn of it, at the line that wrote the old name."""
        warn(str(self), FutureWarning)


#: Names of the package that were renamed: ``"Stage": Retired("ncs.Stage", "ncs.Figure", "1.2", "2.0")``.
NAMES: dict[str, Retired] = {}


def option_renamed(old: str, new: str, *, since: str, until: str) -> Callable[[Function], Function]:
    """Let a function, or the ``__init__`` of a class, take an option by its former name as well.

    Parameters
    ----------
    old, new : str
        Names of the keyword.
    since, until : str
        As for `Retired`.

    Returns
    -------
    callable
        A decorator.

    Raises
    ------
    ArgumentTypeError
        By the function, when both names are given.

    Examples
    --------
    >>> @option_renamed("colours", "palette", since="1.2", until="2.0")
    ... def draw(palette="bright"):
    ...     return palette
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     draw(colours="muted")
    'muted'
    >>> print(told[0].message)
    colours= is called palette= since version 1.2: write palette=, as version 2.0 takes colours= away.
    """
    retired = Retired(f"{old}=", f"{new}=", since, until)

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            if old in options:
                if new in options:
                    raise ArgumentTypeError(f"{old}= and {new}= are the same option: write {new}= alone.")
                retired.tell()
                options[new] = options.pop(old)
            return function(*args, **options)

        return call  # type: ignore[return-value]

    return decorate
