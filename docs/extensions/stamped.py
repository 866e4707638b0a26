"""Where faults are reported to: the repository's issues, once ``release/stamp.py`` has said where it is."""

from __future__ import annotations

import configparser
from pathlib import Path

#: What the pages say, with a link or without.
TRACKER = "the repository's issue tracker"


def issues(setup: Path) -> str:
    """The text of the substitution ``|issues|``.

    Parameters
    ----------
    setup
        ``setup.cfg``, whose ``project_urls`` have a line ``Issues = ...`` if the repository is known.

    Returns
    -------
    str
        A definition in reStructuredText: a link to the issues, or their name alone.

    Examples
    --------
    >>> issues(Path("nowhere.cfg"))
    ".. |issues| replace:: the repository's issue tracker"
    """
    found = configparser.ConfigParser(interpolation=None)
    found.read(setup, encoding="utf-8")
    lines = found.get("metadata", "project_urls", fallback="").splitlines()
    urls = dict(line.split(" = ", 1) for line in lines if " = " in line)
    text = f"`{TRACKER} <{urls['Issues']}>`__" if "Issues" in urls else TRACKER
    return f".. |issues| replace:: {text}"
