"""Protocols of voltage clamp on the command line: ``neo-currentscape protocol iv FILE`` and the like."""

from __future__ import annotations

import argparse
from typing import Any

from neo_currentscape.cli import selection
from neo_currentscape.conventions.errors import ArgumentError

#: Protocols, and the options that only some of them have.
PROTOCOLS = ("iv", "inactivation", "tails")
OWN = {
    "of": ("iv",),
    "reversal": ("iv",),
    "series_resistance": ("iv",),
    "peak": ("iv", "inactivation"),
    "skip": PROTOCOLS,
    "current": PROTOCOLS,
    "command_signal": PROTOCOLS,
    "leak": PROTOCOLS,
    "between": PROTOCOLS,
}

#: Options of the other protocols that say what was injected, or choose what no voltage clamp has.
FOREIGN = ("voltage", "electrode", "amplitude")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("voltage clamp (iv, inactivation, tails)")
    group.add_argument("--current", help="name of the amplifier's current")
    group.add_argument("--command-signal", metavar="NAME", help="name of the command")
    group.add_argument("--of", choices=("peak", "steady"), help="the current that the curve is of")
    group.add_argument("--peak", choices=("largest", "inward", "outward"), help="which extreme is the peak")
    group.add_argument("--reversal", help="e.g. '-90 mV', where it is known")
    group.add_argument("--series-resistance", help="what is left of it, e.g. '4 Mohm'")
    group.add_argument("--skip", help="left out at the begin of a step, e.g. '1 ms'")
    group.add_argument("--leak", metavar="FILE", help="sweeps of a smaller command, for P/N subtraction")
    group.add_argument(
        "--between", nargs=2, metavar="V", help="voltages between which an ohmic leak is fitted"
    )


def check(given: argparse.Namespace) -> None:
    """Refuse options that the protocol does not have.

    Raises
    ------
    ArgumentError
    """
    if given.protocol in PROTOCOLS:
        for name in FOREIGN:
            if getattr(given, name) is not None:
                raise ArgumentError(
                    f"--{name} is of current clamp, and {given.protocol} of voltage clamp: leave it out, "
                    "or choose signals with --current and --command-signal."
                )


def call(protocol: str, source: Any, given: argparse.Namespace, trust: bool) -> Any:
    """Take the leak off, where that was asked for, and read the protocol."""
    from neo_currentscape import protocols

    chosen = {"current": given.current, "command": given.command_signal}
    chosen |= {"site": given.site, "neuron": given.neuron}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    if given.units:
        chosen["units"] = selection.pairs(given.units, "--units")
    sweeps = protocols.sweeps_of(source, given.file, **chosen)
    if given.leak or given.between:
        sweeps = _without_leak(sweeps, given, chosen, trust)
    options = {name: getattr(given, name) for name in ("of", "peak") if getattr(given, name) is not None}
    names = ("onset", "duration", "skip", "reversal", "series_resistance")
    for name in names if protocol == "iv" else ("onset", "skip"):
        value = selection.quantity(getattr(given, name), f"--{name.replace('_', '-')}")
        if value is not None:
            options[name] = value
    return getattr(protocols, protocol)(sweeps, **options)


def _without_leak(sweeps: Any, given: argparse.Namespace, chosen: dict[str, Any], trust: bool) -> Any:
    from neo_currentscape import protocols
    from neo_currentscape.cli.files import read_blocks

    if given.leak:
        small = [segment for block in read_blocks(given.leak, trust) for segment in block.segments]
        return protocols.subtract_leak(sweeps, protocols.sweeps_of(small, given.leak, **chosen))
    ends = tuple(selection.quantity(end, "--between") for end in given.between)
    return protocols.subtract_leak(sweeps, between=ends)
