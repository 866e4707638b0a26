"""`plot`: Currentscape's own call."""

from __future__ import annotations

from typing import Any


def plot(voltage: Any, currents: Any, config: Any = None, ions_data: Any = None, time: Any = None) -> Any:
    raise NotImplementedError
