"""Pictures are drawn in memory, and written to their files whole or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from typing import Any

from neo_currentscape.conventions import whole_files


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
        A name without an ending gets that of matplotlib's setting ``savefig.format``.

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
    return f"{name.rstrip('.')}.{default}", default


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
    if not isinstance(target, (str, os.PathLike)):
        draw(target, **options)
        return
    name, kind = file_name(target, options)
    buffer = io.BytesIO()
    draw(buffer, **{**options, "format": kind})
    whole_files.write(name, buffer.getbuffer())
