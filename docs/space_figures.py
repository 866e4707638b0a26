"""Draws the pictures of the page on whole cells as the gallery's examples do, in today's colours.

``python docs/space_figures.py pyramidal_attribution`` writes its pictures into ``docs/figures``; that of
``hnn_dipole`` asks for the environment of its example, ``.venv-hnn/bin/python``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))
import gallery_script  # noqa: E402

#: Examples, and of each the pictures: the number of the figure on its page, and the name here.
SHOWN = {"pyramidal_attribution": {1: "axial", 2: "attributed"}, "hnn_dipole": {1: "hnn_dipole"}}


def blocks(text: str) -> list[tuple[int, str]]:
    """The parts of a script, each with its first line.

    Examples
    --------
    >>> blocks("a = 1\\n\\n# %%\\n# Words.\\n\\na + 1\\n")
    [(1, 'a = 1\\n'), (3, '# %%\\n# Words.\\n\\na + 1\\n')]
    """
    parts: list[list[str]] = [[]]
    first = [1]
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("# %%"):
            parts.append([])
            first.append(number)
        parts[-1].append(line)
    return [(number, "\n".join(part)) for number, part in zip(first, parts, strict=True)]


def draw(example: str) -> None:
    """Run an example and keep its pictures.

    Parameters
    ----------
    example
        Name of a script of the gallery.
    """
    file = HERE.parent / "examples" / f"{example}.py"
    with tempfile.TemporaryDirectory() as folder:
        pattern = f"{folder}/{{}}.png"
        asked = {"file": str(file), "blocks": blocks(file.read_text(encoding="utf-8")), "names": []}
        done = gallery_script.run({**asked, "images": pattern})
        if "failed" in done:
            raise SystemExit(done["failed"])
        for number, name in SHOWN[example].items():
            shutil.copyfile(pattern.format(number), HERE / "figures" / f"{name}.png")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or SHOWN:
        draw(chosen)
