"""``neo-currentscape plot FILE``: the currentscape of a recording in a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import neo_currentscape as ncs
from neo_currentscape.cli import config_plot, output, selection
from neo_currentscape.cli.files import choose_segment, open_blocks
from neo_currentscape.cli.progress import steps
from neo_currentscape.conventions.errors import ArgumentError


def add_to(subparsers: Any) -> None:
    """Add the sub-command."""
    parser = subparsers.add_parser(
        "plot",
        help="draw the currentscape of a file",
        description="Draw the currentscape of a recording in any file that Neo reads.",
        epilog="example: neo-currentscape plot run.nix --neuron 3 --currents Na=soma.na.ina K=soma.kdr.ik",
    )
    parser.add_argument("file", nargs="+", help="any file that Neo reads")
    selection.add_to(parser)
    _add_looks(parser)
    output.add_to(parser, "FILE.png", palette=True)
    parser.set_defaults(run=run)


def _add_looks(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the figure")
    group.add_argument(
        "--config",
        help="draw by this configuration of Currentscape (JSON); FILE may then be plain text of two "
        "columns, time and value, one file for each variable",
    )
    group.add_argument("--t-start", help="first time shown, e.g. '100 ms'")
    group.add_argument("--t-stop", help="end of the time shown")
    group.add_argument("--top", type=int, help="keep so many currents, bundle the rest as 'other'")
    group.add_argument("--order", default="charge", help="charge, recorded or name")
    group.add_argument(
        "--panels", nargs="+", default=["standard"], help="standard, all, or names of panels"
    )
    group.add_argument(
        "--scale",
        choices=("linear", "symlog"),
        help="show the currents themselves too, on an axis of this scale: symlog is logarithmic on both "
        "sides of zero",
    )


def run(given: argparse.Namespace) -> None:
    """Draw each file, and say what was written."""
    _check_apart(given)
    with steps(4 * len(given.file), given.quiet) as progress:
        pictures = (
            (draw(given, path, progress) for path in given.file)
            if given.config is None
            else config_plot.pictures(given, progress)
        )
        for _ in pictures:
            pass


def _check_apart(given: argparse.Namespace) -> None:
    """Refuse a name for several pictures, also where files of several folders or endings have one."""
    n_recordings = config_plot.n_recordings(given)
    if given.output and n_recordings > 1 and not Path(given.output).is_dir():
        raise ArgumentError(
            f"--output {given.output!r} is one file for {n_recordings} recordings: name a folder."
        )
    if given.config is not None and str(given.output).lower().endswith(".html"):
        raise ArgumentError(
            f"--output {given.output!r} is a page for a browser, which no figure by --config is: end it in "
            "e.g. '.pdf', or leave --config out."
        )
    if given.config is not None and n_recordings == 1:
        return
    seen: dict[str, str] = {}
    for path in given.file:
        picture = output.picture_path(given, output.beside(path, ".png"))
        if picture in seen:
            raise ArgumentError(
                f"{seen[picture]!r} and {path!r} would both be drawn in {picture!r}: draw them one by one."
            )
        seen[picture] = path


def draw(given: argparse.Namespace, path: str, progress: Any) -> str:
    """Draw the currentscape of one file.

    Parameters
    ----------
    given : argparse.Namespace
        The options.
    path : str
        The file.
    progress : object
        With a method ``step(what)``.

    Returns
    -------
    str
        The picture.
    """
    progress.step("reading")
    blocks = open_blocks(path, given.trust_pickle)
    if given.segment is None:
        _refuse_sweeps(blocks, selection.keywords(given))
    segment = choose_segment(blocks, given.segment, path)
    progress.step("choosing signals")
    recording = selection.sliced(ncs.Recording.from_segment(segment, **selection.keywords(given)), given)
    progress.step("computing shares")
    scape = ncs.Currentscape(recording, top=given.top)
    figure = scape.plot(**_looks(given, recording.voltage is not None))
    progress.step("writing the picture")
    return output.write_picture(given, figure.save, output.beside(path, ".png"), dpi=given.dpi)


def _refuse_sweeps(blocks: list[Any], keywords: dict[str, Any]) -> None:
    """Say of sweeps that hold no currentscape why that is, before one of them is asked for."""
    segments = [segment for block in blocks for segment in block.segments]
    if len(segments) > 1 and all(segment.annotations.get("clamp") for segment in segments):
        ncs.Recording.from_segment(segments[0], **keywords)


def _looks(given: argparse.Namespace, has_voltage: bool) -> dict[str, Any]:
    panels = given.panels[0] if given.panels in (["standard"], ["all"]) else given.panels
    looks = {"panels": panels, "order": given.order, "title": given.title, "size": given.size}
    if given.scale is not None:
        looks |= {"panels": _with_currents(panels, has_voltage), "currents": {"scale": given.scale}}
    return looks if given.palette is None else {**looks, "palette": given.palette}


def _with_currents(panels: Any, has_voltage: bool) -> Any:
    """The panels with that of the currents, for which a scale is asked."""
    from neo_currentscape.analysis.standard import STANDARD

    if panels == "standard":
        panels = [name for name in STANDARD if has_voltage or name != "voltage"]
    return panels if panels == "all" or "currents" in panels else [*panels, "currents"]
