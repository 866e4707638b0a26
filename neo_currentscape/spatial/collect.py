"""The signals of a Segment sorted by compartment and type of current, and what is refused of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.recording import time_checks, timebase
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.spatial.channels import Known, here_or_unread
from neo_currentscape.spatial.current_types import CAPACITIVE, typing
from neo_currentscape.spatial.factors import Factors
from neo_currentscape.spatial.traces import Trace, Traces
from neo_currentscape.spatial.unread import Source, Unread

#: Roles of signals that count.
ROLES = ("voltage", "current", "electrode", "capacitive")


def collect(segment: Any, morphology: Morphology, types: Any = None, neuron: int | None = None) -> Traces:
    """Sort the signals of a Segment by node and type.

    Parameters
    ----------
    segment : neo.Segment
        Signals with the annotations ``role``, ``site`` and, for currents, ``positive``.
    morphology : Morphology
    types : optional
        See `neo_currentscape.spatial.current_types.typing`.
    neuron : int, optional
        Keep the signals whose ``channel_index`` is this.

    Returns
    -------
    Traces

    Raises
    ------
    SelectionError
        When the Segment holds no currents, or none of a compartment.
    SignalError
        When times differ, or a signal holds NaN.
    UnitsError
        When a density has no area.
    """
    name_of = typing(types)
    nodes = {site: n for n, site in enumerate(morphology.sites)}
    found, factors = Traces(), Factors()
    seen: dict[int, str] = {}
    known = Known()
    for signal, column in _channels(here_or_unread(segment), neuron):
        about = known.of(signal)
        role, site, name = about.roles[column], about.sites[column], about.names[column]
        node = nodes.get(site or "")
        outside = node is None and role == "voltage"
        node = nodes.get(about.around[column] or "") if outside else node
        if node is None or role not in ROLES:
            continue
        _check_times(found, signal, site or "")
        values = _values_of(signal, column, about.source, site or "")
        if role == "voltage":
            held = found.outside if outside else found.voltage
            held[node] = values, factors.of(signal, "mV")
            continue
        seen[node] = site or ""
        label = CAPACITIVE if role == "capacitive" else name_of(name or role, site or "")
        factor = factors.of(signal, "nA", about.areas[column])
        inward = about.directions[column] or ("inward" if role == "electrode" else "outward")
        sign = -1.0 if inward == "inward" else 1.0
        trace = Trace(node, found.kind(label), values, sign * factor, role == "electrode")
        if about.remainders[column]:
            found.remainders.setdefault(node, []).append(trace)
        found.currents.append(trace)
    _check_complete(found, seen, morphology)
    return found


def _channels(signals: Iterable[Any], neuron: int | None) -> Iterable[tuple[Any, int]]:
    for signal in signals:
        index = signal.array_annotations.get("channel_index")
        for column in range(signal.shape[1]):
            if neuron is None or index is None or int(index[column]) == neuron:
                yield signal, column


def _values_of(signal: Any, column: int, source: Source, site: str) -> Any:
    if is_lazy(signal):
        return Unread(source, column)
    values = signal.view(np.ndarray)[:, column]
    _refuse_nan(values, signal, site)
    return values


def _check_times(found: Traces, signal: Any, site: str) -> None:
    if found.clock is None:
        time_checks.check_signal(signal, f"{signal.name!r} of {site}")
        found.clock = signal
        return
    # Signals of one run have the same times to the last digit, which is quickly seen.
    if signal.shape[0] == found.clock.shape[0] and _stamp(signal) == _stamp(found.clock):
        return
    first = notes.sites_of(found.clock)[0]
    time_checks.check_same_times(
        found.clock, signal, f"{found.clock.name} of {first}", f"{signal.name} of {site}"
    )


def _stamp(signal: Any) -> tuple:
    """What tells the times of a signal: of even ones two numbers, of others the array itself."""
    if not timebase.is_regular(signal):
        return (id(signal.times),)
    return _plain(signal.t_start), _plain(signal.sampling_rate)


def _plain(quantity: Any) -> tuple:
    # Comparing or parsing units costs far more than the numbers do.
    return float(quantity.magnitude), *((u.name, n) for u, n in quantity.dimensionality.items())


def _refuse_nan(values: np.ndarray, signal: Any, site: str) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum(dtype=float)):
            return
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        time = timebase.float_times(signal, "ms")[bad[0]]
        raise SignalError(
            f"{signal.name!r} of {site} is {values[bad[0]]} at {time:g} ms ({len(bad)} of {len(values)} "
            "samples): every compartment is needed at every time, so mend it or leave those times out."
        )


def _check_complete(found: Traces, seen: Mapping[int, str], morphology: Morphology) -> None:
    if not found.currents:
        raise SelectionError(
            "The Segment holds no currents of the sites of the morphology: their signals need the "
            "annotations role='current' and site=..., which every adapter writes."
        )
    cells = [n for n in range(len(morphology)) if not morphology.is_joint[n]]
    for held, what in ((seen, "current"), (found.voltage, "voltage")):
        missing = [morphology.sites[n] for n in cells if n not in held]
        if missing:
            raise SelectionError(
                f"{len(missing)} of {len(cells)} compartments have no {what} ({missing[0]} ...): record "
                "every compartment of the cell."
            )
