"""The root of all panels: what is shown, checked for what the panel needs of it, and checked options."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.style import text
from neo_currentscape.style.elements import check_element

#: A keyword that restyles an element, or switches it off.
Element = bool | Mapping[str, Any]


def check_shown(panel: Any, given: Any, needs: Sequence[str], what: str, example: str) -> None:
    """Refuse what has not all that a panel needs of what it shows.

    A panel asks for parts and not for a class, so that it stands below all that it can show.

    Parameters
    ----------
    panel : Panel
        Names itself in the error.
    given : object
    needs : sequence of str
        Names of attributes and methods.
    what : str
        What has them, with its article.
    example : str
        How one is made.

    Raises
    ------
    ArgumentTypeError
        When one of them is missing.
    """
    # Names only: the value of a property may take long, or be missing in this very recording.
    if isinstance(given, type) or not set(needs) <= set(dir(given)):
        own = type(panel).__name__
        kind = type(given).__name__
        article = "an" if kind[0] in "AEIOaeio" else "a"
        raise ArgumentTypeError(f"{own} shows {what}, not {article} {kind}: write {own}({example}).")


def check_positive(what: str, value: Any, kind: Any = (int, float, np.number)) -> None:
    """Refuse an option that is neither None nor a number above 0.

    Raises
    ------
    ArgumentError
    """
    if value is None or (isinstance(value, kind) and not isinstance(value, bool) and value > 0):
        return
    raise ArgumentError(f"{what}={value!r} cannot be used: write a number above 0.")


@dataclass(frozen=True)
class Panel:
    """Root of all panels.

    Parameters
    ----------
    source : object
        What is shown.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    source: Any
    height: float | None = field(default=None, kw_only=True)

    #: What the source must have, what it is called, and how it is made, for the error.
    needs: ClassVar[tuple[str, ...]] = ()
    shows: ClassVar[str] = ""
    made_by: ClassVar[str] = ""
    #: Height in inches that the panel would like to have on a page.
    natural_height: ClassVar[float] = 1.0
    #: Height that its labels need, in units of the size of the text.
    least_height: ClassVar[float] = 5.0
    #: Keywords that restyle an element, or switch it off.
    elements: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", self._source(self.source))
        for name in self.elements:
            check_element(name, getattr(self, name))
        check_positive("height", self.height)
        for option in dataclasses.fields(self):
            if option.type == "bool" and not isinstance(getattr(self, option.name), (bool, np.bool_)):
                given = getattr(self, option.name)
                raise ArgumentTypeError(f"{option.name}= takes True or False, not {given!r}.")

    def _source(self, given: Any) -> Any:
        """What is shown, made of what was given."""
        check_shown(self, given, self.needs, self.shows, self.made_by)
        return given

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the artists.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib.artist.Artist
            What was drawn.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class LabelledPanel(Panel):
    """Base of the panels with labelled axes.

    Parameters
    ----------
    source : object
        What is shown.
    ylabel, xlabel : str or bool, optional
        By default what is shown, with its unit; False for none.
    grid : bool or dict
        Grid lines; a dict goes through to matplotlib.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    ylabel: str | bool | None = field(default=None, kw_only=True)
    xlabel: str | bool | None = field(default=None, kw_only=True)
    grid: Element = field(default=False, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid",)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("xlabel", "ylabel"):
            if not isinstance(getattr(self, name), bool):
                text.check_words(name, getattr(self, name))
