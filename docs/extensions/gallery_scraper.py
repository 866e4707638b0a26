"""Finds the figures that a cell of a gallery example made, and saves them for its page."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

import neo_currentscape as ncs

#: Figures that are on a page already, by identity.
_SHOWN: dict[int, Any] = {}


def scrape_figures(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the new figures among the variables of an example.

    Parameters
    ----------
    block, block_vars, gallery_conf
        As sphinx-gallery calls its scrapers.

    Returns
    -------
    str
        reStructuredText that shows them.
    """
    paths = []
    for value in list(block_vars["example_globals"].values()):
        if isinstance(value, (ncs.Figure, Figure)) and id(value) not in _SHOWN:
            _SHOWN[id(value)] = value
            path = next(block_vars["image_path_iterator"])
            save = value.save if isinstance(value, ncs.Figure) else value.savefig
            save(path, dpi=150)
            paths.append(path)
    return figure_rst(paths, gallery_conf["src_dir"])


def _get_sg_image_scraper() -> Any:
    # The name by which sphinx-gallery finds a scraper in a module that is named in its settings.
    return scrape_figures
