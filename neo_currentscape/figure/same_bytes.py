"""The same figure is the same file: nothing random in it, and no time but one that the caller names.

Matplotlib writes the time of day into files of pages, and names the parts of an SVG file by random numbers.
Here the time is left out, unless the environment names one (``SOURCE_DATE_EPOCH`` [1]_) or the caller's
``metadata`` does, and the names follow from what they stand for.

References
----------
.. [1] https://reproducible-builds.org/specs/source-date-epoch/
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Mapping
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError

#: How the time is called in the metadata of formats that have some.
TIME = {"pdf": "CreationDate", "svg": "Date", "svgz": "Date"}

#: What the names of parts of SVG files follow from, besides what they stand for.
SALT = "neo-currentscape"

#: A comment of PostScript files, in their first lines.
_COMMENT = re.compile(rb"^%%CreationDate: .*\n", re.MULTILINE)

#: The last second that a date is written for, in the year 9999.
LATEST = 253402300799

#: Place of the time in the head of a file that gzip made.
_HEAD = slice(4, 8)


def options_for(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of `matplotlib.figure.Figure.savefig` for which the file holds no time of day.

    Parameters
    ----------
    kind : str
        The format.
    options : mapping
        The caller's, which stay.

    Returns
    -------
    dict
    """
    key = TIME.get(kind)
    # A time that is none is told here, before matplotlib stumbles over it.
    if kind not in (*TIME, "ps", "eps") or _named_time() is not None or key is None:
        return dict(options)
    return {**options, "metadata": {key: None, **(options.get("metadata") or {})}}


def settings_for(kind: str) -> dict[str, Any]:
    """rcParams for which a file holds no random names, where the caller's do not say which."""
    import matplotlib

    needed = kind in ("svg", "svgz") and matplotlib.rcParams["svg.hashsalt"] is None
    return {"svg.hashsalt": SALT} if needed else {}


def without_time(kind: str, written: Any) -> Any:
    """What was written, without the time that no option of matplotlib's leaves out.

    Parameters
    ----------
    kind : str
        The format.
    written : bytes or buffer

    Returns
    -------
    bytes or buffer
    """
    if kind in ("ps", "eps") and _named_time() is None:
        return _COMMENT.sub(b"", written, count=1)
    if kind == "svgz":
        time = struct.pack("<L", (_named_time() or 0) & 0xFFFFFFFF)
        return b"".join((written[: _HEAD.start], time, written[_HEAD.stop :]))
    return written


def _named_time() -> int | None:
    """Seconds since 1970 that the environment names."""
    words = os.environ.get("SOURCE_DATE_EPOCH")
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and int(words[:20]) <= LATEST):
        raise ArgumentError(
            f"SOURCE_DATE_EPOCH is {words!r} in the environment: write whole seconds since 1970, or "
            "unset it."
        )
    return int(words)
