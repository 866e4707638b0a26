"""Variables that all copies of a mechanism share: GLOBALs, parameters without RANGE, the temperature."""

from __future__ import annotations

from typing import Any


class Shared:
    """Watches whether shared variables are at the end of a run what they were at its beginning.

    Parameters
    ----------
    h : HocObject
        NEURON.

    Notes
    -----
    They are not recorded step by step: with local variable steps NEURON can record only what belongs
    to a cell.
    """

    def __init__(self, h: Any) -> None:
        values: dict[str, float] = {}

        def note() -> None:
            values.update({name: getattr(h, name) for name in values})

        self._h, self._values = h, values
        # 2: after everything was initialised. It ends with this object, as it holds no reference to it.
        self._at_start = h.FInitializeHandler(2, note)

    def watch(self, name: str) -> None:
        """Begin to watch a variable of NEURON's top level, e.g. "tadj_kv"."""
        self._values.setdefault(name, getattr(self._h, name))

    def has_changed(self, name: str) -> bool:
        """Whether a watched variable has another value than when the run was initialised."""
        return bool(name in self._values and getattr(self._h, name) != self._values[name])
