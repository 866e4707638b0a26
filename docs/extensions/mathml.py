"""Formulas as MathML, which browsers show by themselves: no script and nothing from the network.

The name of the renderer is ``html_math_renderer = "mathml"``. A formula that cannot be converted stops the
build, with its text.
"""

from __future__ import annotations

from typing import Any

import latex2mathml.converter
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number


def mathml(text: str, display: str = "inline") -> str:
    r"""Convert a formula from LaTeX.

    Parameters
    ----------
    text
        As it stands in the role or directive ``math``.
    display
        "inline", or "block".

    Returns
    -------
    str
        An element of MathML.

    Examples
    --------
    >>> mathml("I_k").startswith('<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">')
    True
    """
    return latex2mathml.converter.convert(text, display=display)


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})</span>')
    # Paragraphs of a directive are formulas of their own.
    for part in node.astext().split("\n\n"):
        if part.strip():
            translator.body.append(mathml(part, display="block"))
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the renderer to Sphinx.

    Parameters
    ----------
    app
        The running Sphinx.

    Returns
    -------
    dict
        What Sphinx asks of an extension.
    """
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
