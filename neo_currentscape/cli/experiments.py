"""What the commands of experiments share: where to write, what to choose, and tables."""

from __future__ import annotations

import argparse
from typing import Any

import neo

from neo_currentscape.cli import output, selection
from neo_currentscape.cli.files import choose_segment, read_blocks
from neo_currentscape.cli.terminal import say_wrote
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.recording.described import completed


def add_output(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the options that say where the picture and the table go.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    what : str
        What stands in the name of the picture where no name is given.
    """
    output.add_to(parser, f"FILE.{what}.png", table=True, palette=True)
    parser.set_defaults(picture=what)


def looks(given: argparse.Namespace, currents: bool = True) -> dict[str, Any]:
    """Options of the figure.

    Parameters
    ----------
    given : argparse.Namespace
    currents : bool
        Whether the figure has colours of currents.

    Returns
    -------
    dict
    """
    found = {"title": given.title, "size": given.size}
    return {**found, "palette": given.palette} if currents and given.palette else found


def write(given: argparse.Namespace, figure: Any, beside: str, table: Any = None) -> None:
    """Write the picture and, where asked for, the table, and print their names.

    Parameters
    ----------
    given : argparse.Namespace
    figure : neo_currentscape.Figure
    beside : str
        File beside which the picture goes where no name is given.
    table : callable, optional
        Makes the table, a `pandas.DataFrame`; only called where it is asked for.
    """
    if given.table is not None and table is None:
        raise ArgumentError(f"--table {given.table!r}: there is no table of this; leave --table out.")
    output.write_picture(given, figure.save, f"{beside}.{given.picture}.png", dpi=given.dpi)
    if given.table is not None:
        frame = table()
        with output.target_file(given, given.table, "w") as file:
            frame.to_csv(file)
        units = ", ".join(
            f"{name} in {unit}" for name, unit in frame.attrs.get("units", {}).items() if unit
        )
        say_wrote(given.table, f" ({units})" if units else "")


def read_segments(given: argparse.Namespace, path: str) -> list[neo.Segment]:
    """All segments of a file, for commands that need several.

    Raises
    ------
    ArgumentError
        When one of them was chosen with ``--segment``.
    """
    if given.segment is not None:
        raise ArgumentError("--segment chooses one, and this command needs all of a file: leave it out.")
    found = [segment for block in read_blocks(path, given.trust_pickle) for segment in block.segments]
    _check_by(found, getattr(given, "by", None))
    return found


def _check_by(segments: list[neo.Segment], by: Any) -> None:
    """Refuse the name of an annotation that no segment has, before anything is computed."""
    every = {str(key) for segment in segments for key in segment.annotations}
    known = sorted(every - {"nix_name", "neo_name"})  # a format's own
    if by is None or by in every or not segments:
        return
    there = f"write one of {', '.join(map(repr, known))}" if known else "the segments have no annotations"
    raise ArgumentError(f"--by {by!r} is no annotation of the segments: {there}.")


def read_scape(given: argparse.Namespace, path: str, segment: int | None = None) -> Any:
    """The currentscape of one segment of a file, and the segment."""
    from neo_currentscape.analysis.currentscape import Currentscape

    index = given.segment if segment is None else segment
    keywords = selection.keywords(given)
    blocks = read_blocks(path, given.trust_pickle)
    found = completed(choose_segment(blocks, index, path), keywords["currents"])
    return Currentscape.from_segment(found, **keywords), found


def quantity(given: argparse.Namespace, name: str) -> dict[str, Any]:
    """A keyword of an analysis out of an option with a unit; none where it was not given."""
    text = getattr(given, name)
    return {} if text is None else {name: selection.quantity(text, "--" + name.replace("_", "-"))}
