"""An extracellular signal of a whole cell, split by what makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, UnitsError, unknown_name
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.recording import timebase

if TYPE_CHECKING:
    from neo_currentscape.figure.figure import Figure
    from neo_currentscape.spatial.scape import TwoSidedCurrentscape


@dataclass(frozen=True, eq=False)
class Field(Result):
    """A signal at contacts, by current (or by region, or both).

    Attributes
    ----------
    names : list of str
        Of the parts.
    parts : ndarray, shape (contact, part, time)
        In `unit`.
    unit : str
    contacts : list of str
    times : neo signal
        A signal with the same times.
    net : float
        Largest absolute sum of all currents that count, in nA; 0 for a cell alone.
    """

    names: list[str]
    parts: np.ndarray
    unit: str
    contacts: list[str]
    times: Any
    net: float

    @property
    def total(self) -> np.ndarray:
        """The signal itself, shape (contact, time)."""
        return self.parts.sum(axis=1)

    def contact(self, which: int | str) -> int:
        """Position of a contact, by its number or name.

        Parameters
        ----------
        which : int or str

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError, ArgumentError
            When there is none.
        """
        if isinstance(which, str):
            if which not in self.contacts:
                raise unknown_name("contact", which, self.contacts)
            return self.contacts.index(which)
        if not 0 <= which < len(self.contacts):
            raise ArgumentError(
                f"contact={which} is none of the {len(self.contacts)}: write 0 to {len(self.contacts) - 1}."
            )
        return int(which)

    def currentscape(self, contact: int | str = 0) -> TwoSidedCurrentscape:
        """The parts at one contact as a Currentscape: positive ones as outward, negative as inward.

        Parameters
        ----------
        contact : int or str
            Its number or name.

        Returns
        -------
        Currentscape
            In the unit of the signal.
        """
        from neo_currentscape.reduction.two_sided import two_sided
        from neo_currentscape.spatial.scape import TwoSidedCurrentscape

        part = self.parts[self.contact(contact)]
        signed = np.concatenate([np.maximum(part, 0.0), np.minimum(part, 0.0)])
        return TwoSidedCurrentscape(two_sided(signed, self.names, self.times, self.unit), self.names)

    def rescale(self, unit: str) -> Field:
        """The same signal in another unit, e.g. "uV".

        Parameters
        ----------
        unit : str
            As "uV" or "mV".

        Returns
        -------
        Field

        Raises
        ------
        UnitsError
            When the unit measures something else.
        """
        now, wanted = units.parse_units(self.unit), units.parse_units(unit)
        if not units.same_dimension(now, wanted):
            raise UnitsError(f"The signal is in {self.unit}, which is no {unit}: write a unit like it.")
        factor = float(now.rescale(wanted.units))
        return Field(self.names, self.parts * factor, unit, self.contacts, self.times, self.net)

    def to_signals(self) -> list[Any]:
        """A neo signal for each part, shape (time, contact).

        Returns
        -------
        list of neo.AnalogSignal or neo.IrregularlySampledSignal
            Each of shape (time, contact).
        """
        from neo_currentscape.recording import values

        return [
            values.like(self.times, self.parts[:, k].T.copy(), self.unit, name, role="other")
            for k, name in enumerate(self.names)
        ]

    def plot(self, contact: int | str = 0, **options: Any) -> Figure:
        """Draw the signal at a contact with its parts, and their shares of what is positive and negative.

        Parameters
        ----------
        contact : int or str
        **options
            ``order`` and ``palette`` for the panels, ``ylabel`` of the upper one; the others of
            `neo_currentscape.Figure`.

        Returns
        -------
        Figure
        """
        from neo_currentscape.extracellular.figures import field_figure

        return field_figure(self, contact, **options)

    def _table(self) -> Table:
        """A row for each contact and part: means over time, and what part of all parts' means they are."""
        time: np.ndarray = np.ones(self.parts.shape[2]) * timebase.sample_durations(self.times, "ms")
        columns: dict[str, Any] = {}
        for side, sign in (("positive", 1.0), ("negative", -1.0)):
            mean = np.maximum(sign * self.parts, 0.0) @ (time / time.sum())
            whole = mean.sum(axis=1, keepdims=True)
            share = np.divide(mean, whole, out=np.zeros_like(mean), where=whole > 0)
            columns |= {side: mean.ravel(), f"share_{side}": share.ravel()}
        columns["peak"] = np.abs(self.parts).max(axis=2, initial=0.0).ravel()
        contacts = [contact for contact in self.contacts for _ in self.names]
        index = {"contact": contacts, "part": self.names * len(self.contacts)}
        return Table(columns, index, dict.fromkeys(("positive", "negative", "peak"), self.unit))

    def top(self, n: int) -> Field:
        """The n parts of the largest size (mean square over contacts and time); the rest is "other".

        Parameters
        ----------
        n : int

        Returns
        -------
        Field
        """
        if n >= len(self.names):
            return self
        rank = np.argsort(-np.einsum("ckt,ckt->k", self.parts, self.parts), kind="stable")
        kept, rest = np.sort(rank[:n]), rank[n:]
        parts = np.concatenate(
            [self.parts[:, kept], self.parts[:, rest].sum(axis=1, keepdims=True)], axis=1
        )
        names = [*(self.names[k] for k in kept), "other"]
        return Field(names, parts, self.unit, self.contacts, self.times, self.net)


def shares(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the positive and of the negative sum that each part carries.

    Parameters
    ----------
    parts : ndarray, shape (contact, part, time)

    Returns
    -------
    positive, negative : ndarray, shape (contact, part, time)
        Each sums to 1 over the parts, or to 0.

    Examples
    --------
    >>> positive, negative = shares(np.array([[[3.0], [1.0], [-2.0]]]))
    >>> positive.ravel(), negative.ravel()
    (array([0.75, 0.25, 0.  ]), array([0., 0., 1.]))
    """
    found: Sequence[np.ndarray] = [np.maximum(parts, 0.0), np.maximum(-parts, 0.0)]
    sums = [one.sum(axis=1, keepdims=True) for one in found]
    out = [
        np.divide(one, total, out=np.zeros_like(one), where=total > 0)
        for one, total in zip(found, sums, strict=True)
    ]
    return out[0] + 0.0, out[1] + 0.0
