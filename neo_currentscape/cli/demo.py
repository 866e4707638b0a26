"""``neo-currentscape demo``: simulate a bursting neuron and draw its currentscape."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli import output
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say, say_wrote
from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import ArgumentError, FileError, require
from neo_currentscape.conventions.whole_files import draft
from neo_currentscape.recording.inventory import stored_signals

#: Bytes that a NIX file has for each channel, beside its values; more than enough.
ROOM = 1 << 16


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "demo",
        help="simulate a bursting neuron, write its recording and its currentscape",
        description="Simulate the stomatogastric neuron of Alonso & Marder (2019), write the recording "
        "as a Neo Block and its currentscape as a picture, and rank its currents.",
        epilog="example: neo-currentscape demo --model A --output demo_output",
    )
    parser.add_argument("--output", "-o", default="demo_output", help="folder to write to")
    parser.add_argument("--model", default="Fig. 2", help="Fig. 2, Fig. 3, or A to F")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of the recording")
    output.add_quiet(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Simulate, write and report."""
    from neo_currentscape.models import stg

    if not given.seconds >= 1e-3:
        raise ArgumentError(f"--seconds {given.seconds:g} is too short: write 0.001 or more.")
    folder = Path(given.output)
    with steps(3, given.quiet) as progress:
        progress.step("simulating")
        block = stg.simulate(given.model, t_stop=given.seconds * pq.s)
        if folder.exists() and not folder.is_dir():
            raise FileError(f"--output {given.output!r} is a file, and two are written: name a folder.")
        folder.mkdir(parents=True, exist_ok=True)
        progress.step("writing the recording")
        recording = folder / "stg.nix"
        write_nix(block, recording)
        progress.step("drawing")
        scape = ncs.Currentscape.from_segment(block)
        picture = folder / "currentscape.png"
        scape.plot(title=f"Stomatogastric neuron, model {given.model}").save(picture)
    say_wrote(recording)
    say_wrote(picture)
    say("", ranking(scape), f"\nNext: neo-currentscape info {recording}")


def write_nix(block: neo.Block, path: Path) -> None:
    """Write a Block to a new NIX file.

    Parameters
    ----------
    block : neo.Block
    path : pathlib.Path
        An older file of that name is replaced, as NixIO would add to it.
    """
    require("nixio", "demo", "Writing NIX files")
    signals = [signal for segment in block.segments for signal in stored_signals(segment)]
    numbers = sum(np.asarray(signal).nbytes + ROOM * signal.shape[-1] for signal in signals)
    with draft(path, room=numbers + ROOM) as beside:
        writer = neo.io.NixIO(str(beside), mode="ow")
        try:
            writer.write_block(block)
        finally:
            writer.close()


def ranking(scape: ncs.Currentscape) -> str:
    """The currents by charge as a table in plain text.

    Parameters
    ----------
    scape : Currentscape

    Returns
    -------
    str
    """
    outward, inward = scape.contributions("outward"), scape.contributions("inward")
    charge = scape.charge("outward") + scape.charge("inward")
    rows = [
        [rank, scape.names[k], units.readable(charge[k]), f"{outward[k]:.1%}", f"{inward[k]:.1%}"]
        for rank, k in enumerate(scape.ranking, start=1)
    ]
    return plain_text.table(rows, ["rank", "current", "charge", "of outward", "of inward"], "rlrrr")
