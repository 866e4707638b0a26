"""``neo-currentscape protocol FILE``: protocols of current clamp and of voltage clamp, on recordings."""

from __future__ import annotations

import argparse
import csv
from typing import Any

from neo_currentscape.cli import examples, output, selection, voltage_clamp
from neo_currentscape.cli.files import add_trust, choose_segment, read_blocks
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.selection import add_place
from neo_currentscape.cli.terminal import say, say_wrote
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.result import Table

#: Protocols, and the options that only some of them have.
PROTOCOLS = ("passive", "clamp", "fi", "zap", *voltage_clamp.PROTOCOLS)
OWN = {
    "method": ("passive",),
    "threshold": ("clamp", "fi"),
    "smooth": ("zap",),
    "f_start": ("zap",),
    "f_stop": ("zap",),
    "window": ("passive",),
    "amplitude_start": ("fi", "clamp", "passive"),
    "amplitude_step": ("fi", "clamp", "passive"),
    **voltage_clamp.OWN,
}


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "protocol",
        help="passive properties, spikes, FI curve or impedance; IV curve, availability or tails",
        description="Passive properties, spikes, FI curve or impedance of a cell, from recordings whose "
        "injected current is recorded, annotated, or told, with the currentscape of the same traces. Under "
        "voltage clamp: current against voltage (iv), inactivation, and tails.",
        epilog=examples.epilog(
            "protocol passive run.nix --method exp2",
            "protocol fi cell.abf",
            "protocol fi sweep.nix --onset '50 ms' --duration '1 s' --table fi.csv",
            "protocol iv steps.abf --leak p4.abf --of steady --reversal '-90 mV'",
            "protocol fi v.nix --onset 50ms --duration 1s --amplitude-start 0pA --amplitude-step 25pA",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument(
        "protocol",
        choices=PROTOCOLS,
        type=_short_name,
        help="of all sweeps of the file, or of one: --segment",
    )
    parser.add_argument("file", help="any file that Neo reads")
    group = parser.add_argument_group("choosing signals")
    add_place(group)
    group.add_argument("--voltage", help="name of the membrane potential")
    group.add_argument("--electrode", nargs="+", metavar="NAME", help="injected currents")
    group.add_argument(
        "--units", nargs="+", metavar="NAME=UNIT", help="units of signals stored without one"
    )
    add_trust(group)
    _add_injection(parser)
    group = parser.add_argument_group("the protocol")
    group.add_argument("--method", help="of the time constant: simple, interpolated, exp, exp2 or membrane")
    group.add_argument(
        "--window", help="over which the voltage before and at the end of a step is averaged"
    )
    group.add_argument("--threshold", help="voltage that a spike crosses; '-20 mV' unless told")
    group.add_argument("--smooth", type=int, help="frequencies over which the impedance is averaged")
    voltage_clamp.add_to(parser)
    output.add_to(parser, "FILE.PROTOCOL.png", table=True)
    parser.set_defaults(run=run)


def _add_injection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what was injected, where the file does not say")
    group.add_argument("--amplitude", help="e.g. '-100 pA'")
    group.add_argument("--amplitude-start", help="of the first sweep, e.g. '-50 pA'")
    group.add_argument("--amplitude-step", help="from each sweep to the next, e.g. '10 pA'")
    group.add_argument("--onset", help="e.g. '200 ms', in the time of each sweep")
    group.add_argument("--duration", help="e.g. '1 s'")
    group.add_argument("--f-start", help="of a chirp, e.g. '0 Hz'")
    group.add_argument("--f-stop", help="of a chirp, e.g. '15 Hz'")


def run(given: argparse.Namespace) -> None:
    """Read, analyse, draw and report."""
    with steps(2, given.quiet) as progress:
        progress.step("reading")
        blocks = read_blocks(given.file, given.trust_pickle)
        progress.step("analysing")
        segments = [segment for block in blocks for segment in block.segments]
        found = _found(blocks, segments, given)
        figure = found.plot(title=given.title, size=given.size)
        carriers = getattr(found, "carriers", None) if getattr(found, "has_currents", False) else None
        said = [found] if carriers is None else [found, carriers]
    say(*said)
    beside = output.beside(given.file, f".{given.protocol}.png")
    output.write_picture(given, figure.save, beside, dpi=given.dpi)
    if given.table:
        with output.target_file(given, given.table, "w") as file:
            _write(found, file)
        say_wrote(given.table)


def _found(blocks: list[Any], segments: list[Any], given: argparse.Namespace) -> Any:
    options, source = _options(given, len(segments)), _source(blocks, segments, given)
    if given.protocol in voltage_clamp.PROTOCOLS:
        return voltage_clamp.call(given.protocol, source, given, given.trust_pickle)
    return _call(given.protocol)(source, **options)


def _short_name(protocol: str) -> str:
    """That of a protocol on the command line, which also takes its name in Python."""
    return {"current_clamp": "clamp", "current-clamp": "clamp"}.get(protocol, protocol)


def _call(protocol: str) -> Any:
    from neo_currentscape import protocols

    return getattr(protocols, {"clamp": "current_clamp"}.get(protocol, protocol))


def _source(blocks: list[Any], segments: list[Any], given: argparse.Namespace) -> Any:
    """All sweeps, or the one that was chosen, or is alone."""
    if given.segment is None and len(segments) > 1:
        return segments
    return choose_segment(blocks, given.segment, given.file)


def _options(given: argparse.Namespace, n_sweeps: int) -> dict[str, Any]:
    for name, takers in OWN.items():
        if getattr(given, name) is not None and given.protocol not in takers:
            raise ArgumentError(
                f"--{name.replace('_', '-')} is for {' and '.join(takers)}, not for {given.protocol}: "
                "leave it out."
            )
    voltage_clamp.check(given)
    plain = ("neuron", "site", "voltage", "electrode", "method", "smooth")
    found = {name: getattr(given, name) for name in plain if getattr(given, name) is not None}
    if given.units:
        found["units"] = selection.pairs(given.units, "--units")
    if given.segment is not None:
        if given.protocol == "fi":
            raise ArgumentError("fi is a curve over all sweeps of the file: leave --segment out.")
        found["sweep_time"] = n_sweeps > 1
    for name in ("amplitude", "onset", "duration", "f_start", "f_stop", "threshold", "window"):
        value = selection.quantity(getattr(given, name), f"--{name.replace('_', '-')}")
        if value is not None:
            found[name] = value
    return {**found, **_amplitudes(given, n_sweeps)}


def _amplitudes(given: argparse.Namespace, n_sweeps: int) -> dict[str, Any]:
    """Amplitudes that rise from sweep to sweep, as the options tell them."""
    import numpy as np

    start, step = (
        selection.quantity(getattr(given, f"amplitude_{name}"), f"--amplitude-{name}", "10 pA")
        for name in ("start", "step")
    )
    if start is None and step is None:
        return {}
    if start is None or step is None or given.amplitude is not None or given.segment is not None:
        raise ArgumentError(
            "--amplitude-start and --amplitude-step tell the amplitudes of all sweeps: give both, and "
            "neither --amplitude nor --segment."
        )
    return {"amplitude": start + np.arange(n_sweeps) * step.rescale(start.units)}


def _write(found: Any, file: Any) -> None:
    """Numbers with their units; curves in columns."""
    if not hasattr(found, "to_dict"):
        _write_columns(_columns(found._table()), file)
        return
    told = found.to_dict()
    told.update({f"{name} error": error for name, error in getattr(found, "errors", {}).items()})
    if hasattr(found, "impedance"):
        told = {"frequency": found.frequencies, "impedance": found.magnitude, "phase": found.phase}
    elif "rheobase" in told:
        told.pop("rheobase")
    elif hasattr(found, "runs"):
        told = _columns(found._table())
    _write_columns(told, file)


def _write_columns(told: dict[str, Any], file: Any) -> None:
    from neo_currentscape.conventions import units

    def unit(value: Any) -> str:
        label = units.label(value) if hasattr(value, "units") else ""
        return f" ({label})" if label else ""

    header = [f"{name}{unit(value)}" for name, value in told.items()]
    columns = [_listed(value) for value in told.values()]
    writer = csv.writer(file)
    writer.writerow(header)
    for row in range(max(map(len, columns))):
        writer.writerow([column[row] if row < len(column) else "" for column in columns])


def _columns(table: Table) -> dict[str, Any]:
    import quantities as pq

    each = {**table.index, **table.columns}
    return {
        name: pq.Quantity(values, table.units[name]) if name in table.units else values
        for name, values in each.items()
    }


def _listed(value: Any) -> list[Any]:
    import numpy as np

    if value is None:
        return [""]
    return np.atleast_1d(np.asarray(getattr(value, "magnitude", value))).tolist()
