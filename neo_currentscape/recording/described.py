"""Segments whose currents are still to be derived, from recorded variables and a description of the cells.

Some simulators record what currents follow from, and no currents. Their adapter leaves a description of
the cells in an annotation, with which it derives the currents later, also of a file. Here such a Segment
is handed to its adapter, so that it needs no step of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import neo

from neo_currentscape.recording.inventory import segment_of, stored_signals
from neo_currentscape.recording.match import as_names

#: Annotations that hold a description, and the module whose ``to_segment`` reads it. By name, because
#: adapters stand above, and none is imported unless its data is there.
READERS = {"pynn_cells": "neo_currentscape.adapters.pynn"}


def completed(source: Any, named: Any = None) -> neo.Segment:
    """The Segment with the currents that its adapter derives; the same one where there are none to derive.

    Parameters
    ----------
    source : neo.Segment or neo.Block
        A Block must hold one Segment. It is not changed.
    named : str, sequence of str or mapping, optional
        Currents that the caller chose by name: where all are recorded, they are taken as they are.

    Returns
    -------
    neo.Segment
    """
    segment = segment_of(source)
    reader = reader_of(segment)
    if reader is None or _are_recorded(segment, named):
        return segment
    return importlib.import_module(reader).to_segment(segment)


def reader_of(segment: neo.Segment) -> str | None:
    """The module that derives the currents of a Segment; None where they are there, or not described."""
    places = [segment, getattr(segment, "block", None)]
    notes = {key for place in places if place is not None for key in place.annotations}
    found = next((module for key, module in READERS.items() if key in notes), None)
    # What an adapter made, or recorded as currents, has roles.
    if found is None or any("role" in signal.annotations for signal in stored_signals(segment)):
        return None
    return found


def _are_recorded(segment: neo.Segment, named: Any) -> bool:
    if isinstance(named, bool) or not isinstance(named, (str, Sequence, Mapping)) or not named:
        return False
    if isinstance(named, Mapping):
        listed = ([given] if isinstance(given, str) else as_names(given) for given in named.values())
        named = [name for given in listed for name in (given if isinstance(given, Sequence) else [given])]
    wanted = [named] if isinstance(named, str) else [str(name) for name in named]
    known = [str(signal.name) for signal in stored_signals(segment)]
    return all(any(fnmatchcase(name, pattern) for name in known) for pattern in wanted)
