"""Dynamic clamp: a current that the amplifier injects as if a conductance of the membrane carried it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.protocols.response.channel_values import signal_of
from neo_currentscape.recording.inventory import Variable, inventory, segment_of
from neo_currentscape.recording.match import not_found
from neo_currentscape.recording.patterns import matching
from neo_currentscape.recording.recording import Recording
from neo_currentscape.recording.sampling import are_same
from neo_currentscape.recording.select import quoted
from neo_currentscape.recording.values import like, time_axis


def dynamic_clamp(
    source: Any,
    virtual: str | Sequence[str] | Mapping[str, str],
    *,
    electrode: str | None = None,
    apart: bool = False,
    capacitance: Any = None,
    cell: str | None = None,
    voltage: str | None = None,
    units: Mapping[str, Any] | None = None,
) -> Recording:
    r"""Read a recording under dynamic clamp, with the virtual currents as the membrane's.

    A virtual current is both: the amplifier injects it, and the cell takes it for one of its own. It is
    shown as a membrane current, outward positive (:math:`I_v` is less what was injected), and taken out of
    the electrode's, so that the balance counts it once:
    :math:`C \frac{dV}{dt} + \sum I_v + I_\mathrm{cell} = I_e`, where the electrode's is the rest.

    Parameters
    ----------
    source : neo.Segment, or neo.Block that holds one
        A sweep with the voltage and the injected currents.
    virtual : str, sequence of str, or dict of label to str
        Signals with the virtual currents, as they were injected (inward positive, unless annotated).
    electrode : str, optional
        The current of the amplifier, which holds the virtual ones; by default the other electrode current
        where there is one, else their sum.
    apart : bool
        Whether the electrode's current does not hold the virtual ones.
    capacitance : Quantity, optional
        Of the cell, for the balance.
    cell : str, optional
        Gives the current of the cell's own channels this name, as what the balance leaves for it; needs
        the capacitance.
    voltage : str, optional
        Name of the membrane potential.
    units : mapping, optional
        Units of signals that are stored without one, by name.

    Returns
    -------
    Recording
        The virtual currents in pA, outward positive; the electrode is what was injected besides.

    Raises
    ------
    SelectionError
        When a signal is missing or ambiguous.
    SignalError
        When they were not sampled together.

    Examples
    --------
    >>> import neo
    >>> from neo_currentscape.protocols import dynamic_clamp
    >>> segment = neo.Segment()
    >>> for name, value, unit, role in (
    ...     ("v", -60.0, "mV", "voltage"),
    ...     ("h", 30.0, "pA", "electrode"),
    ...     ("im", 130.0, "pA", "electrode"),
    ... ):
    ...     segment.analogsignals.append(
    ...         neo.AnalogSignal(
    ...             [[value]] * 3,
    ...             units=unit,
    ...             name=name,
    ...             role=role,
    ...             sampling_period=0.1 * pq.ms,
    ...         )
    ...     )
    >>> rec = dynamic_clamp(segment, "h", electrode="im")
    >>> float(rec.currents[0, 0]), float(rec.electrode[0, 0])
    (-30.0, 100.0)
    """
    variables = inventory(segment_of(source), units)
    chosen = _virtual(variables, virtual)
    membrane = _voltage(variables, voltage)
    times, potential = _values(membrane, "mV")
    injected = np.column_stack([_same_times(variable, times) for variable in chosen.values()])
    total = _electrode(variables, electrode, list(chosen.values()), times)
    total = injected.sum(axis=1) if total is None else total + (injected.sum(axis=1) if apart else 0.0)
    size = None if capacitance is None else unit_tools.positive(capacitance, "pF", "capacitance")
    names, columns = list(chosen), -injected
    if cell is not None:
        if size is None:
            raise SelectionError(
                f"cell={cell!r} is what the balance leaves, and C dV/dt is not known: give "
                "capacitance=..., e.g. 30 * pq.pF."
            )
        own = total - size * np.gradient(potential, times)
        names, columns = [*names, cell], np.column_stack([columns, own])
    marks = (
        {"name": np.array(names), "remainder": np.array(names) == cell}
        if cell
        else {"name": np.array(names)}
    )
    axis = time_axis(times)
    currents = like(
        axis, columns, "pA", "currents", array_annotations=marks, **signal_annotations("current", "outward")
    )
    about = {} if size is None else {"capacitance": size * pq.pF, "derivative": "central"}
    rest = (total - injected.sum(axis=1))[:, None]
    return Recording(
        currents,
        like(axis, potential[:, None], "mV", "voltage", role="voltage", **about),
        electrode=like(axis, rest, "pA", "electrode", **signal_annotations("electrode", "inward")),
    )


def _virtual(variables: Sequence[Variable], virtual: Any) -> dict[str, Variable]:
    wanted = (
        virtual
        if isinstance(virtual, Mapping)
        else {n: n for n in ([virtual] if isinstance(virtual, str) else virtual)}
    )
    found = {}
    for label, name in wanted.items():
        hits = matching(variables, name)
        if not hits:
            raise not_found(variables, name, "virtual=")
        found[str(label)] = hits[0]
    if not found:
        raise SelectionError("virtual= names no current: give the signal of the virtual conductance.")
    return found


def _voltage(variables: Sequence[Variable], name: str | None) -> Variable:
    found = matching(variables, name) if name is not None else [v for v in variables if v.role == "voltage"]
    if name is not None and not found:
        raise not_found(variables, name, "voltage=")
    if len(found) != 1:
        raise SelectionError(
            f"The segment holds {len(found)} membrane potentials ({quoted([v.name for v in found])}): "
            "choose with voltage=..."
        )
    return found[0]


def _electrode(
    variables: Sequence[Variable], name: str | None, virtual: Sequence[Variable], times: np.ndarray
) -> np.ndarray | None:
    if name is not None:
        found = matching(variables, name)
        if not found:
            raise not_found(variables, name, "electrode=")
    else:
        found = [v for v in variables if v.role == "electrode" and not any(v is one for one in virtual)]
    if len(found) > 1:
        raise SelectionError(
            f"The segment holds {len(found)} other injected currents ({quoted([v.name for v in found])}): "
            "name the amplifier's with electrode=..."
        )
    return _same_times(found[0], times) if found else None


def _same_times(variable: Variable, times: np.ndarray) -> np.ndarray:
    own, values = _values(variable, "pA")
    if not are_same(own, times):
        raise SignalError(
            f"Injected current {variable.name!r} has {len(own)} samples and the voltage {len(times)}: "
            "record both at the same times."
        )
    return -values if variable.positive == "outward" else values


def _values(variable: Variable, unit: str) -> tuple[np.ndarray, np.ndarray]:
    signal = signal_of(variable)
    if not unit_tools.same_dimension(variable.units, pq.Quantity(1.0, unit)):
        raise SignalError(
            f"{variable.name!r} is in {unit_tools.label(variable.units) or 'no unit'}, where {unit} is "
            f"needed: "
            f"write units={{{variable.name!r}: {unit!r}}}."
        )
    factor = float((1.0 * variable.units).rescale(unit))
    numbers = np.asarray(signal.magnitude[:, variable.columns[0]], dtype=float) * factor
    return np.asarray(signal.times.rescale("ms").magnitude, dtype=float), numbers
