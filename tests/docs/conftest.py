"""The documentation's own tools, which are no part of the package."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TOOLS = ("check_pages", "public_names", "stamped", "breaks", "signatures", "swatches")


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """What stands beside the pages can be imported, as it is when they are built."""
    pytest.importorskip("sphinx_gallery")
    monkeypatch.syspath_prepend(str(DOCS))
    monkeypatch.syspath_prepend(str(DOCS / "extensions"))
    before = set(sys.modules)
    yield DOCS
    for name in set(sys.modules) - before:
        if name.startswith("gallery_") or name in TOOLS:
            del sys.modules[name]
