"""What a trace of NetPyNE's ``recordTraces`` is: of what, in which unit, with which sign."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from neo_currentscape.adapters.netpyne.cells import members
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import CurrentscapeError, SelectionError
from neo_currentscape.conventions.roles import CANONICAL, read_role

#: Variables of every section, with unit and role.
_OF_SECTION = {
    "v": ("mV", "voltage"),
    "vext": ("mV", "other"),
    "i_cap": ("mA/cm**2", "capacitive"),
    "i_membrane": ("mA/cm**2", "membrane"),
    "i_membrane_": ("nA", "membrane"),
}

#: What ions have at every section: total current, reversal potential, concentration.
_OF_IONS = (
    (re.compile(r"i[a-z]+\d*"), "mA/cm**2", "current"),
    (re.compile(r"e[a-z]+\d*"), "mV", "other"),
    (re.compile(r"[a-z]+\d*[io]"), "mM", "ion"),
)

#: Currents by the name that mechanisms of a density give them.
_DENSITY = re.compile(r"i(na|k|ca|cl)?")

#: What NEURON tells of variables of its own mechanisms.
_BUILT_IN = {
    **dict.fromkeys(("il_hh", "i_pas"), "mA/cm**2"),
    **dict.fromkeys(("gna_hh", "gk_hh", "gl_hh", "g_pas"), "S/cm**2"),
    **dict.fromkeys(("m_hh", "h_hh", "n_hh"), "dimensionless"),
    **dict.fromkeys(("ExpSyn.g", "Exp2Syn.g", "AlphaSynapse.g"), "uS"),
}

_ELECTRODES = ("IClamp", "SEClamp", "VClamp")


@dataclass(frozen=True)
class Meaning:
    """A variable that is recorded.

    Attributes
    ----------
    owner : str
        Mechanism or point process and what tells it from others of its kind; empty for the section's own.
    variable : str
    unit : str
        Empty where nothing tells it.
    role : str
        Empty where nothing tells it.
    is_written : bool
        Whether it may be a current that its mechanism writes, rather than a part or a copy of one.
    """

    owner: str
    variable: str
    unit: str
    role: str
    is_written: bool = True

    @property
    def positive(self) -> str | None:
        """The direction of positive values: NEURON's."""
        return CANONICAL.get(self.role)

    @property
    def ion(self) -> str | None:
        """The ion whose total current it is; None for everything else."""
        is_total = not self.owner and self.role == "current"
        return self.variable[1:] if is_total else None


def meaning_of(trace: Mapping[str, Any], cell: Mapping[str, Any], params: Mapping[str, Any]) -> Meaning:
    """What a trace is.

    Parameters
    ----------
    trace : mapping
        Of ``simConfig.recordTraces``.
    cell : mapping
        The cell, as NetPyNE saves it: "secs", "stims".
    params : mapping
        NetPyNE's netParams; empty where they were not saved.

    Returns
    -------
    Meaning

    Examples
    --------
    >>> meaning_of({"sec": "soma", "var": "v"}, {}, {})
    Meaning(owner='', variable='v', unit='mV', role='voltage', is_written=True)
    """
    variable = str(trace.get("var"))
    if "mech" in trace:
        return _of_mechanism(str(trace["mech"]), variable)
    for key in ("synMech", "stim", "pointp"):
        if key in trace:
            label = str(trace[key])
            mod = _MOD_OF[key](label, trace, cell, params)
            owner = f"{key} {label} {trace.get('index', 0)}"
            return _of_point(mod, variable, owner, is_stimulus=key == "stim")
    return _of_section(variable)


def _of_section(variable: str) -> Meaning:
    if variable in _OF_SECTION:
        return Meaning("", variable, *_OF_SECTION[variable])
    for pattern, unit, role in _OF_IONS:
        if pattern.fullmatch(variable):
            return Meaning("", variable, unit, role)
    # NEURON's own spelling: "il_hh" is il of hh.
    name, _, mechanism = variable.partition("_")
    return _of_mechanism(mechanism, name) if mechanism else Meaning("", variable, "", "")


def _of_mechanism(mechanism: str, variable: str) -> Meaning:
    written = _written(mechanism, False)
    if (written is None and _DENSITY.fullmatch(variable)) or variable in (written or ()):
        return Meaning(mechanism, variable, "mA/cm**2", "current")
    return _by_unit(mechanism, variable, f"{variable}_{mechanism}", written is None)


def _of_point(mod: str, variable: str, owner: str, is_stimulus: bool) -> Meaning:
    written = _written(mod, True) if mod else None
    if written is None and mod in _ELECTRODES:
        written = {"i": True}
    if variable in (written or ()):
        return Meaning(owner, variable, "nA", "electrode" if (written or {})[variable] else "current")
    if written is None and variable == "i":
        # Every point process writes its current in nA; which way a stimulus goes its kind alone tells.
        return Meaning(owner, variable, "nA", "other" if is_stimulus and not mod else "current")
    return _by_unit(owner, variable, f"{mod}.{variable}", written is None)


def _by_unit(owner: str, variable: str, symbol: str, is_written: bool) -> Meaning:
    unit = _unit_of(symbol)
    if unit is None:
        return Meaning(owner, variable, "", "", is_written)
    role = read_role(variable, units.kind(units.parse_units(unit))).role
    return Meaning(owner, variable, unit, role, is_written)


def _of_synapse(label: str, trace: Any, cell: Any, params: Any) -> str:
    return _mod(_in(params, "synMechParams", label))


def _of_stimulus(label: str, trace: Any, cell: Any, params: Any) -> str:
    found = [one.get("type") for one in cell.get("stims") or () if one.get("label") == label]
    source = _in(params, "stimTargetParams", label).get("source")
    found.append(_in(params, "stimSourceParams", source).get("type"))
    return next((kind for kind in found if isinstance(kind, str)), "")


def _of_pointp(label: str, trace: Any, cell: Any, params: Any) -> str:
    section = _in(cell, "secs", trace.get("sec"))
    return next((_mod(one) for name, one in members(section, "pointps") if name == label), "")


_MOD_OF = {"synMech": _of_synapse, "stim": _of_stimulus, "pointp": _of_pointp}


def _in(params: Mapping[str, Any], *keys: Any) -> Mapping[str, Any]:
    """A mapping inside of others, without making what is not there."""
    for key in keys:
        found = params.get(key) if isinstance(params, Mapping) else None
        params = found if isinstance(found, Mapping) else {}
    return params


def _mod(description: Mapping[str, Any]) -> str:
    found = description.get("mod")
    return found if isinstance(found, str) else ""


def _neuron() -> Any:
    """NEURON, if the user has imported it: to do so loads compiled mechanisms that lie in the folder."""
    return getattr(sys.modules.get("neuron"), "h", None)


def _written(mod: str, is_point: bool) -> dict[str, bool] | None:
    """The currents that a mechanism writes, and whether an electrode's; None where it is unknown."""
    h = _neuron()
    if h is None or not mod.isidentifier() or not h.name_declared(mod):
        return None
    from neo_currentscape.adapters.neuron.mechanisms import Kinds

    try:
        source = Kinds(h, {}).get(mod, is_point, "").source
    except SelectionError:
        return None
    return {name: electrode for name, _, electrode in source.currents}


def _unit_of(symbol: str) -> str | None:
    """The unit that NEURON tells of a variable; None where it knows none."""
    if symbol in _BUILT_IN:
        return _BUILT_IN[symbol]
    h = _neuron()
    name = symbol.partition(".")[0]
    if h is None or not name.isidentifier() or not h.name_declared(name):
        return None
    try:
        found = str(h.units(symbol)).replace("mho", "S")
        units.parse_units(found)
    except (RuntimeError, CurrentscapeError):
        return None
    return found or "dimensionless"
