"""Windows: figures are shown by pyplot's machinery, but leave no trace in it.

A figure of this package is not made by pyplot, so that it has no number and needs no closing. Where
pyplot is imported and opens windows, the figure is handed to it, so that ``plt.show()`` shows it; it
is taken back when it has been saved and nothing refers to it any more.
"""

from __future__ import annotations

import sys
import threading
import types
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def root_of(figure: Any) -> Any:
    """The Figure that a SubFigure belongs to; a Figure itself."""
    return figure.canvas.figure


def opens_windows() -> bool:
    """Whether pyplot is imported, with a backend that opens windows."""
    if "matplotlib.pyplot" not in sys.modules:
        return False
    try:
        canvas = backend().FigureCanvas
    except ImportError:
        # A backend that was asked for, but has no screen: a figure can be saved all the same.
        return False
    # Notebooks have none: there a figure shows itself.
    return getattr(canvas, "required_interactive_framework", None) is not None


def backend() -> Any:
    """What pyplot draws with."""
    import matplotlib.pyplot as plt

    # As in plt.figure(): where no backend was chosen yet, the one is chosen that works here.
    return plt._get_backend_mod()


def adopt(figure: Any) -> Any:
    """Hand a figure to pyplot, so that its windows know it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    matplotlib.backend_bases.FigureManagerBase
    """
    from matplotlib._pylab_helpers import Gcf

    with _numbers:
        manager = figure.canvas.manager
        # The window of a manager that pyplot does not know any more has been closed.
        if manager is None or manager not in Gcf.figs.values():
            number = max(Gcf.figs, default=0) + 1
            manager = backend().FigureCanvas.new_manager(figure, number)
        Gcf._set_new_active_manager(manager)
    return manager


def hand_over(figure: Any) -> None:
    """Make a figure pyplot's current one, for scripts that go on with ``plt.savefig`` or ``plt.show``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From now on pyplot keeps it until ``plt.close``, as any figure of ``plt.figure``.
    """
    # Where nobody has imported pyplot yet, and nothing is shown, it finds the figure when somebody does.
    quiet = "matplotlib.pyplot" not in sys.modules and _writes_files_only()
    with _numbers:
        _number(figure, quiet)
    if not quiet:
        import matplotlib.pyplot as plt

        plt.draw_if_interactive()


def _number(figure: Any, quiet: bool) -> None:
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    number = max(Gcf.figs, default=0) + 1
    try:
        make = FigureCanvasAgg.new_manager if quiet else _of_backend
        manager = make(figure, number)
    except ImportError:
        # A backend that was asked for, but has no screen.
        manager = FigureCanvasAgg.new_manager(figure, number)
    Gcf._set_new_active_manager(manager)
    if getattr(figure, "number", None) is None:
        figure.number = number  # from matplotlib 3.10 on the manager tells it


def _of_backend(figure: Any, number: int) -> Any:
    return backend().new_figure_manager_given_figure(number, figure)


def _writes_files_only() -> bool:
    """Whether a backend was chosen already, and is one that opens no windows."""
    import matplotlib

    # To ask for it in the usual way would choose one.
    chosen = dict.__getitem__(matplotlib.rcParams, "backend")
    return isinstance(chosen, str) and chosen.lower() in FILES_ONLY


def keep(figure: Any, owner: Any, seen: Seen) -> None:
    """Hand a figure to pyplot, until nothing refers to its owner any more.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    owner : object
    seen : Seen
        Of the owner. Where it says no when the owner goes, the window waits for ``plt.show()``, but
        no more windows than `MOST_WAITING` do.
    """
    before = figure.canvas.manager
    manager = adopt(figure)
    if manager is not before:
        # At exit there is nothing left to tidy up, and maybe no toolkit to do it.
        weakref.finalize(owner, _owner_is_gone, manager, seen).atexit = False


def _owner_is_gone(manager: Any, seen: Seen) -> None:
    from matplotlib._pylab_helpers import Gcf

    if seen:
        Gcf.destroy(manager)
        return
    _waiting.append(manager)
    _waiting[:] = [waiting for waiting in _waiting if waiting in Gcf.figs.values()]
    for oldest in _waiting[:-MOST_WAITING]:
        Gcf.destroy(oldest)


class Seen(list[bool]):
    """Becomes true when a figure has been saved, so that its window may go with its owner."""


#: Held while pyplot's figures are numbered, or the current one of them is another for a while.
_numbers = threading.RLock()

#: Backends without windows.
FILES_ONLY = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")

#: Windows that wait for ``plt.show()`` though nothing else refers to their figures.
_waiting: list[Any] = []

#: Their largest number, that above which pyplot warns of open figures.
MOST_WAITING = 20


@contextmanager
def current_in_pyplot(figure: Any, axes: Any) -> Iterator[None]:
    """Make an axes the one that pyplot draws on, for panels that call pyplot; then forget it.

    PyNN's panels write text and colour bars with ``plt.text`` and ``plt.colorbar``, which draw on
    pyplot's current axes, whatever axes the panel was given.
    """
    if "matplotlib.pyplot" not in sys.modules:
        yield
        return
    with _numbers:
        yield from _current(root_of(figure), axes)


def _current(root: Any, axes: Any) -> Iterator[None]:
    from matplotlib._pylab_helpers import Gcf

    before: Any = Gcf.get_active()
    manager: Any = root.canvas.manager
    known = manager in Gcf.figs.values()
    if not known:
        # For a figure without a window something that has its canvas is all that pyplot asks for.
        number = max(Gcf.figs, default=0) + 1
        manager = types.SimpleNamespace(canvas=root.canvas, num=number)
        Gcf.figs[number] = manager
    Gcf.figs.move_to_end(manager.num)
    root.sca(axes)
    try:
        yield
    finally:
        if not known:
            Gcf.figs.pop(manager.num, None)
        if before is not None and before.num in Gcf.figs:
            Gcf.figs.move_to_end(before.num)


def show(figure: Any, owner: Any, seen: Seen) -> None:
    """Show a figure in a window, and wait until it is closed; in a notebook, below the cell.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    owner : object
        Which a notebook displays.
    seen : Seen
    """
    import matplotlib.pyplot as plt

    if opens_windows():
        keep(figure, owner, seen)
        # In interactive mode the window stays open afterwards: somebody looks at it.
        seen.clear()
        plt.show()
    elif _in_notebook():
        from IPython.display import display

        display(owner)
    else:
        plt.show()  # which says that this backend opens no windows


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")
