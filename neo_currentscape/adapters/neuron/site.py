"""One recorded compartment: what is written down there, under which key of the tape."""

from __future__ import annotations

from collections import Counter
from copy import copy
from functools import cached_property
from typing import Any

from neo_currentscape.adapters.neuron import diffusing
from neo_currentscape.adapters.neuron.compartments import Neighbours, identity
from neo_currentscape.adapters.neuron.layers import Layers, has_layers, record_inside
from neo_currentscape.adapters.neuron.mechanisms import (
    Current,
    Kinds,
    check_unchanged,
    concentrations_at,
    currents_at,
    ions_at,
    mechanisms_at,
    sum_of,
)
from neo_currentscape.adapters.neuron.parts import parts_at
from neo_currentscape.adapters.neuron.place import Place
from neo_currentscape.adapters.neuron.slopes import names_in
from neo_currentscape.adapters.neuron.steps import Steps
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.adapters.neuron.variables import is_shared, shared_name
from neo_currentscape.conventions.errors import SelectionError


class Site(Place):
    """A compartment and everything that has to be recorded there.

    Parameters
    ----------
    segment : nrn.Segment
    kinds : Kinds
        The kinds of mechanisms that are known.
    near : Neighbours
        The cell's nodes and what is next to them.
    tape : Tape
        What is recorded is added to it.
    refuse : bool
        Whether a current that cannot be known is refused; else it is one of `unseen`, or given
        together with others.

    Attributes
    ----------
    name : str
    currents : list of Current
    unseen : list of (str, bool)
        Labels of currents that NEURON shows nothing of, and whether an electrode injects them.
    steps : Steps
        Of the run; see `during`.
    parts : list of Split
        Currents that are given in parts.
    ions, concentrations : list of str
    diffusing : set of str
        Ions that reaction-diffusion may carry through the membrane.
    inflow : list of (str, Link)
        Key of each neighbour's voltage, and what connects to it.
    has_layers : bool
        Whether there is an `extracellular` around it.
    layers : Layers or None
        What is recorded of that; None at the end of a section.
    """

    steps: Steps
    #: After a run, what was found already; before it, more is recorded as it goes.
    _rules: dict[str, str] | None = None

    def __init__(
        self, segment: Any, kinds: Kinds, near: Neighbours, tape: Tape, refuse: bool = True
    ) -> None:
        self.h, self.segment, self.tape, self.name = kinds.h, segment, tape, str(segment)
        self._id = identity(segment)
        self.unseen: list[tuple[str, bool]] = []
        self.currents = currents_at(segment, kinds, None if refuse else self.unseen)
        self.ions = ions_at(segment)
        self.diffusing = diffusing.carried().intersection(self.ions)
        for ion in () if refuse else self.ions:
            self._put_together(ion)
        self.concentrations = concentrations_at(segment, kinds)
        self._kinds = kinds
        self._before = mechanisms_at(segment), segment.sec.nseg
        self._record_common()
        links = near.of(segment)
        self.inflow = [(record_inside(self.h, link.neighbour, tape), link) for link in links]
        self.has_layers = has_layers(self.h, segment)
        self.layers = Layers(self.h, segment, links, tape) if self.has_layers and self.area else None
        self.parts = parts_at(self.currents, kinds.parts)
        for current in (*self.currents, *(part for split in self.parts for part, _ in split.parts)):
            self._record_current(current)

    def during(self, steps: Steps, before: Site | None = None) -> Site:
        """The site with what was recorded of it in the steps of a run.

        Parameters
        ----------
        steps : Steps
        before : Site, optional
            The site in the steps before these, while nothing in NEURON changed.

        Returns
        -------
        Site
        """
        out = copy(self if before is None else before)
        out.steps, out.tape = steps, self.tape.part(steps.rows)
        if before is None:
            # What all copies of a mechanism share may have changed since they were recorded.
            out.__dict__.pop("late", None)
            out._rules = {}
        return out

    def record(self, variable: str) -> str:
        """Record a variable of the compartment itself, such as "v" or "ena"; returns its key."""
        pointer, ends = getattr(self.segment, f"_ref_{variable}"), variable in self.concentrations
        self.tape.add(self.key(variable), pointer, moves=variable == "v", ends=ends)
        return self.key(variable)

    def _record_common(self) -> None:
        self.tape.add_times(self.key("t"), self.segment)
        record_inside(self.h, self.segment, self.tape)
        for variable in ("i_cap", *self.concentrations):
            self.record(variable)
        for ion in self.ions:
            self.record(f"i{ion}")
            self.record(f"di{ion}_dv_")

    def _record_current(self, current: Current) -> None:
        self._record_pointers(current)
        if current.is_visible:
            self.tape.add(self.key(current.variable, current.label), current.ref(current.variable))
        if self.is_total(current):
            return
        if current in self.replayed(current.ion):
            self._record_state(current)
        how = self.slope_rule(current)
        if how in ("replay", "again") and not current.members and self.why_not_replayable(current) is None:
            self._record_state(current)
        elif how == "reversal":
            rule = current.kind.slope_of(current.variable)
            for name in names_in((rule and rule.reversal) or "0") or ():
                self._record_variable(current, name)
        elif how == "declared":
            for name in self.declared_slope(current):
                self._record_variable(current, name)

    def writers(self, ion: str) -> list[Current]:
        """The currents that carry an ion."""
        return [current for current in self.currents if current.ion == ion]

    def is_total(self, current: Current) -> bool:
        """Whether a current is all there is of its ion, so that NEURON's total says everything."""
        alone = current.ion is not None and len(self.writers(current.ion)) == 1
        return alone and current.ion not in self.diffusing

    def replayed(self, ion: str | None) -> list[Current]:
        """The currents of an ion that are found by replaying their mechanisms.

        One hidden current is the rest of the total. Several are replayed, and have to add up to it;
        one of them may be a mechanism that cannot be replayed, which is the rest then.

        Raises
        ------
        SelectionError
            When two cannot be replayed, or one that cannot is next to one that events change.
        """
        hidden = [current for current in self.writers(ion or "") if not current.is_visible]
        if len(hidden) + (ion in self.diffusing) < 2:
            return []
        left, driven = self._inseparable(hidden)
        others = [*(c.label for c in [*left[1:], *driven]), *((diffusing.NAME,) * (ion in self.diffusing))]
        if left and others:
            raise SelectionError(
                f"The {left[0].variable} of {left[0].label!r} and {others[0]!r} at "
                f"{self.name} cannot be told apart (the first: {self.why_not_replayable(left[0])}): add "
                f"RANGE {left[0].variable} to one of their MOD files, or write unknown='each' to have "
                "their sum."
            )
        return [current for current in hidden if current not in left]

    def _inseparable(self, hidden: list[Current]) -> tuple[list[Current], list[Current]]:
        """Those of an ion's hidden currents that cannot be replayed, and those that events change."""
        left = [current for current in hidden if self.why_not_replayable(current)]
        driven = [current for current in hidden if current.kind.source.has_events and current not in left]
        return left, driven

    def _put_together(self, ion: str) -> None:
        """Make one current of those of an ion that cannot be told apart."""
        hidden = [current for current in self.writers(ion) if not current.is_visible]
        left, driven = self._inseparable(hidden)
        if len(left) + bool(left) * (len(driven) + (ion in self.diffusing)) > 1:
            together = sum_of([*left, *driven])
            self.currents = [c for c in self.currents if c not in left + driven] + [together]

    @cached_property
    def late(self) -> list[tuple[Current, str]]:
        """Currents that a fixed step records one step late without a way to set that right, and why."""
        found = []
        for current in self.currents:
            if self.is_total(current) or self.slope_rule(current) != "replay":
                continue
            reason = self.why_not_replayable(current)
            if reason is not None:
                found.append((current, reason))
        # The slope of an ion's total tells that of one of its currents.
        carried = Counter(current.ion for current, _ in found)
        return [(c, reason) for c, reason in found if c.ion is None or carried[c.ion] > 1]

    @property
    def stale(self) -> list[tuple[Current, str]]:
        """Currents that variable steps record as they will flow at the next evaluation only, and why."""
        why = "it is set when its states are advanced, and variable steps do that at instants of their own"
        late = [c for c in self.currents if c.ion is None and self.slope_rule(c) == "late"]
        return [(c, why) for c in late if c.variable not in c.kind.source.states]

    def slope_rule(self, current: Current) -> str:
        """Where di/dv of a current comes from.

        Returns
        -------
        {"none", "late", "declared", "constant", "reversal", "replay", "again"}
            "none" where the current is that of the new voltage already, or does not depend on it. "late"
            where the current is set after the voltage was advanced, so that it flows in the next step;
            "declared" by CONDUCTANCE; "again" where both the current and its slope are replayed, as what
            NEURON shows was set anew after the step.
        """
        if self._rules is None:
            return self._slope_rule(current)
        if current.label not in self._rules:
            self._rules[current.label] = self._slope_rule(current)
        return self._rules[current.label]

    def _slope_rule(self, current: Current) -> str:
        if current.members:
            return "replay"
        source, rule = current.kind.source, current.kind.slope_of(current.variable)
        if self.declared_slope(current):
            return "declared"
        if current.variable not in source.set_at_breakpoint and not source.is_opaque:
            late = current.variable in source.set_after_breakpoint | source.states
            return "late" if late else "none"
        replayable = self.why_not_replayable(current) is None
        if current.variable in source.set_after_breakpoint and not self.tape.sees_starts:
            return "none" if rule is not None or not replayable else "again"
        if source.moved_for(current.variable) or (rule is not None and not rule.smooth and replayable):
            return "replay"
        if rule is not None and rule.reversal is None:
            return "none"
        if rule is None or rule.reversal is None:
            return "replay"
        if self._all(current, rule.reversal):
            return "reversal"
        return "constant" if self.has_constant_slope(current) else "replay"

    def declared_slope(self, current: Current) -> list[str]:
        """The variables whose sum a MOD file declares to be di/dv, if NEURON shows them."""
        source = current.kind.source
        alike = {name for name, ion, _ in source.currents if ion == current.ion}
        found = [name for name, ion in source.conductances if ion == current.ion]
        known = all(name in current.kind.visible for name in found)
        return found if known and alike == {current.variable} else []

    def _record_variable(self, current: Current, name: str) -> None:
        found = self.where(current, name)
        if found == "ion":
            self.record(name)
        elif found is not None and name in current.kind.visible:
            self._add(self.key(name, current.label), current.ref(name))
        elif found == "constant" and is_shared(self.h, name, current.kind.name):
            self.tape.shared.watch(shared_name(name, current.kind.name))

    def _record_pointers(self, current: Current) -> None:
        """Record what the POINTERs point to that the code of a current names, if they are set already."""
        for name in current.kind.needs(self.h).pointers:
            try:
                self._add(self.key(name, current.label), current.ref(name))
            except Exception:  # NEURON raises several kinds for a pointer that is not set.
                continue

    def _add(self, key: str, pointer: Any) -> None:
        # What a POINTER points to may be a voltage, of which NEURON writes so.
        self.tape.add(key, pointer, moves="field::Voltage" in repr(pointer))

    def _record_state(self, current: Current) -> None:
        needs = current.kind.needs(self.h)
        for name, element in needs.ranges:
            self.tape.add(self.state_key(current, name, element), current.ref(name, element))
        for name in needs.ions:
            self.record(name)
        for name in needs.shared:
            self.tape.shared.watch(shared_name(name, current.kind.name))

    def check_unchanged(self) -> None:
        """Refuse a compartment that is not what it was when the Recorder was made.

        Raises
        ------
        SelectionError
        """
        check_unchanged(self.segment, self.name, self._kinds, *self._before)
