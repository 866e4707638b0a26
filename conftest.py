"""What is collected: modules that are optional themselves only where what they need is installed."""

import importlib.util

_COMPILED = ["neo_currentscape/analysis/compiled.py", "neo_currentscape/analysis/pieces.py"]
collect_ignore = [] if importlib.util.find_spec("numba") else _COMPILED
