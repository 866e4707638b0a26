"""A compartment on the tape: where the values of what is in its mechanisms are found."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.layers import inside
from neo_currentscape.adapters.neuron.mechanisms import Current
from neo_currentscape.adapters.neuron.slopes import evaluate, names_in
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.adapters.neuron.variables import is_shared, shared_name

_KNOWN = ("ion", "range", "constant", "pointer")


class Place:
    """A compartment, and what was or can be known of the variables of its mechanisms.

    Attributes
    ----------
    h : HocObject
        NEURON.
    segment : nrn.Segment
    tape : Tape
    """

    h: Any
    segment: Any
    tape: Tape
    _id: str

    def inside(self) -> np.ndarray:
        """Potential inside the compartment in mV, shape (time,); see `layers`."""
        return inside(self.tape, self.key("v"))

    @property
    def area(self) -> float:
        """Membrane area in um**2."""
        return self.segment.area()

    def key(self, variable: str, owner: str | None = None) -> str:
        """Key of a variable on the tape."""
        return f"{self._id}.{owner}.{variable}" if owner else f"{self._id}.{variable}"

    def has_constant_slope(self, current: Current) -> bool:
        """Whether di/dv is made of parameters alone, as that of a leak or of a gap junction."""
        rule = current.kind.slope_of(current.variable)
        return rule is not None and rule.slope is not None and self._all(current, rule.slope, constant=True)

    def _all(self, current: Current, expression: str, constant: bool = False) -> bool:
        found = names_in(expression)
        if found is None:
            return False
        return all(self.where(current, name) in (("constant",) if constant else _KNOWN) for name in found)

    def where(self, current: Current, name: str) -> str | None:
        """Where the value of a variable in a MOD file is found.

        Returns
        -------
        {"ion", "range", "constant", "pointer"} or None
        """
        source, kind = current.kind.source, current.kind
        if name in source.pointers:
            return "pointer" if self.key(name, current.label) in self.tape else None
        if name in source.of_ions and name not in source.set_at_breakpoint:
            return "ion"
        if name in kind.visible:
            fixed = name in source.parameters and name not in source.set_at_breakpoint
            return "constant" if fixed else "range"
        if name in source.initially and not is_shared(self.h, name, kind.name):
            return "constant" if self._all(current, source.initially[name], constant=True) else None
        if name in source.set_at_breakpoint or not is_shared(self.h, name, kind.name):
            return None
        # A shared variable that changes in every step is whatever the last compartment made of it.
        moves = name in source.set_after_breakpoint or self.tape.shared.has_changed(
            shared_name(name, kind.name)
        )
        return None if moves else "constant"

    def constant(self, current: Current, name: str) -> float:
        """Value of a parameter."""
        if name in current.kind.visible:
            return float(getattr(current.owner, name))
        text = current.kind.source.initially.get(name)
        if text is not None and not is_shared(self.h, name, current.kind.name):
            return float(
                evaluate(text, {each: self.constant(current, each) for each in names_in(text) or ()})
            )
        return float(getattr(self.h, shared_name(name, current.kind.name)))

    def variable_key(self, current: Current, name: str) -> str:
        """Key on the tape of a variable of a mechanism, or of one of its ions."""
        return self.key(name) if self.where(current, name) == "ion" else self.key(name, current.label)

    def state_key(self, current: Current, name: str, element: int | None) -> str:
        """Key on the tape of a part of the state."""
        return self.key(name if element is None else f"{name}[{element}]", current.label)

    def why_not_replayable(self, current: Current) -> str | None:
        """Say what of a mechanism cannot be set on a copy of it; None where everything can."""
        source, needs = current.kind.source, current.kind.needs(self.h)
        if current.variable in source.set_after_breakpoint - source.set_at_breakpoint:
            return f"{current.variable} is set when its states are advanced"
        moved = source.moved_for(current.variable)
        if moved or needs.reason:
            return f"BREAKPOINT moves {moved} each time it is evaluated" if moved else needs.reason
        for name in needs.pointers:
            if self.key(name, current.label) not in self.tape:
                return f"its POINTER {name} was not set before the Recorder was made"
        for name in needs.shared:
            if self.tape.shared.has_changed(shared_name(name, current.kind.name)):
                return f"it uses {name}, which all its copies share and which changed during the run"
        return None
