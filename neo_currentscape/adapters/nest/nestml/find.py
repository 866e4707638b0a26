"""Which model of NESTML files a recorded neuron is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from neo_currentscape.adapters.nest.nestml.equations import Equations, of_model
from neo_currentscape.adapters.nest.nestml.source import parse, texts
from neo_currentscape.conventions.errors import ArgumentError


def models_in(given: Any) -> tuple[Equations, ...]:
    """All models of files or texts; none where nothing is given."""
    if given is None:
        return ()
    return tuple(model for what, text in texts(given) for model in _models(what, text))


@lru_cache(maxsize=64)
def _models(what: str, text: str) -> tuple[Equations, ...]:
    # PyNESTML takes a second for a file.
    return tuple(of_model(tree) for tree in parse(what, text))


def find(written: Sequence[Equations], name: str | None, known: bool = False) -> Equations | None:
    """The model of a name that NEST has, or None where it is not among them.

    Parameters
    ----------
    written : sequence of Equations
    name : str or None
        None where nobody tells it; a file with one model does.
    known : bool
        Whether NEST has a model of that name by itself.

    Raises
    ------
    ArgumentError
        When there are several models and nobody tells which it is, or when no file holds it.
    """
    if not written:
        return None
    if name is None and len(written) == 1:
        return written[0]
    there = ", ".join(model.name for model in written)
    if name is None:
        raise ArgumentError(
            f"The events do not tell which model of nestml= recorded them: write model={written[0].name!r} "
            f"(there are {there})."
        )
    fitting = [model for model in written if name == model.name or not known and is_named(name, model.name)]
    if not fitting and not known:
        raise ArgumentError(
            f"nestml= holds no model {name!r}, only {there}: write the path of the file that {name!r} was "
            "compiled from."
        )
    return max(fitting, key=lambda model: len(model.name), default=None)


def is_named(name: str, written: str) -> bool:
    """Whether NEST's name is that of a compiled model: with a suffix, maybe with its synapse's name.

    Examples
    --------
    >>> [is_named(name, "iaf_neuron") for name in ("iaf_neuron", "iaf_neuron_nestml", "iaf_neurons")]
    [True, True, False]
    >>> is_named("iaf_neuron_nestml__with_stdp_synapse_nestml", "iaf_neuron")
    True
    """
    return name == written or name.startswith(f"{written}_")
