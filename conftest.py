"""What is collected: modules that are optional themselves only where what they need is installed."""

import importlib.util

_COMPILED = [
    f"neo_currentscape/reduction/{name}.py" for name in ("compiled", "compiled_extremes", "threads")
]
collect_ignore = [] if importlib.util.find_spec("numba") else _COMPILED
