"""Colours that a page names, as ``#4850B0``, are shown beside their names."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

NAMED = re.compile(r'(<code[^>]*>)(<span class="pre">(#[0-9A-Fa-f]{6})</span>)')


def shown(html: str) -> str:
    """Put a square of the colour before each name of one.

    Parameters
    ----------
    html
        What stands between the head and the foot of the page.

    Returns
    -------
    str
        The same with squares.

    Examples
    --------
    >>> shown('<code><span class="pre">#4850B0</span></code>')[:73]
    '<code><span class="swatch" style="background: #4850B0"></span><span class'
    """
    return NAMED.sub(r'\1<span class="swatch" style="background: \3"></span>\2', html)


def _body(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if "body" in context:
        context["body"] = shown(context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of it."""
    app.connect("html-page-context", _body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
