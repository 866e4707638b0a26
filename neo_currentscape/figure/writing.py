"""Pictures are drawn in memory, and written whole or not at all; equal ones are equal files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from typing import Any

from neo_currentscape.conventions import whole_files
from neo_currentscape.figure import same_bytes
from neo_currentscape.style.drawing import drawing

#: The ending of a page for a browser.
PAGE = "html"


def file_name(path: str | os.PathLike[str], options: Mapping[str, Any]) -> tuple[str, str]:
    """The name of a picture and its format, as matplotlib finds them.

    Parameters
    ----------
    path : str or path
    options : mapping
        Of `matplotlib.figure.Figure.savefig`; ``format`` goes before the ending.

    Returns
    -------
    tuple of str
        A name without an ending gets that of matplotlib's setting ``savefig.format``; what is no file, such
        as ``/dev/null``, keeps its name.

    Examples
    --------
    >>> file_name("scape.PDF", {}), file_name("scape", {}), file_name("scape", {"format": "svg"})
    (('scape.PDF', 'pdf'), ('scape.png', 'png'), ('scape', 'svg'))
    """
    name = os.fspath(path)
    if options.get("format"):
        return name, str(options["format"]).lower()
    ending = os.path.splitext(name)[1][1:].lower()
    if ending:
        return name, ending
    import matplotlib

    default = str(matplotlib.rcParams["savefig.format"])
    if whole_files.is_no_file(name):
        return name, default
    return f"{name.rstrip('.')}.{default}", default


def is_page(target: Any, options: Mapping[str, Any]) -> bool:
    """Whether a page for a browser is asked for, by the format or by the ending of a name.

    Examples
    --------
    >>> is_page("scape.html", {}), is_page("scape.html", {"format": "png"}), is_page("scape.png", {})
    (True, False, False)
    """
    if options.get("format"):
        return str(options["format"]).lower() == PAGE
    named = isinstance(target, (str, os.PathLike))
    return named and os.path.splitext(os.fspath(target))[1].lower() == f".{PAGE}"


def write_whole(target: Any, content: bytes) -> None:
    """Write to a path, whole or not at all, or to a file that is open."""
    if isinstance(target, (str, os.PathLike)):
        whole_files.write(os.fspath(target), content)
    elif isinstance(target, io.TextIOBase):
        target.write(content.decode())
    else:
        target.write(content)


def savefig(draw: Callable[..., None], target: Any, options: Mapping[str, Any]) -> None:
    """Write a picture.

    Parameters
    ----------
    draw : callable
        `matplotlib.figure.Figure.savefig` of a figure.
    target : str, path or file
    options : mapping
        Of that method.

    Raises
    ------
    FileError
        When the file cannot be written; an older picture stays.
    """
    if isinstance(target, (str, os.PathLike)):
        name, kind = file_name(target, options)
        whole_files.write(name, _drawn(draw, kind, options))
        return
    kind = file_name("", options)[1]
    if isinstance(target, io.TextIOBase):
        with drawing(same_bytes.settings_for(kind)):
            draw(target, **same_bytes.options_for(kind, options))
        return
    target.write(_drawn(draw, kind, options))


def _drawn(draw: Callable[..., None], kind: str, options: Mapping[str, Any]) -> Any:
    """What is to be written: the same bytes for the same picture."""
    buffer = io.BytesIO()
    with drawing(same_bytes.settings_for(kind)):
        draw(buffer, **{**same_bytes.options_for(kind, options), "format": kind})
    return same_bytes.without_time(kind, buffer.getbuffer())
