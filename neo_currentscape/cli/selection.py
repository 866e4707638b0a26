"""Options by which a command chooses signals; the same words as `Recording.from_segment`."""

from __future__ import annotations

import argparse
import csv
from typing import Any

from neo_currentscape.cli.files import add_trust
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, UnitsError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.conventions.unit_text import LONGEST, shown
from neo_currentscape.recording.recording import Recording


def add_place(group: Any) -> None:
    """Add the options that say where something was recorded."""
    group.add_argument("--segment", type=int, help="number of the segment in the file, from 0")
    group.add_argument("--neuron", type=int, help="index of the neuron")
    group.add_argument("--site", help="the recorded place, e.g. soma")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    group = parser.add_argument_group("choosing signals")
    add_place(group)
    group.add_argument("--voltage", help="name of the membrane potential; 'none' for none")
    group.add_argument(
        "--currents",
        action="extend",
        nargs="+",
        metavar="NAME",
        help="names, patterns like 'soma.*', LABEL=NAME, or LABEL=NAME,NAME for their sum",
    )
    group.add_argument(
        "--parts",
        action="extend",
        nargs="+",
        metavar="NAME=PART,PART",
        help="signals that add up to another, drawn in its place",
    )
    group.add_argument("--ions", action="extend", nargs="*", metavar="NAME", help="ion concentrations")
    group.add_argument("--electrode", action="extend", nargs="*", metavar="NAME", help="injected currents")
    group.add_argument(
        "--units",
        action="extend",
        nargs="+",
        metavar="NAME=UNIT",
        help="units of signals stored without one; names or patterns like 'I_*'",
    )
    group.add_argument(
        "--sign",
        action="extend",
        nargs="+",
        metavar="[NAME=]DIRECTION",
        help="outward or inward: how values are stored; names or patterns",
    )
    group.add_argument("--area", help="membrane area, e.g. '1000 um**2': densities become absolute")
    group.add_argument("--noise", help="standard error of measured currents, e.g. '8 pA'")
    group.add_argument("--nan", choices=["error", "gap"], default="error", help="what to do about NaN")
    add_trust(group)


def keywords(given: argparse.Namespace) -> dict[str, Any]:
    """Turn the options into keywords of `Recording.from_segment`.

    Parameters
    ----------
    given : argparse.Namespace
        As parsed.

    Returns
    -------
    dict
    """
    return {
        "neuron": given.neuron,
        "site": given.site,
        "voltage": False if given.voltage == "none" else given.voltage,
        "currents": _summed(_names(given.currents, "--currents")),
        "parts": _parts(given.parts),
        "ions": _names(given.ions, "--ions"),
        "electrode": _summed(_names(given.electrode, "--electrode")),
        "units": pairs(given.units, "--units") if given.units else None,
        "sign": _sign(given.sign),
        "area": quantity(given.area, "--area", "1000 um**2"),
        "nan": given.nan,
        "noise": quantity(given.noise, "--noise", "8 pA"),
    }


def sliced(recording: Recording, given: argparse.Namespace) -> Recording:
    """Cut out the time between ``--t-start`` and ``--t-stop``; the whole where neither was given."""
    start, stop = quantity(given.t_start, "--t-start"), quantity(given.t_stop, "--t-stop")
    return recording if start is None and stop is None else recording.slice(start, stop)


def _names(given: list[str] | None, option: str) -> Any:
    if not any("=" in name for name in given or ()):
        return given
    assert given is not None
    # A name without a label is a label itself.
    is_whole = ["=" in name or bool(set(name) & set("*?")) for name in given]
    listed = [name if whole else f"{name}={name}" for name, whole in zip(given, is_whole, strict=True)]
    return pairs(listed, option)


def _summed(names: Any) -> Any:
    """The names under a label as a list, where they are several, or a pattern: their sum is meant."""
    if not isinstance(names, dict):
        return names
    listed = {label: _listed(text) for label, text in names.items()}
    return {
        label: found if len(found) > 1 or set("*?") & set(found[0]) else found[0]
        for label, found in listed.items()
    }


def _listed(text: str) -> list[str]:
    # In quotes a comma is one of the name, as in files of comma-separated values.
    return next(csv.reader([text], skipinitialspace=True), []) or [text]


def _parts(given: list[str] | None) -> Any:
    return {name: _listed(text) for name, text in pairs(given, "--parts").items()} if given else None


def pairs(given: list[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE texts; each name once."""
    found: dict[str, str] = {}
    for pair in given:
        name, is_pair, value = pair.partition("=")
        if not is_pair:
            raise ArgumentError(f"{option} {pair!r} has no '=': write NAME=VALUE.")
        if name in found:
            raise ArgumentError(
                f"{option} has {name!r} twice, for {found[name]!r} and {value!r}: write it once."
            )
        found[name] = value
    return found


def _sign(given: list[str] | None) -> Any:
    if not given:
        return None
    if len(given) > 1 or "=" in given[0]:
        return pairs(given, "--sign")
    if given[0] not in DIRECTIONS:
        raise ArgumentError(
            f"--sign {given[0]!r} is no direction of stored positive values: write --sign inward (or "
            "outward) for all signals, or --sign NAME=inward for one."
        )
    return given[0]


#: What could stand after options that take no time.
_EXAMPLES = {
    "--amplitude": "-100 pA",
    "--threshold": "-20 mV",
    "--between": "-70 mV",
    "--voltages": "-70 mV",
    "--reversal": "-70 mV",
    "--f-start": "1 Hz",
    "--f-stop": "20 Hz",
    "--series-resistance": "10 MOhm",
}


def quantity(text: str | None, option: str, example: str | None = None) -> Any:
    """Read a number with a unit from the command line.

    Parameters
    ----------
    text : str or None
        E.g. "100 ms" or "100ms".
    option : str
        Where it stood, for the error.
    example : str, optional
        What could stand there, for the error; by default that of the option, or a time.

    Returns
    -------
    Quantity or None

    Raises
    ------
    UnitsError
        When it is not a number and a unit.

    Examples
    --------
    >>> quantity("100ms", "--t-start")
    array(100.) * ms
    """
    if text is None:
        return None
    example = _EXAMPLES.get(option, "100 ms") if example is None else example
    text = text.strip()
    if len(text) > LONGEST:
        raise UnitsError(f"{option} {shown(text)} has {len(text)} characters: write e.g. {example!r}.")
    number = text.rstrip()
    cut = len(number)
    while cut and not (number[:cut].strip().replace("_", "") and _is_number(number[:cut])):
        cut -= 1
    unit = number[cut:].strip()
    if not cut or not unit:
        raise UnitsError(f"{option} {text!r} is not a number with a unit: write e.g. {example!r}.")
    return float(number[:cut]) * units.parse_units(unit)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
