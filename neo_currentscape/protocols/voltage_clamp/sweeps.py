"""Sweeps of a voltage clamp: the amplifier's current and the command of each, out of a Neo Block."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SelectionError,
    SignalError,
    UnitsError,
)
from neo_currentscape.conventions.options import check_options
from neo_currentscape.protocols.voltage_clamp.clamp_signals import at_site, the_one, values_of
from neo_currentscape.recording.inventory import inventory
from neo_currentscape.recording.sampling import are_same, regular_step
from neo_currentscape.recording.values import like, time_axis

#: Roles that the current of an amplifier under voltage clamp may have; what it injects is what flows out.
CURRENTS = ("membrane", "electrode", "current")


@dataclass(frozen=True)
class Sweeps:
    """Sweeps of one cell under voltage clamp, on one time base.

    Attributes
    ----------
    times : ndarray, shape (time,)
        In ms, since the begin of each sweep.
    current : ndarray, shape (sweep, time)
        Total current in pA, outward positive.
    command : ndarray, shape (sweep, time)
        In mV; the recorded voltage where no command is known.
    voltage : ndarray, shape (sweep, time), or None
        The recorded potential in mV, where there is one beside the command.
    what : str
        What they are, for messages.
    """

    times: np.ndarray
    current: np.ndarray
    command: np.ndarray
    voltage: np.ndarray | None = None
    what: str = "the Block"

    def __post_init__(self) -> None:
        rows = [("current", self.current), ("command", self.command), ("voltage", self.voltage)]
        for name, numbers in rows:
            if numbers is None:
                continue
            if np.shape(numbers) != (len(self.current), len(self.times)) or np.ndim(self.current) != 2:
                raise SignalError(
                    f"The {name} of {self.what} has the shape {np.shape(numbers)}, where (sweep, time) "
                    f"with {len(self.times)} times is needed: write e.g. {name}[None, :] for one sweep."
                )
            if not np.isfinite(numbers).all():
                raise SignalError(
                    f"The {name} of {self.what} holds NaN or infinite values: cut them out first."
                )
        if regular_step(np.asarray(self.times)) is None:
            raise SignalError(
                f"The sweeps of {self.what} are not sampled at one interval, as filters and means need: "
                "resample them first."
            )

    def __len__(self) -> int:
        return len(self.current)

    @property
    def step(self) -> float:
        """The sampling interval in ms."""
        return float((self.times[-1] - self.times[0]) / (len(self.times) - 1))

    def window(self, t_start: Any = None, t_stop: Any = None) -> Sweeps:
        """The samples of a stretch of each sweep, t_start <= t < t_stop (Quantities).

        Parameters
        ----------
        t_start, t_stop : Quantity, optional
            Of time in the sweep; to its ends by default.

        Returns
        -------
        Sweeps
        """
        ends = [
            default if t is None else unit_tools.scalar(t, "ms", what)
            for t, what, default in ((t_start, "t_start", -np.inf), (t_stop, "t_stop", np.inf))
        ]
        slack = self.step / 1000
        keep = (self.times >= ends[0] - slack) & (self.times < ends[1] - slack)
        if keep.sum() < 4:
            raise SignalError(
                f"From {ends[0]:g} to {ends[1]:g} ms there are {keep.sum()} samples of the sweeps, which "
                f"are from {self.times[0]:g} to {self.times[-1]:g} ms: choose another t_start= or t_stop=."
            )
        voltage = None if self.voltage is None else self.voltage[:, keep]
        return replace(
            self,
            times=self.times[keep],
            current=self.current[:, keep],
            command=self.command[:, keep],
            voltage=voltage,
        )

    def to_block(self) -> neo.Block:
        """A Neo Block with a Segment for each sweep: the current, the command and the voltage.

        Returns
        -------
        neo.Block
        """
        block, axis = neo.Block(name=self.what), time_axis(self.times)
        for k in range(len(self)):
            segment = neo.Segment(clamp="voltage", index=k)
            parts = [
                ("current", self.current, "pA", "membrane"),
                ("command", self.command, "mV", "command"),
            ]
            if self.voltage is not None:
                parts.append(("voltage", self.voltage, "mV", "voltage"))
            for name, numbers, unit, role in parts:
                notes = signal_annotations(role, "outward" if role == "membrane" else None)
                segment.analogsignals.append(like(axis, numbers[k][:, None], unit, name, **notes))
            block.segments.append(segment)
        return block


def sweeps_of(
    source: Any,
    what: str = "the Block",
    *,
    current: str | None = None,
    command: str | None = None,
    site: str | None = None,
    neuron: int | None = None,
    units: Any = None,
    capacitance: Any = None,
) -> Sweeps:
    """Read the sweeps of a voltage clamp.

    Parameters
    ----------
    source : neo.Block, neo.Segment, sequence of neo.Segment, or Sweeps
        A Segment for each sweep; or something that has ``sweeps``, as the results of this module.
    what : str
        What they are, for messages.
    current, command : str, optional
        Names of the amplifier's current and of the command; by default by their roles, and where one
        current, or one voltage, was recorded, that.
    site : str, optional
        The recorded place, or amplifier, where there are several.
    neuron : int, optional
        Index of the channel, where the signals have several.
    units : mapping, optional
        Units of signals that are stored without one, by name.
    capacitance : Quantity, optional
        Of the cell, for currents that are stored per capacitance (pA/pF).

    Returns
    -------
    Sweeps

    Raises
    ------
    SelectionError
        When there is no sweep, a sweep is of current clamp, or a signal is missing or ambiguous.
    SignalError
        When the sweeps differ, or a command is not sampled as its current.

    Examples
    --------
    >>> import neo
    >>> import quantities as pq
    >>> segment = neo.Segment(clamp="voltage")
    >>> for values, unit in (([0, 5, 5], "pA"), ([-80, 0, 0], "mV")):
    ...     signal = neo.AnalogSignal(values, units=unit, sampling_period=0.1 * pq.ms)
    ...     segment.analogsignals.append(signal)
    >>> sweeps = sweeps_of(segment)
    >>> sweeps.current, sweeps.command
    (array([[0., 5., 5.]]), array([[-80.,   0.,   0.]]))
    """
    source = getattr(source, "sweeps", source)
    if isinstance(source, Sweeps):
        return source if what == Sweeps.what else replace(source, what=what)
    segments = _segments(source, what)
    _check_modes(segments, what)
    names = {"current": current, "command": command}
    size = None if capacitance is None else unit_tools.positive(capacitance, "pF", "capacitance")
    found = [
        _sweep(one, f"Sweep {k} of {what}", names, site, neuron, units, size)
        for k, one in enumerate(segments)
    ]
    times = found[0][0]
    for k, (own, *_) in enumerate(found):
        if not are_same(own, times):
            raise SignalError(
                f"Sweep {k} of {what} has {len(own)} samples over {own[-1]:g} ms, and sweep 0 has "
                f"{len(times)} over {times[-1]:g} ms: pass sweeps of one protocol, e.g. "
                "block.segments[:10]."
            )
    voltages = [voltage for *_, voltage in found]
    recorded = None if any(v is None for v in voltages) else np.array(voltages)
    currents, commands = (np.array([sweep[k] for sweep in found]) for k in (1, 2))
    return Sweeps(times, currents, commands, recorded, what)


def check_selection(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Refuse keywords that neither a protocol nor `sweeps_of` takes, with the nearest that is one.

    Raises
    ------
    UnknownOptionError
    """
    known = [*inspect.signature(function).parameters, *list(inspect.signature(sweeps_of).parameters)[2:]]
    options = [name for name in dict.fromkeys(known) if name not in ("source", "selection")]
    check_options(f"protocols.{function.__name__}", given, options)


def _segments(source: Any, what: str) -> list[neo.Segment]:
    segments = source.segments if isinstance(source, neo.Block) else source
    segments = [segments] if isinstance(segments, neo.Segment) else segments
    if isinstance(segments, (str, os.PathLike)):
        raise ArgumentTypeError(
            f"{what[0].upper()}{what[1:]} is a path: read the file first, as in "
            f"neo_currentscape.adapters.icephys.read({str(segments)!r})."
        )
    if isinstance(segments, bytes) or not hasattr(segments, "__iter__"):
        raise ArgumentTypeError(
            f"{what[0].upper()}{what[1:]} is {type(source).__name__}: pass a neo.Block, or a list of "
            "Segments, with a Segment for each sweep."
        )
    found = list(segments)
    for one in found:
        if not isinstance(one, neo.Segment):
            raise ArgumentTypeError(
                f"A sweep of {what} is {type(one).__name__}: pass neo Segments, e.g. block.segments."
            )
    if not found:
        raise SelectionError(f"{what[0].upper()}{what[1:]} holds no sweep: pass a Segment for each.")
    return found


def _check_modes(segments: Sequence[neo.Segment], what: str) -> None:
    modes = [segment.annotations.get("clamp") for segment in segments]
    wrong = [k for k, mode in enumerate(modes) if mode == "current"]
    if not wrong:
        return
    rest = [k for k, mode in enumerate(modes) if mode != "current"]
    hint = (
        "use protocols.fi, passive or current_clamp"
        if not rest
        else f"leave them out, e.g. [block.segments[k] for k in {rest[:6]}]"
    )
    raise SelectionError(
        f"Sweep {wrong[0]} of {what} is of current clamp ({len(wrong)} of {len(modes)} are), where a "
        f"voltage clamp is needed: {hint}."
    )


def _sweep(
    segment: neo.Segment,
    place: str,
    names: dict[str, Any],
    site: str | None,
    neuron: int | None,
    units: Any,
    size: float | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    variables = at_site(inventory(segment, units), site, place)
    # A simulator may have recorded densities of the membrane's currents beside the clamp's.
    absolute = [v for v in variables if v.kind in ("current", "current per capacitance")]
    measured = the_one(absolute or variables, names["current"], CURRENTS, "current", place)
    # Each of several amplifiers has a command of its own.
    variables = [v for v in variables if v.site == measured.site] if measured.site else variables
    commands = [v for v in variables if v.role == "command" and v.kind == "voltage"]
    voltages = [v for v in variables if v.role == "voltage"]
    told = the_one(commands or voltages, names["command"], ("command", "voltage"), "command", place)
    if measured.kind == "current per capacitance":
        if size is None:
            raise UnitsError(
                f"{place}: {measured.name!r} is a current per capacitance "
                f"({unit_tools.label(measured.units)}): give capacitance=..., e.g. 30 * pq.pF."
            )
        times, values = values_of(measured, neuron, "pA/pF", place)
        values = values * size
    else:
        times, values = values_of(measured, neuron, "pA", place)
    own, potential = values_of(told, neuron, "mV", place)
    if not are_same(own, times):
        raise SignalError(
            f"{place}: the command {told.name!r} has {len(own)} samples over {own[-1]:g} ms, and the "
            f"current {measured.name!r} has {len(times)} over {times[-1]:g} ms: record both together."
        )
    recorded = None
    if commands and len(voltages) == 1:
        when, numbers = values_of(voltages[0], neuron, "mV", place)
        recorded = numbers if are_same(when, times) else None
    return times, values, potential, recorded
