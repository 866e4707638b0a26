"""`to_segment`: what NEST multimeters recorded, as a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo

from neo_currentscape.adapters.nest import events, grid, left_out, stretches
from neo_currentscape.adapters.nest.convert import Options, convert
from neo_currentscape.adapters.nest.describe import check_names
from neo_currentscape.adapters.nest.left_out import LeftOut
from neo_currentscape.adapters.nest.nestml.find import models_in
from neo_currentscape.adapters.nest.neurons import Neurons, kernel
from neo_currentscape.adapters.nest.past import Snapshot
from neo_currentscape.adapters.signals import Stretches, mark
from neo_currentscape.conventions import roles
from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.given import mapping, names
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.inventory import put_signals, signals_of


def to_segment(
    multimeter: Any,
    model: str | Mapping[int, str] | None = None,
    *,
    neurons: Any = None,
    parameters: Mapping[Any, Any] | None = None,
    derived: bool | Sequence[str] | None = None,
    stimulus: Any = None,
    units: Mapping[str, Any] | None = None,
    sign: Mapping[str, str] | None = None,
    resolution: Any = None,
    past: Any = None,
    nestml: Any = None,
) -> neo.Segment:
    """Put what NEST multimeters recorded into a Neo Segment.

    Parameters
    ----------
    multimeter : NodeCollection, dict, DataFrame, str, Path, or a tuple or list of those
        The live multimeter(s); the events of one, as ``multimeter.events`` or a table of them (also with
        ``time_in_steps``); or the folder and label of files of the ascii backend, of which all
        threads are read (``"results/multimeter"``). Variables of several multimeters are put
        together where they were sampled at the same times.
    model : str or dict, optional
        NEST's name of the model that was recorded, for all senders or as ``{node id: name}``. A live
        multimeter tells it.
    neurons : NodeCollection, int or sequence of int, optional
        Node ids of the neurons to take, e.g. ``nodes[2:5]``; all where left out.
    parameters : dict, optional
        Parameters of the neurons, for derived currents: ``{name: value}`` with one value for all, one
        for each sender in the order of the node ids (as ``neurons.get()`` returns them), or
        ``{node id: value}``. A live multimeter tells them; those given here go before. For cm_default,
        ``{"compartments": [...], "receptors": [...], "currents": "nA"}`` with the lists that were assigned
        to the neuron, as NEST does not hand the params out again, and the unit of its currents, which NEST
        leaves to the user.
    derived : bool or list of str, optional
        Which currents to compute that NEST does not record: all (an error tells what is missing for
        one), none, or those named. By default all for which everything is known; what is left out
        stands in the Segment's annotation ``not_derived``, and a warning tells the variables to record.
    stimulus : Quantity, optional
        Injected current at the sample times, inward positive, one value, (time,) or (time, neuron).
        A live multimeter finds the dc, ac and step current generators of its neurons by itself.
    units, sign : dict, optional
        ``{variable: unit}`` and ``{variable: "inward" or "outward"}`` (the direction of positive
        values), for models that are not NEST's own.
    resolution : Quantity, optional
        Length of a step, for events and files: where their times are in steps, and where they were sampled
        less often than every step (otherwise 0.1 ms is taken for it, NEST's default).
    past : Snapshot or sequence of Snapshot, optional
        What `neo_currentscape.adapters.nest.snapshot` kept before parameters of neurons or generators were
        changed between two calls of ``nest.Simulate``; each holds until the time at which it was taken.
    nestml : str, Path, or sequence of those, optional
        The .nestml file(s), or their text, of models that were compiled by PyNESTML; their units, signs and
        the currents that are not recorded are read from it. What the neurons have, or `parameters`, go
        before the numbers in the file.

    Returns
    -------
    neo.Segment
        One signal for each variable and model, of shape (time, neuron), with the node ids in
        ``array_annotations["channel_index"]``; see `neo_currentscape.adapters.nest` for the rest.

    Raises
    ------
    ArgumentError, ArgumentTypeError, UnknownNameError
        When an argument cannot be used, or the unit and sign of a current are not known.
    SignalError
        When there are no events, or the senders were not sampled at the same times.
    SelectionError
        When a current was asked for whose variables were not recorded, or no file has the label.
    MissingDependencyError
        When a live multimeter is given and NEST cannot be imported.

    Warns
    -----
    CurrentscapeWarning
        When currents of the model are left out because variables were not recorded or parameters are
        not known: once, with all that is missing. When parameters seem to have been changed.

    Examples
    --------
    >>> import numpy as np, neo_currentscape as ncs
    >>> from neo_currentscape.adapters import nest
    >>> events = {
    ...     "senders": np.array([5, 5, 5]),
    ...     "times": np.array([0.1, 0.2, 0.3]),
    ...     "V_m": np.array([-70.0, -65.0, -60.0]),
    ...     "I_syn_ex": np.array([0.0, 9.0, 8.0]),
    ... }
    >>> segment = nest.to_segment(
    ...     events,
    ...     model="iaf_psc_exp",
    ...     parameters={"C_m": 250.0, "tau_m": 10.0, "E_L": -70.0, "tau_syn_ex": 2.0},
    ...     derived=["I_L"],
    ... )
    >>> rec = ncs.Recording.from_segment(segment, neuron=5)
    >>> (
    ...     rec.names,
    ...     rec.currents.magnitude[1].round(2),
    ... )  # means over the step that begins there
    (['I_L', 'I_syn_ex'], array([187.5 ,  -8.78]))
    """
    _check_options(model, parameters, derived)
    found = events.read(multimeter, resolution)
    if neurons is not None:
        found = events.of_neurons(found, neurons)
    tables = grid.merge([grid.to_grid(part) for part in found])
    _check(tables, units, sign)
    nest = kernel(multimeter)
    kernels = (*_snapshots(past, nest), nest)
    step = _step(nest, resolution)
    whole = neo.Segment(name="NEST multimeter")
    missing: list[tuple[LeftOut, bool]] = []
    marked: list[Stretches] = []
    written = models_in(nestml)
    options = Options(derived, stimulus, units, sign)
    for table in tables:
        parts = []
        for then, (cut, own) in zip(kernels, stretches.split(table, kernels[:-1]), strict=True):
            known = Neurons(then, model, parameters, step, kernels, written)
            if own:
                parts.append((convert(cut, tables, known, options), own))
        made = stretches.join(parts, table.times)
        put_signals(whole, signals_of(made.segment))
        marked += made.marked
        missing += made.missing
    mark(whole, marked)
    _tell(whole, missing)
    return whole


def _check_options(model: Any, parameters: Any, derived: Any) -> None:
    if not isinstance(model, (str, Mapping, type(None))):
        raise ArgumentTypeError(
            f"model= takes NEST's name of a model, or {{node id: name}}, not {brief(model)}."
        )
    mapping(parameters, "parameters= takes {name: value} or {node id: value}")
    if not isinstance(derived, (bool, type(None))):
        names(derived, "derived= takes True, False, or names of currents")


def _snapshots(past: Any, nest: Any) -> list[Snapshot]:
    found = stretches.in_order(past)
    if found and nest is None:
        raise ArgumentError(
            "past= is for a live multimeter: for events give the parameters= of each stretch, and make a "
            "Segment of each."
        )
    return found


def _tell(segment: neo.Segment, missing: Sequence[tuple[LeftOut, bool]]) -> None:
    # Who gives events alone wants what was recorded; the Segment says what is not there all the same.
    left_out.warn_of([left for left, told in missing if told])
    for key, kind in (("not_derived", False), ("not_recorded", True)):
        sentences = [str(left.error()) for left, _ in missing if left.recordable is kind]
        if sentences:
            segment.annotate(**{key: sentences})


def _step(nest: Any, resolution: Any) -> float | None:
    if nest is not None:
        return float(nest.resolution)
    return None if resolution is None else unit_tools.scalar(resolution, "ms", "resolution")


def _check(
    tables: Sequence[grid.Grid], units: Mapping[str, Any] | None, sign: Mapping[str, str] | None
) -> None:
    recorded = {name for table in tables for name in table.variables}
    check_names("units=", units, recorded)
    check_names("sign=", sign, recorded)
    for name, direction in (sign or {}).items():
        if direction not in roles.DIRECTIONS:
            raise ArgumentError(
                f"sign= gives {name!r} the direction {direction!r}: write 'inward' or 'outward', the "
                "direction of its positive values."
            )
