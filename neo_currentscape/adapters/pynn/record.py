"""Telling PyNN, before the run, to record what the membrane currents need."""

from __future__ import annotations

import functools
from typing import Any

from neo_currentscape.adapters.pynn import compartments, history, matching
from neo_currentscape.adapters.pynn.backends import HOLDING, check_simulator, stored
from neo_currentscape.adapters.pynn.description import (
    KEY,
    encode,
    kind_of,
    model_of,
    root_of,
)
from neo_currentscape.adapters.pynn.electrodes import INJECTED
from neo_currentscape.adapters.pynn.models import MODELS, Model
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, SignalError
from neo_currentscape.recording.inventory import put_signals


def record_currents(
    population: Any, sampling_interval: float | None = None, locations: Any = None
) -> list[str]:
    """Record everything that the membrane currents of a population's cell type need.

    Variables that PyNN's cell type does not offer, but its simulator has (gates of HH_cond_exp,
    synaptic currents of IF_curr_exp ...), are recorded too. From now on every Segment of the
    population carries the description of the population as it was in that Segment, so that
    parameters changed between runs, and saved files, are read right.

    Parameters
    ----------
    population : pyNN Population, PopulationView, Assembly or cell
        Before the run.
    sampling_interval : float, optional
        In ms; every step unless told. The balance of currents holds best for every step.
    locations : str, LocationGenerator or sequence of those, optional
        For cells made of sections (MultiCompartmentNeuron, native cell types on NEURON): the places whose
        currents are recorded, by label ("soma") or, in native cells, as "dend(0.3)"; by default where
        spikes are detected. Current sources have to be injected before.

    Returns
    -------
    list of str
        Names of the recorded variables (of the places, for cells made of sections).

    Raises
    ------
    SelectionError
        When the currents of the cell type are not known.
    SignalError
        When the population has run already.
    ArgumentError
        When the backend is not known.

    Examples
    --------
    >>> import pyNN.neuron as sim                                            # doctest: +SKIP
    >>> sim.setup(timestep=0.025)                                            # doctest: +SKIP
    >>> population = sim.Population(3, sim.IF_cond_exp(i_offset=[0.7, 0.8, 0.9]))    # doctest: +SKIP
    >>> pynn.record_currents(population)                                     # doctest: +SKIP
    ['spikes', 'v', 'gsyn_exc', 'gsyn_inh']
    >>> sim.run(100.0)                                                       # doctest: +SKIP
    >>> segment = pynn.to_segment(population)                                # doctest: +SKIP
    """
    population = matching.cells(population)
    if hasattr(population, "populations"):
        members = population.populations
        parts = [record_currents(part, sampling_interval, locations) for part in members]
        return list(dict.fromkeys(name for part in parts for name in part))
    root = root_of(population)
    simulator = root._simulator.name
    check_simulator(simulator)
    if not root.celltype.injectable:
        raise SelectionError(
            f"Population {root.label!r} ({kind_of(root.celltype)['celltype']}) has no membrane: record "
            "the currents of the population that it projects to."
        )
    if simulator == "NEURON" and model_of(kind_of(root.celltype)) is None:
        return _record_compartments(population, root, sampling_interval, locations)
    _refuse_unused(root, locations)
    if simulator == "NEST" and hasattr(root.celltype, "nest_model"):
        names = list(root.celltype.recordable)
    else:
        names = ["spikes", *_names(root)]
        offer(root, names)
    if simulator == "NEST" and hasattr(root.celltype, "variable_map"):
        _check_nest(root, names)
    if simulator == "Brian2":
        _prepare_brian2(root)
    if _is_new(population, root, names):
        _check_begin(root)
        population.record(names, sampling_interval=sampling_interval)
    remember(root)
    return names


def _is_new(population: Any, root: Any, names: list[str]) -> bool:
    """Whether something is to be recorded that is not recorded yet."""
    recorded = {variable.name: cells for variable, cells in root.recorder.recorded.items()}
    wanted = {cell for cell in population.all_cells if cell.local}
    return any(not wanted <= set(recorded.get(name, ())) for name in names)


def _check_begin(root: Any) -> None:
    """Refuse recordings that would begin in the middle of a run.

    Raises
    ------
    SignalError
    """
    state = root._simulator.state
    # NEST connects its recording devices once and for all at the first run.
    connected = getattr(getattr(root.recorder, "_multimeter", None), "_connected", False)
    if state.running or connected:
        again = (
            "sim.setup(...) begins a new simulation" if connected else "sim.reset() begins a new segment"
        )
        raise SignalError(
            f"Population {root.label!r} has run already, and recordings that begin later have no common "
            f"time: call record_currents before the first sim.run(...) ({again})."
        )


def _record_compartments(
    population: Any, root: Any, sampling_interval: float | None, locations: Any
) -> list[str]:
    if sampling_interval is not None:
        raise ArgumentError(
            "sampling_interval= is not for cells made of sections, whose every step is recorded: leave it "
            "out."
        )
    _check_begin(root)
    places = compartments.record(population, root, locations)
    population.record("spikes")
    remember(root)
    return places


def _refuse_unused(root: Any, locations: Any) -> None:
    if locations is not None:
        raise ArgumentError(
            f"locations= is for cells made of sections, and those of population {root.label!r} "
            f"({kind_of(root.celltype)['celltype']}) have none: leave it out."
        )


def _names(root: Any) -> list[str]:
    kind = kind_of(root.celltype)
    model: Model | None = model_of(kind)
    simulator = root._simulator.name
    if model is None:
        raise SelectionError(
            f"Cell type {kind['celltype']!r} of population {root.label!r} has no known currents (known are "
            f"{', '.join(MODELS)} and PointNeuron): record its currents with population.record(...)."
        )
    names = [stored(simulator, kind["celltype"], variable).name for variable in model.variables]
    if (simulator, kind["celltype"]) in HOLDING:
        names.append(HOLDING[simulator, kind["celltype"]].name)
    return [*names, INJECTED] if simulator == "Brian2" else names


def _check_nest(root: Any, names: list[str]) -> None:
    """Refuse what NEST's model does not record, before NEST does when the run begins."""
    import nest

    model = str(nest.GetStatus(root.node_collection[:1], "model")[0])
    offered = [str(name) for name in nest.GetStatus(root.node_collection[:1], "recordables")[0]]
    for name in names:
        native = root.celltype.variable_map.get(name, name)
        if name != "spikes" and native not in offered:
            raise SelectionError(
                f"Variable {name!r} of population {root.label!r} cannot be recorded from NEST's {model}: "
                "write sim.setup(spike_precision='on_grid') to get the model on the grid, which has it."
            )


def offer(root: Any, names: list[str]) -> None:
    """Make variables recordable that the simulator has and PyNN's cell type does not offer.

    Only this population's cell type object is extended, not its class.
    """
    celltype = root.celltype
    kind = kind_of(celltype)["celltype"]
    model = model_of(kind_of(celltype))
    missing = [name for name in names if name not in celltype.recordable]
    simulator = root._simulator.name
    _map_in_nest(celltype, simulator, kind)
    if not missing or model is None:
        return
    known = [stored(simulator, kind, variable) for variable in model.variables]
    known += [how for (where, what), how in HOLDING.items() if (where, what) == (simulator, kind)]
    unit_of = {how.name: how.units for how in known} | {INJECTED: "nA"}
    unit_of = {name: unit for name, unit in unit_of.items() if name in missing}
    if hasattr(celltype, "post_synaptic_receptors"):
        celltype = celltype.neuron
        missing = [name for name in missing if "." not in name]
    celltype.recordable = [*celltype.recordable, *missing]
    celltype.units = {**celltype.units, **unit_of}


#: NEST's names of variables, and the factors to PyNN's units, where PyNN's own table lacks them.
_NEST_NAMES = {
    "IF_curr_delta": {"v": ("V_m", 1.0)},
}


def _map_in_nest(celltype: Any, simulator: str, kind: str) -> None:
    if simulator != "NEST" or kind not in _NEST_NAMES:
        return
    names = _NEST_NAMES[kind]
    known = getattr(celltype, "variable_map", {}), getattr(celltype, "scale_factors", {})
    celltype.variable_map = {**known[0], **{name: how[0] for name, how in names.items()}}
    celltype.scale_factors = {**known[1], **{name: how[1] for name, how in names.items()}}


def _prepare_brian2(root: Any) -> None:
    """Let PyNN read from Brian2 the total injected current, and variables without a unit.

    PyNN's translation of a variable that keeps its name and unit (the gates of HH_cond_exp) is a text
    where it has to be a function.
    """
    from brian2 import nA
    from pyNN.parameters import LazyArray
    from pyNN.standardmodels import build_translations

    celltype = root.celltype
    known = celltype.state_variable_translations
    unscaled = [name for name, how in known.items() if not callable(how["reverse_transform"])]
    added = build_translations((INJECTED, INJECTED, nA), *((name, name, 1.0) for name in unscaled))
    celltype.state_variable_translations = {**known, **added}
    root.initial_values[INJECTED] = LazyArray(0.0, shape=(root.size,), dtype=float)


def remember(root: Any) -> None:
    """Have every Segment of a population carry its description at the time it was recorded.

    PyNN asks the recorder for the Segment at `reset()` and at `get_data()`: before anything is changed
    for the next run.
    """
    recorder = root.recorder
    history.keep(root)
    if getattr(recorder._get_current_segment, "describes", False):
        return
    plain = recorder._get_current_segment

    @functools.wraps(plain)
    def described(*args: Any, **kwargs: Any) -> Any:
        segment = plain(*args, **kwargs)
        segment.annotate(**{KEY: ";".join(encode(described) for described in history.of(root))})
        put_signals(segment, compartments.signals(recorder))
        return segment

    described.describes = True  # type: ignore[attr-defined]
    recorder._get_current_segment = described
