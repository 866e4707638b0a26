"""Cells made of NEURON sections (MultiCompartmentNeuron, native classes): all currents at chosen places.

The NEURON adapter records each compartment; what it recorded goes into PyNN's own Segment, one signal for
each current and place, under the names that the cell type has for its channels and receptors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording import values
from neo_currentscape.recording.inventory import signals_of

#: Under this name a PyNN recorder keeps what records its cells.
ATTRIBUTE = "_currentscape_compartments"

#: Which current of NEURON's hh mechanism each of PyNN's channels stands for.
_OF_HH = {"gnabar": "ina_hh", "gkbar": "ik_hh", "gl": "il_hh"}

#: Annotations that may differ between the neurons of one signal.
_OF_NEURON = ("capacitance", "area")


@dataclass
class Cell:
    """What records one neuron, and how its places and currents are called.

    Attributes
    ----------
    neuron : int
        Index in the population.
    recorder : neo_currentscape.adapters.neuron.Recorder
        Records all places of the neuron.
    places : dict
        NEURON's name of each compartment, and the one that it gets.
    names : dict
        NEURON's name of a current, and the one that it gets.
    """

    neuron: int
    recorder: Any
    places: dict[str, str]
    names: dict[str, str]


def record(population: Any, root: Any, locations: Any) -> list[str]:
    """Record all currents of the neurons of a population at some places.

    Parameters
    ----------
    population, root : pyNN Population or PopulationView, and its whole population
        On NEURON, before the run, with its current sources injected.
    locations : str, LocationGenerator, sequence of those, or None
        Labels as for ``population.record``; for native cells also e.g. "dend(0.3)". By default where the
        neuron's spikes are detected.

    Returns
    -------
    list of str
        Names of the places.
    """
    from neo_currentscape.adapters import neuron

    cells, known = [], getattr(root.recorder, ATTRIBUTE, [])
    for identity in (cell for cell in population.all_cells if cell.local):
        found = _compartments(identity._cell, root.celltype, locations)
        recorder = neuron.Recorder(list(found.values()))
        places = dict(zip(recorder.sites, found, strict=True))
        index = int(identity) - int(root.first_id)
        cells.append(Cell(index, recorder, places, _names(identity._cell, root.celltype)))
    setattr(root.recorder, ATTRIBUTE, [*known, *cells])
    return list(dict.fromkeys(place for cell in cells for place in cell.places.values()))


def _compartments(cell: Any, celltype: Any, locations: Any) -> dict[str, Any]:
    """Name and NEURON segment of each place of a neuron."""
    if locations is None:
        section = cell.source_section
        return {_label(cell, section): section(0.5)}
    out: dict[str, Any] = {}
    for location in locations if isinstance(locations, (list, tuple)) else [locations]:
        if hasattr(cell, "section_labels"):
            out |= _labelled(cell, location)
        else:
            out |= _named(cell, location)
    return out


def _label(cell: Any, section: Any) -> str:
    for label, members in getattr(cell, "section_labels", {}).items():
        if len(members) == 1 and cell.sections[next(iter(members))] == section:
            return str(label)
    attributes = [name for name, value in vars(cell).items() if _is(value, section)]
    named = [name for name in attributes if name != "source_section"]
    return f"{named[0]}(0.5)" if named else "soma"


def _is(value: Any, section: Any) -> bool:
    return type(value).__name__ == "Section" and value == section


def _labelled(cell: Any, location: Any) -> dict[str, Any]:
    from pyNN.neuron.morphology import LabelledLocations

    generator = LabelledLocations(location) if isinstance(location, str) else location
    if not hasattr(generator, "generate_locations"):
        raise ArgumentTypeError(
            f"locations= takes labels of the morphology and PyNN LocationGenerators, not {location!r}."
        )
    labels = generator.generate_locations(cell.morphology, label_prefix="", cell=cell)
    return {str(label): _segment_at(cell.locations[label]) for label in labels}


def _segment_at(location: Any) -> Any:
    return location.section(location.position)


def _named(cell: Any, location: Any) -> dict[str, Any]:
    match = re.fullmatch(r"(\w+)(?:\(([\d.]+)\))?", location) if isinstance(location, str) else None
    section = getattr(cell, match[1], None) if match else None
    if match is None or not callable(section):
        sections = [name for name, value in vars(cell).items() if type(value).__name__ == "Section"]
        raise SelectionError(
            f"Location {location!r} is no section of the cell: write one of "
            f"{', '.join(repr(f'{name}(0.5)') for name in sections) or 'its attributes'}."
        )
    position = float(match[2] or 0.5)
    return {f"{match[1]}({position:g})": section(position)}


def _names(cell: Any, celltype: Any) -> dict[str, str]:
    """Names for the currents from the cell type's channels, receptors and attributes."""
    out = {}
    for name, channel in getattr(celltype, "ion_channels", {}).items():
        if channel.model == "hh":
            out[_OF_HH.get(channel.conductance_density_parameter, "")] = name
        else:
            out[f"*_{channel.model}"] = name
    for name, receptors in getattr(cell, "synaptic_receptors", {}).items():
        points = [point for members in receptors.values() for point in members]
        for number, point in enumerate(points):
            out[str(point)] = name if len(points) == 1 else f"{name}[{number}]"
    for name, value in vars(cell).items():
        if re.fullmatch(r"\w+\[\d+\]", str(value)):
            out.setdefault(str(value), name)
    return out


def signals(recorder: Any) -> list[Any]:
    """The signals of all neurons that `record` was called for, after a run.

    Parameters
    ----------
    recorder : PyNN Recorder
        Of the whole population.

    Returns
    -------
    list of neo signals
        One for each current and place, of shape (time, neuron).
    """
    grouped: dict[tuple[str, str, int], list[tuple[int, Any]]] = {}
    for cell in getattr(recorder, ATTRIBUTE, []):
        made = cell.recorder.to_segment()
        electrodes: dict[str, int] = {}
        for signal in signals_of(made):
            place = cell.places[signal.annotations["site"]]
            name = _renamed(signal, cell, electrodes, place)
            if name is not None:
                grouped.setdefault((name, place, len(signal)), []).append((cell.neuron, signal))
    return [_stacked(name, place, members) for (name, place, _), members in grouped.items()]


def _renamed(signal: Any, cell: Cell, electrodes: dict[str, int], place: str) -> str | None:
    name, role = str(signal.name), signal.annotations["role"]
    if role not in ("current", "electrode"):
        return name
    if name in cell.names:
        return cell.names[name]
    _, _, mechanism = name.partition("_")
    if f"*_{mechanism}" in cell.names:
        return cell.names[f"*_{mechanism}"]
    if role == "electrode":
        # NEURON numbers the electrodes of all cells together.
        kind = name.partition("[")[0]
        electrodes[f"{place} {kind}"] = number = electrodes.get(f"{place} {kind}", 0) + 1
        return kind if number == 1 else f"{kind} {number}"
    # hh brings currents that PyNN switches off where no channel of the cell type asks for them.
    return None if name in _OF_HH.values() and not np.any(values.magnitudes(signal)) else name


def _stacked(name: str, place: str, members: Sequence[tuple[int, Any]]) -> Any:
    first = members[0][1]
    numbers = np.concatenate([values.magnitudes(signal) for _, signal in members], axis=1)
    notes = {**first.annotations, "site": place}
    arrays: dict[str, Any] = {"channel_index": np.array([neuron for neuron, _ in members])}
    for key in _OF_NEURON:
        found = [signal.annotations.get(key) for _, signal in members]
        if found[0] is not None and any(value != found[0] for value in found):
            del notes[key]
            unit = found[0].units
            arrays[key] = pq.Quantity([float(value.rescale(unit)) for value in found], unit)
    return Writer(Clock.of(first)).add(name, numbers, first.units, arrays=arrays, **notes)
