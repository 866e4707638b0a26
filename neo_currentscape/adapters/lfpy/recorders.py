"""What to record of a cell so that every membrane current is known, exactly."""

from __future__ import annotations

from typing import Any

from neo_currentscape.adapters.lfpy.mechanism import Mechanism, mechanism
from neo_currentscape.conventions.errors import require

#: Mechanisms that NEURON's passive properties and ions consist of; they have no source.
_NOT_CHANNELS = ("morphology", "capacitance", "extracellular", "fastpas")


def mechanisms_of(cell: Any) -> list[Mechanism]:
    """The density mechanisms with currents that any compartment of a cell has.

    Parameters
    ----------
    cell : LFPy.Cell

    Returns
    -------
    list of Mechanism
        Sorted by name.
    """
    h = require("neuron", "lfpy", "Reading an LFPy cell").h
    names = {
        name
        for section in cell.allseclist
        for name in section.psection()["density_mechs"]
        if name not in _NOT_CHANNELS
    }
    found = [mechanism(name, False, h) for name in sorted(names)]
    return [each for each in found if each.ions or each.nonspecific]


def writers(mechanisms: list[Mechanism]) -> dict[str, list[Mechanism]]:
    """The mechanisms that write each ion current, e.g. ``{"ina": [hh]}``."""
    currents = sorted({current for each in mechanisms for current in each.ions})
    return {current: [each for each in mechanisms if current in each.ions] for current in currents}


def recorders(cell: Any) -> dict[str, Any]:
    """Keywords for ``cell.simulate`` that record every membrane current and what aligns them.

    Ion totals (``ina``) with their slopes (``dina_dv_``); each mechanism's own part where several
    write one ion and it can be recorded; nonspecific currents; conductances that are slopes.

    Parameters
    ----------
    cell : LFPy.Cell
        Complete with its mechanisms, not yet simulated.

    Returns
    -------
    dict
        ``rec_imem``, ``rec_vmem``, ``rec_icap`` and ``rec_variables``. With ``variable_dt=True`` LFPy
        fails on variables that some compartments lack: then use a `Recorder`.

    Examples
    --------
    >>> cell.simulate(**recorders(cell))                                  # doctest: +SKIP
    """
    names = variable_names(mechanisms_of(cell))
    return {"rec_imem": True, "rec_vmem": True, "rec_icap": True, "rec_variables": names}


def variable_names(mechanisms: list[Mechanism]) -> list[str]:
    """The variables that together hold every current of some mechanisms, and what aligns them."""
    names: list[str] = []
    for current, by in writers(mechanisms).items():
        names += [current, f"d{current}_dv_"]
        if len(by) > 1:
            for each in by:
                names += _own(each, current)
    for each in mechanisms:
        for current in each.nonspecific:
            names += _own(each, current)
    return list(dict.fromkeys(names))


def _own(each: Mechanism, current: str) -> list[str]:
    """A mechanism's own current and the conductance that is its slope, where recordable."""
    if current not in each.ranges:
        return []
    form = each.ohmic.get(current)
    conductance = form.conductance if form else None
    names = [f"{current}_{each.name}"]
    if conductance in each.ranges and conductance not in each.parameters:
        names.append(f"{conductance}_{each.name}")
    return names
