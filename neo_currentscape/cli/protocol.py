"""``neo-currentscape protocol FILE``: passive properties, spikes, FI curve or impedance of recordings."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

from neo_currentscape.cli import examples, output, selection
from neo_currentscape.cli.files import add_trust, choose_segment, read_blocks
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say, say_wrote
from neo_currentscape.conventions.errors import ArgumentError

#: Protocols, and the options that only some of them have.
PROTOCOLS = ("passive", "clamp", "fi", "zap")
OWN = {
    "method": ("passive",),
    "threshold": ("clamp", "fi"),
    "smooth": ("zap",),
    "f_start": ("zap",),
    "f_stop": ("zap",),
}


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "protocol",
        help="passive properties, spikes, FI curve or impedance from recordings under injected current",
        description="Passive properties, spikes, FI curve or impedance of a cell, from recordings whose "
        "injected current is recorded, annotated, or told, with the currentscape of the same traces.",
        epilog=examples.epilog(
            "protocol passive run.nix --method exp2",
            "protocol fi sweep.nix --onset '50 ms' --duration '1 s' --table fi.csv",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("protocol", choices=PROTOCOLS, help="fi reads all segments of the file")
    parser.add_argument("file", help="any file that Neo reads")
    group = parser.add_argument_group("choosing signals")
    group.add_argument("--segment", type=int, help="number of the segment in the file, from 0")
    group.add_argument("--neuron", type=int, help="index of the neuron")
    group.add_argument("--site", help="the recorded place, e.g. soma")
    group.add_argument("--voltage", help="name of the membrane potential")
    group.add_argument("--electrode", nargs="+", metavar="NAME", help="injected currents")
    add_trust(group)
    _add_injection(parser)
    group = parser.add_argument_group("the protocol")
    group.add_argument("--method", help="of the time constant: simple, interpolated, exp, exp2 or membrane")
    group.add_argument("--threshold", help="voltage that a spike crosses; '-20 mV' unless told")
    group.add_argument("--smooth", type=int, help="frequencies over which the impedance is averaged")
    output.add_to(parser, "FILE.PROTOCOL.png", table=True)
    parser.set_defaults(run=run)


def _add_injection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what was injected, where the file does not say")
    group.add_argument("--amplitude", help="e.g. '-100 pA'")
    group.add_argument("--onset", help="e.g. '200 ms'")
    group.add_argument("--duration", help="e.g. '1 s'")
    group.add_argument("--f-start", help="of a chirp, e.g. '0 Hz'")
    group.add_argument("--f-stop", help="of a chirp, e.g. '15 Hz'")


def run(given: argparse.Namespace) -> None:
    """Read, analyse, draw and report."""
    from neo_currentscape import protocols

    with steps(2, given.quiet) as progress:
        progress.step("reading")
        blocks = read_blocks(given.file, given.trust_pickle)
        progress.step("analysing")
        options = _options(given)
        if given.protocol == "fi":
            segments = [segment for block in blocks for segment in block.segments]
            found: Any = protocols.fi(segments, **options)
        else:
            calls: dict[str, Any] = {
                "passive": protocols.passive,
                "clamp": protocols.current_clamp,
                "zap": protocols.zap,
            }
            segment = choose_segment(blocks, given.segment, given.file)
            found = calls[given.protocol](segment, **options)
        figure = found.plot(title=given.title, size=given.size)
        said = [found, found.carriers] if found.has_currents else [found]
    say(*said)
    beside = Path(given.file).with_suffix(f".{given.protocol}.png")
    output.write_picture(given, figure.save, beside, dpi=given.dpi)
    if given.table:
        with output.target_file(given, given.table, "w") as file:
            _write(found, file)
        say_wrote(given.table)


def _options(given: argparse.Namespace) -> dict[str, Any]:
    for name, takers in OWN.items():
        if getattr(given, name) is not None and given.protocol not in takers:
            raise ArgumentError(
                f"--{name.replace('_', '-')} is for {' and '.join(takers)}, not for {given.protocol}: "
                "leave it out."
            )
    plain = ("neuron", "site", "voltage", "electrode", "method", "smooth")
    found = {name: getattr(given, name) for name in plain if getattr(given, name) is not None}
    for name in ("amplitude", "onset", "duration", "f_start", "f_stop", "threshold"):
        value = selection.quantity(getattr(given, name), f"--{name.replace('_', '-')}")
        if value is not None:
            found[name] = value
    return found


def _write(found: Any, file: Any) -> None:
    """Numbers with their units; curves in columns."""
    from neo_currentscape.conventions import units

    told = found.to_dict()
    if hasattr(found, "impedance"):
        told = {"frequency": found.frequencies, "impedance": found.magnitude, "phase": found.phase}
    elif hasattr(found, "runs"):
        told.pop("rheobase")

    def unit(value: Any) -> str:
        label = units.label(value) if hasattr(value, "units") else ""
        return f" ({label})" if label else ""

    header = [f"{name}{unit(value)}" for name, value in told.items()]
    columns = [_listed(value) for value in told.values()]
    writer = csv.writer(file)
    writer.writerow(header)
    for row in range(max(map(len, columns))):
        writer.writerow([column[row] if row < len(column) else "" for column in columns])


def _listed(value: Any) -> list[Any]:
    import numpy as np

    if value is None:
        return [""]
    return np.atleast_1d(np.asarray(getattr(value, "magnitude", value))).tolist()
