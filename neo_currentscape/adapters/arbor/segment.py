"""From the samples of Arbor's probes to a Neo Segment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.arbor.kinds import KINDS, MEASURED, STIMULUS_ERROR
from neo_currentscape.adapters.arbor.samples import Stretch, area_of, columns, common_times
from neo_currentscape.adapters.arbor.site import ProbedSite, ProbeTrace
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    UnitsError,
    require,
    unknown_name,
    warn,
)
from neo_currentscape.conventions.given import mapping, one_of
from neo_currentscape.conventions.plain_text import brief

#: What is wanted, where something else was given.
PROBES = 'probes takes {name: ("ion_current_cell", handle)}'


def to_segment(
    simulation: Any,
    probes: Mapping[str, tuple[str, Any]],
    *,
    morphology: Any = None,
    area: Any = None,
    capacitance: Any = None,
    reversal: Mapping[str, Any] | None = None,
    stimulus_error: float | None = None,
) -> neo.Segment:
    """Put what the probes of one cable cell sampled into a Neo Segment.

    Arbor's currents are evaluated at the voltage that they are sampled with, and then linearised to
    take the step: C (v[k+1] - v[k])/dt = -(i[k] + (di/dv)[k] (v[k+1] - v[k])) + stimulus[k] +
    axial[k+1]. With the reversal potentials of all currents the current that really flowed in each
    step is known, and the balance is exact; without, it holds to the first order in the step, which
    the voltage's annotation ``unaligned`` says.

    Parameters
    ----------
    simulation : arbor.simulation
        That was run.
    probes : mapping of str to (str, handle)
        Under the name that the signal gets: the probe's function without ``cable_probe_``, e.g.
        ``"ion_current_cell"``, and what ``simulation.sample`` returned. All on one schedule.
    morphology : arbor.morphology or arbor.segment_tree, optional
        Tells the area of each stretch of cable.
    area : Quantity, optional
        Area of the one site that was probed, where there is no morphology.
    capacitance : Quantity, optional
        Capacitance of the membrane per area, e.g. ``1 * pq.uF / pq.cm**2``; for the balance.
    reversal : mapping of str to Quantity, str or mapping, optional
        Reversal potential of each current, or the name of the probe that sampled it, or a mapping
        from sites to potentials. ``"nonspecific"`` is what the total holds beyond the ions that were
        probed.
    stimulus_error : float, optional
        How many stimuli too many a total current holds, for versions of Arbor that were not measured.

    Returns
    -------
    neo.Segment
        A signal for each probe and site, annotated with role, positive, site and area. A site is a
        stretch of cable, ``"(cable 0 0 0.1)"``, where a probe of the whole cell was given (points lie
        in their stretch), else a point, ``"(location 0 0.5)"``. From the totals follow the current
        ``nonspecific`` (total - ions) and the inflow ``axial`` (total with the capacitive current -
        stimulus). Where the step can be aligned the first sample is left out.

    Raises
    ------
    SelectionError, SignalError
        When a probe holds no samples, or was sampled at other times than the others.
    ArgumentError
        When a reversal potential makes a conductance negative or suddenly huge, as that of a sum of
        several does; when a total current cannot be corrected: all versions from 0.9 to 0.12.2 subtract the
        stimulus twice from it, so that the stimulus has to be probed as well.

    Examples
    --------
    >>> handle = simulation.sample((0, "na"), schedule)                            # doctest: +SKIP
    >>> to_segment(simulation, {"ina": ("ion_current_cell", handle), ...})         # doctest: +SKIP
    """
    _check(simulation, probes)
    found = {label: columns(simulation, label, handle) for label, (_, handle) in probes.items()}
    times = common_times(found)
    sites = _sites(found, probes)
    _check_reversal(reversal or {}, probes)
    error = _stimulus_error(stimulus_error, probes)
    segment = neo.Segment(name="Arbor cell")
    clocks = {False: Clock(times), True: Clock(times[1:])}
    left_out: dict[str, None] = {}
    for stretch, site in sites.items():
        own_area = _area(stretch, morphology, area, len(sites))
        site.check()
        site.correct(error, own_area)
        traces, is_aligned, unaligned = site.finish(dict(reversal or {}))
        writer = Writer(clocks[is_aligned], site=str(stretch), area=own_area)
        _add(writer, traces, is_aligned, capacitance, _what_to_write(unaligned))
        writer.into(segment)
        left_out.update(dict.fromkeys(name for name in unaligned if name not in (reversal or {})))
    if reversal and left_out:
        warn(
            f"reversal= is not given for {', '.join(map(repr, left_out))}: what it would align stays as "
            "sampled, and the balance holds to the first order in the step only."
        )
    return segment


def _check(simulation: Any, probes: Any) -> None:
    if not hasattr(simulation, "samples"):
        raise ArgumentTypeError(
            f"An arbor.simulation is needed, not {brief(simulation)}: pass the one that was run."
        )
    for label, given in mapping(probes, PROBES).items():
        if not isinstance(given, (tuple, list)) or len(given) != 2:
            raise ArgumentTypeError(f"{PROBES}, not {brief(given)} for {label!r}.")
        one_of(given[0], list(KINDS), f"kind of probe ({label!r})")
    if not probes:
        raise ArgumentError(f"No probe was given: {PROBES}.")


def _what_to_write(unaligned: list[str]) -> str | None:
    """The annotation of a voltage whose currents are not all aligned with the step."""
    if not unaligned:
        return None
    names = ", ".join(f"{name!r}: ..." for name in unaligned)
    return f"give to_segment(..., reversal={{{names}}}) to align them"


def _sites(
    found: Mapping[str, list[tuple[Stretch, np.ndarray, np.ndarray]]],
    probes: Mapping[str, tuple[str, Any]],
) -> dict[Stretch, ProbedSite]:
    """Sort the columns by site; points go to the stretch of cable that holds them."""
    stretches = sorted(
        {
            stretch
            for sampled in found.values()
            for stretch, _, _ in sampled
            if stretch.start < stretch.stop
        },
        key=lambda stretch: stretch.stop - stretch.start,
    )
    # A stretch that holds another one is not a site of its own, but e.g. a mechanism's region.
    sites: dict[Stretch, ProbedSite] = {}
    for label, sampled in found.items():
        kind = probes[label][0]
        for stretch, _, values in sampled:
            if stretches and stretch.start == stretch.stop and kind.endswith("_cell"):
                continue  # a fork, which has no membrane; its voltage is not that of the stretch beside it
            home = next((s for s in stretches if s.holds(stretch)), stretch)
            site = sites.setdefault(home, ProbedSite(home))
            name = label if label not in site.traces else f"{label}{stretch}"
            site.traces[name] = ProbeTrace(kind, KINDS[kind], values)
    return dict(sorted(sites.items(), key=lambda item: (item[0].branch, item[0].start)))


def _area(stretch: Stretch, morphology: Any, area: Any, n_sites: int) -> Any:
    if area is not None:
        if n_sites > 1:
            raise ArgumentError(
                f"area= is one area and {n_sites} sites were probed: give morphology= instead."
            )
        return units.scalar(area, "um**2", "area") * pq.um**2
    if morphology is None or stretch.start == stretch.stop:
        return None
    arbor = require("arbor", "arbor", "Measuring the area of a cable")
    if isinstance(morphology, arbor.segment_tree):
        morphology = arbor.morphology(morphology)
    return area_of(stretch, morphology)


def _check_reversal(reversal: Mapping[str, Any], probes: Mapping[str, Any]) -> None:
    for name, value in reversal.items():
        if name not in probes and name != "nonspecific":
            raise unknown_name("current in reversal=", name, [*probes, "nonspecific"])
        if isinstance(value, str) and value not in probes:
            raise unknown_name(f"probe of reversal[{name!r}]", value, probes)


def _stimulus_error(given: float | None, probes: Mapping[str, tuple[str, Any]]) -> float:
    """How many stimuli too many the total currents of this version of Arbor hold."""
    if given is not None:
        return float(given)
    version = require("arbor", "arbor", "Reading the samples of a cable cell").__version__
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    totals = [label for label, (kind, _) in probes.items() if kind.startswith("total_")]
    if totals and not MEASURED[0] <= numbers <= MEASURED[1]:
        raise ArgumentError(
            f"Total currents ({totals[0]!r}) of Arbor {version} were not measured (0.9 to 0.12.2 subtract "
            "the stimulus twice): write stimulus_error=-2, or 0 if your version is right."
        )
    return STIMULUS_ERROR


def _add(
    writer: Writer,
    traces: Mapping[str, ProbeTrace],
    is_aligned: bool,
    capacitance: Any,
    unaligned: str | None,
) -> None:
    for name, trace in traces.items():
        notes: dict[str, Any] = {}
        if trace.kind.role == "voltage":
            notes["derivative"] = "backward" if is_aligned else "forward"
            if unaligned is not None:
                notes["unaligned"] = unaligned
            if capacitance is not None:
                notes["capacitance"] = _capacitance(capacitance)
        kind = trace.kind
        writer.add(name, trace.values, kind.units, kind.role, kind.positive, **notes)


def _capacitance(capacitance: Any) -> Any:
    if not isinstance(capacitance, pq.Quantity) or units.kind(capacitance) != "capacitance density":
        raise UnitsError(f"capacitance={capacitance!r} is none per area: write e.g. 1 * pq.uF / pq.cm**2.")
    return capacitance.rescale("uF/cm**2")
