"""A Segment of NEURON's names under NetPyNE's, with the synapses of one name at a site summed."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.netpyne.names import Names
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.morphology import KEY, Morphology
from neo_currentscape.recording.values import like


def relabelled(segment: neo.Segment, names: Names, **notes: Any) -> neo.Segment:
    """Make the Segment of a cell.

    Parameters
    ----------
    segment : neo.Segment
        Of `neo_currentscape.adapters.neuron.Recorder` or `CellRecorder`.
    names : Names
    **notes
        Further annotations of the Segment.

    Returns
    -------
    neo.Segment
        The sum of currents has the annotation ``summed``, how many they are.
    """
    out = neo.Segment(name=segment.name)
    out.annotate(**{**segment.annotations, **notes})
    out.epochs.extend(segment.epochs)
    put_signals(out, [_summed(name, alike, names) for name, alike in _groups(segment, names)])
    if KEY in segment.annotations:
        shape = Morphology.of(segment)
        shape.renamed([names.site(site) for site in shape.sites]).annotate(out)
    return out


def _groups(segment: neo.Segment, names: Names) -> list[tuple[str, list[Any]]]:
    """The signals of each site that get one name, with that name, in their order."""
    found: dict[tuple[str, str], list[Any]] = {}
    for signal in (*segment.analogsignals, *segment.irregularlysampledsignals):
        key = str(signal.annotations["site"]), names.current(signal.name)
        found.setdefault(key, []).append(signal)
    groups: list[tuple[str, list[Any]]] = []
    for (_, name), alike in found.items():
        kinds = {(s.annotations["role"], s.annotations.get("positive")) for s in alike}
        # A synapse may have the label of a stimulus, or be called as a channel is: both keep NEURON's name.
        is_one = len(kinds) == 1 and (len(alike) == 1 or all(s.name != name for s in alike))
        groups += [(name, alike)] if is_one else [(one.name, [one]) for one in alike]
    return groups


def _summed(name: str, alike: list[Any], names: Names) -> Any:
    """One signal for several that get one name."""
    first = alike[0]
    notes = {**first.annotations, "site": names.site(first.annotations["site"])}
    if any(one.annotations.get("aligned") is False for one in alike):
        notes["aligned"] = False
    marks = {key: value for one in alike for key, value in one.array_annotations.items()}
    values = np.asarray(first.magnitude)
    if len(alike) > 1:
        notes["summed"] = len(alike)
        values = np.sum([np.asarray(one.magnitude) for one in alike], axis=0)
    return like(first, values, first.units, name, array_annotations=marks, **notes)
