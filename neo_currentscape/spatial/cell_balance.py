r"""The balance of every compartment: what the known currents leave open, and where it is worst.

For node n, with the capacitive current among the membrane currents and electrode currents with their
sign turned, :math:`r_n = \sum_k I_{n,k} - (a_n - \sum_{c} a_c)` is zero (Kirchhoff's current law).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from neo_currentscape.recording.morphology import Morphology

#: Part of a compartment's current above which what is unexplained is said.
NOTICED = 0.01

#: Part of the largest current below which a residual is told as it is, though it may be rounding.
SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class CellBalance:
    """What is left in each node.

    Attributes
    ----------
    sites : sequence of str
    residual : ndarray, shape (node,)
        Largest absolute residual in nA.
    relative : ndarray, shape (node,)
        That, over the largest single current (membrane or axial) of the node; 0 where it is rounding.
    unexplained : ndarray, shape (node,)
        Sum over time of the absolute residual over that of the outward or inward current, whichever is
        larger: 0 where all is explained, 1 where nothing flows against the known currents.
    outward : ndarray, shape (node,)
        Mean current in nA that is missing: outward positive.
    nature : str
        Where something is unexplained, what the time course of the missing current of the worst node tells
        of it; see `neo_currentscape.spatial.missing`.
    unchecked : mapping of str to str
        Sites at which a current is what the balance of the simulator left, so that nothing can be missing,
        and which current, with its size.
    """

    sites: Sequence[str]
    residual: np.ndarray
    relative: np.ndarray
    unexplained: np.ndarray
    outward: np.ndarray
    nature: str = ""
    unchecked: Mapping[str, str] = field(default_factory=dict)

    @property
    def worst(self) -> float:
        """The largest `relative` of all nodes."""
        return float(self.relative.max())

    @property
    def worst_site(self) -> str:
        """Where the largest part is unexplained."""
        score = self.unexplained if self.is_noticed else self.relative
        return self.sites[int(np.argmax(score))]

    @property
    def is_noticed(self) -> bool:
        """Whether more than 1 % of the current of a compartment is unexplained."""
        return bool(self.unexplained.max() > NOTICED)

    @property
    def note(self) -> str:
        """What a figure says where something is unexplained."""
        at = int(np.argmax(self.unexplained))
        return f"{self.unexplained[at]:.0%} of the current at {self.sites[at]} is unexplained"

    @property
    def _doubt(self) -> str:
        if not self.unchecked:
            return ""
        more = len(self.unchecked) - 1
        others = f" and {more} other{'s' * (more > 1)}" if more else ""
        first, what = next(iter(self.unchecked.items()))
        return f"; nothing can be checked at {first}{others}, where {what} is what the balance leaves"

    @property
    def verdict(self) -> str:
        """The balance in a sentence."""
        if not self.is_noticed:
            return (
                f"complete: all {len(self.sites)} compartments balance to {self.worst:.1e} of their "
                f"largest current, the worst is {self.worst_site}{self._doubt}"
            )
        n_bad, at = int((self.unexplained > NOTICED).sum()), int(np.argmax(self.unexplained))
        flow = "outward" if self.outward[at] > 0 else "inward"
        seen = f" ({self.nature})" if self.nature else ""
        return (
            f"{self.unexplained[at]:.1%} of the current at {self.sites[at]} is unexplained (up to "
            f"{self.residual[at]:.3g} nA, mostly {flow}; {n_bad} of {len(self.sites)} compartments miss "
            f"more than 1 %): a current there was not recorded{seen}. It is shown as 'unexplained'."
        )


class Ledger:
    """Collects the balance block by block.

    Parameters
    ----------
    rounding : ndarray, shape (node,)
        Residuals in nA that are the rounding of the axial currents.
    """

    def __init__(self, rounding: np.ndarray) -> None:
        self.rounding, n_nodes = rounding, len(rounding)
        self.residual, self.peak = np.zeros(n_nodes), np.zeros(n_nodes)
        self.missing, self.turnover, self.mean = np.zeros(n_nodes), np.zeros(n_nodes), np.zeros(n_nodes)
        self.n_times = 0

    def add(self, membrane: np.ndarray, inflow: np.ndarray, axial: np.ndarray) -> None:
        """Add the samples of a block.

        Parameters
        ----------
        membrane : ndarray, shape (node, type, time)
        inflow : ndarray, shape (node, time)
            What flows into each node along the cable.
        axial : ndarray, shape (node, time)
            The size of that; of a joint, through which everything only flows, that of what flows through.
        """
        residual = membrane.sum(axis=1)
        residual -= inflow
        size, sizes = np.abs(residual), np.abs(membrane)
        np.maximum(self.residual, size.max(axis=1), out=self.residual)
        largest = np.maximum(sizes.max(axis=(1, 2)), axial.max(axis=1))
        np.maximum(self.peak, largest, out=self.peak)
        # The outward sum of all terms and the inward one differ by the residual.
        both = sizes.sum(axis=1) + axial
        size[size <= self.rounding[:, None]] = 0.0
        self.turnover += ((both + size) / 2).sum(axis=1)
        self.missing += size.sum(axis=1)
        self.mean -= residual.sum(axis=1)
        self.n_times += membrane.shape[2]

    def finish(self, morphology: Morphology) -> CellBalance:
        """The balance of all blocks."""
        some = self.peak > 0
        # At rest nothing may flow but rounding, which is then as large as everything there is.
        some &= (self.residual > self.rounding) | (self.residual < SMALL * self.peak)
        relative = np.divide(self.residual, self.peak, out=np.zeros_like(self.peak), where=some)
        part = np.divide(self.missing, self.turnover, out=np.zeros_like(self.peak), where=some)
        return CellBalance(
            morphology.sites, self.residual, relative, part, self.mean / max(1, self.n_times)
        )
