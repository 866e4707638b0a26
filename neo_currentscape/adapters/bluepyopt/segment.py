"""From the responses of BluePyOpt's protocols to a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.bluepyopt.kinds import STIMULUS
from neo_currentscape.adapters.bluepyopt.traces import (
    PlaceTraces,
    add_place,
    as_trace,
    scalar_area,
    scalar_capacitance,
)
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SelectionError,
    SignalError,
    unknown_name,
    warn,
)

#: Responses of one protocol: location, variable, response.
Found = dict[str, dict[str, Any]]


def to_segment(
    responses: Mapping[str, Any],
    protocol: str | None = None,
    location: str | None = None,
    *,
    area: Any = None,
    capacitance: Any = None,
    units: str | Mapping[str, Any] | None = None,
) -> neo.Segment:
    """Put the responses of one protocol into a Neo Segment.

    Responses are called "protocol.location.variable", as ``"Step.soma.ina"``. What `record` recorded is
    taken as it is, with every current of the location, its area and its balance. Of the others the name of
    the NEURON variable tells the role; a total of an ion (``ina``) of which mechanisms were recorded as
    well (``ina_NaTg``) is replaced by what these leave of it, ``ina_other``, if anything.

    Parameters
    ----------
    responses : mapping of str to TimeVoltageResponse
        What ``protocol.run`` or ``evaluator.run_protocols`` returned, also of BluePyEModel.
    protocol : str, optional
        Which one, where there are several.
    location : str, optional
        One of them; all unless told, each a ``site``.
    area : float, Quantity or mapping, optional
        Area of the recorded compartment, in um**2 where it is a number, or by location. Densities become
        absolute with it; ``soma(0.5).area()`` of NEURON tells it.
    capacitance : float or Quantity, optional
        Of the membrane, in uF/cm**2 where it is a number; for the balance.
    units : str or mapping, optional
        The unit of the currents, "mA/cm**2" unless told: **BluePyEModel's own recordings are "pA"**. Or
        units by variable, ``{"zap": "nA"}``, for those that their name does not explain.

    Returns
    -------
    neo.Segment
        Named after the protocol. Irregular signals after a variable step, with both sides of its jumps.
        After a fixed step, without the first sample: such currents are one step late, which the balance
        says.

    Raises
    ------
    SelectionError
        When there is no such protocol or location, its simulation failed, or a name explains nothing.
    UnitsError
        When currents are too large for densities.
    SignalError
        When the responses of a location do not share their times.

    Warns
    -----
    CurrentscapeWarning
        When currents in pA are so small that they seem to be densities.

    Examples
    --------
    >>> times, v = [0.0, 0.1, 0.25, 0.3], [-65.0, -64.9, -64.5, -64.6]
    >>> responses = {
    ...     "Step.soma.v": {"time": times, "voltage": v},
    ...     "Step.soma.ik": {"time": times, "voltage": [0.01, 0.02, 0.02, 0.03]},
    ... }
    >>> segment = to_segment(responses, area=400.0)
    >>> [
    ...     (s.name, s.annotations["role"], s.units.dimensionality.string)
    ...     for s in segment.irregularlysampledsignals
    ... ]
    [('v', 'voltage', 'mV'), ('ik', 'current', 'mA/cm**2')]
    """
    grouped = _grouped(responses)
    found = grouped[_chosen("protocol", protocol, grouped)]
    segment = neo.Segment(name=protocol or next(iter(grouped)))
    if location is not None and location not in found:
        raise unknown_name("location", location, found)
    failed = [place for place, held in found.items() if any(each is None for each in held.values())]
    if failed:
        raise SelectionError(
            f"Protocol {segment.name!r} was not simulated to its end: its responses at "
            f"{', '.join(map(repr, failed))} are None."
        )
    stimulus = found.pop(STIMULUS, None) if len(found) == 2 else None
    for name in found if location is None else [location]:
        exact = next((each.segment for each in found[name].values() if hasattr(each, "segment")), None)
        if exact is not None:
            _take(segment, exact, name)
            continue
        place = _place(segment.name, name, found[name], stimulus)
        place.area = scalar_area(area.get(name) if isinstance(area, Mapping) else area)
        place.capacitance = scalar_capacitance(capacitance)
        add_place(segment, place, units)
    return segment


def to_block(responses: Mapping[str, Any], **options: Any) -> neo.Block:
    """Put the responses of all protocols into a Neo Block, with a Segment for each.

    Parameters
    ----------
    responses : mapping of str to TimeVoltageResponse
    **options
        As for `to_segment`.

    Returns
    -------
    neo.Block

    Raises
    ------
    SelectionError
        When none was simulated to its end.

    Warns
    -----
    CurrentscapeWarning
        Of the protocols whose simulation failed: they are left out.

    Examples
    --------
    >>> responses = evaluator.run_protocols(
    ...     protocols.values(), parameters
    ... )  # doctest: +SKIP
    >>> for segment in bluepyopt.to_block(responses).segments:  # doctest: +SKIP
    ...     ncs.Currentscape.from_segment(segment).plot()
    """
    grouped = _grouped(responses)
    failed = [
        name
        for name, found in grouped.items()
        if any(response is None for held in found.values() for response in held.values())
    ]
    block = neo.Block(name="BluePyOpt responses")
    for name in grouped:
        if name not in failed:
            block.segments.append(to_segment(responses, name, **options))
    if not block.segments:
        raise SelectionError(
            f"No protocol was simulated to its end: responses of {', '.join(map(repr, failed))} are None."
        )
    if failed:
        warn(f"Protocols whose simulation failed are left out: {', '.join(map(repr, failed))}.")
    return block


def _grouped(responses: Mapping[str, Any]) -> dict[str, Found]:
    """Responses by protocol, location and variable; numbers, as thresholds are, are none."""
    if not isinstance(responses, Mapping):
        raise ArgumentTypeError(
            f"Responses are a mapping of names as 'Step.soma.ina', not {type(responses).__name__}: pass "
            "what protocol.run returned."
        )
    grouped: dict[str, Found] = {}
    for key, response in responses.items():
        parts = str(key).rsplit(".", 2)
        if len(parts) < 3 or not (response is None or hasattr(response, "__getitem__")):
            continue
        protocol, location, variable = parts
        grouped.setdefault(protocol, {}).setdefault(location, {})[variable] = response
    if not grouped:
        raise SelectionError(
            "No response is called as 'protocol.location.variable', e.g. 'Step.soma.ina': name recordings "
            "so."
        )
    return grouped


def _chosen(what: str, name: str | None, known: Mapping[str, Any]) -> str:
    if name is None and len(known) == 1:
        return next(iter(known))
    if name is None:
        raise SelectionError(
            f"There are {len(known)} {what}s, {', '.join(map(repr, list(known)[:10]))}: write {what}=..., "
            "or to_block for all of them."
        )
    if name not in known:
        raise unknown_name(what, name, known)
    return name


def _place(protocol: str, location: str, held: Mapping[str, Any], stimulus: Any) -> PlaceTraces:
    """The traces of a location, whose times have to be the same."""
    times: np.ndarray | None = None
    values = {}
    for variable, response in held.items():
        name = f"{protocol}.{location}.{variable}"
        own = as_trace(name, response["time"])
        if times is not None and not np.array_equal(own, times):
            raise SignalError(
                f"Response {name!r} has other times than those before it at {location!r}: record all with "
                "one step, without a sampling interval of their own."
            )
        times, values[variable] = own, as_trace(name, response["voltage"])
        if len(values[variable]) != len(own):
            raise SignalError(f"Response {name!r} has {len(values[variable])} values and {len(own)} times.")
    assert times is not None
    place = PlaceTraces(location, times, values)
    if stimulus is not None:
        response = next(iter(stimulus.values()))
        place.stimulus = np.interp(times, response["time"], response["voltage"])
    return place


def _take(segment: neo.Segment, exact: neo.Segment, location: str) -> None:
    """The signals that NEURON's recorder made, under the name of the location."""
    own = deepcopy(exact)
    for held, theirs in (
        (segment.analogsignals, own.analogsignals),
        (segment.irregularlysampledsignals, own.irregularlysampledsignals),
        (segment.epochs, own.epochs),
    ):
        for data in theirs:
            data.annotations["site"] = location
            held.append(data)
