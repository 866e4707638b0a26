"""What is collected: modules that are optional themselves only where what they need is installed."""

import importlib.util

_COMPILED = [f"neo_currentscape/analysis/{name}.py" for name in ("compiled", "compiled_extremes", "pieces")]
collect_ignore = [] if importlib.util.find_spec("numba") else _COMPILED
