"""The mechanisms of an LFPy cell, read as NEURON's adapter reads them from their MOD sources."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from neo_currentscape.adapters.lfpy.tree import sections_of
from neo_currentscape.adapters.neuron.mechanisms import Kind, Kinds
from neo_currentscape.conventions.errors import require

#: Mechanisms that NEURON's passive properties and ions consist of; they have no source.
_NOT_CHANNELS = ("morphology", "capacitance", "extracellular", "fastpas")


@lru_cache(maxsize=1)
def kinds(h: Any) -> Kinds:
    """The kinds of mechanisms that NEURON has, each of which is read once in a process."""
    return Kinds(h, {})


def mechanism(name: str, is_point: bool, h: Any) -> Kind | None:
    """A kind of mechanism or point process; None where NEURON keeps no source of it (ions ...)."""
    known = kinds(h)
    return known.get(name, is_point, "the cell") if known.has(name, is_point) else None


def mechanisms_of(cell: Any) -> list[Kind]:
    """The density mechanisms with membrane currents that any compartment of a cell has.

    Parameters
    ----------
    cell : LFPy.Cell

    Returns
    -------
    list of Kind
        Sorted by name.
    """
    h = require("neuron", "lfpy", "Reading an LFPy cell").h
    names = {
        name
        for section in sections_of(cell)
        for name in section.psection()["density_mechs"]
        if name not in _NOT_CHANNELS
    }
    found = [mechanism(name, False, h) for name in sorted(names)]
    return [kind for kind in found if kind is not None and (ions_of(kind) or kind.source.nonspecific)]


def ions_of(kind: Kind) -> dict[str, str]:
    """The ion currents that a mechanism writes, and their ions, e.g. ``{"ina": "na"}``."""
    return {current: ion for current, ion, _ in kind.source.currents if ion is not None}
