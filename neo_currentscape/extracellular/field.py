"""An extracellular signal of a whole cell, split by what makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, UnitsError, unknown_name, warn
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.extracellular.forward import Forward, forward, geometry
from neo_currentscape.extracellular.per_current import by_current
from neo_currentscape.recording import timebase

if TYPE_CHECKING:
    from neo_currentscape.figure.figure import Figure
    from neo_currentscape.recording.morphology import Morphology
    from neo_currentscape.spatial.cell_recording import CellRecording
    from neo_currentscape.spatial.scape import TwoSidedCurrentscape

#: Part of the largest current of the cell that the sum of all may be before it is said.
BALANCED = 1e-6


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
        """The parts at one contact as a Currentscape: positive ones as outward, negative as inward."""
        from neo_currentscape.reduction.two_sided import two_sided
        from neo_currentscape.spatial.scape import TwoSidedCurrentscape

        part = self.parts[self.contact(contact)]
        signed = np.concatenate([np.maximum(part, 0.0), np.minimum(part, 0.0)])
        return TwoSidedCurrentscape(two_sided(signed, self.names, self.times, self.unit), self.names)

    def rescale(self, unit: str) -> Field:
        """The same signal in another unit, e.g. "uV".

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
        """A neo signal for each part, shape (time, contact)."""
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
        """The n parts of the largest size (mean square over contacts and time); the rest is "other"."""
        if n >= len(self.names):
            return self
        rank = np.argsort(-np.einsum("ckt,ckt->k", self.parts, self.parts), kind="stable")
        kept, rest = np.sort(rank[:n]), rank[n:]
        parts = np.concatenate(
            [self.parts[:, kept], self.parts[:, rest].sum(axis=1, keepdims=True)], axis=1
        )
        names = [*(self.names[k] for k in kept), "other"]
        return Field(names, parts, self.unit, self.contacts, self.times, self.net)


def split_field(
    cell: CellRecording,
    model: Any,
    *,
    location: Any = None,
    by: str = "type",
    regions: Any = None,
    electrodes: bool = False,
    t_start: Any = None,
    t_stop: Any = None,
    **options: Any,
) -> Field:
    """Split the signal of a forward model by the membrane currents that make it.

    Parameters
    ----------
    cell : CellRecording
        Whose compartments are, in their order, those of the model's cell.
    model : forward model
        See `neo_currentscape.extracellular.forward.forward`.
    location : array_like, optional
        Of the dipole, for models of a head.
    by : {"type", "region", "section", "distance"} or tuple of them
        What the parts are; see `neo_currentscape.spatial.grouping.attribute`.
    regions : optional
        Labels for ``by="region"``.
    electrodes : bool
        Whether the current of an intracellular electrode counts as a source. False is what LFPy's
        ``imem`` holds: then the sum over the cell is not zero, but the injected current.
    t_start, t_stop : Quantity, optional
        A window.
    **options
        Go through to the model's ``get_transformation_matrix``.

    Returns
    -------
    Field

    Raises
    ------
    ArgumentError
        When the model is of another cell.

    Warns
    -----
    CurrentscapeWarning
        When the currents do not sum to zero over the cell and the model goes through the dipole moment,
        which then depends on the origin.
    """
    joint = cell.morphology.is_joint
    found = forward(model, location, _dipole(cell, model), **options)
    if found.matrix.shape[1] != int((~joint).sum()):
        raise ArgumentError(
            f"The {type(model).__name__} is of a cell of {found.matrix.shape[1]} compartments, and the "
            f"recording holds {int((~joint).sum())}: make the model of geometry(cell.morphology)."
        )
    return split_by(
        cell, found, by=by, regions=regions, electrodes=electrodes, t_start=t_start, t_stop=t_stop
    )


def split_by(
    cell: CellRecording,
    found: Forward,
    *,
    by: Any = "type",
    regions: Any = None,
    electrodes: bool = False,
    t_start: Any = None,
    t_stop: Any = None,
) -> Field:
    """Split the signal of a model that is a matrix already; see `split_field`.

    Parameters
    ----------
    cell : CellRecording
    found : Forward
        Of the compartments of the cell.
    by, regions, electrodes, t_start, t_stop
        As for `split_field`.

    Returns
    -------
    Field
    """
    matrix = on_nodes(cell.morphology, found.matrix)
    names, group = _groups(cell, by, regions)
    kept = _kept(cell, electrodes)
    rows = cell.rows(t_start, t_stop)
    parts = np.zeros((len(matrix), len(names), rows.stop - rows.start))
    net = peak = 0.0
    for block, membrane, _ in cell.blocks():
        here = slice(max(block.start, rows.start), min(block.stop, rows.stop))
        if here.start >= here.stop:
            continue
        part = membrane[:, :, here.start - block.start : here.stop - block.start]
        part = part if kept.all() else part * kept[:, None]
        net = max(net, float(np.abs(part.sum(axis=(0, 1))).max()))
        peak = max(peak, float(part.max()), -float(part.min()))
        out = parts[:, :, here.start - rows.start : here.stop - rows.start]
        _add_up(out, part, matrix, group)
    _warn_of_net(found, net, peak, electrodes)
    used: np.ndarray = np.any(parts, axis=(0, 2))
    listed = [name for name, some in zip(names, used, strict=True) if some]
    clock = cell.traces.clock[rows]
    return Field(listed, parts[:, used], found.unit, found.contacts, clock, net)


def _add_up(out: np.ndarray, part: np.ndarray, matrix: np.ndarray, group: np.ndarray) -> None:
    """Sum the signals (contact, part, time) of currents (node, type, time) by the group of each."""
    if (group == group[:1]).all():
        for k, signal in zip(group[0], np.moveaxis(by_current(part, matrix), 1, 0), strict=True):
            out[:, k] += signal
        return
    for k in range(out.shape[1]):
        nodes = (group == k).any(axis=1)
        own = (part[nodes] * (group[nodes] == k)[:, :, None]).sum(axis=1, keepdims=True)
        out[:, k] = by_current(own, matrix[:, nodes])[:, 0]


def _dipole(cell: CellRecording, model: Any) -> Any:
    """The matrix of the dipole moment, for models of a head."""
    if isinstance(model, np.ndarray) or hasattr(model, "cell"):
        return None
    from neo_currentscape.conventions.errors import require

    kit = require("lfpykit", "lfpy", "A dipole moment")
    return kit.CurrentDipoleMoment(geometry(cell.morphology)).get_transformation_matrix()


def on_nodes(morphology: Morphology, matrix: np.ndarray) -> np.ndarray:
    """A matrix of compartments as one of all nodes: a joint counts where the compartment next to it is.

    Parameters
    ----------
    morphology : Morphology
    matrix : ndarray, shape (contact, compartment)

    Returns
    -------
    ndarray, shape (contact, node)
    """
    joint, parent = morphology.is_joint, np.asarray(morphology.parent)
    out = np.zeros((len(matrix), len(joint)))
    out[:, ~joint] = matrix
    for node in np.flatnonzero(joint):
        above = parent[node]
        while above >= 0 and joint[above]:
            above = parent[above]
        out[:, node] = out[:, above if above >= 0 else int(np.flatnonzero(~joint)[0])]
    return out


def _groups(cell: CellRecording, by: Any, regions: Any) -> tuple[list[str], np.ndarray]:
    """Names of the parts, and for each node and type the number of its part."""
    from neo_currentscape.spatial.members import members

    return members(cell, cell.nodes(), by, regions, None, in_order=False)


def _kept(cell: CellRecording, electrodes: bool) -> np.ndarray:
    out = cell.traces.electrodes
    return np.array([float(electrodes or name not in out) for name in cell.types])


def _warn_of_net(found: Forward, net: float, peak: float, electrodes: bool) -> None:
    if found.through_dipole and net > BALANCED * peak:
        hint = (
            "look at cell.balance for what was not recorded"
            if electrodes
            else "write electrodes=True to count electrodes as sources"
        )
        warn(
            f"The currents of the cell sum to up to {net:.3g} nA instead of zero, so that the dipole "
            f"moment depends on the origin: {hint}, or shift the origin to where the current returns."
        )


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
