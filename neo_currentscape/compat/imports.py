"""Standing in for the package `currentscape`, for code that imports it by name."""

from __future__ import annotations

import sys
import types
from importlib.machinery import ModuleSpec
from typing import Any

from neo_currentscape.compat.call import plot

#: The modules that scripts import from, and what they find there.
MODULES = {
    "currentscape": ("plot",),
    "currentscape.currentscape": ("plot_currentscape",),
}


class StandIn:
    """What `stand_in` puts into ``sys.modules``; as a context manager it takes it out again."""

    def __init__(self) -> None:
        # Also the other modules of a package that was imported before, so that they come back with it.
        names = [name for name in sys.modules if name.partition(".")[0] == "currentscape"]
        self._before = {name: sys.modules.pop(name) for name in names}
        sys.modules.update(_made())

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: Any) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == "currentscape"]:
            del sys.modules[name]
        sys.modules.update(self._before)


def stand_in() -> StandIn:
    """Let ``import currentscape`` give this package's `plot`, for code that cannot be edited.

    From then on ``import currentscape`` and ``from currentscape.currentscape import plot_currentscape``
    find `neo_currentscape.plot`, whether the package `currentscape` is installed or not. What was
    imported before keeps what it has.

    Returns
    -------
    StandIn
        A context manager, at the end of which everything is as before; to be ignored where the stand-in
        is there for good.

    Examples
    --------
    >>> import neo_currentscape.compat
    >>> with neo_currentscape.compat.stand_in():
    ...     from currentscape.currentscape import plot_currentscape
    >>> plot_currentscape is neo_currentscape.plot
    True
    """
    return StandIn()


def _made() -> dict[str, types.ModuleType]:
    made = {}
    for name, functions in MODULES.items():
        module = types.ModuleType(name, "`neo_currentscape.plot` as `currentscape` names it.")
        module.__spec__ = ModuleSpec(name, None)
        for function in functions:
            setattr(module, function, plot)
        made[name] = module
    made["currentscape"].__path__ = []  # a package, so that nothing else is looked for on the disk
    made["currentscape"].currentscape = made["currentscape.currentscape"]  # type: ignore[attr-defined]
    return made
