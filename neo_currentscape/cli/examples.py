"""Help whose examples can be copied: each stands on a line of its own, and is not broken."""

from __future__ import annotations

import argparse


class WithExamples(argparse.HelpFormatter):
    """Keeps the lines of the text that begins with "example"; fills all other texts."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if not text.startswith("example"):
            return super()._fill_text(text, width, indent)
        return "\n".join(indent + line for line in text.splitlines())


def epilog(*commands: str) -> str:
    """Write the examples of a command for the end of its help.

    Parameters
    ----------
    *commands : str
        What follows ``neo-currentscape``.

    Returns
    -------
    str

    Examples
    --------
    >>> print(epilog("sweep runs.nix --by amplitude"))
    example:
      neo-currentscape sweep runs.nix --by amplitude
    """
    lines = [f"  neo-currentscape {command}" for command in commands]
    return "\n".join(["example:" if len(lines) == 1 else "examples:", *lines])
