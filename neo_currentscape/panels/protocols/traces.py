"""The voltage of a protocol, and what was injected, over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.panels.protocols.lines import LinesPanel
from neo_currentscape.style import text
from neo_currentscape.style.elements import options_checked


@dataclass(frozen=True)
class TracePanel(LinesPanel):
    """Base of the panels over the time of a trace, which needs no membrane currents.

    Parameters
    ----------
    source : object
        What a protocol gave, with its trace.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    needs: ClassVar[tuple[str, ...]] = ("trace", "has_currents", "rows")
    shows: ClassVar[str] = "the result of a protocol"
    made_by: ClassVar[str] = "protocols.passive(segment)"

    @property
    def values(self) -> np.ndarray:
        """What is drawn, shape (time,)."""
        raise NotImplementedError

    @property
    def recorded(self) -> tuple[float, float]:
        """First and last time of the trace, in ms."""
        times = self.source.trace.times
        last = float(times[-1]) + (self.source.trace.step if len(times) > 500 else 0.0)
        return float(times[0]), last

    def lines(self) -> Iterator[tuple[np.ndarray, np.ndarray, Any]]:
        """The one line of the trace."""
        yield self.source.trace.times, self.values, text.ink()


@options_checked
@dataclass(frozen=True)
class ResponsePanel(TracePanel):
    """The voltage that a protocol looks at, in mV; options as for `TracePanel`."""

    label: ClassVar[str] = "Voltage"
    unit: ClassVar[str] = "mV"
    natural_height: ClassVar[float] = 1.0

    @property
    def values(self) -> np.ndarray:
        """The voltage in mV."""
        return self.source.trace.voltage


@options_checked
@dataclass(frozen=True)
class InjectedPanel(TracePanel):
    """The injected current, inward positive.

    Parameters
    ----------
    source : object
        What a protocol gave, with its trace.
    units : Quantity or str
        Of the current.
    **options
        As for `TracePanel`.
    """

    units: Any = field(default="pA", kw_only=True)

    label: ClassVar[str] = "Injected"
    natural_height: ClassVar[float] = 0.6

    @property
    def unit(self) -> Any:  # type: ignore[override]
        """Of the current."""
        return unit_tools.parse_units(self.units)

    @property
    def values(self) -> np.ndarray:
        """The injected current in that unit."""
        return self.source.trace.current * float(unit_tools.parse_units("nA").rescale(self.unit.units))
