"""A y axis that is logarithmic on both sides of zero, and linear close to it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, Locator, MaxNLocator, NullFormatter

from neo_currentscape.style.scales import plain_or_power

#: Decades on each side of zero that an axis shows.
DECADES = 4

#: Decades, of both sides together, that all are labelled.
FEW = 5

#: Length of the linear part on each side, in decades.
LINEAR = 0.5


def set_scale(axes: Any, values: np.ndarray) -> None:
    """Give a y axis a logarithmic scale in both directions, linear around zero, that fits values.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    values : ndarray
        What is shown. The axis is linear up to the decade `DECADES` below the largest.
    """
    finite = np.abs(values[np.isfinite(values)])
    peak = finite.max() if finite.size and finite.max() > 0 else 1.0
    threshold = 10.0 ** (np.ceil(np.log10(peak)) - DECADES)
    axes.set_yscale("symlog", linthresh=threshold, linscale=LINEAR)
    # Margins of a linear axis would be decades on the other side of zero.
    axes.autoscale(None, axis="y")
    axes.yaxis.set_major_locator(Ticks(threshold))
    axes.yaxis.set_major_formatter(FuncFormatter(_written))
    axes.yaxis.set_minor_locator(Ticks(threshold, every=1))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _written(value: float, _: int | None) -> str:
    return plain_or_power(value)


class Ticks(Locator):
    """Ticks at zero, and at the same decades on both sides, so far apart that they are read.

    Parameters
    ----------
    threshold : float
        Where the linear part ends.
    every : int, optional
        Decades from tick to tick; by default what leaves few.
    """

    def __init__(self, threshold: float, every: int | None = None) -> None:
        self.least, self.every = int(np.round(np.log10(threshold))), every

    def __call__(self) -> Any:
        """The ticks of what is shown now."""
        axis: Any = self.axis
        return self.tick_values(*axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """The ticks between two limits.

        Examples
        --------
        >>> Ticks(0.1).tick_values(-2000, 50).tolist(), Ticks(0.1).tick_values(0, 2000).tolist()
        ([-1000.0, -10.0, 0.0, 10.0], [0.0, 0.1, 1.0, 10.0, 100.0, 1000.0])
        """
        low, high = sorted((float(vmin), float(vmax)))
        reach = [self._decades(-low), self._decades(high)]
        every = self.every or (1 if sum(reach) <= FEW else 2)
        top = self.least + max(reach) - 1
        # The decade at zero is too near to it to be labelled where others are left out.
        exponents = range(top, self.least - (every == 1), -every)
        decades = np.array([float(f"1e{exponent}") for exponent in exponents])
        ticks = np.unique(np.concatenate([-decades, [0.0], decades]))
        slack = 1e-9 * np.abs(ticks)
        ticks = ticks[(ticks >= low - slack) & (ticks <= high + slack)]
        if len(ticks) >= 2 or self.every:
            return ticks
        closer = np.asarray(MaxNLocator(4).tick_values(low, high))
        return closer[(closer >= low) & (closer <= high)]

    def _decades(self, end: float) -> int:
        """Decades from the threshold to an end of the axis, both counted."""
        return max(0, int(np.floor(np.log10(end) + 1e-9)) - self.least + 1) if end > 0 else 0
