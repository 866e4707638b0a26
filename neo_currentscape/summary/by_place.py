"""Variables by site and by neuron, so that none is looked at again for every place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.select import is_named


class BySite:
    """The variables that may belong to a site.

    Parameters
    ----------
    variables : sequence of Variable
        Of a Segment.
    named : str, sequence of str or mapping, optional
        The currents that are asked for by name: only then may something else be meant than what is a
        current.
    """

    def __init__(self, variables: Sequence[Variable], named: Any = None) -> None:
        self._all = list(variables)
        self._places = [k for k, v in enumerate(self._all) if is_named(named) or v.role == "current"]
        self._by_site: dict[str | None, list[int]] = {}
        for k in self._places:
            self._by_site.setdefault(self._all[k].site, []).append(k)
        # In the order of names, those that begin with the name of a site lie side by side.
        self._by_name = sorted(self._places, key=lambda k: self._all[k].name)

    def near(self, site: str | None) -> list[Variable]:
        """The variables of a site, those that are named after it, and those of no site, in their order.

        All variables where none is of the site, so that it can be said what there is.
        """
        if site is None or site not in self._by_site:
            return self._all
        here = {*self._by_site[site], *self._by_site.get(None, ()), *self._named_after(site)}
        return [self._all[k] for k in sorted(here)]

    def _named_after(self, site: str) -> list[int]:
        begin, end = (
            bisect_left(self._by_name, site + mark, key=lambda k: self._all[k].name)
            for mark in (".", chr(ord(".") + 1))
        )
        return self._by_name[begin:end]


def by_neuron(choices: Sequence[Choice]) -> dict[int, list[Choice]]:
    """What was recorded of each neuron, in the order of their numbers.

    Parameters
    ----------
    choices : sequence of Choice
        Some of which number their neurons.

    Returns
    -------
    dict of int to list of Choice
        Each in the order of `choices`; one that numbers no neurons, and has one channel, is of all.
    """
    of_all: list[int] = []
    found: dict[int, list[int]] = {}
    for k, variable in enumerate(choice.variable for choice in choices):
        if variable.neurons is None and len(variable.columns) == 1:
            of_all.append(k)
        for neuron in () if variable.neurons is None else variable.neurons.tolist():
            found.setdefault(int(neuron), [])
        for neuron in variable.column_of_neuron:
            found[neuron].append(k)
    return {n: [choices[k] for k in sorted([*found[n], *of_all])] for n in sorted(found)}
