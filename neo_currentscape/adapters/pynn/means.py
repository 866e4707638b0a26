"""What flows on average over the step that begins at each sample, on NEST and Brian2.

NEST takes many small steps within one of PyNN's, Brian2 solves some cell types exactly; the voltage then
moves by the mean of each current (see `neo_currentscape.adapters.steps`). Where the simulator takes Euler
steps, the sample is the mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.pynn import models
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.steps import Course


@dataclass(frozen=True)
class Interval:
    """The intervals that begin at the samples of some neurons.

    Attributes
    ----------
    number : int
        Steps of the simulation from one sample to the next.
    length : float
        In ms.
    resets : ndarray of bool, shape (time, neuron)
        Those at whose end a spike resets the voltage, which until then goes on as it did.
    held : ndarray of bool, shape (time, neuron)
        Those that touch a spike or a refractory period.
    courses : dict of str to Course
        How variables run within them that are not straight.
    lift : ndarray, shape (time, neuron), or None
        Current (nA, outward) that lifts the voltage to the peak of a spike within the interval.
    smooth : bool
        Whether nothing sets the voltage, so that neither it nor the gates have kinks.
    """

    number: int
    length: float
    resets: np.ndarray
    held: np.ndarray
    courses: Mapping[str, Course]
    lift: np.ndarray | None
    smooth: bool


def courses(group: Group, model: models.Model, neurons: np.ndarray, number: int) -> dict[str, Course]:
    """How the variables of a cell type run between two samples, for some neurons."""
    dt = group.description["dt"]
    out = {}
    for name, tau in model.decays:
        out[name] = steps.decaying(dt / parameter(group.description, tau, neurons), number)
    for name, taus in model.rises:
        lengths = [dt / parameter(group.description, tau, neurons) for tau in taus]
        # Between samples further apart than a step spikes may bend it anywhere.
        out[name] = steps.rising_and_decaying(lengths[0], lengths[-1]) if number == 1 else steps.straight()
    return out


def lift(
    group: Group,
    model: models.Model,
    v: np.ndarray,
    neurons: np.ndarray,
    length: float,
    beyond: bool = False,
) -> np.ndarray | None:
    """The current that lifts each voltage to the peak; None for cell types without upstroke.

    With `beyond` what lifted it from the peak to where it is, without a sign.
    """
    if model.peak is None or model.peak not in (*group.description["parameters"], models.IZHIKEVICH_PEAK):
        return None
    peak, capacitance = (
        parameter(group.description, what, neurons) if isinstance(what, str) else what
        for what in (model.peak, model.capacitance)
    )
    way = v - peak if beyond else peak - v
    return (1 if beyond else -1) * capacitance * np.maximum(way, 0.0) / length


def mean(current: models.Current, arguments: Mapping[str, Any], interval: Interval) -> np.ndarray:
    """The mean of a current (nA, outward) over each interval.

    Parameters
    ----------
    current : Current
    arguments : mapping of str to ndarray
        What its formula takes, at the samples.
    interval : Interval

    Returns
    -------
    ndarray, shape (time, neuron)
    """
    curved = next((name for name, full in current.arguments.items() if full in interval.courses), None)
    if curved is not None:
        return _curved(current, arguments, curved, interval)
    sampled = np.broadcast_to(current.formula(**arguments), interval.resets.shape)
    if current.label == models.SPIKE:
        out = _exponential(arguments)
    elif interval.smooth:
        out = steps.of_smooth(sampled)
    else:
        out = steps.straight().mean(sampled)
    return np.where(interval.resets, sampled, out)


def _curved(
    current: models.Current, arguments: Mapping[str, Any], name: str, interval: Interval
) -> np.ndarray:
    """A current that is proportional to a variable with a course of its own: g (v - E), or i itself."""
    numbers, course = arguments[name], interval.courses[current.arguments[name]]
    factor = np.broadcast_to(current.formula(**{**arguments, name: 1.0}), numbers.shape)
    ends = np.where(interval.resets, factor, steps.following(factor))
    return course.product(numbers, factor, ends)


def _exponential(arguments: Mapping[str, Any]) -> np.ndarray:
    """The spike current of the EIF models, whose exponential is averaged as such."""
    width = arguments["delta_T"]
    safe = np.where(width > 0, width, 1.0)
    exponent = np.minimum((arguments["v"] - arguments["v_thresh"]) / safe, models.LARGEST)
    mean = steps.of_exponential(np.where(width > 0, exponent, 0.0))
    return -arguments["cm"] / arguments["tau_m"] * width * mean


def during_spikes(
    current: models.Current, numbers: np.ndarray, sampled: np.ndarray, interval: Interval
) -> np.ndarray:
    """Put right what lifts the voltage to its peak, and is off while the voltage is held."""
    if not current.upstroke:
        return numbers
    off = 0.0 if current.label == models.SPIKE else sampled
    held = np.where(interval.held & ~rising(interval.resets), off, numbers)
    if interval.lift is None:
        return held
    return np.where(interval.resets & (sampled != 0), interval.lift, held)


def rising(resets: np.ndarray) -> np.ndarray:
    """The last samples before each spike: up to them it is a current that lifts the voltage.

    Examples
    --------
    >>> rising(np.array([[False], [False], [True], [False]])).ravel()
    array([False,  True,  True, False])
    """
    return resets | np.concatenate([resets[1:], np.zeros_like(resets[:1])])
