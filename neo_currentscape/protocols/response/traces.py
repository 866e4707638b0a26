"""The response of one cell to an injected current: times, voltage, current, out of a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.amplifier import is_unsaid
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.protocols.response.channel_values import values_of
from neo_currentscape.protocols.response.injected import in_time_of, named, recorded_current
from neo_currentscape.protocols.response.injection import Told, waveform
from neo_currentscape.protocols.response.levels import Level, levels_of
from neo_currentscape.recording.inventory import Variable, inventory, segment_of
from neo_currentscape.recording.match import describe, not_found
from neo_currentscape.recording.patterns import matching
from neo_currentscape.recording.regions import section_of
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
    begin : float
        Time of the Segment in ms that is 0 in ``times``.
    note : str
        A sentence on which of several steps is meant, where nobody told.
    """

    times: np.ndarray
    voltage: np.ndarray
    current: np.ndarray
    lag: int
    exact: tuple[float, float] | None
    told: Told
    segment: neo.Segment
    selection: dict[str, Any]
    begin: float = 0.0
    note: str = ""

    @property
    def step(self) -> float:
        """The sampling interval in ms; the mean of unequal ones."""
        return float((self.times[-1] - self.times[0]) / (len(self.times) - 1))

    @property
    def slack(self) -> float:
        """By how much a time may be off, in ms: less than a sample, however late the sweep began."""
        return min(1e-6 * max(1.0, float(self.times[-1])), 0.1 * self.step)

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
    sweep_time: bool = False,
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
    sweep_time : bool
        Count times from the first sample, where a sweep begins later than at 0.
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
    _check_clamp(segment)
    variables = inventory(segment, units)
    potential, site = _voltage(variables, voltage, site)
    variables = [v for v in variables if v is not potential]
    if electrode is not None:
        named(variables, electrode)
    neuron = _neuron(potential, neuron)
    times, v = values_of(potential, neuron, "mV")
    if not np.isfinite(v).all():
        raise SignalError(f"Voltage {potential.name!r} holds NaN or infinite values: cut them out first.")
    told = in_time_of(Told.read(segment, injection), injection, times, sweep_time)
    rule = potential.signal.annotations.get("derivative", "backward")
    current = None
    if told.is_chirp or not told.is_whole:
        # A recorded chirp is exact to the step; an annotated one may be off by one.
        current = recorded_current(variables, electrode, neuron, times)
    begin = float(times[0]) if sweep_time else 0.0
    if begin:
        times = times - begin
    if current is None and told.is_whole:
        current = waveform(told, times)
    exact = told.limits
    if current is None:
        raise SelectionError(told.missing(segment, _beside(variables)))
    lag = 0 if exact is not None or rule == "backward" else 1
    return Trace(times, v, current, lag, exact, told, segment, {"neuron": neuron, "site": site}, begin)


def _beside(variables: Sequence[Variable]) -> str:
    """What currents there are, where none is said to be injected."""
    unsaid = [v for v in variables if is_unsaid(v)]
    if unsaid:
        return f"nothing says whether {unsaid[0].name!r} is: if so, write electrode={unsaid[0].name!r}"
    unitless = [v.name for v in variables if v.role == "other" and "units={" in v.reason]
    if unitless:
        return (
            f"{unitless[0]!r} has no unit: if it is, write electrode={unitless[0]!r} and "
            f"units={{{unitless[0]!r}: 'pA'}}"
        )
    others = [v for v in variables if v.role == "current"]
    return f"its currents are taken for membrane currents: {describe(others)}" if others else ""


def _check_clamp(segment: neo.Segment) -> None:
    if segment.annotations.get("clamp") == "voltage":
        name = f" {segment.name!r}" if segment.name else ""
        raise SelectionError(
            f"Segment{name} is of voltage clamp (its annotation clamp), where the response to an injected "
            "current is needed: use the protocols of voltage clamp, or segments of current clamp."
        )


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
        hits = matching(found, name) or _told_volts(variables, name)
        if not hits:
            raise not_found(found, name, "voltage=")
        found = hits
    held = [v for v in variables if v.role == "command" and v.kind == "voltage"]
    if not found and held:
        raise SelectionError(
            f"The segment holds no membrane potential, as its voltage was clamped: {held[0].name!r} is the "
            "command. Use the protocols of voltage clamp, or segments of current clamp."
        )
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


def _told_volts(variables: Sequence[Variable], name: str) -> list[Variable]:
    """Signals of a name that are in volts, as units= may tell, though something else was read off them."""
    return [v for v in matching(variables, name) if v.kind == "voltage" and v.role != "command"]


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
