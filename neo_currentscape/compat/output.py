"""Writing the figure where the configuration says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.conventions.errors import ArgumentError, unknown_name


def check_extension(config: Config, figure: Any) -> None:
    """Refuse a format that matplotlib does not write, before anything is written.

    Raises
    ------
    UnknownNameError
        With the formats that there are.
    """
    known = figure.canvas.get_supported_filetypes()
    if config["output.extension"].lower() not in known:
        raise unknown_name("format in 'output.extension'", config["output.extension"], sorted(known))


def write(config: Config, figure: Any) -> Path:
    """Write the figure to its file, and make the folder where it is missing.

    Parameters
    ----------
    config : Config
    figure : matplotlib.figure.Figure

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ArgumentError
        When the name of the figure leads out of its folder, and was written in a file.
    """
    check_extension(config, figure)
    folder = Path(config["output.dir"])
    path = folder / f"{config['output.fname']}.{config['output.extension']}"
    _check_inside(config, folder, path)
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=config["output.dpi"], transparent=config["output.transparent"])
    return path


def _check_inside(config: Config, folder: Path, path: Path) -> None:
    """Refuse a name that leads out of its folder, where the caller has not written it himself."""
    if not config.from_file or Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return
    raise ArgumentError(
        f"'output.fname' of the configuration is {config['output.fname']!r}, which leads out of its folder "
        f"{str(folder)!r}: write that folder as 'output.dir', or say in the call where the figure goes."
    )
