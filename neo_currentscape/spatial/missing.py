r"""What a current that was not recorded looks like, so that it can be looked for.

The missing current of node n is what the balance leaves open,
:math:`m_n = (a_n - \sum_c a_c) - \sum_k I_{n,k}`, outward positive. Its time course tells some kinds of
current apart, and others not:

- :math:`g (V_n - V_o)` with another site o is what a gap junction carries; when the same is missing at o,
  which is next to n, the axial resistance between the two is another than that of the simulation;
- a constant that jumps now and then is a current clamp's;
- what stays nearly the same while the voltage moves is no channel's: a pump's, or a steady electrode's;
- :math:`g (V_n - E)` is that of a constant conductance;
- :math:`g(t) (V_n - E)` with :math:`g \ge 0`, a channel's or a synapse's, flows inward below E and outward
  above it; what flows outward below a voltage at which it flows inward is no single conductance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.cell_balance import NOTICED, CellBalance

#: Part of the mean square that a fit may leave open.
FITS = 1e-4

#: Part of the peak that is counted as a change.
CHANGED = 0.02

#: Part of the peak by which a nearly constant current may vary.
NEARLY = 0.2

#: Range of the voltage in mV below which nothing is told from how a current follows it.
STILL = 2.0


@dataclass(frozen=True, eq=False)
class Missing:
    """The missing current of a node, its voltage, and the node whose voltage explains it best.

    Attributes
    ----------
    node : int
    current : ndarray, shape (time,)
        nA, outward positive.
    voltage : ndarray, shape (time,)
        mV.
    partner : int
        The node o for which :math:`g (V_n - V_o)` fits best; -1 for a cell of one node.
    siemens : float
        That g in uS.
    left : float
        The part of the mean square that the fit leaves.
    """

    node: int
    current: np.ndarray
    voltage: np.ndarray
    partner: int
    siemens: float
    left: float

    @property
    def is_of_partner(self) -> bool:
        """Whether the current is that through a conductance to the partner."""
        return self.partner >= 0 and self.siemens != 0 and self.left < FITS


def missing_at(cell: Cell, node: int, partner: int | None = None) -> Missing:
    """The missing current of a node; the partner is looked for unless it is given."""
    own = [trace for trace in cell.traces.currents if trace.node == node]
    current, voltage = np.zeros(len(cell)), np.zeros(len(cell))
    candidates = np.arange(len(cell.sites)) if partner is None else np.array([partner])
    candidates = candidates[candidates != node]
    sums = np.zeros((2, 2, len(candidates)))
    last = None
    for rows in cell.block_rows():
        here = cell.voltage(rows)
        inflow = cell.inflow_of(node, cell.inside(rows) if cell.traces.outside else here)
        current[rows] = inflow - sum(trace.factor * trace.values[rows] for trace in own)
        voltage[rows] = here[node]
        # A gap junction of a fixed step sees the other side as it was before the step.
        before = np.concatenate([here[:, :1] if last is None else last, here[:, :-1]], axis=1)
        last = here[:, -1:]
        for lag, other in enumerate((here, before)):
            difference = here[node] - other[candidates]
            sums[lag, 0] += difference @ current[rows]
            sums[lag, 1] += np.einsum("nt,nt->n", difference, difference)
    return Missing(node, current, voltage, *_best(sums, float(current @ current), candidates))


def _best(sums: np.ndarray, power: float, candidates: np.ndarray) -> tuple[int, float, float]:
    product, square = sums[:, 0], sums[:, 1]
    siemens = np.divide(product, square, out=np.zeros_like(product), where=square > 0)
    if siemens.size == 0 or power == 0:
        return -1, 0.0, 1.0
    left = 1 - siemens * product / power
    at = np.unravel_index(int(np.argmin(left)), left.shape)
    return int(candidates[at[1]]), float(siemens[at]), float(max(left[at], 0.0))


def nature(cell: Cell, balance: CellBalance) -> str:
    """Say what the missing current of the worst node looks like.

    Parameters
    ----------
    cell : Cell
    balance : CellBalance
        In which something is noticed.

    Returns
    -------
    str
        What was seen, then what such a current may be: "constant but for 2 jumps, as that of a current
        clamp".
    """
    found = missing_at(cell, int(np.argmax(balance.unexplained)))
    return _between(cell, balance, found) or _at_one_place(found) + _where(cell, balance)


def _between(cell: Cell, balance: CellBalance, found: Missing) -> str:
    """The words for a current through a conductance to another site, or nothing."""
    if not found.is_of_partner:
        return ""
    parent, other = cell.morphology.parent, found.partner
    adjacent = parent[found.node] == other or parent[other] == found.node
    is_mirrored = bool(balance.unexplained[other] > NOTICED)
    if is_mirrored:
        mirror = missing_at(cell, other, found.node)
        is_mirrored = mirror.is_of_partner and abs(mirror.siemens / found.siemens - 1) < 0.05
    law = f"{1e3 * found.siemens:.3g} nS times its voltage minus that of {cell.sites[other]}"
    if is_mirrored and adjacent:
        return (
            f"{law}, where the same is missing: the axial resistance between the two is not that of the "
            "simulation, or a gap junction connects them"
        )
    if adjacent or found.siemens < 0:
        # All that flows along the cable follows that difference, whatever is missing.
        return ""
    also = ", where the same is missing" if is_mirrored else ""
    return f"{law}{also}, as that of a gap junction between the two"


def _at_one_place(found: Missing) -> str:
    current, voltage = found.current, found.voltage
    peak, moved = float(np.abs(current).max()), float(np.ptp(voltage))
    way = "outward" if current.mean() > 0 else "inward"
    jumps = int(np.count_nonzero(np.abs(np.diff(current)) > CHANGED * peak))
    steady = float(np.abs(np.diff(current))[np.abs(np.diff(current)) <= CHANGED * peak].sum())
    if 0 < jumps <= max(1, len(current) // 100) and steady < NEARLY * peak:
        return f"constant but for {jumps} jump{'s' * (jumps > 1)}, as that of a current clamp"
    if moved < STILL:
        return (
            f"mostly {way}, while the voltage moves by {moved:.2g} mV only, so that what it depends on "
            f"cannot be told: {_suspects(way)}"
        )
    if np.ptp(current) < NEARLY * peak:
        by = "an electrogenic pump or a steady negative clamp" if way == "outward" else "a steady clamp"
        return f"nearly constant while the voltage moves by {moved:.0f} mV, as that of {by}, not a channel"
    return _ohmic(current, voltage) or _by_sign(current, voltage, peak)


def _ohmic(current: np.ndarray, voltage: np.ndarray) -> str:
    """The words for a constant conductance, or nothing."""
    around = voltage - voltage.mean()
    slope = float(around @ current / (around @ around))
    left = current - current.mean() - slope * around
    if slope <= 0 or left @ left > FITS * (current @ current):
        return ""
    reversal = float(voltage.mean() - current.mean() / slope)
    return f"{1e3 * slope:.3g} nS times (v - {reversal:.3g} mV), as that of a leak".replace("- -", "+ ")


def _by_sign(current: np.ndarray, voltage: np.ndarray, peak: float) -> str:
    inward, outward = current < -CHANGED * peak, current > CHANGED * peak
    if not inward.any() or not outward.any():
        way = "outward" if outward.any() else "inward"
        at = voltage[outward if outward.any() else inward]
        return f"{way} at {at.min():.0f} to {at.max():.0f} mV: {_suspects(way)}"
    highest, lowest = float(voltage[inward].max()), float(voltage[outward].min())
    if highest <= lowest:
        return (
            f"inward up to {highest:.0f} mV and outward from {lowest:.0f} mV, as that of a channel or "
            "synapse that reverses in between"
        )
    return (
        f"inward at up to {highest:.0f} mV and outward from {lowest:.0f} mV on, as no single conductance "
        "is: a gap junction with a cell that was not recorded, an electrode, or several currents"
    )


def _suspects(flow: str) -> str:
    if flow == "outward":
        return "a pump, a potassium channel, an inhibitory synapse, a gap junction or a negative clamp"
    return "an electrode or clamp, an excitatory synapse, a sodium or calcium channel or a gap junction"


def _where(cell: Cell, balance: CellBalance) -> str:
    """Whether it is a mechanism of the membrane: the same per area in several compartments."""
    area = np.asarray(cell.morphology.area)
    there = (balance.unexplained > NOTICED) & (area > 0)
    if there.sum() < 2:
        return ""
    density = 100 * balance.outward[there] / area[there]
    if np.ptp(density) > NEARLY * np.abs(density).max():
        return ""
    return f"; the same per area ({density.mean():.3g} mA/cm2) in all {there.sum()}: in the membrane"
