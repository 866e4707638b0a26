"""What a recorded variable is: from the table, or from what the caller says of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from neo_currentscape.adapters.nest.model import Model, Variable
from neo_currentscape.adapters.nest.models import MODELS
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.conventions.plain_text import brief

#: Names under which NEST and NESTML models record currents.
CURRENT_LIKE = re.compile(r"(I|i)(_\w+)?(\.\w+)?|w|ASCurrents\w*")


def describe(
    name: str,
    model_name: str | None,
    model: Model | None,
    unit: Any = None,
    positive: str | None = None,
) -> Variable:
    """Tell role, unit and sign of a recorded variable.

    Parameters
    ----------
    name : str
        The recordable.
    model_name : str or None
        Name of the model, None where the caller gave none.
    model : Model or None
        Its entry in the table, None where it has none.
    unit, positive : optional
        What the caller says of it; goes before the table.

    Returns
    -------
    Variable

    Raises
    ------
    ArgumentError
        When it looks like a current of which the table and the caller do not tell unit and sign.
    """
    known = model.variable(name) if model is not None else None
    if known is None and name == "V_m":
        known = Variable("voltage", "mV")
    if unit is None and positive is None and known is not None:
        return known
    if known is not None:
        return _changed(known, unit, positive)
    if unit is not None:
        return _as_told(name, model_name, unit, positive)
    if CURRENT_LIKE.fullmatch(name) or positive is not None:
        raise _ask(name, model_name, model)
    return Variable(roles.read_role(name, "dimensionless").role)


def _changed(known: Variable, unit: Any, positive: str | None) -> Variable:
    return Variable(
        known.role,
        known.unit if unit is None else unit,
        positive or known.positive,
        known.total_of,
        known.site,
        known.name,
    )


def _as_told(name: str, model_name: str | None, unit: Any, positive: str | None) -> Variable:
    kind = units.kind(units.parse_units(unit))
    role = roles.read_role(name, kind).role
    if positive is not None and role not in roles.CANONICAL:
        role = "current"  # ht_neuron is not the only model whose currents are in mV
    if role in roles.CANONICAL and positive is None:
        raise ArgumentError(
            f"The direction of current {name!r} of {_shown(model_name)} is not known: write "
            f"sign={{{name!r}: 'inward'}} if positive values depolarise, else 'outward'."
        )
    return Variable(role, unit, positive)


def _shown(model_name: str | None) -> str:
    return "an unknown model" if model_name is None else f"model {model_name!r}"


def _ask(name: str, model_name: str | None, model: Model | None) -> ArgumentError:
    told = (
        f"write units={{{name!r}: 'pA'}} and sign={{{name!r}: 'inward'}} (the direction of its positive "
        "values)"
    )
    if model_name is None:
        return ArgumentError(
            f"Events do not tell the model that recorded {name!r}, so its unit and direction are not "
            f"known: write model='...' with the NEST model's name, or {told}."
        )
    if model is not None:
        return ArgumentError(f"Model {model_name!r} has no recordable {name!r} in the table: {told}.")
    close = difflib.get_close_matches(model_name, MODELS, n=1, cutoff=0.8)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    return ArgumentError(
        f"Model {model_name!r} is not in the table{hint}, so the unit and direction of {name!r} are not "
        f"known: {told}."
    )


def check_names(what: str, given: Mapping[str, Any] | None, recorded: set[str]) -> None:
    """Refuse a mapping of variables that names one that was not recorded.

    Raises
    ------
    ArgumentError, UnknownNameError
    """
    if given is not None and not isinstance(given, Mapping):
        raise ArgumentError(f"{what} takes {{variable: value}}, not {brief(given)}.")
    for name in given or ():
        if name not in recorded:
            raise unknown_name(f"variable in {what}", name, sorted(recorded))
