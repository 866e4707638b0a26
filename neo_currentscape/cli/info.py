"""``neo-currentscape info FILE``: what every signal is taken for, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import neo

from neo_currentscape.cli import selection
from neo_currentscape.cli.described import describe, problems, rows
from neo_currentscape.cli.files import choose_segment_of, open_blocks
from neo_currentscape.cli.terminal import say
from neo_currentscape.conservation.balance import Balance, balance
from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeError
from neo_currentscape.recording.described import completed
from neo_currentscape.recording.inventory import clamp_of, inventory
from neo_currentscape.recording.recording import Recording


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
    parser.add_argument("--json", action="store_true", help="the same as JSON, for other programs")
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
    if given.json:
        say(as_json(given))
        return
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
    lines = []
    for place, found in judged(path, given):
        where = "".join(f", {word} {place[word]}" for word in PLACE if place[word] is not None)
        lines.append(f"\nsegment {place['segment']}{plain_text.escaped(where)}")
        lines.append(f"{found}\n\n{found.table()}" if isinstance(found, Balance) else found)
    return "\n".join(lines)


def judged(path: str, given: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Balance | str]]:
    """The segment, neuron and site of each balance, with it, or with why it cannot be judged.

    Parameters
    ----------
    path, given
        As for `balances`.

    Yields
    ------
    dict, neo_currentscape.Balance or str
    """
    capacitance = selection.quantity(given.capacitance, "--capacitance", "200 pF")
    for index, segment in segments_of(path, given):
        for keywords in _places(segment, selection.keywords(given)):
            place = {"segment": index, **{word: keywords[word] for word in PLACE}}
            try:
                yield place, balance(Recording.from_segment(segment, **keywords), capacitance)
            except CurrentscapeError as error:
                yield place, f"Balance: not judged. {error}"


def segments_of(path: str, given: argparse.Namespace) -> list[tuple[int, neo.Segment]]:
    """The segments of a file with their numbers: the one that was chosen, or all."""
    blocks = open_blocks(path, given.trust_pickle)
    segments = [segment for block in blocks for segment in block.segments]
    chosen = range(len(segments)) if given.segment is None else [given.segment]
    return [(index, choose_segment_of(segments, index, path)) for index in chosen]


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
    segments = segments_of(path, given)
    keywords = selection.keywords(given)
    told = []
    for index, segment in segments:
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


def as_json(given: argparse.Namespace) -> str:
    """All that `info` tells, as JSON: a list with an object for each file.

    Parameters
    ----------
    given : argparse.Namespace

    Returns
    -------
    str
        Each file with ``segments``, of which each has ``signals`` with the columns of the table, and
        ``problems``; with ``--balance`` also ``balances``, of which each has ``unexplained`` and
        ``verdict``, or ``error``.
    """
    found = []
    for path in given.file:
        one: dict[str, Any] = {"file": path, "segments": _segments_as_json(path, given)}
        if given.balance:
            one["balances"] = [{**place, **_verdict(judgement)} for place, judgement in judged(path, given)]
        found.append(one)
    return json.dumps(found, indent=1)


def _segments_as_json(path: str, given: argparse.Namespace) -> list[dict[str, Any]]:
    keywords = selection.keywords(given)
    asked = [keywords[word] for word in ("units", "sign", "currents")]
    return [
        {
            "segment": index,
            "name": segment.name,
            "clamp": clamp_of(segment),
            "signals": rows(segment, *asked),
            "problems": problems(segment, *asked),
        }
        for index, segment in segments_of(path, given)
    ]


def _verdict(judgement: Balance | str) -> dict[str, Any]:
    if isinstance(judgement, str):
        return {"error": judgement}
    return {"unexplained": float(judgement.unexplained), "verdict": judgement.verdict}
