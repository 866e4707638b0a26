"""``neo-currentscape events FILE``: what the currents do at spikes, over cycles, and which dominates."""

from __future__ import annotations

import argparse
from typing import Any

import neo
import numpy as np

import neo_currentscape as ncs
from neo_currentscape.cli import examples, experiments, selection
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say
from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.experiments.spike_phases import PHASES
from neo_currentscape.recording.crossings import THRESHOLD

#: What may be shown.
SHOWN = ("average", "burst", "spike", "phases", "dominant")


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "events",
        help="average the currentscape around spikes or events, or over the cycle of bursts",
        description="Average the currentscape around spikes or events, or over the phase of bursts or of "
        "spikes; show shares against voltage in the phases of the spike, or which current dominates.",
        epilog=examples.epilog(
            "events run.nix --before '10 ms' --after '30 ms'",
            "events run.nix --show burst --bins 200",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("file", help="any file that Neo reads")
    parser.add_argument(
        "--show",
        choices=SHOWN,
        default="average",
        help="average: around events; burst, spike: over the phase from one to the next; phases: shares "
        "against voltage in upstroke, downstroke and interval; dominant: the largest current over time",
    )
    group = parser.add_argument_group("events")
    group.add_argument(
        "--events",
        help="name of a spike train, event or epoch, or 'spikes' for the recorded ones of the neuron; the "
        "spikes of the voltage if left out",
    )
    group.add_argument("--threshold", help="voltage that a spike crosses; '-20 mV' unless told")
    group.add_argument("--before", help="time before an event; '20 ms' unless told")
    group.add_argument("--after", help="time after an event; '50 ms' unless told")
    group.add_argument(
        "--max-interval", help="longest interval between spikes of a burst; '100 ms' unless told"
    )
    group.add_argument("--bins", type=int, help="bins of time, phase or voltage")
    group.add_argument(
        "--min-duration", help="of the dominant current: shorter periods go to the one before"
    )
    selection.add_to(parser)
    experiments.add_output(parser, "events")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Read, average, draw and report."""
    with steps(3, given.quiet) as progress:
        progress.step("reading")
        scape, segment = experiments.read_scape(given, given.file)
        progress.step("averaging")
        show = {"phases": _phases, "dominant": _dominant}.get(given.show, _average)
        figure, frame, report = show(given, scape, segment)
        progress.step("writing")
        experiments.write(given, figure, given.file, frame)
    say(f"\n{report}")


def _bins(given: argparse.Namespace) -> dict[str, Any]:
    return {} if given.bins is None else {"bins": given.bins}


def _named(segment: neo.Segment, name: str, neuron: int | None) -> Any:
    """What ``--events`` names: a spike train, event or epoch, "spikes", or the number of a neuron."""
    found = [*segment.spiketrains, *segment.events, *segment.epochs]
    for one in found:
        if one.name == name:
            return one
    index = int(name) if name.isdigit() else neuron
    train = _train_of(segment, index) if name == "spikes" or name.isdigit() else None
    if train is not None:
        return train
    names = sorted({str(one.name) for one in found if one.name})
    if any(_index_of(train) is not None for train in segment.spiketrains):
        names += ["spikes"]
    known = ", ".join(repr(known) for known in names) or "none"
    raise SelectionError(
        f"--events {name!r}: the segment has no spike train, event or epoch of that name (it has {known})."
    )


def _index_of(train: Any) -> int | None:
    """The neuron that a spike train is of; PyNN's have no names."""
    index = train.annotations.get("channel_index", train.annotations.get("source_index"))
    return None if index is None else int(index)


def _train_of(segment: neo.Segment, neuron: int | None) -> Any:
    return next((t for t in segment.spiketrains if neuron is not None and _index_of(t) == neuron), None)


def _spikes_of(given: argparse.Namespace, scape: Any, segment: neo.Segment) -> Any:
    """The recorded spikes of a neuron whose voltage does not show them; None where it does."""
    voltage = scape.recording.voltage
    if (
        given.threshold is not None
        or voltage is None
        or float(voltage.max().rescale("mV")) > float(THRESHOLD)
    ):
        return None
    train = _train_of(segment, scape.recording.neuron)
    return train if train is not None and len(train) else None


def _average(given: argparse.Namespace, scape: Any, segment: neo.Segment) -> tuple[Any, Any, str]:
    options = {**_bins(given), **experiments.quantity(given, "threshold")}
    neuron = scape.recording.neuron
    named = None if given.events is None else _named(segment, given.events, neuron)
    events = _spikes_of(given, scape, segment) if named is None else named
    if given.show == "average":
        options |= {**experiments.quantity(given, "before"), **experiments.quantity(given, "after")}
        found = ncs.event_average(scape, events, **options)
    else:
        options |= experiments.quantity(given, "max_interval")
        found = ncs.phase_average(scape, given.show if events is None else events, **options)
    what = "event" if given.show == "average" else "cycle"
    some = "is" if found.left_out == 1 else "are"
    cut = f", {found.left_out} more {some} not in the recording as a whole" if found.left_out else ""
    said = f"{len(found.windows)} {what}{'s' * (len(found.windows) != 1)}{cut}"
    shares = _shares(found, in_time=given.show == "average")
    return found.plot(**experiments.looks(given)), found.to_dataframe, f"{said}\n\n{shares}"


def _shares(found: ncs.Average, in_time: bool) -> str:
    rows = []
    for k in found.order():
        cells = []
        for direction in ("outward", "inward"):
            share = found.shares(direction)[:, k]
            at = int(np.nanargmax(share))
            place = f"{float(found.centers[at]):.3g}"
            where = f"{place} ms" if in_time else f"phase {place}"
            cells += [f"{np.nanmean(share):.1%}", f"{share[at]:.0%} at {where}" if share[at] > 0 else "-"]
        rows.append([found.names[k], *cells])
    return plain_text.table(rows, ["current", "outward", "most", "inward", "most"], "lrrrr")


def _phases(given: argparse.Namespace, scape: Any, segment: neo.Segment) -> tuple[Any, Any, str]:
    if given.events is not None:
        raise ArgumentError("--show phases finds the spikes of the voltage: leave --events out.")
    found = ncs.spike_phases(scape, **_bins(given), **experiments.quantity(given, "threshold"))
    times = [f"{name} {float(found.time(name).sum()) / found.spikes:.3g} ms" for name in PHASES]
    return (
        found.plot(**experiments.looks(given)),
        None,
        f"{found.spikes} spike{'s' * (found.spikes != 1)}; a spike: {', '.join(times)}",
    )


def _dominant(given: argparse.Namespace, scape: Any, segment: neo.Segment) -> tuple[Any, Any, str]:
    options = experiments.quantity(given, "min_duration")
    epochs = {d: ncs.dominant(scape, d, **options) for d in ("outward", "inward")}
    looks = experiments.looks(given)
    palette = {"palette": looks.pop("palette")} if "palette" in looks else {}
    figure = ncs.Figure(*(ncs.DominantPanel(scape, d, **palette) for d in epochs), **looks)
    return figure, lambda: _periods(epochs), _times(epochs)


def _periods(epochs: dict[str, neo.Epoch]) -> Any:
    from neo_currentscape.conventions.errors import require

    pandas = require("pandas", "table", "--table")
    parts = [
        pandas.DataFrame(
            {
                "direction": direction,
                "start": epoch.times.rescale("ms").magnitude,
                "duration": epoch.durations.rescale("ms").magnitude,
                "current": epoch.labels,
            }
        )
        for direction, epoch in epochs.items()
    ]
    frame = pandas.concat(parts, ignore_index=True)
    frame.attrs["units"] = {"start": "ms", "duration": "ms"}
    return frame


def _times(epochs: dict[str, neo.Epoch]) -> str:
    rows = []
    for direction, epoch in epochs.items():
        durations = epoch.durations.rescale("ms").magnitude
        names = sorted(set(epoch.labels), key=lambda name: -durations[epoch.labels == name].sum())
        for name in names:
            own = durations[epoch.labels == name]
            rows.append([direction, name, f"{own.sum() / durations.sum():.1%}", str(len(own))])
    return plain_text.table(rows, ["direction", "dominant current", "of the time", "periods"], "llrr")
