"""What flows on average over a simulator's step, from the samples at its two ends.

A simulator that integrates exactly, or with many small steps within one, moves the voltage by the *mean*
of each current over the step. A sample is not that mean: a conductance that decays with tau = 0.2 ms
loses 21 % of itself, on average, within 0.1 ms after a spike. `Course` says how a variable runs between
two samples; its means make the balance of a step exact and a charge independent of the step's length.

All means stand at the sample where the step begins, so that the forward difference of the voltage
balances them. Arrays have shape (time, neuron), parameters (neuron,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

#: Nodes and weights of Gauss and Legendre on the unit interval: exact to rounding for all courses here.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2

#: Two time constants nearer than this part are taken for so far apart: the limit is an alpha function.
_APART = 1e-5


@dataclass(frozen=True)
class Course:
    r"""How a variable runs from one sample to the next: :math:`x(u) = x_0\,a(u) + x_1\,b(u)`.

    :math:`u` goes from 0 to 1 over the step, :math:`x_0` and :math:`x_1` are the samples at both ends.

    Attributes
    ----------
    first, second : ndarray, shape (2,) or (2, neuron)
        Mean of :math:`a` (of :math:`b`), and of :math:`u` times it.
    left : ndarray or float
        What is left of :math:`x_0` at the end, where :math:`x_1` minus that arrived in between.
    """

    first: np.ndarray
    second: np.ndarray
    left: Any = 0.0

    def mean(self, numbers: np.ndarray) -> np.ndarray:
        """Mean over the step that begins at each sample; the last one has no end and stays as it is.

        Examples
        --------
        >>> decaying(np.array([0.5])).mean(np.array([[1.0], [0.0]])).round(4)
        array([[0.7869],
               [0.    ]])
        """
        return self.first[0] * numbers + self.second[0] * following(numbers)

    def product(
        self, numbers: np.ndarray, others: np.ndarray, ends: np.ndarray | None = None
    ) -> np.ndarray:
        """Mean of the product with a variable that is straight within the step, as the voltage is.

        Not the product of two means: both may change much within a step. `ends` is where the other
        variable arrives, if not at its next sample (a voltage that is reset there).

        Examples
        --------
        >>> x = np.array([[0.0], [1.0]])
        >>> straight().product(x, x).round(4)[0]        # of u times u
        array([0.3333])
        """
        later = following(others) if ends is None else ends
        begin = others * (self.first[0] - self.first[1]) + later * self.first[1]
        end = others * (self.second[0] - self.second[1]) + later * self.second[1]
        return numbers * begin + following(numbers) * end

    def staying(self, numbers: np.ndarray) -> np.ndarray:
        """Mean of what was there at the beginning of the step, as if nothing arrived within it."""
        return (self.first[0] + self.left * self.second[0]) * numbers

    def arrived(self, numbers: np.ndarray) -> np.ndarray:
        """Mean of what arrived within the step, without what was there at its beginning."""
        return (following(numbers) - self.left * numbers) * self.second[0]


def following(numbers: np.ndarray) -> np.ndarray:
    """The next sample of each; the last one follows itself."""
    return np.concatenate([numbers[1:], numbers[-1:]])


def constant() -> Course:
    """What stands still within the step that begins at its sample."""
    return Course(np.array([1.0, 0.5]), np.zeros(2))


def straight() -> Course:
    """What is smooth: a straight line between two samples."""
    return Course(np.array([1 / 2, 1 / 6]), np.array([1 / 2, 1 / 3]))


def decaying(steps: np.ndarray, number: int = 1) -> Course:
    r"""What decays exponentially, and jumps only at the end of a step, as at spikes.

    Parameters
    ----------
    steps : ndarray, shape (neuron,)
        Length of a step over the time constant, :math:`h / \tau`.
    number : int
        Steps from one sample to the next. Where there are more than one, what arrived in between and
        partly decayed may have done so at the end of any of them, all equally likely.

    Returns
    -------
    Course
    """
    whole = np.asarray(steps, dtype=float) * number
    first = _of_decay(whole)
    if number == 1:
        return Course(first, np.zeros_like(first))
    # An arrival of 1 leaves q**i after i further steps, and its integral is tau (1 - q**i).
    left = -np.expm1(-whole) / -np.expm1(-np.asarray(steps, dtype=float))
    arrived = (number - left) / (left * whole)
    second = np.stack([arrived, arrived / 2])
    return Course(first - np.exp(-whole) * second, second, np.exp(-whole))


def relaxing(steps: np.ndarray) -> Course:
    """What approaches exponentially a value that stays constant over the step."""
    x = np.asarray(steps, dtype=float)
    whole = -np.expm1(-x)
    first = _moments(lambda u: (np.exp(-x * u) - np.exp(-x)) / whole)
    return Course(first, _moments(lambda u: -np.expm1(-x * u) / whole))


def rising_and_decaying(decay: np.ndarray, rise: np.ndarray) -> Course:
    """What is a sum of two exponentials whose slope jumps at spikes: a beta or an alpha function.

    Parameters
    ----------
    decay, rise : ndarray, shape (neuron,)
        Length of a step over both time constants; equal ones make the alpha function.
    """
    slow, fast = np.asarray(decay, dtype=float), np.asarray(rise, dtype=float)
    fast = np.where(np.abs(fast - slow) < _APART * slow, slow * (1 + _APART), fast)
    apart = np.exp(-slow) - np.exp(-fast)

    def first(u: Any) -> Any:
        return (np.exp(-fast * u - slow) - np.exp(-slow * u - fast)) / apart

    def second(u: Any) -> Any:
        return (np.exp(-slow * u) - np.exp(-fast * u)) / apart

    return Course(_moments(first), _moments(second))


def before_jumps(steps: np.ndarray) -> Course:
    """What decays and was recorded at the end of each step, before that step's spikes."""
    x = np.asarray(steps, dtype=float)
    second = _moments(lambda u: np.exp(x * (1 - u)))
    return Course(np.zeros_like(second), second)


def late(course: Course | None = None) -> Course:
    """A course from a sample that the simulator records one step late: the one at the step's end.

    Without a course what stands still, with `decaying` what decays from its value at the beginning.
    """
    course = course or constant()
    return Course(np.zeros_like(course.first), course.first)


def _of_decay(x: np.ndarray) -> np.ndarray:
    """The moments of exp(-x u); where x is large in closed form, which cancels where it is small."""
    large = np.maximum(x, 1.0)
    closed = np.stack([-np.expm1(-x) / large, (1 - np.exp(-x) * (1 + x)) / large**2])
    return np.where(x > 1, closed, _moments(lambda u: np.exp(-np.minimum(x, 1.0) * u)))


def _moments(function: Any) -> np.ndarray:
    """Mean over the unit interval of a function of u, and of u times it; shape (2, neuron)."""
    values = np.stack([function(u) for u in _NODES])
    return np.stack([np.tensordot(_WEIGHTS, values, 1), np.tensordot(_WEIGHTS * _NODES, values, 1)])


def of_smooth(numbers: np.ndarray) -> np.ndarray:
    r"""Mean over each step of what has no kinks, from four samples; its error is of fourth order.

    :math:`(-x_{-1} + 13 x_0 + 13 x_1 - x_2) / 24`, whose sum is that of the samples but for the ends, so
    that no charge is changed.

    Examples
    --------
    >>> t = np.arange(6.0)[:, None]
    >>> of_smooth(t**3)[2], (3.0**4 - 2.0**4) / 4
    (array([16.25]), 16.25)
    """
    out = (numbers + following(numbers)) / 2
    if len(numbers) > 3:
        bend = numbers[3:] - numbers[2:-1] - numbers[1:-2] + numbers[:-3]
        out[1:-2] -= bend / 24
    return out


def of_exponential(exponent: np.ndarray) -> np.ndarray:
    r"""Mean over each step of :math:`e^{x}`, from x at the samples.

    Below 0 x is taken as straight. Above, where it rises by nothing but its own exponential, as the
    upstroke of an exponential integrate-and-fire neuron does, it is :math:`e^{-x}` that is straight, and
    the mean is :math:`(x_1 - x_0) / (e^{-x_0} - e^{-x_1})`: bounded, where the sample diverges.

    Examples
    --------
    >>> t = np.array([[0.0], [0.5], [0.9]])           # e**x = 1 / (1 - t), whose integral is -log(1 - t)
    >>> (of_exponential(-np.log(1 - t))[:2] * np.diff(t, axis=0)).ravel().round(4)
    array([0.6931, 1.6094])
    """
    start, end = exponent, following(exponent)
    change = end - start
    small = np.abs(change) < 1e-6
    safe = np.where(small, 1.0, change)
    # Written from the larger end, so that nothing overflows.
    falling = -np.expm1(-np.abs(safe)) / np.abs(safe)
    top = np.exp(np.maximum(start, end))
    bottom = np.exp(np.minimum(start, end))
    by_straight = np.where(small, np.exp(start + change / 2), top * falling)
    by_itself = np.where(small, by_straight, bottom / falling)
    return np.where((start >= 0) & (change > 0), by_itself, by_straight)


def decay_of(numbers: np.ndarray) -> np.ndarray:
    """The length of a step over the time constant, from samples that mostly decay freely.

    Returns
    -------
    ndarray, shape (neuron,)
        1e-9 where nothing decays.

    Examples
    --------
    >>> decay_of(np.exp(-0.2 * np.arange(9.0))[:, None]).round(6)
    array([0.2])
    """
    size = np.abs(numbers)
    before, after = size[:-1], size[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        free = np.where((before > 1e-3 * size.max(axis=0)) & (after < before), after / before, np.nan)
    some = np.isfinite(free).any(axis=0)
    ratio = np.ones(numbers.shape[1])
    # What arrives only makes the ratio larger; rounded samples make the least one too small.
    ratio[some] = np.nanquantile(free[:, some], 0.2, axis=0)
    return np.maximum(-np.log(np.clip(ratio, 1e-12, 1.0)), 1e-9)
