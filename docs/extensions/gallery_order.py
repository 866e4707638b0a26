"""In which order examples stand beside each other: that of the gallery, on every page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

GALLERY = Path(__file__).parents[1] / "examples.rst"


def place(path: str) -> int:
    """Tell the place of an example.

    Parameters
    ----------
    path
        Of its script.

    Returns
    -------
    int
        The number of its line in the gallery; of one that is not listed, a large one.
    """
    return _places().get(Path(path).name, 10**6)


@cache
def _places() -> dict[str, int]:
    listed = re.findall(r"^ +\.\./examples/(\w+\.py)$", GALLERY.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: number for number, name in enumerate(listed)}
