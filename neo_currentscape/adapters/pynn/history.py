"""What a population was like in each run: parameters and sources may be changed between two runs."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from neo_currentscape.adapters.pynn import repair
from neo_currentscape.adapters.pynn.backends import state_of
from neo_currentscape.adapters.pynn.description import Description, describe

#: Under this name a PyNN recorder keeps the descriptions of its population.
ATTRIBUTE = "_currentscape_history"

#: What is known only when the recordings are taken.
_OF_RECORDINGS = ("since", "areas", "unused", *repair.KEYS)


def keep(root: Any) -> None:
    """Have a population described in every run from now on.

    PyNN has one way into every backend's run, the function ``run_until`` of its state.

    Parameters
    ----------
    root : pyNN Population
        The whole population.
    """
    if not hasattr(root.recorder, ATTRIBUTE):
        setattr(root.recorder, ATTRIBUTE, [])
    state = state_of(root)
    plain = state.run_until
    if getattr(plain, "describes", False):
        return

    @functools.wraps(plain)
    def run_until(*args: Any, **kwargs: Any) -> Any:
        begins = _begin(state)
        out = plain(*args, **kwargs)
        # After the run, because noise has been drawn as far as it went only then.
        for recorder in state.recorders:
            if hasattr(recorder, ATTRIBUTE):
                _note(recorder, begins)
        return out

    run_until.describes = True  # type: ignore[attr-defined]
    state.run_until = run_until


def _begin(state: Any) -> float:
    """The time in the recordings at which a run begins, in ms."""
    if not state.running:
        return 0.0
    # NEST is always one delay ahead of the time that PyNN gives.
    return float(state.t_kernel - state._time_offset if hasattr(state, "t_kernel") else state.t)


def _note(recorder: Any, begins: float) -> None:
    history = getattr(recorder, ATTRIBUTE)
    if begins == 0:
        history.clear()
    found = describe(recorder.population)
    if not history or _lasting(history[-1]) != _lasting(found):
        history += _from(begins, found, history[-1:], _delay(state_of(recorder.population)))


def _from(begins: float, found: Description, before: list[Description], delay: float) -> list[Description]:
    """A new description, where its sources reach the cells at once; else at first with those before."""
    if not delay or not before or before[0]["sources"] == found["sources"]:
        return [{**found, "since": begins}]
    old = {**found, "sources": before[0]["sources"], "since": begins}
    waiting = [] if _lasting(old) == _lasting(before[0]) else [old]
    return [*waiting, {**found, "since": begins + delay}]


def _delay(state: Any) -> float:
    """How long a source's current is on its way in NEST, in ms."""
    return float(state.min_delay + state.dt) if hasattr(state, "t_kernel") else 0.0


def _lasting(description: Mapping[str, Any]) -> Description:
    return {key: value for key, value in description.items() if key not in _OF_RECORDINGS}


def of(root: Any) -> list[Description]:
    """Describe a population in each stretch of its present Segment.

    Parameters
    ----------
    root : pyNN Population

    Returns
    -------
    list of dict
        In the order of time, each with "since" (ms) but the only one of a population that nobody
        had described.
    """
    now = describe(root)
    history = getattr(root.recorder, ATTRIBUTE, [])
    if not history:
        return [now]
    late = {key: now[key] for key in _OF_RECORDINGS if key in now}
    return [{**known, **late} for known in history]
