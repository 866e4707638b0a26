"""``neo-currentscape completion SHELL``: what makes a shell complete commands, options and files."""

from __future__ import annotations

import argparse
from typing import Any

from neo_currentscape.cli.terminal import say
from neo_currentscape.conventions.errors import MissingDependencyError


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "completion",
        help="print what makes a shell complete commands, options and files",
        description="Print a script that makes a shell complete commands, options and names of files.",
        epilog="example: neo-currentscape completion bash >> ~/.bash_completion",
    )
    parser.add_argument("shell", choices=["bash", "zsh", "tcsh"])
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Print the script."""
    try:
        import shtab
    except ImportError:
        raise MissingDependencyError(
            "Completion needs shtab: install it with pip install 'neo-currentscape[completion]'."
        ) from None
    say(shtab.complete(given.parser, shell=given.shell))
