"""Figures of experiments: the panels that belong together, one above the other."""

from __future__ import annotations

from typing import Any

import quantities as pq

from neo_currentscape.conventions.plain_text import with_unit
from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.experiments.average import (
    AveragePanel,
    AverageSharesPanel,
    AverageTotalPanel,
    AverageVoltagePanel,
)
from neo_currentscape.panels.experiments.base import AXES
from neo_currentscape.panels.experiments.comparison import (
    ChangesPanel,
    ComparedVoltagePanel,
    DifferencePanel,
)
from neo_currentscape.panels.experiments.distances import DistancesPanel
from neo_currentscape.panels.experiments.multiples import MultiplesPanel
from neo_currentscape.panels.experiments.perturbation import (
    ShareDistributionsPanel,
    VoltageDistributionPanel,
)
from neo_currentscape.panels.experiments.spike_phases import SpikePhasesPanel
from neo_currentscape.panels.experiments.sweep import SweepPanel

#: Options that go to panels; the others go to the Figure.
SHARED = ("order", "palette")


def _parted(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    shared = {key: options[key] for key in SHARED if key in options}
    return shared, {key: value for key, value in options.items() if key not in SHARED}


def average_figure(average: Any, *, spread: bool = True, **options: Any) -> Figure:
    """Draw an average: voltage, totals, stacked shares, and shares with their spread.

    Parameters
    ----------
    average : Average
    spread : bool
        Whether the shares are drawn a second time as lines with bands of a standard deviation.
    **options
        ``order`` and ``palette`` for the panels; the others of `Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.event_average(recording).plot(size="column", order="name")  # doctest: +SKIP
    """
    shared, rest = _parted(options)
    panels: list[Any] = [AverageVoltagePanel(average)] if average.has_voltage else []
    panels += [
        AverageTotalPanel(average, "outward"),
        AveragePanel(average, **shared),
        AverageTotalPanel(average, "inward"),
    ]
    if spread and len(average.windows) > 1:
        panels += [AverageSharesPanel(average, d, **shared) for d in ("outward", "inward")]
    return Figure(*panels, **rest)


def sweep_figure(
    sweep: Any, *, what: str = "contributions", multiples: bool | dict = False, **options: Any
) -> Figure:
    """Draw a sweep: what is stacked over the parameter, and small multiples where asked for.

    Parameters
    ----------
    sweep : Sweep
    what : {"contributions", "shares", "charge"}
    multiples : bool or dict
        Whether the currentscapes of the steps are shown below; a dict has options of
        `MultiplesPanel`.
    **options
        ``order`` and ``palette`` for the panels; the others of `Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.sweep(block, by="amplitude").plot(multiples=True)            # doctest: +SKIP
    """
    shared, rest = _parted(options)
    panels: list[Any] = [
        SweepPanel(sweep, what=what, xlabel=_value_label(sweep) if multiples else None, **shared)
    ]
    if multiples:
        own = multiples if isinstance(multiples, dict) else {}
        panels.append(MultiplesPanel(sweep, **shared, **own))
    return Figure(*panels, **rest)


def _value_label(sweep: Any) -> str:
    return with_unit(sweep.by, sweep.values if isinstance(sweep.values, pq.Quantity) else None)


def perturbation_figure(
    perturbation: Any, *, ridges: bool = False, shares: bool = True, **options: Any
) -> Figure:
    """Draw a perturbation: the distribution of the voltage, and that of each share.

    Parameters
    ----------
    perturbation : Perturbation
    ridges : bool
        See `VoltageDistributionPanel`.
    shares : bool
        Whether the shares are shown.
    **options
        Of `Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.perturbation(block, by="factor").plot(size="page")           # doctest: +SKIP
    """
    held = all(d.voltage is not None for d in perturbation.distributions)
    panels: list[Any] = [VoltageDistributionPanel(perturbation, ridges=ridges)] if held else []
    if shares or not panels:
        panels.append(ShareDistributionsPanel(perturbation))
    return Figure(*panels, **options)


def spike_phases_figure(phases: Any, **options: Any) -> Figure:
    """Draw the shares against the voltage in each phase of the spike.

    Parameters
    ----------
    phases : SpikePhases
    **options
        As of `average_figure`.

    Returns
    -------
    neo_currentscape.Figure

    Examples
    --------
    >>> ncs.spike_phases(recording).plot(size="column")                  # doctest: +SKIP
    """
    shared, rest = _parted(options)
    return Figure(SpikePhasesPanel(phases, **shared), **rest)


def comparison_figure(comparison: Any, **options: Any) -> Figure:
    """Draw a comparison: both voltages and shares, their difference, and what changed most.

    Parameters
    ----------
    comparison : Comparison
    **options
        ``order`` and ``palette`` for the panels; the others of `Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.compare(control, drug).plot(size="column")                   # doctest: +SKIP
    """
    shared, rest = _parted(options)
    panels: list[Any] = [ComparedVoltagePanel(comparison)] if comparison.has_voltage else []
    for average, label in zip((comparison.first, comparison.second), comparison.labels, strict=True):
        own = {**shared, "order": [n for n in _names(comparison, shared) if n in average.names]}
        panels.append(AveragePanel(average, ylabel=f"Share,\n{label}", height=1.4, **own))
    panels += [DifferencePanel(comparison, d, xlabel=None, **shared) for d in ("outward", "inward")]
    # The last of the panels over bins has their axis; the ranking has one of its own.
    panels[-1] = DifferencePanel(comparison, "inward", xlabel=_axis_label(comparison), **shared)
    return Figure(*panels, ChangesPanel(comparison, **shared), **rest)


def _names(comparison: Any, shared: dict[str, Any]) -> list[str]:
    return [comparison.names[k] for k in comparison.order(shared.get("order", "charge"))]


def _axis_label(comparison: Any) -> str:
    return with_unit(AXES[comparison.axis], comparison.edges)


def distances_figure(distances: Any, **options: Any) -> Figure:
    """Draw the matrix of distances and their distribution.

    Parameters
    ----------
    distances : Distances
    **options
        Of `Figure`.

    Returns
    -------
    neo_currentscape.Figure

    Examples
    --------
    >>> ncs.distances([first, second, third]).plot(size="column")        # doctest: +SKIP
    """
    return Figure(DistancesPanel(distances), **options)
