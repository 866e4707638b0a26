"""Drawing under settings that the drawing thread alone sees, one figure at a time.

`matplotlib.rcParams` is one dict for all threads, and `matplotlib.rc_context` changes it for all of them.
Here it stays as it is: while something is drawn, `rcParams` looks up the settings of the thread that
asks, and every other thread reads what it always read. As matplotlib's parser of formulas, its caches
and pyplot's list of figures are shared by all threads as well, only one thread draws at a time.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class _Here(threading.local):
    """The settings of this thread, all of them but the backend; None where it draws nothing."""

    settings: dict[str, Any] | None = None


_here = _Here()

#: Held by the thread that draws.
_turn = threading.RLock()

#: What stays common to all threads, as in `matplotlib.rc_context`.
COMMON = "backend"


@contextmanager
def drawing(settings: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Draw: wait until no other thread draws, and have settings that no other thread sees.

    Parameters
    ----------
    settings : mapping, optional
        rcParams. What is not named is as it was when the drawing began, whatever others change since.

    Notes
    -----
    What is written to `matplotlib.rcParams` inside is gone afterwards, as with `matplotlib.rc_context`.
    All that this package draws is drawn so. Who draws with matplotlib itself in several threads, beside
    figures of this package or on them, does it inside as well.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["font.size"]
    >>> with drawing({"font.size": 7}):
    ...     matplotlib.rcParams["font.size"]
    7.0
    >>> matplotlib.rcParams["font.size"] == before
    True
    """
    import matplotlib

    common: Any = matplotlib.rcParams
    with _turn:
        outer = _here.settings
        kind: Any = type(common)
        own = dict(dict.items(common)) if outer is None else dict(outer)
        own.pop(COMMON, None)
        _here.settings = own
        try:
            if outer is None:
                common.__class__ = _by_thread(kind)
            if settings:
                common.update(settings)  # checks them as well
            yield
        finally:
            _here.settings = outer
            if outer is None:
                common.__class__ = kind


@functools.cache
def _by_thread(kind: Any) -> Any:
    """A class of rcParams that asks the thread first."""

    class ByThread(kind):
        def __new__(cls, *given: Any, **named: Any) -> Any:
            # Copies, and parts of it, are plain.
            return kind(*given, **named)

        def __getitem__(self, key: str) -> Any:
            own = _here.settings
            return own[key] if own is not None and key in own else super().__getitem__(key)

        def _get(self, key: str) -> Any:
            own = _here.settings
            return own[key] if own is not None and key in own else super()._get(key)

        def _set(self, key: str, value: Any) -> None:
            own = _here.settings
            if own is None or key == COMMON:
                super()._set(key, value)
            else:
                own[key] = value

        def _update_raw(self, other: Any) -> None:
            for key, value in dict.items(other):
                self._set(key, value)

        def copy(self) -> Any:
            found = kind()
            # Before it had `_update_raw`, matplotlib's rc_context wrote its copy back past this class.
            own = _here.settings if hasattr(kind, "_update_raw") else None
            dict.update(found, {**dict(dict.items(self)), **(own or {})})
            return found

        def __reduce_ex__(self, protocol: Any) -> Any:
            return kind, (dict(self.copy()),)

    return ByThread


# A process that is forked while another thread draws would wait for that thread, which it has not.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_turn.release)
