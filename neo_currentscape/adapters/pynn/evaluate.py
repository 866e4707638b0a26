"""The values of a current at the samples: as the backend's steps take it."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn import clamped, means, models, overshoot
from neo_currentscape.adapters.pynn.alignment import linearised
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import model_of
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording import sampling, timebase


def known_model(group: Group) -> models.Model:
    """The equations of the group's cell type.

    Raises
    ------
    SelectionError
        When they are not known.
    """
    model = model_of(group.description)
    if model is None:
        raise SelectionError(
            f"Cell type {group.description['celltype']!r} of population {group.label} has no known "
            f"currents (known are {', '.join(models.MODELS)} and PointNeuron): record them natively."
        )
    return model


def steps_between(group: Group, signal: Any) -> int:
    """Steps of a fixed-step simulation from one sample to the next; 0 where samples and steps differ."""
    if not timebase.is_regular(signal):
        return 0
    ratio = float(signal.sampling_period.rescale("ms")) / group.description["dt"]
    number = round(ratio)
    return number if number and abs(ratio - number) < sampling.TOLERANCE * number else 0


def every_step(group: Group, signal: Any) -> bool:
    """Whether a signal holds every step of a fixed-step simulation."""
    return steps_between(group, signal) == 1


def is_implicit(group: Group, signal: Any) -> bool:
    """Whether a signal holds every step of NEURON's implicit method."""
    return group.description["simulator"] == "NEURON" and every_step(group, signal)


def current(
    group: Group,
    voltage: Any,
    current: models.Current,
    arguments: dict[str, Any],
    neurons: np.ndarray,
    marked: neo.Segment,
) -> np.ndarray:
    """The values of a current in nA, outward positive.

    Parameters
    ----------
    group : Group
    voltage : neo signal
        Whose times are taken.
    current : Current
        Of the cell type.
    arguments : dict of str to ndarray
        What its formula takes, of these neurons.
    neurons : ndarray of int, shape (neuron,)
    marked : neo.Segment
        With the epochs in which spikes set the voltage.

    Returns
    -------
    ndarray, shape (time, neuron)
    """
    model, number = known_model(group), steps_between(group, voltage)
    simulator = group.description["simulator"]
    if simulator == "NEURON" or not number:
        if current.linear:
            return current.formula(**arguments)
        held = clamped.samples(marked, voltage, neurons)
        return _nonlinear(group, model, voltage, current, arguments, neurons, held)
    interval = _interval(group, model, voltage, neurons, marked, arguments.get("v"))
    sampled = np.broadcast_to(current.formula(**arguments), interval.resets.shape)
    is_sample = simulator in model.euler and number == 1
    numbers = sampled if is_sample else means.mean(current, arguments, interval)
    return means.during_spikes(current, numbers, sampled, interval)


def _interval(
    group: Group, model: models.Model, voltage: Any, neurons: np.ndarray, marked: neo.Segment, v: Any
) -> means.Interval:
    number, length = steps_between(group, voltage), float(voltage.sampling_period.rescale("ms"))
    return means.Interval(
        number=number,
        length=length,
        resets=clamped.resets(group, model, voltage, neurons),
        held=clamped.samples(marked, voltage, neurons),
        courses=means.courses(group, model, neurons, number),
        lift=None if v is None else means.lift(group, model, v, neurons, length),
        smooth=number == 1 and model.refractory is None,
    )


def _nonlinear(
    group: Group,
    model: models.Model,
    voltage: Any,
    current: models.Current,
    arguments: dict[str, Any],
    neurons: np.ndarray,
    held: np.ndarray,
) -> np.ndarray:
    """A current that is not linear in the voltage, on NEURON or where steps and samples differ."""
    sampled = np.broadcast_to(current.formula(**arguments), held.shape)
    off = 0.0 if current.label == models.SPIKE else sampled
    if not is_implicit(group, voltage):
        return np.where(held, off, sampled)
    others = {name: value for name, value in arguments.items() if name != "v"}
    numbers = linearised(lambda at: current.formula(v=at, **others), arguments["v"])
    # Up to the sample above threshold it is what moves the voltage; after it, a rule of the cell is.
    resets = clamped.resets(group, model, voltage, neurons)
    numbers = np.where(held & ~means.rising(resets), off, numbers)
    lift = means.lift(group, model, arguments["v"], neurons, group.description["dt"], beyond=True)
    if current.upstroke and lift is not None:
        overshoot.check(group, current, arguments["v"], numbers, np.where(resets, lift, 0.0))
    return numbers
