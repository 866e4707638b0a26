"""Signatures say what a field of a dataclass is made of where it is left out, and not ``<factory>``."""

from __future__ import annotations

import dataclasses
from typing import Any

from sphinx.application import Sphinx

#: What the usual factories make, as one writes it.
MADE = {dict: "{}", list: "[]", tuple: "()", set: "set()"}


def told(shown: type, signature: str) -> str:
    """Write defaults for factories.

    Parameters
    ----------
    shown
        A dataclass.
    signature
        As Python writes it.

    Returns
    -------
    str
        The same with ``{}``, ``[]`` and the like; ``...`` where only a call could tell.

    Examples
    --------
    >>> @dataclasses.dataclass
    ... class Panel:
    ...     line: dict = dataclasses.field(default_factory=dict)
    >>> told(Panel, "(line=<factory>)")
    '(line={})'
    """
    for field in dataclasses.fields(shown):
        made = MADE.get(field.default_factory, "...")  # type: ignore[arg-type]
        signature = signature.replace(f"{field.name}=<factory>", f"{field.name}={made}")
    return signature


def _signature(
    app: Sphinx, what: str, name: str, shown: Any, options: Any, text: str | None, gives: Any
) -> Any:
    if text and "<factory>" in text and dataclasses.is_dataclass(shown):
        return told(shown, text), gives  # type: ignore[arg-type]
    return None


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of it."""
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
