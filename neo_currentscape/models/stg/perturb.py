"""Perturbations of the stomatogastric neuron: one conductance scaled, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.experiments.runner import run_steps
from neo_currentscape.models.stg.parameters import Parameters
from neo_currentscape.models.stg.simulation import model_of, simulate


def perturb(
    current: str,
    factors: Iterable[float],
    model: str | Parameters = "A",
    *,
    executor: Executor | None = None,
    then: Callable[[neo.Segment], Any] | None = None,
    on_step: Callable[[int, Any], None] | None = None,
    **options: Any,
) -> Any:
    """Simulate the stomatogastric neuron with one maximal conductance scaled by each of some factors.

    Parameters
    ----------
    current : str
        A label in `CURRENTS`.
    factors : sequence of float
        From 0 (blocked) over 1 (unchanged) upwards, e.g. ``np.linspace(1, 0, 101)``.
    model : str or Parameters, default "A"
    executor : concurrent.futures.Executor, optional
        Where the steps run, e.g. ``ProcessPoolExecutor(2)``; one after the other where left out.
    then : callable, optional
        Called with each Segment where it was simulated; its results are returned instead of the
        Segments. So a long perturbation needs little memory, e.g. with
        ``then=neo_currentscape.distribution``.
    on_step : callable, optional
        Called with number and result of each step as soon as it is done.
    **options
        Of `simulate`: ``t_stop``, ``dt``, ``transient``, ``i_app``, ``logarithm``.

    Returns
    -------
    neo.Block or list
        A Segment for each factor, annotated with ``factor``, ``current``, ``conductance`` (the scaled
        one) and ``model``; or the list of what ``then`` returned.

    Raises
    ------
    UnknownNameError
        When there is no such current or model.
    ArgumentError
        When there is no factor, or one is negative or not finite.

    Examples
    --------
    >>> block = perturb("CaT", [1, 0.5], t_stop=0.1 * pq.s, transient=0 * pq.s)
    >>> [float(segment.annotations["conductance"].magnitude) for segment in block.segments]
    [6.4056, 3.2028]
    """
    parameters = model_of(model)
    scales = _factors(factors)
    variants = [parameters.scaled(current, scale) for scale in scales]
    steps = [
        (variant, current, scale, then, options) for variant, scale in zip(variants, scales, strict=True)
    ]
    found = run_steps(_step, steps, executor, on_step)
    results = [found[k] for k in range(len(steps))]
    if then is not None:
        return results
    block = neo.Block(
        name=f"{parameters.name}, {current}",
        description="stomatogastric neuron with one conductance scaled",
        model=parameters.name,
        current=current,
    )
    block.segments.extend(results)
    return block


def _factors(factors: Any) -> list[float]:
    try:
        found = [float(factor) for factor in np.atleast_1d(np.asarray(factors, dtype=float))]
    except (TypeError, ValueError) as cause:
        raise ArgumentTypeError(
            f"factors={factors!r} are no numbers: write e.g. np.linspace(1, 0, 101)."
        ) from cause
    if not found:
        raise ArgumentError("factors= is empty: write e.g. np.linspace(1, 0, 101).")
    return found


def _step(variant: Parameters, current: str, scale: float, then: Any, options: dict[str, Any]) -> Any:
    segment = simulate(variant, **options).segments[0]
    segment.annotate(
        factor=pq.Quantity(scale, "dimensionless"),
        current=current,
        conductance=variant.conductances[current],
        model=variant.name.split(", ")[0],
    )
    return segment if then is None else then(segment)
