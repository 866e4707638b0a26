"""Which kernel reduces: NumPy's, or the compiled one of the extra ``[fast]``.

The compiled one is taken by itself where numba is installed and there is enough to do. The
environment variable ``NEO_CURRENTSCAPE_KERNEL`` (``auto``, ``numpy`` or ``numba``) overrides that,
and so does ``kernel=`` of `neo_currentscape.reduction.kernel.reduce`. It runs in as many threads as
there are processors that the process may use, or ``NUMBA_NUM_THREADS``.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache

from neo_currentscape.conventions.errors import require, unknown_name

#: Name of the environment variable.
VARIABLE = "NEO_CURRENTSCAPE_KERNEL"

KERNELS = ("auto", "numpy", "numba")

#: Values (samples x currents) above which the compiled kernel pays: when it is loaded already, and
#: when it has to be, which takes about as long as NumPy needs for so many, and longer the first time.
PAYS_LOADED, PAYS = 1 << 19, 1 << 25

_COMPILED = "neo_currentscape.reduction.compiled"


def use_compiled(n_values: int, kernel: str | None = None) -> bool:
    """Decide which kernel reduces.

    Parameters
    ----------
    n_values : int
        Samples times currents.
    kernel : {"auto", "numpy", "numba"}, optional
        What the caller said; the environment variable where left out.

    Returns
    -------
    bool
        Whether the compiled one is to be used.

    Raises
    ------
    UnknownNameError
        When there is no such kernel.
    MissingDependencyError
        When the compiled one is asked for, and numba is not installed.

    Examples
    --------
    >>> use_compiled(10, "auto"), use_compiled(10**9, "numpy")
    (False, False)
    """
    told = (os.environ.get(VARIABLE) or "auto") if kernel is None else kernel
    if told not in KERNELS:
        raise unknown_name(f"kernel in {VARIABLE}" if kernel is None else "kernel", told, KERNELS)
    if told == "numpy":
        return False
    if told == "numba":
        require("numba", "fast", "the compiled kernel")
        return True
    return n_values > (PAYS_LOADED if _COMPILED in sys.modules else PAYS) and _has_numba()


@cache
def _has_numba() -> bool:
    return importlib.util.find_spec("numba") is not None


@cache
def threads() -> int:
    """Number of threads of the compiled kernel."""
    told = os.environ.get("NUMBA_NUM_THREADS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
