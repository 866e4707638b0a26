"""Windows: figures are shown by pyplot's machinery, but leave no trace in it.

A figure of this package is not made by pyplot, so that it has no number and needs no closing. Where
pyplot runs an interactive backend, it is handed to it, so that ``plt.show()`` shows it; it is taken
back when it has been saved or shown and nothing refers to it any more.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def is_interactive() -> bool:
    """Whether pyplot is loaded with a backend that opens windows."""
    if "matplotlib.pyplot" not in sys.modules:
        return False
    import matplotlib
    from matplotlib.backends import backend_registry

    # get_backend() would choose a backend if none was chosen yet; the raw entry does not.
    backend = dict.__getitem__(matplotlib.rcParams, "backend")
    if not isinstance(backend, str):
        backend = matplotlib.get_backend()
    interactive = backend_registry.list_builtin(backend_registry_filter())
    return backend.lower() in {name.lower() for name in interactive}


def backend_registry_filter() -> Any:
    """The filter by which matplotlib lists its interactive backends."""
    from matplotlib.backends import BackendFilter

    return BackendFilter.INTERACTIVE


def adopt(figure: Any) -> Any:
    """Hand a figure to pyplot, so that its windows know it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    matplotlib.backend_bases.FigureManagerBase
    """
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf

    if figure.canvas.manager is not None:
        return figure.canvas.manager
    number = max(plt.get_fignums(), default=0) + 1
    manager = plt._get_backend_mod().new_figure_manager_given_figure(number, figure)
    Gcf._set_new_active_manager(manager)
    return manager


def release_with(owner: Any, manager: Any) -> None:
    """Close the window of a figure when nothing refers to its owner any more."""
    from matplotlib._pylab_helpers import Gcf

    weakref.finalize(owner, Gcf.destroy, manager)


@contextmanager
def current_in_pyplot(figure: Any, axes: Any) -> Iterator[None]:
    """Make an axes the one that pyplot draws on, for panels that call pyplot; then forget it.

    PyNN's panels write text and colour bars with ``plt.text`` and ``plt.colorbar``, which draw on
    pyplot's current axes, whatever axes the panel was given.
    """
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.backend_bases import FigureManagerBase

    root = figure.get_figure(root=True) if hasattr(figure, "get_figure") else figure
    root = root or figure
    if root.canvas.manager is not None:
        plt.sca(axes)
        yield
        return
    before = Gcf.get_active()
    number = max(plt.get_fignums(), default=0) + 1
    manager = FigureManagerBase(root.canvas, number)
    Gcf._set_new_active_manager(manager)
    root.sca(axes)
    try:
        yield
    finally:
        Gcf.figs.pop(number, None)
        root.canvas.manager = None
        if before is not None:
            Gcf.set_active(before)
