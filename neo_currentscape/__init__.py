"""Currentscapes from Neo recordings: which membrane currents drive a neuron.

Everything public is named in the stub ``__init__.pyi`` and loaded when it is first used, so that
importing the package costs little more than importing Neo.
"""

from __future__ import annotations

from typing import Any

import lazy_loader

__version__ = "1.0.0"

_load, _, _names = lazy_loader.attach_stub(__name__, __file__)

__all__ = [*_names, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _names:
        return _retired(name)
    value = _load(name)
    globals()[name] = value
    return value


def _retired(name: str) -> Any:
    """What a name that was renamed stands for, with a warning."""
    if not name.startswith("_"):
        from neo_currentscape.conventions.retired import NAMES

        if name in NAMES:
            NAMES[name].tell()
            return __getattr__(NAMES[name].new.removeprefix("ncs."))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
