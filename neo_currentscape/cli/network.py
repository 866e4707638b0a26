"""``neo-currentscape network CONFIG``: tables and pictures of a SONATA network and its spikes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from neo_currentscape.cli import examples, output, selection
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.terminal import say, say_wrote
from neo_currentscape.conventions.errors import ArgumentError

#: Pictures beside the tables.
PICTURES = ("tables", "raster", "rates", "positions", "histogram", "distance", "report")


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "network",
        help="tables and pictures of the connections and spikes of a SONATA network",
        description="Tables of the connections between populations of a SONATA network, and pictures of "
        "them, of its spikes, reports and positions.",
        epilog=examples.epilog(
            "network circuit_config.json --tables total 'percent bi'",
            "network circuit_config.json --show raster rates --spikes spikes.h5",
            "network circuit_config.json --show report --report v_report.h5",
        ),
        formatter_class=examples.WithExamples,
    )
    parser.add_argument("config", help="circuit or simulation configuration of SONATA (JSON)")
    parser.add_argument("--by", default="pop_name", help="attribute that names the population of a node")
    parser.add_argument("--show", nargs="+", choices=PICTURES, default=["tables"], help="what is drawn")
    parser.add_argument("--tables", nargs="+", default=["total", "percent", "convergence mean"])
    group = parser.add_argument_group("connections that count")
    group.add_argument("--gaps", choices=["only", "without"], help="gap junctions only, or without them")
    group.add_argument(
        "--connected", action="store_true", help="leave cells without connection out of means"
    )
    group.add_argument("--source", help="population, for histogram and distance")
    group.add_argument("--target", help="population, for histogram and distance")
    group = parser.add_argument_group("recordings")
    group.add_argument("--spikes", help="file of spikes, for raster and rates")
    group.add_argument("--t-stop", help="end of the simulation, e.g. '3 s'")
    group.add_argument("--report", help="compartment report; of several elements a cell choose --section")
    group.add_argument("--section", type=int, help="section of a report, e.g. 0 for the soma")
    group.add_argument("--units", help="of a report that stores none, e.g. mV")
    group = output.add_to(parser, "CONFIG.network.png")
    group.add_argument("--csv", help="write the tables, to FILE.TABLE.csv")
    group.add_argument("--incoming", help="write the connections that each cell gets, to this CSV file")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Read, count, draw and report."""
    from neo_currentscape import network
    from neo_currentscape.figure.figure import Figure

    gaps = {None: None, "only": True, "without": False}[given.gaps]
    with steps(3, given.quiet) as progress:
        progress.step("reading")
        net = network.from_sonata(given.config, by=given.by)
        progress.step("counting")
        tables = [network.table(net, name, gaps=gaps, connected=given.connected) for name in given.tables]
        panels = [panel for name in given.show for panel in _panels(name, given, net, tables, gaps)]
        progress.step("drawing")
        figure = Figure(*panels, title=given.title, size=given.size)
    say("\n\n".join(map(str, [net, *tables])), end="\n\n")
    output.write_picture(given, figure.save, Path(given.config).with_suffix(".network.png"), dpi=given.dpi)
    for path in _write(given, net, tables, gaps):
        say_wrote(path)


def _panels(name: str, given: argparse.Namespace, net: Any, tables: Any, gaps: bool | None) -> list[Any]:
    from neo_currentscape.panels import network as panels

    if name == "tables":
        return [panels.PairTablePanel(table) for table in tables]
    if name == "positions":
        return [panels.PositionsPanel(net)]
    if name == "report":
        return _reports(given, net)
    if name in ("raster", "rates"):
        spikes = _spikes(given, net)
        return [panels.RasterPanel(spikes) if name == "raster" else panels.RatesPanel(spikes)]
    source, target = (_told(given, end) for end in ("source", "target"))
    kind = panels.ConnectionHistogramPanel if name == "histogram" else panels.DistancePanel
    return [kind(net, source, target, gaps=gaps)]


def _told(given: argparse.Namespace, option: str) -> Any:
    value = getattr(given, option)
    if value is None:
        raise ArgumentError(
            f"--show {' '.join(given.show)} needs --{option}: write it, e.g. --{option} ..."
        )
    return value


def _spikes(given: argparse.Namespace, net: Any) -> Any:
    from neo_currentscape import network

    t_stop = selection.quantity(given.t_stop, "--t-stop")
    return network.spikes_from_sonata(_told(given, "spikes"), net, t_stop=t_stop)


def _reports(given: argparse.Namespace, net: Any) -> list[Any]:
    from neo_currentscape.adapters import sonata
    from neo_currentscape.panels.network import ReportPanel

    segment = sonata.to_segment(_told(given, "report"), units=given.units, section=given.section)
    return [ReportPanel(signal, network=net) for signal in segment.analogsignals]


def _write(given: argparse.Namespace, net: Any, tables: Any, gaps: bool | None) -> list[str]:
    from neo_currentscape import network

    written = []
    if given.csv:
        for table in tables:
            path = Path(given.csv).with_suffix(f".{table.what.replace(' ', '_')}.csv")
            table.to_csv(path)
            written.append(str(path))
    if given.incoming:
        network.incoming_csv(net, given.incoming, gaps=gaps)
        written.append(given.incoming)
    return written
