"""What a multimeter recorded, as flat arrays: from the live device, its events, or its files.

NEST hands events out as one array per variable, with the node that each sample came from under
``senders`` and its time under ``times`` (or, with ``time_in_steps``, as whole steps under
``times`` plus ``offsets``). They are not sorted by time: they stand in blocks of slices, senders
and threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set, ValuesView
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest import ascii_files
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    SignalError,
    require,
)
from neo_currentscape.conventions.plain_text import brief, numbers_told

#: Keys of an events dict that are not recorded variables.
BOOKKEEPING = ("senders", "times", "offsets")


@dataclass(frozen=True)
class Events:
    """Everything that one multimeter recorded.

    Attributes
    ----------
    senders : ndarray of int, shape (sample,)
        Node id that each sample came from.
    times : ndarray of float, shape (sample,)
        In ms.
    values : dict of str to ndarray, shape (sample,)
        One array for each variable.
    """

    senders: np.ndarray
    times: np.ndarray
    values: dict[str, np.ndarray]


def is_live(source: Any) -> bool:
    """Whether a source is a NodeCollection of the running NEST (which is not imported for this)."""
    return type(source).__name__ == "NodeCollection"


def read(source: Any, resolution: Any = None) -> list[Events]:
    """Read what one or several multimeters recorded.

    Parameters
    ----------
    source : NodeCollection, dict, DataFrame, str, Path, or a sequence of those
        The live device(s), events, the status that holds them, or the label of files of the ascii backend.
    resolution : Quantity, optional
        Length of a step, for times that were recorded in steps.

    Returns
    -------
    list of Events
        One for each multimeter.

    Raises
    ------
    CurrentscapeError
        When the source is none of those, or holds no events.
    """
    step = None if resolution is None else units.scalar(resolution, "ms", "resolution")
    if is_live(source):
        return _read_live(source)
    if hasattr(type(source), "columns") and hasattr(source, "items"):
        # A DataFrame of events, as pandas makes it of the dict.
        source = {str(name): np.asarray(column) for name, column in source.items()}
    if isinstance(source, Mapping):
        # The status of a multimeter, as multimeter.get() returns it, holds its events.
        inside = source.get("events") if "senders" not in source else None
        return [from_dict(inside if isinstance(inside, Mapping) else source, step)]
    if isinstance(source, (str, Path)):
        return [from_dict(table, step) for table in ascii_files.read(source)]
    if isinstance(source, (Sequence, Set, Iterator, ValuesView)):
        found = [events for part in source for events in read(part, resolution)]
        if found:
            return found
        raise ArgumentError("No multimeter was given: pass one, its events, or the label of its files.")
    raise ArgumentTypeError(
        f"A multimeter cannot be read from {type(source).__name__}: pass the device, its events, a "
        "tuple of those, or the label of its ascii files."
    )


def of_neurons(found: Sequence[Events], neurons: Any) -> list[Events]:
    """What was recorded of some neurons only.

    Parameters
    ----------
    found : sequence of Events
    neurons : NodeCollection, int, or sequence of int
        Node ids.

    Returns
    -------
    list of Events
        Without those that have nothing of these neurons.

    Raises
    ------
    SelectionError
        When a neuron was not recorded.
    ArgumentError
        When no neuron is named.
    """
    wanted = np.atleast_1d(neurons.tolist() if is_live(neurons) else neurons)
    if not len(wanted) or wanted.dtype.kind not in "iu":
        raise ArgumentError(
            f"neurons={brief(neurons)} names no neurons: write node ids, e.g. neurons=[5, 8], or "
            "nodes[2:5]."
        )
    wanted = np.unique(wanted)
    recorded = np.unique(np.concatenate([events.senders for events in found]))
    absent = np.setdiff1d(wanted, recorded)
    if len(absent):
        raise SelectionError(
            f"neurons= names node {absent[0]}, of which nothing was recorded: the multimeter holds "
            f"{numbers_told(recorded.tolist(), 'node')} (neurons= takes node ids, or nodes[2:5])."
        )
    chosen = [(events, np.isin(events.senders, wanted)) for events in found]
    return [
        Events(events.senders[mine], events.times[mine], {k: v[mine] for k, v in events.values.items()})
        for events, mine in chosen
        if mine.any()
    ]


def _read_live(multimeters: Any) -> list[Events]:
    nest = require("nest", "nest", "Reading a NEST multimeter")
    if not len(multimeters):
        raise ArgumentError("The NodeCollection holds no node: pass the one of the multimeter.")
    return [events for device in multimeters for events in _read_device(nest, device)]


def _read_device(nest: Any, device: Any) -> list[Events]:
    step = float(nest.resolution)
    try:
        # The only question, because NEST copies all events whatever is asked of a device, even its id.
        recorded = device.get("events")
    except KeyError:
        recorded = None
    if recorded is not None:
        return [from_dict(recorded, step, "events of the multimeter")]
    status = device.get()
    number = status["global_id"]
    if "record_from" not in status:
        raise ArgumentTypeError(
            f"Node {number} is a {status['model']}, which records no variables over time: pass the "
            "multimeter."
        )
    if str(status["record_to"]) == "ascii":
        return [from_dict(table, step) for table in ascii_files.read_files(status["filenames"])]
    raise ArgumentError(
        f"Multimeter {number} records to '{status['record_to']}', which cannot be read back: create it "
        "with record_to='memory' or 'ascii'."
    )


def from_dict(events: Mapping[str, Any], step: float | None, what: str = "events") -> Events:
    """Check an events dict and bring its times to ms.

    Parameters
    ----------
    events : mapping
        As ``multimeter.events``.
    step : float or None
        Length of a step in ms; needed where times are in steps.
    what : str
        How errors name the events.

    Returns
    -------
    Events
    """
    for key in ("senders", "times"):
        if key not in events:
            raise SignalError(
                f"The {what} have no {key!r} (there are {', '.join(map(repr, events)) or 'no keys'}): pass "
                "the events of a multimeter, with its 'senders', 'times' and variables."
            )
    senders = np.asarray(events["senders"])
    values = {str(key): np.asarray(v) for key, v in events.items() if key not in BOOKKEEPING}
    if len(senders) == 0:
        raise SignalError(
            f"The {what} hold no samples: create the multimeter with record_from=[...], connect it with "
            "nest.Connect(multimeter, neurons), and simulate for longer than its interval."
        )
    if not values:
        raise SignalError(
            f"The {what} hold no variable, only senders and times (a spike recorder's?): "
            "create the multimeter with record_from=['V_m', ...]."
        )
    _check_lengths(events, len(senders), what)
    times = _times_in_ms(events, step, what)
    bad = ~np.isfinite(times)
    if bad.any():
        raise SignalError(
            f"The {what} have a sample at {times[bad][0]:g} ms ({int(bad.sum())} such samples): cut it."
        )
    return Events(senders.astype(np.int64, copy=False), times, values)


def _check_lengths(events: Mapping[str, Any], n_samples: int, what: str) -> None:
    for key, values in events.items():
        if np.shape(values) != (n_samples,):
            raise SignalError(
                f"In the {what}, {str(key)!r} has shape {np.shape(values)} and 'senders' ({n_samples},): "
                "pass arrays with one value a sample."
            )


def _times_in_ms(events: Mapping[str, Any], step: float | None, what: str) -> np.ndarray:
    times = np.asarray(events["times"])
    if "offsets" not in events:
        return times.astype(float, copy=False)
    if step is None:
        raise ArgumentError(
            f"The times of the {what} are in steps (time_in_steps): write e.g. resolution=0.1 * pq.ms."
        )
    return times * step - np.asarray(events["offsets"])
