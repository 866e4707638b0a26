"""Options of what a command writes; each picture has the same."""

from __future__ import annotations

from typing import Any


def add_to(parser: Any, picture: str, table: bool = False, palette: bool = False) -> Any:
    """Add the options to a parser, in a group of their own.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    picture : str
        Where the picture goes if no name is given, for the help.
    table : bool
        Whether the command has numbers to write too.
    palette : bool
        Whether the picture has colours of currents.

    Returns
    -------
    argparse group
        For what else the command writes.
    """
    group = parser.add_argument_group("what is written")
    group.add_argument("--output", "-o", help=f"picture; {picture} beside the file where left out")
    if table:
        group.add_argument("--table", help="write the numbers too, to this CSV file")
    group.add_argument("--title")
    group.add_argument("--size", help="column, page, slide, 3.5x4in, 85x100mm or 85mm")
    group.add_argument("--dpi", type=float, help="dots per inch; 300 unless told")
    if palette:
        group.add_argument("--palette", help="muted, bright, a matplotlib colour map, a palettable path")
    add_quiet(group)
    return group


def add_quiet(parser: Any) -> None:
    """Add the option that leaves the progress bar out."""
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress bar")
