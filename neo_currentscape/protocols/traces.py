"""The response of one cell to an injected current: times, voltage, current, out of a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.amplifier import is_unsaid
from neo_currentscape.conventions.errors import SelectionError, SignalError, UnitsError
from neo_currentscape.protocols.injection import Told, waveform
from neo_currentscape.protocols.levels import Level, levels_of
from neo_currentscape.recording.inventory import Variable, inventory, section_of, segment_of
from neo_currentscape.recording.match import describe, matching, not_found
from neo_currentscape.recording.sampling import regular_step
from neo_currentscape.recording.select import quoted

#: A flank of a measured step lasts less than this, in ms.
FLANK = 2.0


@dataclass(frozen=True)
class Trace:
    """What a protocol looks at.

    Attributes
    ----------
    times : ndarray, shape (time,)
        In ms.
    voltage : ndarray, shape (time,)
        In mV.
    current : ndarray, shape (time,)
        The injected current in nA, inward positive.
    lag : int
        0 where the current of a sample drove the step to that sample (NEURON, "backward"), 1 where it
        drives the step away from it ("forward").
    exact : tuple of float, or None
        Onset and end of the injection in ms, where they were told.
    told : Told
        What the annotations, or the caller, say of the injection.
    segment : neo.Segment
    selection : dict
        Neuron and site, as `neo_currentscape.Recording.from_segment` takes them.
    """

    times: np.ndarray
    voltage: np.ndarray
    current: np.ndarray
    lag: int
    exact: tuple[float, float] | None
    told: Told
    segment: neo.Segment
    selection: dict[str, Any]

    @property
    def step(self) -> float:
        """The sampling interval in ms; the mean of unequal ones."""
        return float((self.times[-1] - self.times[0]) / (len(self.times) - 1))

    @cached_property
    def levels(self) -> list[Level]:
        """The stretches with one current each."""
        return levels_of(self.current, max(3, round(FLANK / self.step)))

    @property
    def is_regular(self) -> bool:
        """Whether all sampling intervals are the same."""
        return regular_step(self.times) is not None


def trace_of(
    source: Any,
    *,
    neuron: int | None = None,
    site: str | None = None,
    voltage: str | None = None,
    electrode: str | Sequence[str] | None = None,
    units: Mapping[str, Any] | None = None,
    **injection: Any,
) -> Trace:
    """Read the voltage and the injected current of a Segment.

    Parameters
    ----------
    source : neo.Segment, or neo.Block that holds one
    neuron : int, optional
        Index of the neuron; may be left out where there is one.
    site : str, optional
        Where the voltage is taken; may be left out where one was recorded.
    voltage : str, optional
        Name of the membrane potential.
    electrode : str or sequence of str, optional
        Names of the injected currents, which are summed; by default all that are not zero.
    units : mapping, optional
        Units of signals that are stored without one, by name.
    **injection
        ``amplitude``, ``onset``, ``duration`` (Quantities), and of a chirp ``f_start``, ``f_stop`` and
        ``chirp``: what was injected. They go before annotations of the Segment of the same names,
        and those before a recorded current.

    Returns
    -------
    Trace

    Raises
    ------
    SelectionError
        When there is no voltage, or several; when nothing tells what was injected.
    UnitsError, SignalError
        When a signal cannot be used.
    """
    segment = segment_of(source)
    told = Told.read(segment, injection)
    variables = inventory(segment, units)
    potential, site = _voltage(variables, voltage, site)
    neuron = _neuron(potential, neuron)
    times, v = _values(potential, neuron, "mV")
    if not np.isfinite(v).all():
        raise SignalError(f"Voltage {potential.name!r} holds NaN or infinite values: cut them out first.")
    rule = potential.signal.annotations.get("derivative", "backward")
    current = None
    if told.is_chirp or not told.is_whole:
        # A recorded chirp is exact to the step; an annotated one may be off by one.
        current = _recorded(variables, electrode, neuron, times)
    if current is None and told.is_whole:
        current = waveform(told, times)
    exact = told.limits
    if current is None:
        others = [v for v in variables if v.role == "current" or is_unsaid(v)]
        raise SelectionError(told.missing(segment, describe(others)))
    lag = 0 if exact is not None or rule == "backward" else 1
    return Trace(times, v, current, lag, exact, told, segment, {"neuron": neuron, "site": site})


def _voltage(
    variables: Sequence[Variable], name: str | None, site: str | None
) -> tuple[Variable, str | None]:
    found = [v for v in variables if v.role == "voltage"]
    if site is not None:
        sites = sorted({v.site for v in found if v.site is not None})
        found = [v for v in found if v.site is not None and site in (v.site, section_of(v.site))]
        if not found:
            raise SelectionError(
                f"No voltage was recorded at site {site!r}: the sites are {quoted(sites)}."
            )
    if name is not None:
        hits = matching(found, name)
        if not hits:
            raise not_found(found, name, "voltage=")
        found = hits
    if not found:
        raise SelectionError(
            "The segment holds no membrane potential, whose response a protocol is about: record it, "
            "or name the signal with voltage=... and its unit with units={name: 'mV'}."
        )
    if len(found) > 1:
        places = [v.site for v in found]
        how = "site=" if None not in places and len(set(places)) == len(found) else "voltage="
        listed = quoted(places if how == "site=" else [v.name for v in found])
        raise SelectionError(f"The segment holds {len(found)} voltages ({listed}): choose with {how}...")
    return found[0], found[0].site


def _neuron(variable: Variable, neuron: int | None) -> int | None:
    if variable.neurons is None:
        return neuron
    known = sorted(int(n) for n in variable.neurons)
    if neuron is None and len(known) > 1:
        raise SelectionError(
            f"The segment holds {len(known)} neurons ({quoted(known)}) and a protocol is about one: "
            f"write neuron={known[0]}, or another of them."
        )
    if neuron is not None and neuron not in known:
        raise SelectionError(f"Neuron {neuron} was not recorded: there are {quoted(known)}.")
    return known[0] if neuron is None else neuron


def _column(variable: Variable, neuron: int | None) -> int | None:
    if variable.neurons is None or neuron is None:
        return int(variable.columns[0])
    hits = np.flatnonzero(variable.neurons == neuron)
    return int(variable.columns[hits[0]]) if len(hits) else None


def _values(variable: Variable, neuron: int | None, unit: str) -> tuple[np.ndarray, np.ndarray]:
    signal = variable.signal.load() if hasattr(variable.signal, "load") else variable.signal
    column = _column(variable, neuron)
    factor = float((1.0 * variable.units).rescale(unit))
    values = np.asarray(signal.magnitude[:, column], dtype=float) * factor
    return np.asarray(signal.times.rescale("ms").magnitude, dtype=float), values


def _recorded(
    variables: Sequence[Variable], names: Any, neuron: int | None, times: np.ndarray
) -> np.ndarray | None:
    """Sum of the recorded injected currents at the times of the voltage; None where there is none."""
    found = [v for v in variables if v.role == "electrode"]
    # What was commanded stands for what was injected where nobody measured that.
    found = found or [v for v in variables if v.role == "command" and v.kind != "voltage"]
    if names is not None:
        wanted = [names] if isinstance(names, str) else list(names)
        found = []
        for name in wanted:
            hits = matching(variables, name)
            if not hits:
                raise not_found(variables, name, "electrode=")
            found.extend(hits)
    found = [v for v in found if _column(v, neuron) is not None]
    if not found:
        return None
    parts = [(v, _electrode(v, neuron, times)) for v in found]
    active = [(v, part) for v, part in parts if np.any(part)]
    sites = sorted({v.site for v, _ in active if v.site is not None})
    if len(sites) > 1 and names is None:
        raise SelectionError(
            f"Currents were injected at {len(sites)} sites ({quoted(sites)}): choose with electrode=..."
        )
    return np.sum([part for _, part in parts], axis=0)


def _electrode(variable: Variable, neuron: int | None, times: np.ndarray) -> np.ndarray:
    unit, factor = "nA", 1.0
    if variable.kind == "current density":
        if variable.area is None:
            raise UnitsError(
                f"Injected current {variable.name!r} is a density ({unit_tools.label(variable.units)}) "
                "without an area: annotate the signal with area=..., so that it becomes absolute."
            )
        unit, factor = "nA/um**2", float(variable.area.rescale("um**2"))
    elif variable.kind != "current":
        raise UnitsError(
            f"Injected current {variable.name!r} is in {unit_tools.label(variable.units) or 'no unit'}: "
            f"write units={{{variable.name!r}: 'nA'}}."
        )
    own, values = _values(variable, neuron, unit)
    # What is injected is inward positive, whatever its name, unless it is annotated otherwise.
    values = values * factor * (-1.0 if variable.positive == "outward" else 1.0)
    if len(own) == len(times) and np.allclose(own, times, rtol=0, atol=1e-6):
        return values
    raise SignalError(
        f"Injected current {variable.name!r} has {len(own)} samples from {own[0]:g} to {own[-1]:g} ms, the "
        f"voltage {len(times)} from {times[0]:g} to {times[-1]:g} ms: record both at the same times."
    )
