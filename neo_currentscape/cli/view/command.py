"""``neo-currentscape view FILE``: choose and look closer in the browser."""

from __future__ import annotations

import argparse
import warnings
import webbrowser
from typing import Any

from neo_currentscape.cli import output, selection, terminal
from neo_currentscape.cli.progress import steps
from neo_currentscape.cli.view.source import Source
from neo_currentscape.conventions.errors import ArgumentError, require
from neo_currentscape.conventions.plain_text import escaped


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "view",
        help="look at a file in the browser",
        description="Look at a recording in the browser: choose, zoom, point. What is shown is served to "
        "this machine only, under an address that nobody guesses, until the command is interrupted.",
        epilog="example: neo-currentscape view run.nix --neuron 3 --top 8",
    )
    parser.add_argument("file", help="any file that Neo reads")
    selection.add_to(parser)
    group = parser.add_argument_group("the page")
    group.add_argument("--top", type=int, help="keep so many currents, bundle the rest as 'other'")
    group.add_argument("--port", type=int, default=0, help="any that is free unless told")
    group.add_argument("--no-browser", action="store_true", help="only say the address")
    output.add_quiet(group)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Read the file, and serve it until interrupted."""
    require("bokeh", "web", "The command 'view'")
    if not 0 <= given.port < 1 << 16:
        raise ArgumentError(f"--port {given.port} is no port: write a number up to 65535, or leave it out.")
    source = Source.opened(given.file, given.trust_pickle, selection.keywords(given))
    choice = source.first(given.segment, given.top)
    with steps(1, given.quiet) as progress:
        progress.step("reading")
        source.seen(choice)  # before a page waits for it, and what is wrong is said here

    from neo_currentscape.cli.view.page import Page
    from neo_currentscape.cli.view.server import Pictures, Server

    pictures = Pictures()

    def show(document: Any) -> None:
        Page(source, choice, pictures.keep).put_into(document, escaped(given.file))

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="bokeh")
        server = Server(show, pictures, given.port)
        server.run(lambda: _begin(server.address, given.no_browser))


def _begin(address: str, no_browser: bool) -> None:
    terminal.say(f"{address}", "Interrupt (Ctrl-C) to end.")
    terminal.finish()
    if not no_browser:
        webbrowser.open(address)
