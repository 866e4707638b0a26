"""The page of a class: which of its methods and attributes have an entry."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable


class Documented:
    """Members of a class that are its own, or of a class of this package, and have a docstring.

    Fields of a dataclass are left out: they are Parameters of the class. An object, as Sphinx keeps no
    functions in its settings; its text is the same in each build, so that Sphinx keeps what it has read.
    """

    def __repr__(self) -> str:
        return "Documented()"

    def __call__(self, module: str, name: str, members: Iterable[str]) -> list[str]:
        """Choose among the members.

        Parameters
        ----------
        module, name
            Of the class.
        members
            Names of methods, or of attributes.

        Returns
        -------
        list of str
            Those that have an entry.
        """
        shown = importlib.import_module(module)
        for part in name.split("."):
            shown = getattr(shown, part)
        return [member for member in members if self._is_own(shown, member)]

    @staticmethod
    def _is_own(shown: type, member: str) -> bool:
        if member.startswith("_"):
            return False
        for parent in inspect.getmro(shown):
            if member in vars(parent):
                found = vars(parent)[member]
                found = getattr(found, "__func__", found)
                described = hasattr(found, "__get__") and bool(inspect.getdoc(found))
                return described and parent.__module__.startswith("neo_currentscape")
        return False
