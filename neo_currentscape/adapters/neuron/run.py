"""What the recorders share: the sites of a model, recorded together and put into a Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo

from neo_currentscape.adapters.neuron.account import TOLERATED, TOLERATED_BY_IDA, Account, write_site
from neo_currentscape.adapters.neuron.compartments import Neighbours, identity
from neo_currentscape.adapters.neuron.layers import are_anywhere
from neo_currentscape.adapters.neuron.mechanisms import Kinds
from neo_currentscape.adapters.neuron.outside import write_layers
from neo_currentscape.adapters.neuron.parts import Parts, check_used, checked
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.say import say_late, say_what_is_missed
from neo_currentscape.adapters.neuron.segments import SiteWriter
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.adapters.neuron.steps import Steps, of_joint, steps_of
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.conventions.errors import ArgumentError, SignalError, require
from neo_currentscape.conventions.given import mapping
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.inventory import put_signals

#: What is wanted, where something else was given.
_SOURCES = "sources= takes {mechanism: path or text of its MOD file}"


class Run:
    """Everything that is recorded at some compartments, and at ends of sections.

    Parameters
    ----------
    compartments : sequence of nrn.Segment
    joints : sequence of nrn.Segment
        Ends of sections of the same cell, which have no membrane.
    sources, unknown, parts : optional
        As for `neo_currentscape.adapters.neuron.Recorder`.

    Attributes
    ----------
    sites, joints : list of Site
    """

    def __init__(
        self,
        compartments: Sequence[Any],
        joints: Sequence[Any] = (),
        *,
        sources: Mapping[str, str] | None = None,
        unknown: str | None = None,
        parts: Parts = None,
    ) -> None:
        self._prepare(unknown)
        self._record(compartments, joints, mapping(sources, _SOURCES), checked(parts))

    def _prepare(self, unknown: str | None) -> None:
        self._h = require("neuron", "neuron", "The NEURON adapter").h
        if unknown is not None and not (isinstance(unknown, str) and unknown in ("each", "sum")):
            raise ArgumentError(
                f"unknown={brief(unknown)} is not an option: write unknown='each' or 'sum'."
            )
        self._unknown = unknown
        self._tape = self._new_tape()

    def _new_tape(self) -> Tape:
        return Tape(self._h)

    def _record(
        self,
        compartments: Sequence[Any],
        joints: Sequence[Any],
        sources: Mapping[str, str],
        given: Mapping[str, Any],
    ) -> None:
        kinds, near = Kinds(self._h, sources, given), _Trees()
        unknown = self._unknown
        self.sites, self.joints = (
            [Site(p, kinds, near.of(p), self._tape, refuse=unknown is None) for p in places]
            for places in (compartments, joints)
        )
        places = (*self.sites, *self.joints)
        check_used(given, (current for site in places for current in site.currents))
        if unknown is None and not self._h.CVode().active():
            say_late([*self.sites, *self.joints])

    def to_segment(self, density: bool = False, every: int = 1) -> neo.Segment:
        """As `neo_currentscape.adapters.neuron.Recorder.to_segment`."""
        elsewhere = self._check()
        segment = self._new_segment()
        signals: list = []
        steps: Steps | None = None
        accounts: list[Account] = []
        with Benches(self._h) as benches:
            for site in (*self.sites, *self.joints):
                steps = self._steps_at(site, steps)
                if every > 1 and not steps.is_fixed:
                    raise ArgumentError(
                        "every= is for runs with a fixed step, and this one was with CVODE: leave it out."
                    )
                if every > 1 and len(steps.times) - 1 <= every:
                    raise too_sparse(every)
                writer = SiteWriter(
                    signals, site.name, site.area, steps.times, steps.is_fixed, density, every
                )
                as_sum = self._unknown == "sum"
                known, tolerated = (
                    site.during(steps),
                    TOLERATED if steps.is_fixed else self._of_variable_steps(),
                )
                accounts.append(write_site(writer, known, benches, as_sum, tolerated, elsewhere))
                accounts += write_layers(writer, known, tolerated, elsewhere)
        say_what_is_missed(accounts, self._unknown is None)
        put_signals(segment, signals)
        return segment

    def _check(self) -> list[str]:
        """Refuse what cannot be true any more; what may carry currents at any compartment."""
        for site in self.sites:
            site.check_unchanged()
        elsewhere = self._elsewhere()
        self._refuse_second_order()
        return elsewhere

    def _new_segment(self) -> neo.Segment:
        return neo.Segment(name="NEURON", simulator="NEURON", celsius=float(self._h.celsius))

    def _steps_at(self, site: Site, before: Steps | None) -> Steps:
        if site.area == 0 and before is not None:
            return of_joint(before, self._tape[site.key("v")])
        times, v, i_cap = (self._tape[site.key(name)] for name in ("t", "v", "i_cap"))
        return steps_of(site.name, times, v, i_cap, site.segment.cm)

    def _of_variable_steps(self) -> float:
        """What part of a current variable steps may leave open."""
        by_ida = self._h.CVode().use_daspk() or self._elsewhere() or are_anywhere(self._h)
        return TOLERATED_BY_IDA if by_ida else TOLERATED

    def _elsewhere(self) -> list[str]:
        """What may carry currents at any compartment, of which NEURON shows neither where nor how much."""
        return ["LinearMechanism"] if self._h.List("LinearMechanism").count() else []

    def _refuse_second_order(self) -> None:
        if self._h.secondorder and not self._h.CVode().active():
            raise SignalError(
                f"h.secondorder is {self._h.secondorder:g}, where currents and voltage belong to different "
                "times: set h.secondorder = 0, or use CVODE, and run again."
            )


class _Trees:
    """What is next to what, looked up once a cell."""

    def __init__(self) -> None:
        self._known: dict[str, Neighbours] = {}

    def of(self, segment: Any) -> Neighbours:
        root = identity(segment.sec.wholetree()[0](0))
        if root not in self._known:
            self._known[root] = Neighbours(segment)
        return self._known[root]


def too_sparse(every: int) -> SignalError:
    """That no two samples were kept."""
    return SignalError(
        f"every={every} keeps a single sample of this run, and 2 are the least: choose a smaller one."
    )
