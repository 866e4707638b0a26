"""Writing the figure where the configuration says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from neo_currentscape.compat.config import Config
from neo_currentscape.conventions.errors import unknown_name


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
    """
    check_extension(config, figure)
    folder = Path(config["output.dir"])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{config['output.fname']}.{config['output.extension']}"
    figure.savefig(path, dpi=config["output.dpi"], transparent=config["output.transparent"])
    return path
