"""What a command writes: the options of it, the names, and "-" for standard output."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from neo_currentscape.cli.terminal import say_wrote
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.plain_text import escaped
from neo_currentscape.conventions.whole_files import check_target, whole_file

#: Stands for standard output.
STANDARD = "-"

#: Options that name a file other than the picture.
OTHERS = ("table", "save", "csv", "incoming")


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
    group.add_argument(
        "--output",
        "-o",
        help=f"picture, folder for it, or '-' for standard output; {picture} beside the file unless told",
    )
    if table:
        group.add_argument("--table", help="write the numbers too, to this CSV file")
    group.add_argument("--title")
    group.add_argument("--size", help="column, page, slide, 3.5x4in, 85x100mm or 85mm")
    group.add_argument("--dpi", type=float, help="dots per inch; 300 unless told")
    if palette:
        group.add_argument("--palette", help="muted, bright, a matplotlib colour map, a palettable path")
    add_quiet(group)
    parser.set_defaults(check_output=check)
    return group


def add_quiet(parser: Any) -> None:
    """Add the option that leaves the progress bar out."""
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress bar")


def check(given: argparse.Namespace) -> None:
    """Refuse what cannot be written, before anything is read or computed.

    Raises
    ------
    ArgumentError, FileError
        When the name of a picture ends in no format, a name cannot be written to, or two are the same.
    """
    names = {"output": given.output, **{name: getattr(given, name, None) for name in OTHERS}}
    told = {option: name for option, name in names.items() if name is not None}
    for option, name in told.items():
        if not name:
            raise ArgumentError(f"--{option} is empty: name a file.")
    _check_standard(told, getattr(given, "standard_output", sys.stdout))
    if given.output is not None and _is_folder(given.output) and not Path(given.output).is_dir():
        raise ArgumentError(f"There is no folder {given.output!r} to write into: make it first.")
    if given.output not in (None, STANDARD) and not _is_folder(given.output):
        told["output"] = _picture_name(given.output)
    seen = {os.path.realpath(path): "a file that is read" for path in _inputs(given)}
    for option, name in told.items():
        if name == STANDARD or (option == "output" and _is_folder(name)):
            continue
        # The tables of a network have names of their own, beside what is named.
        check_target(name if option != "csv" else Path(name).with_suffix(".total.csv"))
        real = os.path.realpath(name)
        if real in seen and not real.startswith(os.path.realpath(os.devnull)):
            raise ArgumentError(f"--{option} {name!r} is {seen[real]}: write another name.")
        seen[real] = f"what --{option} names as well"


def check_inputs(given: argparse.Namespace) -> None:
    """Refuse names of files that are empty, which elsewhere mean the folder that one is in."""
    if "" in _inputs(given):
        raise ArgumentError("The name of a file is empty: name one.")


def _inputs(given: argparse.Namespace) -> list[str]:
    named = [getattr(given, name, None) for name in ("file", "config", "spikes", "report")]
    return [path for one in named for path in ([one] if isinstance(one, str) else one or [])]


def _check_standard(told: dict[str, str], standard_output: Any) -> None:
    options = [f"--{option}" for option, name in told.items() if name == STANDARD]
    for option in options:
        if option not in ("--output", "--table"):
            raise ArgumentError(f"{option} - cannot go to standard output: name a file.")
    if len(options) > 1:
        raise ArgumentError(f"{' and '.join(options)} cannot both go to standard output: name a file.")
    if not options:
        return
    if standard_output is None:
        raise ArgumentError(f"{options[0]} - goes to standard output, which is closed: name a file.")
    if options[0] == "--output" and standard_output.isatty():
        raise ArgumentError(
            f"{options[0]} - goes to standard output, which is a terminal: send it on, as in '... | cat "
            "> a.png', or name a file."
        )


def _is_folder(name: str) -> bool:
    return name.endswith(("/", os.sep)) or Path(name).is_dir()


def _picture_name(name: str) -> str:
    from matplotlib.backend_bases import FigureCanvasBase

    from neo_currentscape.figure.writing import PAGE, file_name

    name, ending = file_name(name, {})
    known = [*FigureCanvasBase.get_supported_filetypes(), PAGE]
    if ending not in known:
        raise ArgumentError(
            f"--output {name!r} ends in no format that can be written: end it in one of "
            f"{', '.join(sorted(known))}."
        )
    return name


@contextlib.contextmanager
def apart(given: argparse.Namespace) -> Iterator[None]:
    """Have what is said go to standard error, where something is written to standard output."""
    given.standard_output = sys.stdout
    if STANDARD not in [getattr(given, name, None) for name in ("output", *OTHERS)]:
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


@contextlib.contextmanager
def target_file(given: argparse.Namespace, name: str, mode: str = "wb") -> Iterator[Any]:
    """Open what an option names, to be written whole or not at all.

    Parameters
    ----------
    given : argparse.Namespace
    name : str
        Of a file, or "-" for standard output.
    mode : {"wb", "w"}

    Yields
    ------
    file
    """
    text: dict[str, Any] = {"encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
    text = {} if "b" in mode else text
    if name != STANDARD:
        with whole_file(name, mode, **text) as file:
            yield file
        return
    buffer = io.BytesIO()
    stream: Any = io.TextIOWrapper(buffer, write_through=True, **text) if text else buffer
    yield stream
    content = buffer.getvalue()
    if text and given.standard_output.isatty():  # nothing in it acts on the terminal
        content = escaped(content.decode(), keep="\r\n").encode()
    given.standard_output.buffer.write(content)
    given.standard_output.buffer.flush()


def beside(path: str | Path, ending: str) -> Path:
    """The name of what goes beside a file, or into a folder that is named by dots alone.

    Examples
    --------
    >>> beside("a/run.nix", ".png").as_posix()
    'a/run.png'
    """
    path = Path(path)
    return (path / "recording" if path.name in ("", "..") else path).with_suffix(ending)


def picture_path(given: argparse.Namespace, beside: str | Path) -> str:
    """Where a picture goes.

    Parameters
    ----------
    given : argparse.Namespace
    beside : path
        Its name where none is given; in a folder that is given it has the last part of that.

    Returns
    -------
    str
    """
    if given.output is None:
        return str(beside)
    if given.output == STANDARD:
        return STANDARD
    if _is_folder(given.output):
        return str(Path(given.output) / Path(beside).name)
    return _picture_name(given.output)


def write_picture(
    given: argparse.Namespace, save: Callable[..., None], beside: str | Path, **options: Any
) -> str:
    """Write a picture, and say so.

    Parameters
    ----------
    given : argparse.Namespace
    save : callable
        Method ``save`` of a `neo_currentscape.Figure`, or ``savefig`` of one of matplotlib.
    beside : path
        As for `picture_path`.
    **options
        Of that method.

    Returns
    -------
    str
        What was written.
    """
    path = picture_path(given, beside)
    if path != STANDARD:
        save(path, **options)
    else:
        with target_file(given, path) as file:
            save(file, format="png", **options)
    say_wrote(path)
    return path
