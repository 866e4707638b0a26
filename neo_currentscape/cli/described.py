"""What every signal of a segment is taken for, and why: as rows, and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.cli.options import as_options
from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import time_checks
from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.described import completed, reader_of
from neo_currentscape.recording.inventory import Variable, inventory
from neo_currentscape.recording.refusals import DERIVE, is_of_pynn
from neo_currentscape.recording.stored_columns import check_sign, said_direction

#: Said of a Segment whose currents an adapter derives.
DERIVED = "currents derived by PyNN's adapter from the recorded variables and the stored parameters"


def describe(segment: neo.Segment, given_units: Any = None, sign: Any = None, currents: Any = None) -> str:
    """Lay out the inventory of a segment as a table.

    Parameters
    ----------
    segment : neo.Segment
    given_units, sign, currents : optional
        As ``units=``, ``sign=`` and ``currents=`` of `Recording.from_segment`.

    Returns
    -------
    str
    """
    found = rows(segment, given_units, sign, currents)
    if not found:
        return "  holds no signal"
    shown = [[_text(key, value) for key, value in row.items()] for row in found]
    lines = plain_text.table(shown, list(found[0]), "lllr").splitlines()
    said = map(plain_text.escaped, problems(segment, given_units, sign, currents))
    return "\n".join(f"  {line}" for line in (*lines, *said))


def rows(
    segment: neo.Segment, given_units: Any = None, sign: Any = None, currents: Any = None
) -> list[dict[str, Any]]:
    """The inventory of a segment: a dict for each variable, with None where nothing is known.

    Parameters
    ----------
    segment, given_units, sign, currents
        As for `describe`.

    Returns
    -------
    list of dict
        With the keys signal, site, neurons (a list of int), samples, unit, role, positive and because.
    """
    variables = inventory(completed(segment, currents), given_units)
    labels = {name: label for label, name in currents.items()} if isinstance(currents, Mapping) else {}
    known = [name for variable in variables for name in (variable.name, variable.short_name)]
    check_sign(sign, [*known, *labels.values()])
    return [_row(variable, sign, labels) for variable in variables]


def problems(
    segment: neo.Segment, given_units: Any = None, sign: Any = None, currents: Any = None
) -> list[str]:
    """What is to be known of the segment as a whole, and what is wrong with the times of its signals.

    Parameters
    ----------
    segment, given_units, sign, currents
        As for `describe`.

    Returns
    -------
    list of str
        Each said once.
    """
    derived = completed(segment, currents)
    variables = inventory(derived, given_units)
    note = [] if derived is segment else [DERIVED]
    if derived is segment and reader_of(segment) is None and is_of_pynn(variables):
        note = [f"no currents: {DERIVE}"]
    return [*note, *_broken_times(variables)]


def _broken_times(variables: Sequence[Variable]) -> list[str]:
    found = []
    for variable in variables:
        try:
            if variable.signal.shape[0] > 1:
                time_checks.check_ends(variable.signal, f"Signal {variable.name!r}")
        except SignalError as error:
            found.append(str(error))
    return list(dict.fromkeys(found))


def _row(variable: Variable, sign: Any, labels: Mapping[str, str]) -> dict[str, Any]:
    direction, reason = variable.sign_and_reason
    label = labels.get(variable.name, labels.get(variable.short_name, variable.short_name))
    said = said_direction(Choice(label, variable, variable.role), sign) if direction else None
    if said is not None:
        was = f", though annotated {direction}" if reason == "annotated" and said != direction else ""
        direction, reason = said, f"by --sign{was}"
    return {
        "signal": variable.name,
        "site": variable.site,
        "neurons": None if variable.neurons is None else np.sort(variable.neurons).tolist(),
        "samples": int(variable.signal.shape[0]),
        "unit": units.label(variable.units) or None,
        "role": variable.role,
        "positive": direction or None,
        "because": as_options(variable.reason, {"units"}) + (f"; direction {reason}" if direction else ""),
    }


#: What stands in the table where a value is None or empty.
_NOTHING = {"signal": "(no name)", "unit": "none"}


def _text(key: str, value: Any) -> str:
    if value is None or value == "":
        return _NOTHING.get(key, "-")
    return _neurons(value) if key == "neurons" else str(value)


def _neurons(numbers: list[int]) -> str:
    if len(numbers) > 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(str(number) for number in numbers[:6]) + (",..." if len(numbers) > 6 else "")
