"""Current clamp: the spikes of a cell under a step of current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import warn
from neo_currentscape.protocols.carriers import Carriers, rheobase_carriers
from neo_currentscape.protocols.response.current_step import Step
from neo_currentscape.protocols.response.levels import roughness
from neo_currentscape.protocols.response.noise import is_noisy
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.protocols.result import ProtocolResult
from neo_currentscape.recording.crossings import crossings

#: Between two spikes a noisy voltage falls below the threshold by so many standard deviations of its noise.
CHATTER = 5.0


#: Part of a step for which the voltage may be above the threshold.
DEPOLARISED = 0.4


@dataclass(frozen=True)
class CurrentClamp(ProtocolResult):
    """A response to a step of current, and its spikes; see `neo_currentscape.protocols.current_clamp`.

    Attributes
    ----------
    trace : Trace
    step : Step
    threshold : Quantity
        Voltage whose upward crossings are spikes.
    """

    trace: Trace
    step: Step
    threshold: pq.Quantity

    @property
    def amplitude(self) -> pq.Quantity:
        """Of the step, in nA."""
        return self.step.amplitude * pq.nA

    @cached_property
    def spike_indices(self) -> np.ndarray:
        """Sample of each spike, in the whole recording.

        Noise about the threshold is no train of spikes: where the voltage is noisy, it must have been below
        the threshold by some standard deviations of its noise since the spike before.
        """
        voltage, level = self.trace.voltage, float(self.threshold.rescale("mV"))
        found = crossings(voltage, level)[0]
        if len(found) < 2 or not is_noisy(voltage):
            return found
        lowest = np.minimum.reduceat(voltage, found)[:-1]
        return found[np.append(True, lowest < level - CHATTER * roughness(voltage))]

    @property
    def spike_times(self) -> pq.Quantity:
        """Time of each spike in the whole recording, in ms."""
        return self.trace.times[self.spike_indices] * pq.ms

    @property
    def spike_count(self) -> int:
        """Number of spikes in the whole recording."""
        return len(self.spike_indices)

    @property
    def spikes_in_step(self) -> int:
        """Number of spikes under the step."""
        found = self.spike_indices
        return int(((found > self.step.rest) & (found <= self.step.final)).sum())

    @property
    def duration(self) -> pq.Quantity:
        """How long the step lasts, in ms."""
        first, last = max(self.step.rest, 0), self.step.final
        return float(self.trace.times[last] - self.trace.times[first]) * pq.ms

    @property
    def rate(self) -> pq.Quantity:
        """Spikes under the step, over its duration, in Hz."""
        return self.rate_in_hz * pq.Hz

    @property
    def rate_in_hz(self) -> float:
        """`rate` as a number."""
        first, last = max(self.step.rest, 0), self.step.final
        return 1e3 * self.spikes_in_step / float(self.trace.times[last] - self.trace.times[first])

    @property
    def latency(self) -> pq.Quantity | None:
        """Time from the onset of the step to its first spike, in ms; None where there is none."""
        found = self.spike_indices[self.spike_indices > self.step.rest]
        if not len(found):
            return None
        return float(self.trace.times[found[0]] - self.trace.times[max(self.step.rest, 0)]) * pq.ms

    def to_spiketrain(self) -> neo.SpikeTrain:
        """The spikes as a Neo SpikeTrain.

        Returns
        -------
        neo.SpikeTrain
        """
        t = self.trace.times
        return neo.SpikeTrain(
            self.spike_times,
            t_start=t[0] * pq.ms,
            t_stop=t[-1] * pq.ms,
            threshold=self.threshold,
            **{key: value for key, value in self.trace.selection.items() if value is not None},
        )

    @cached_property
    def carriers(self) -> Carriers | None:
        """Which currents bring the cell to its first spike; None where there is no spike."""
        return rheobase_carriers(self) if self.spike_count and self.step.rest >= 0 else None

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found."""
        names = ("amplitude", "spike_count", "spikes_in_step", "rate", "latency", "spike_times")
        return [(name, getattr(self, name)) for name in names]

    def figure_panels(self) -> list[Any]:
        """Panels of the figure: voltage with the spikes, and the injected current."""
        from neo_currentscape.protocols.figures import clamp_panels

        return clamp_panels(self)


def say_depolarised(runs: Sequence[CurrentClamp]) -> None:
    """Warn of sweeps whose voltage stays above the threshold, which not each spike crosses then."""
    level = float(runs[0].threshold.rescale("mV"))
    high = [run for run in runs if np.mean(run.trace.voltage[_under(run.step)] >= level) > DEPOLARISED]
    if high:
        warn(
            f"In {len(high)} of {len(runs)} sweeps the voltage is above the threshold of {level:g} mV for "
            f"more than {DEPOLARISED:.0%} of the step (first at {1e3 * high[0].step.amplitude:.4g} pA): "
            "spikes that do not come back below it are not counted; write e.g. threshold=0 * pq.mV."
        )


def _under(step: Step) -> slice:
    return slice(max(step.rest, 0), step.final + 1)
