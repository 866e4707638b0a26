"""The currents of one compartment, in nA, each belonging exactly to its sample.

With a fixed step of length dt from t[k-1] to t[k], NEURON (backward Euler, ``secondorder = 0``) solves

    C (v[k] - v[k-1]) / dt + sum_j (i_j + (di_j/dv) (v[k] - v[k-1])) = electrode + axial(v[k])

with i_j and di_j/dv evaluated at v[k-1]. A recorded i_j[k] is that i_j: it lags by a step. What
flowed is ``i_j[k] + (di_j/dv)[k] (v[k] - v[k-1])`` (Hines, 1984; Carnevale and Hines, The NEURON
Book, chapter 4). With variable steps (CVODE) the recorded values belong to one instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from neo_currentscape.adapters.neuron import diffusing
from neo_currentscape.adapters.neuron.electrodes import as_electrodes_see
from neo_currentscape.adapters.neuron.jumps import jumps_of, undone
from neo_currentscape.adapters.neuron.layers import inside
from neo_currentscape.adapters.neuron.mechanisms import Current, sum_of
from neo_currentscape.adapters.neuron.parts import SAME, Split, add_up
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.adapters.neuron.slopes import evaluate, from_reversal, names_in
from neo_currentscape.conventions.errors import SelectionError

#: Relative differences below this are rounding.
ROUNDING = 1e-9


class Ledger:
    """Computes the currents of a site from what was recorded there.

    Parameters
    ----------
    site : Site
        During the steps of a run; with a fixed step recorded currents lag.
    benches : Benches
        For currents that have to be replayed.

    Attributes
    ----------
    late : dict of str to str
        Labels of the currents that are as recorded, one step late, and why.
    apart : dict of str to str
        Labels of sums of currents that could not be told apart, and why.
    unfit : dict of str to str
        Mechanisms whose parts are not given, and why.
    """

    def __init__(self, site: Site, benches: Benches) -> None:
        self.site, self.fixed, self.benches = site, site.steps.is_fixed, benches
        self.v = site.tape[site.key("v")]
        self.dv = site.steps.dv
        self.to_nA = site.area * 1e-2
        self.late = {c.label: reason for c, reason in (site.late if self.fixed else site.stale)}
        self.apart: dict[str, str] = {}
        self.unfit: dict[str, str] = {}

    def currents(self) -> dict[str, tuple[Current | None, np.ndarray]]:
        """All currents of mechanisms and point processes.

        Returns
        -------
        dict of str to (Current or None, ndarray of shape (time,))
            By label, in nA, with NEURON's signs; None for a part of an ion's total that no known
            mechanism explains.
        """
        found: dict[str, tuple[Current | None, np.ndarray]] = {}
        for current in self.site.currents:
            if current.ion is None:
                ledger = self._of_electrodes if current.electrode and self.site.has_layers else self
                found[current.label] = current, ledger._settle(current, self._own(current))
        for ion in self.site.ions:
            found |= self._of_ion(ion)
        found = self._in_parts(found)
        order = {current.label: index for index, current in enumerate(self.site.currents)}
        for split in self.site.parts:
            pieces = [*(part for part, _ in split.parts), *filter(None, [split.rest])]
            order |= {piece.label: order[split.wholes[0].label] for piece in pieces}
        return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))

    @cached_property
    def _of_electrodes(self) -> Ledger:
        """What electrodes inject depends on the potential inside, not on that across the membrane."""
        return Ledger(as_electrodes_see(self.site), self.benches)

    def _in_parts(self, found: dict) -> dict:
        """The currents with those that are given in parts replaced by these, where they add up."""
        for split in self.site.parts:
            labels = [current.label for current in split.wholes]
            kind = split.wholes[0].kind.name
            lost = [c for c, _ in split.parts if self._is_late(c)]
            if any(label not in found for label in labels):
                self.unfit[kind] = "belong to a current that could not be told apart from others"
            elif any(label in self.late for label in labels) or len(lost) + (split.rest is not None) > 1:
                self.unfit[kind] = "are known one step late only"
            else:
                whole = np.asarray(sum(found[label][1] for label in labels))
                pieces = self._pieces(split, lost, whole)
                miss = add_up([values for _, values in pieces.values()], whole)
                if miss > SAME:
                    self.unfit[kind] = f"miss its current by up to {miss:.1e} of the largest"
                    continue
                found = {label: one for label, one in found.items() if label not in labels} | pieces
        return found

    def _is_late(self, part: Current) -> bool:
        """Whether nothing tells the slope of a part."""
        if not self.fixed or self.site.slope_rule(part) != "replay":
            return False
        return self.site.why_not_replayable(part) is not None

    def _pieces(self, split: Split, lost: Sequence[Current], whole: np.ndarray) -> dict:
        """The parts of a current; one that nothing else tells is what the others leave of the whole."""
        found = {
            part.label: (part, factor * self._settle(part, self._own(part)))
            for part, factor in split.parts
            if part not in lost
        }
        for last in (*lost, *filter(None, [split.rest])):
            found[last.label] = last, whole - sum(values for _, values in found.values())
        return found

    def capacitive(self) -> np.ndarray:
        """C dV/dt, nA, outward positive."""
        return self.site.tape[self.site.key("i_cap")] * self.to_nA

    def axial(self) -> np.ndarray | None:
        """Current from the neighbours, nA, inward positive; None for a cell of one compartment."""
        if not self.site.inflow:
            return None
        here = self.site.inside()
        return sum((inside(self.site.tape, key) - here) / link.resistance for key, link in self.site.inflow)

    @property
    def rounding(self) -> float:
        """What the rounding of voltages of 100 mV may make of the currents, nA."""
        site, siemens = self.site, sum(1 / link.resistance for _, link in self.site.inflow)
        if not site.has_layers:
            return 16 * np.finfo(float).eps * 100.0 * siemens
        # The voltage is the difference of the potentials inside and outside, and so is how far it moved.
        most = 2 * max(100.0, float(np.abs(site.inside()).max()))
        nanofarad = site.segment.cm * site.area * 1e-5
        return (
            16 * np.finfo(float).eps * most * (siemens + nanofarad / float(np.median(site.steps.lengths)))
        )

    def _own(self, current: Current) -> np.ndarray:
        recorded = self.site.tape[self.site.key(current.variable, current.label)]
        if self.fixed and self.site.slope_rule(current) == "late":
            recorded = self._at_start(current, recorded)
        return recorded.copy() if current.kind.is_point else recorded * self.to_nA

    def _at_start(self, current: Current, recorded: np.ndarray) -> np.ndarray:
        """What was recorded of a current that is set in one step and flows in the next."""
        before = self.site.tape.before(self.site.key(current.variable, current.label))
        if self.site.tape.sees_starts or current.variable not in current.kind.source.set_by_events:
            return before
        return undone(recorded, jumps_of(recorded))

    def _settle(self, current: Current, value: np.ndarray) -> np.ndarray:
        """The current at the end of the step, where it was evaluated at the start."""
        if not self.fixed:
            return value
        if self.site.slope_rule(current) == "again":
            value, slope = self._replay(current, value, "solved")
            return value + slope * self.dv
        return value + self._slope(current, value) * self.dv

    def _slope(self, current: Current, value: np.ndarray) -> np.ndarray | float:
        """di/dv in uS for every step."""
        rule = self.site.slope_rule(current)
        if rule in ("none", "late") or current.label in self.late:
            return 0.0
        if rule == "replay":
            return self._replay(current, value, "before")[1]
        if rule == "declared":
            return self._declared(current)
        if rule == "constant":
            return self._constant_slope(current)
        equation = current.kind.slope_of(current.variable)
        assert equation is not None and equation.reversal is not None
        known = {name: self._used(current, name) for name in names_in(equation.reversal) or ()}
        if self._is_played(current, known) and self.site.has_constant_slope(current):
            return self._constant_slope(current)
        return from_reversal(value, self.site.steps.before - evaluate(equation.reversal, known))

    def _constant_slope(self, current: Current) -> float:
        equation = current.kind.slope_of(current.variable)
        assert equation is not None and equation.slope is not None
        constants = {name: self.site.constant(current, name) for name in names_in(equation.slope) or ()}
        return float(evaluate(equation.slope, constants)) * (1 if current.kind.is_point else self.to_nA)

    def _is_played(self, current: Current, known: dict[str, np.ndarray | float]) -> bool:
        """Whether a reversal potential is moved from outside, between the samples (as Vector.play does)."""
        own = [values for name, values in known.items() if self.site.where(current, name) != "ion"]
        return any(np.ndim(values) and np.ptp(values) > 0 for values in own)

    def _used(self, current: Current, name: str) -> np.ndarray | float:
        """A variable as it was when the current was evaluated."""
        site = self.site
        key = site.variable_key(current, name)
        if key not in site.tape:
            return site.constant(current, name)
        set_then = name in current.kind.source.set_at_breakpoint or any(
            name == f"e{ion}" for ion in site.ions
        )
        return site.tape[key] if set_then else site.tape.before(key)

    def _declared(self, current: Current) -> np.ndarray:
        """What CONDUCTANCE statements declare to be the slope, which NEURON takes at its word."""
        total = sum(self._used(current, name) for name in self.site.declared_slope(current))
        return np.asarray(total if current.kind.is_point else total * self.to_nA)

    def _replay(self, current: Current, value: np.ndarray, shown: str) -> tuple[np.ndarray, np.ndarray]:
        """A current and its slope at the start of each step, from a replay.

        The replay that gives what NEURON showed (`shown`: of the voltage before a step, or after what
        was solved) tells where it is true as it is, and where an event came before the step.
        """
        before, slope = self.benches.with_slope(self.site, current, "before")
        first = before if shown == "before" else self.benches.run(self.site, current, shown)
        off = np.abs(value - first) > ROUNDING * np.abs(value).max()
        off[0] = False
        jumped = off if off.any() else None
        if jumped is not None:
            before, slope = self.benches.with_slope(self.site, current, "before", jumped)
        if jumped is not None and shown == "before":
            # States that relax with a constant rate are found exactly; others nearly, in proportion.
            ratio = np.divide(value, before, out=np.ones_like(value), where=before != 0)
            slope = np.where(off, slope * np.clip(ratio, 0.5, 2), slope)
        return before, slope

    def _of_ion(self, ion: str) -> dict[str, tuple[Current | None, np.ndarray]]:
        site, writers = self.site, self.site.writers(ion)
        total = site.tape[site.key(f"i{ion}")] * self.to_nA
        slope = site.tape[site.key(f"di{ion}_dv_")] * self.to_nA
        if len(writers) == 1 and not writers[0].is_visible and not site.replayed(ion):
            # The one current of the ion is the total, and nothing can be left.
            return {writers[0].label: (writers[0], total + slope * self.dv if self.fixed else total)}
        values = self._values_of_writers(writers, total)
        left = total - sum(values.values()) if values else total
        out: dict[str, tuple[Current | None, np.ndarray]] = {}
        if _matters(left, total, values):
            out[f"i{ion}_{diffusing.NAME if ion in site.diffusing else 'other'}"] = None, left
        shown = [c for c in writers if c.label in values]
        shown += [sum_of([c for c in writers if c.label not in values])] if len(shown) < len(values) else []
        if self.fixed:
            slopes = self._slopes_of_writers(shown, values, slope)
            values = {label: value + slopes[label] * self.dv for label, value in values.items()}
        return {c.label: (c, values[c.label]) for c in shown} | out

    def _values_of_writers(self, writers: Sequence[Current], total: np.ndarray) -> dict[str, np.ndarray]:
        values = {c.label: self._own(c) for c in writers if c.is_visible}
        rest = total - sum(values.values()) if values else total
        try:
            replayed = self.site.replayed(writers[0].ion) if writers else []
        except SelectionError as cause:
            # Something changed during the run that the copies would have to share.
            together = sum_of([c for c in writers if not c.is_visible]).label
            self.apart[together] = str(cause).rstrip(".")
            return values | {together: rest}
        rests = [c for c in writers if not c.is_visible and c not in replayed]
        if replayed:
            complete = not rests and writers[0].ion not in self.site.diffusing
            values |= self._replayed(replayed, rest, complete)
        if rests:
            values[rests[0].label] = total - sum(values.values())
        return values

    def _slopes_of_writers(
        self, writers: Sequence[Current], values: dict[str, np.ndarray], total: np.ndarray
    ) -> dict[str, np.ndarray | float]:
        hard = [c for c in writers if self.site.slope_rule(c) == "replay"]
        lost = [c for c in hard if c.members or self.site.why_not_replayable(c)]
        alone = writers if len(writers) == 1 else hard if len(hard) == 1 else lost if len(lost) == 1 else []
        known = {c.label: self._slope(c, values[c.label]) for c in writers if c not in alone}
        return known | {c.label: total - sum(known.values()) for c in alone}

    def _replayed(
        self, hidden: Sequence[Current], rest: np.ndarray, complete: bool
    ) -> dict[str, np.ndarray]:
        """Tell apart the currents of an ion that NEURON shows only as their sum."""
        states = "before" if self.fixed else "same"
        values = {c.label: self.benches.run(self.site, c, states) for c in hidden}
        if not complete:
            return values
        missing = rest - sum(values.values())
        missing[0] *= not self.fixed  # the first sample of a fixed step is not used
        peak = max(np.abs(rest).max(), *(np.abs(x).max() for x in values.values()))
        off = np.abs(missing) > ROUNDING * peak
        if not off.any():
            return values
        eventful = [c for c in hidden if c.kind.source.has_events] if self.fixed else []
        if not eventful:
            return self._together(hidden, missing, rest)
        values |= {c.label: self.benches.run(self.site, c, "before", jumped=off) for c in eventful}
        missing = np.where(off, rest - sum(values.values()), 0)
        off = np.abs(missing) > ROUNDING * peak
        if not off.any():
            return values
        grown = {c.label: self._growth(c, values[c.label]) for c in eventful}
        everything = sum(grown.values())
        for label, growth in grown.items():
            part = np.divide(
                growth, everything, out=np.full_like(growth, 1 / len(grown)), where=everything > 0
            )
            values[label] = values[label] + np.where(off, missing * part, 0)
        return values

    def _growth(self, current: Current, before: np.ndarray) -> np.ndarray:
        """By how much events in a step made a current larger than it would have been, nA."""
        after = self.benches.run(self.site, current, "after")
        # What the states have lost since the event is what they lose in the next step at one voltage.
        loss = np.divide(before, after, out=np.ones_like(after), where=after != 0)
        at_event = np.abs(after) * np.clip(np.append(loss[1:], 1.0), 0.5, 2)
        return np.maximum(at_event - np.abs(before), 0)

    def _together(
        self, hidden: Sequence[Current], missing: np.ndarray, rest: np.ndarray
    ) -> dict[str, np.ndarray]:
        """The sum of currents whose replay does not give it, so that it is all that is known of them."""
        label = sum_of(hidden).label
        share = np.abs(missing).max() / np.abs(rest).max()
        self.apart[label] = (
            f"they were replayed and miss their sum by {share:.1e} of its peak: add RANGE "
            f"{hidden[0].variable} to their MOD files"
        )
        return {label: rest}


def _matters(left: np.ndarray, total: np.ndarray, values: dict[str, np.ndarray]) -> bool:
    scale = max(
        [np.abs(total[1:]).max(initial=0), *(np.abs(x[1:]).max(initial=0) for x in values.values())]
    )
    return bool(np.abs(left[1:]).max(initial=0) > ROUNDING * scale and scale > 0)
