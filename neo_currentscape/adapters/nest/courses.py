"""How NEST's variables run between two samples, and their means over the steps that begin at the samples.

NEST updates a neuron from one step to the next; spikes that arrive at the end of a step change its
synapses there, before they are recorded. So a conductance decays from each sample on, whereas some models
record what drove the step that *ends* at the sample. A `Rule` says which it is, for each variable of a
model; what has none is smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.steps import Course

Values = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Sampling:
    """How often was sampled.

    Attributes
    ----------
    interval : float
        Between two samples, in ms; NaN where there is only one.
    number : int
        Steps of the simulation from one sample to the next.
    """

    interval: float
    number: int = 1

    @property
    def step(self) -> float:
        """Length of a step of the simulation, in ms."""
        return self.interval / self.number


@dataclass(frozen=True)
class Rule:
    """How a variable runs between two samples.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    taus : tuple of str
        Parameters that hold its time constants.
    """

    kind: str = "straight"
    taus: tuple[str, ...] = ()

    def at(self, index: int) -> Rule:
        """The same rule for one of several receptors, whose parameters are lists."""
        return Rule(self.kind, tuple(f"{name}[{index}]" for name in self.taus))

    def course(self, p: Values, sampling: Sampling, numbers: np.ndarray) -> Course:
        """The course over one interval.

        Where a single time constant is not known it is read off the samples, of which most decay freely.
        """
        taus = [tau for tau in (value_of(p, name) for name in self.taus) if tau is not None]
        if len(taus) == len(self.taus):
            return KINDS[self.kind](sampling.number, *(sampling.step / tau for tau in taus))
        if self.kind == "two" or sampling.number > 1:
            return steps.straight()
        return KINDS[self.kind](1, steps.decay_of(numbers))


def value_of(p: Values, name: str) -> np.ndarray | None:
    """A parameter by name, or one of a list of them by "name[index]"; None where it is not known."""
    key, _, index = name.partition("[")
    if key not in p:
        return None
    return p[key][..., int(index[:-1])] if index else p[key]


def _decaying(number: int, x: np.ndarray) -> Course:
    return steps.decaying(x, number)


def _two(number: int, decay: np.ndarray, rise: np.ndarray | None = None) -> Course:
    # Between samples further apart than a step spikes may bend it anywhere.
    if number > 1:
        return steps.straight()
    return steps.rising_and_decaying(decay, decay if rise is None else rise)


def _relaxing(number: int, x: np.ndarray) -> Course:
    return steps.relaxing(x) if number == 1 else steps.straight()


def _late(number: int) -> Course:
    return steps.late() if number == 1 else steps.straight()


def _late_decaying(number: int, x: np.ndarray) -> Course:
    return steps.late(steps.decaying(x)) if number == 1 else steps.decaying(x, number)


def _before_jumps(number: int, x: np.ndarray) -> Course:
    if number == 1:
        return steps.before_jumps(x)
    both = steps.straight()
    return Course(both.first * np.expm1(x) / x, both.second * np.expm1(x) / x)


def _shifted(number: int, x: np.ndarray | None = None) -> Course:
    if x is None or number > 1 or (x != x[..., :1]).any():
        return steps.straight()
    return steps.rising_and_decaying(x[..., 0], x[..., 0])


#: What each kind of `Rule` makes of the number of steps in an interval, and the lengths of a step over
#: its time constants.
KINDS: dict[str, Callable[..., Course]] = {
    # smooth, or known no better
    "straight": lambda number: steps.straight(),
    # what stands still from the sample on
    "constant": lambda number: steps.constant(),
    # what decays from the sample on, and jumps at spikes
    "decaying": _decaying,
    # the same, where only the neuron's own spikes make it jump, which set the voltage as well
    "decaying from spikes": _decaying,
    # an alpha function (one time constant) or a beta function (decay, rise)
    "two": _two,
    # what approaches a value that is constant within a step
    "relaxing": _relaxing,
    # what stood still over the step that ends at the sample
    "late": _late,
    # what decayed over the step that ends at the sample, from the recorded value on
    "late decaying": _late_decaying,
    # what decayed to the recorded value at the end of the step, where spikes then changed it
    "before jumps": _before_jumps,
    # what is smooth, but recorded before a spike sets the voltage
    "before spikes": lambda number: steps.straight(),
    # what is smooth, but jumps at the end of a step with a spike, after it acted
    "jumps at spikes": lambda number: steps.straight(),
    # what is recorded one step late; a sum of alpha functions, maybe of one time constant
    "shifted": _shifted,
}


@dataclass(frozen=True)
class Means:
    """Means of recorded variables over the intervals that begin at the samples.

    Attributes
    ----------
    values : dict of str to ndarray, shape (time, node)
        As recorded, but for what is recorded late.
    courses : dict of str to Course
        Of those variables that are not straight.
    times : ndarray, shape (time,)
        In ms.
    interval : float
        Between two samples, in ms.
    reset : ndarray of bool, shape (time, node), or None
        The intervals at whose end a spike sets the voltage: it stays until then what it was.
    spikes : ndarray of bool, shape (time, node), or None
        The intervals at whose end a spike changes currents.
    jumping : frozenset of str
        The variables that it changes.
    own : frozenset of str
        The conductances that jump where a spike sets the voltage, and nowhere else.
    smooth : bool
        Whether voltage and gates have no kinks, and every step was sampled.
    every : bool
        Whether every step of the simulation was sampled.
    """

    values: Values
    courses: Mapping[str, Course]
    times: np.ndarray
    interval: float
    reset: np.ndarray | None = None
    spikes: np.ndarray | None = None
    jumping: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    smooth: bool = False
    every: bool = True

    def of(self, name: str) -> np.ndarray:
        """Mean of a variable."""
        numbers = self.values[name]
        if name.startswith(("V_m", "v_comp")):
            return self._mean(numbers, self.ends(numbers))
        if name in self.jumping and self.spikes is not None:
            return (numbers + self.at_end(name)) / 2
        return self.courses.get(name, steps.straight()).mean(numbers)

    def at_end(self, name: str) -> np.ndarray:
        """What a variable is at the end of each interval, before a spike changes it there."""
        numbers = self.values[name]
        if name in self.jumping and self.spikes is not None:
            return np.where(self.spikes, numbers, steps.following(numbers))
        return steps.following(numbers)

    def driven(self, conductance: str, voltage: str, reversal: np.ndarray) -> np.ndarray:
        """Mean of g (V - E), of which both may change within an interval."""
        drive = self.values[voltage] - reversal
        course = self.courses.get(conductance, steps.straight())
        numbers = self.values[conductance]
        mean = course.product(numbers, drive, self.ends(drive))
        if conductance in self.own and self.reset is not None:
            # What a spike opens finds the voltage that the spike set, not the one before it.
            opened = course.arrived(numbers) * steps.following(drive)
            mean = np.where(self.reset, course.staying(numbers) * drive + opened, mean)
        return mean

    def later(self, numbers: np.ndarray) -> np.ndarray:
        """What acts over a step with its value at the end; the mean where steps were skipped."""
        return steps.following(numbers) if self.every else self.mean(numbers)

    def mean(self, numbers: np.ndarray) -> np.ndarray:
        """Mean of what is computed at the samples, such as the product of gates and voltage."""
        return self._mean(numbers, steps.following(numbers))

    def _mean(self, numbers: np.ndarray, ends: np.ndarray) -> np.ndarray:
        if self.smooth:
            return steps.of_smooth(numbers)
        ends = ends + numbers
        ends *= 0.5
        return ends

    def ends(self, v: np.ndarray) -> np.ndarray:
        """Where a voltage arrives at the end of each interval, before a spike sets it."""
        ends = steps.following(v)
        return ends if self.reset is None else np.where(self.reset, v, ends)
