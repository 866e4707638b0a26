"""Where long names may be folded: after dots, brackets and the like, and not inside their words.

A browser folds at spaces; ``neo_currentscape.compat.drawing.axis_look`` has none, and would be cut at any
letter.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

#: Elements whose text is names and code.
NAMES = ("pre", "code", "h1", "h2", "h3", "dt", "td", "a", "em", "cite")
TAG = re.compile(r"(<(/?)(\w+)[^>]*>)")
#: After which characters, and before which; numbers stay whole.
PLACES = re.compile(r"(?<=[\w\])][(\[=.])(?<!\d\.)(?=[\w\"'\[({&])|(?<=\w)(?=_\w)")


def breakable(html: str) -> str:
    """Add ``<wbr>`` to the names in a page.

    Parameters
    ----------
    html
        What stands between the head and the foot of the page.

    Returns
    -------
    str
        The same text, which may be folded in more places.

    Examples
    --------
    >>> breakable("<p>a.b</p><code>ncs.plot</code>")
    '<p>a.b</p><code>ncs.<wbr>plot</code>'
    """
    parts, last, depth = [], 0, 0
    for tag in TAG.finditer(html):
        text = html[last : tag.start()]
        parts += [PLACES.sub("<wbr>", text) if depth else text, tag[1]]
        if tag[3] in NAMES:
            depth += -1 if tag[2] else 1
        last = tag.end()
    return "".join(parts) + html[last:]


def _body(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if "body" in context:
        context["body"] = breakable(context["body"])
    for way in ("prev", "next"):
        if context.get(way):
            title = breakable(f"<a>{context[way]['title']}</a>")
            context[way] = {**context[way], "title": title[3:-4]}


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of it."""
    app.connect("html-page-context", _body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
