"""What to record of a cell so that every membrane current is known, exactly."""

from __future__ import annotations

from typing import Any

from neo_currentscape.adapters.lfpy.mechanism import ions_of, mechanisms_of
from neo_currentscape.adapters.lfpy.values import is_constant, moves
from neo_currentscape.adapters.neuron.mechanisms import Kind
from neo_currentscape.adapters.neuron.slopes import names_in
from neo_currentscape.conventions.errors import require


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
    names = variable_names(cell)
    return {"rec_imem": True, "rec_vmem": True, "rec_icap": True, "rec_variables": names}


def variable_names(cell: Any) -> list[str]:
    """The variables that together hold every current of a cell's mechanisms, and what aligns them."""
    mechanisms = mechanisms_of(cell)
    moving = _moving_potentials(cell, mechanisms)
    names: list[str] = []
    for current in sorted({current for kind in mechanisms for current in ions_of(kind)}):
        by = [kind for kind in mechanisms if current in ions_of(kind)]
        names += [current, f"d{current}_dv_"]
        if len(by) > 1:
            for kind in by:
                names += _own(kind, current, moving)
    for kind in mechanisms:
        for current in kind.source.nonspecific:
            names += _own(kind, current, moving)
    return list(dict.fromkeys(names))


def _moving_potentials(cell: Any, mechanisms: list[Kind]) -> set[str]:
    """Names of the reversal potentials that change with the concentrations somewhere in the cell."""
    h = require("neuron", "lfpy", "Reading an LFPy cell").h
    ions = {use.ion for kind in mechanisms for use in kind.source.ions}
    return {
        f"e{ion}"
        for ion in ions
        for section in cell.allseclist
        if h.ismembrane(f"{ion}_ion", sec=section) and moves(ion, section, h)
    }


def _own(kind: Kind, current: str, moving: set[str]) -> list[str]:
    """A mechanism's own current and what tells its slope, where recordable."""
    if not kind.shows(current):
        return []
    rule, source = kind.slope_of(current), kind.source
    conductances = {name for name, _ in source.conductances}
    if rule is not None and rule.slope is not None and rule.slope.isidentifier():
        conductances.add(rule.slope)
    potentials = names_in(rule.reversal) if rule is not None and rule.reversal is not None else None
    own = [n for n in sorted(conductances | (potentials or set())) if n in kind.visible]
    of_ions = sorted((potentials or set()) & moving & source.of_ions)
    changing = [f"{name}_{kind.name}" for name in own if not is_constant(kind, name)]
    return [f"{current}_{kind.name}", *changing, *of_ions]
