"""``neo-currentscape info FILE``: what every signal is taken for, and why."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.cli import selection
from neo_currentscape.cli.files import choose_segment_of, open_blocks
from neo_currentscape.cli.terminal import say
from neo_currentscape.conservation.balance import report as report_balance
from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError, SignalError
from neo_currentscape.recording import timebase
from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.described import completed, reader_of
from neo_currentscape.recording.inventory import Variable, clamp_of, inventory
from neo_currentscape.recording.recording import Recording
from neo_currentscape.recording.refusals import DERIVE, is_of_pynn
from neo_currentscape.recording.stored_columns import check_sign, said_direction


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "info",
        help="list every signal of a file with the role, sign and unit decided for it",
        description="List every signal of every segment with the role, sign and unit decided for it, "
        "and why.",
        epilog="example: neo-currentscape info recording.nix --balance --neuron 0",
    )
    parser.add_argument("file", nargs="+", help="any file that Neo reads")
    parser.add_argument(
        "--balance", action="store_true", help="sum all currents against C dV/dt, and judge what is left"
    )
    parser.add_argument("--capacitance", help="for the balance, e.g. '200 pF' or '1 uF/cm**2'")
    selection.add_to(parser)
    parser.set_defaults(run=run)


#: Options that say nothing about a list of all signals.
_OF_BALANCE = (
    "neuron", "site", "voltage", "currents", "parts", "ions", "electrode", "area", "capacitance"
)  # fmt: skip


def run(given: argparse.Namespace) -> None:
    """Print the report of each file."""
    _check_used(given)
    for path in given.file:
        say(report(path, given))
        if given.balance:
            say(balances(path, given))


def _check_used(given: argparse.Namespace) -> None:
    """Refuse options that would change nothing without ``--balance``."""
    idle = [word for word in _OF_BALANCE if getattr(given, word) is not None]
    idle += ["nan"] if given.nan != "error" else []
    if idle and not given.balance:
        raise ArgumentError(
            f"--{idle[0]} chooses for a balance, and info without --balance lists all signals: add "
            f"--balance, or leave --{idle[0]} out."
        )


def balances(path: str, given: argparse.Namespace) -> str:
    """Judge the balance of the segment that was chosen, or of each.

    Parameters
    ----------
    path : str
        Any file that Neo reads.
    given : argparse.Namespace
        The options that choose signals.

    Returns
    -------
    str
        A report for every neuron and site; a sentence where one cannot be judged.
    """
    capacitance = selection.quantity(given.capacitance, "--capacitance", "200 pF")
    blocks = open_blocks(path, given.trust_pickle)
    segments = [segment for block in blocks for segment in block.segments]
    chosen = range(len(segments)) if given.segment is None else [given.segment]
    lines = []
    for index in chosen:
        segment = choose_segment_of(segments, index, path)
        for keywords in _places(segment, selection.keywords(given)):
            place = "".join(f", {word} {keywords[word]}" for word in PLACE if keywords[word] is not None)
            lines.append(f"\nsegment {index}{plain_text.escaped(place)}")
            lines.append(_judged(segment, keywords, capacitance))
    return "\n".join(lines)


#: What tells the balances of one segment apart.
PLACE = ("neuron", "site")

#: Balances that one segment is asked for at most where neither neuron nor site was chosen.
MOST_PLACES = 20


def _places(segment: neo.Segment, keywords: dict[str, Any]) -> list[dict[str, Any]]:
    """One set of keywords for each neuron and site that the currents of a segment have."""
    segment = completed(segment, keywords["currents"])
    variables = [v for v in inventory(segment, keywords["units"]) if v.role == "current"]
    neurons = sorted({int(n) for v in variables if v.neurons is not None for n in v.neurons})
    sites = sorted({v.site for v in variables if v.site is not None})
    places = [
        {**keywords, "neuron": neuron, "site": site}
        for neuron in ([keywords["neuron"]] if keywords["neuron"] is not None or not neurons else neurons)
        for site in ([keywords["site"]] if keywords["site"] is not None or not sites else sites)
    ]
    if len(places) > MOST_PLACES:
        raise ArgumentError(
            f"The segment holds currents of {len(places)} neurons and sites: choose with --neuron and "
            "--site."
        )
    return places


def _judged(segment: neo.Segment, keywords: dict[str, Any], capacitance: Any) -> str:
    try:
        return report_balance(Recording.from_segment(segment, **keywords), capacitance)
    except CurrentscapeError as error:
        return f"Balance: not judged. {error}"


def report(path: str, given: argparse.Namespace) -> str:
    """Describe the signals of a file.

    Parameters
    ----------
    path : str
        Any file that Neo reads.
    given : argparse.Namespace
        With the options ``segment``, ``units`` and ``sign``, which change what is decided.

    Returns
    -------
    str
    """
    lines = [plain_text.escaped(path)]
    blocks = open_blocks(path, given.trust_pickle)
    segments = [segment for block in blocks for segment in block.segments]
    chosen = range(len(segments)) if given.segment is None else [given.segment]
    keywords = selection.keywords(given)
    told = []
    for index in chosen:
        segment = choose_segment_of(segments, index, path)
        text = describe(segment, keywords["units"], keywords["sign"], keywords["currents"])
        told.append((index, segment, text))
    for alike in _alike(told):
        lines.append(f"\n{_heading(alike)}")
        lines.append(alike[0][2])
    if not segments:
        lines.append("holds no segment")
    return "\n".join(lines)


#: A Segment with its number and what is told of it.
_Told = tuple[int, neo.Segment, str]


def _alike(told: list[_Told]) -> list[list[_Told]]:
    """Put together consecutive Segments of which the same is told, as the sweeps of a protocol."""
    groups: list[list[_Told]] = []
    for one in told:
        if groups and groups[-1][0][2] == one[2] and clamp_of(groups[-1][0][1]) == clamp_of(one[1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [part for group in groups for part in ([group] if _is_long(group) else [[one] for one in group])]


#: Segments that are no sweeps are told together from so many on.
_MANY = 3


def _is_long(group: list[_Told]) -> bool:
    return len(group) >= _MANY or all("sweep" in segment.annotations for _, segment, _ in group)


def _heading(alike: list[_Told]) -> str:
    (first, segment, _), (last, *_) = alike[0], alike[-1]
    clamp = clamp_of(segment)
    held = f", {clamp} clamp" if clamp is not None else ""
    if len(alike) == 1:
        return f"segment {first}" + (f" {segment.name!r}" if segment.name else "") + held
    return f"segments {first}-{last}, {len(alike)} alike{held}"


#: Said of a Segment whose currents an adapter derives.
DERIVED = "  currents derived by PyNN's adapter from the recorded variables and the stored parameters"


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
    derived = completed(segment, currents)
    note = [] if derived is segment else [DERIVED]
    if derived is segment and reader_of(segment) is None and is_of_pynn(inventory(segment, given_units)):
        note = [f"  no currents: {DERIVE}"]
    variables = inventory(derived, given_units)
    labels = {name: label for label, name in currents.items()} if isinstance(currents, Mapping) else {}
    known = [name for variable in variables for name in (variable.name, variable.short_name)]
    check_sign(sign, [*known, *labels.values()])
    if not variables:
        return "  holds no signal"
    header = ["signal", "site", "neurons", "samples", "unit", "role", "positive", "because"]
    text = plain_text.table([_row(variable, sign, labels) for variable in variables], header, "lllr")
    return "\n".join([*(f"  {line}" for line in text.splitlines()), *note, *_broken_times(variables)])


def _broken_times(variables: Sequence[Variable]) -> list[str]:
    """What is wrong with the times of signals, each said once."""
    found = []
    for variable in variables:
        try:
            if variable.signal.shape[0] > 1:
                timebase.check_ends(variable.signal, f"Signal {variable.name!r}")
        except SignalError as error:
            found.append(f"  {plain_text.escaped(error)}")
    return list(dict.fromkeys(found))


def _row(variable: Variable, sign: Any, labels: Mapping[str, str]) -> list[str]:
    direction, reason = variable.sign_and_reason
    label = labels.get(variable.name, labels.get(variable.short_name, variable.short_name))
    said = said_direction(Choice(label, variable, variable.role), sign) if direction else None
    if said is not None:
        was = f", though annotated {direction}" if reason == "annotated" and said != direction else ""
        direction, reason = said, f"by --sign{was}"
    because = variable.reason + (f"; direction {reason}" if direction else "")
    return [
        variable.name or "(no name)",
        variable.site or "-",
        _neurons(variable),
        str(variable.signal.shape[0]),
        units.label(variable.units) or "none",
        variable.role,
        direction or "-",
        because,
    ]


def _neurons(variable: Variable) -> str:
    if variable.neurons is None:
        return "-"
    numbers = np.sort(variable.neurons)
    if len(numbers) > 3 and np.array_equal(numbers, np.arange(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}-{numbers[-1]}"
    shown = ",".join(str(number) for number in numbers[:6])
    return shown + (",..." if len(numbers) > 6 else "")
