"""What importing the package costs on top of importing Neo and matplotlib."""

from __future__ import annotations

from timing import process_seconds


def import_table(repeats: int = 7) -> str:
    """Time the import of the package and of what it stands on.

    Parameters
    ----------
    repeats : int

    Returns
    -------
    str
    """
    below = process_seconds("import neo, matplotlib", repeats)
    ours = process_seconds("import neo, matplotlib, neo_currentscape", repeats)
    return (
        "import                          seconds\n"
        f"neo and matplotlib              {below:7.3f}\n"
        f"and neo_currentscape            {ours:7.3f}\n"
        f"difference (at most 0.15)       {ours - below:7.3f}"
    )
