"""Replaying a mechanism alone: NEURON evaluates a copy of it at the recorded states.

The samples of a recording become the compartments of a scratch section, a thousand at a time:
voltage, states and ion concentrations are scattered into them, ``fcurrent()`` evaluates the MOD
file once, and the currents are gathered. The time, which all copies share, is set for as long where it
counts, sample by sample then. Nothing of the user's model is initialised or
advanced; a run may be continued afterwards (with CVODE from newly chosen steps, as after ``re_init()``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.jumps import undone
from neo_currentscape.adapters.neuron.mechanisms import Current, Kind
from neo_currentscape.adapters.neuron.site import Site

#: Compartments of the scratch section, so samples that are evaluated together: so many, and more for a long
#: recording, as each evaluation is one of the user's model as well.
SIZE, LARGEST = 1000, 4000
#: Step in voltage, mV, with which NEURON itself finds di/dv.
STEP = 0.001


class Bench:
    """A scratch section with one mechanism, or one point process, in each compartment.

    Parameters
    ----------
    h : HocObject
        NEURON.
    kind : Kind
        The mechanism.
    size : int
        How many compartments.
    area, diam : float
        Of each compartment, in um**2 and um.

    Notes
    -----
    The section is deleted by `close`.
    """

    def __init__(self, h: Any, kind: Kind, size: int, area: float, diam: float) -> None:
        self._h, self._kind, self._size, self._area = h, kind, size, area
        self.section = h.Section(name="replayed_by_neo_currentscape")
        self.section.nseg = size
        self.section.L, self.section.diam = area * size / (np.pi * diam), diam
        if kind.is_point:
            self._owners = [getattr(h, kind.name)(segment) for segment in self.section]
        else:
            self.section.insert(kind.name)
            self._owners = [getattr(segment, kind.name) for segment in self.section]
        for use in kind.source.ions:
            # Reversal potentials and concentrations are set from outside, never computed.
            h.ion_style(f"{use.ion}_ion", 1, 1, 0, 0, 0, sec=self.section)
        self._pointed: dict[str, Any] = {}
        self._pointers: dict[str, Any] = {}
        self._buffer = h.Vector(size)
        self._memory = self._buffer.as_numpy()
        #: Of what all copies have the same value, that value.
        self._alike: dict[Any, float] = {}

    def close(self) -> None:
        """Delete the section with all that is in it."""
        self._pointers.clear()
        self._owners.clear()
        self._h.delete_section(sec=self.section)

    def _pointer(self, key: str, make: Callable[[int], Any]) -> Any:
        if key not in self._pointers:
            pointers = self._h.PtrVector(self._size)
            for index in range(self._size):
                pointers.pset(index, make(index))
            self._pointers[key] = pointers
        return self._pointers[key]

    def _of_segment(self, name: str) -> Any:
        segments = list(self.section) if name not in self._pointers else []
        return self._pointer(name, lambda index: getattr(segments[index], f"_ref_{name}"))

    def _of_owner(self, name: str, element: int | None) -> Any:
        def make(index: int) -> Any:
            pointer = getattr(self._owners[index], f"_ref_{name}")
            return pointer if element is None else pointer[element]

        return self._pointer(f"owner.{name}[{element}]", make)

    def _point(self, name: str, values: np.ndarray) -> None:
        """Let a POINTER of each copy point to a value of its own."""
        if name not in self._pointed:
            self._pointed[name] = self._h.Vector(self._size)
            for index, owner in enumerate(self._owners):
                self._h.setpointer(self._pointed[name]._ref_x[index], name, owner)
        memory = self._pointed[name].as_numpy()
        memory[: len(values)] = values
        memory[len(values) :] = values[-1]

    def _scatter(self, pointers: Any, values: np.ndarray) -> None:
        self._memory[: len(values)] = values
        self._memory[len(values) :] = values[-1]
        pointers.scatter(self._buffer)

    def _gather(self, current: Current, count: int) -> np.ndarray:
        if current.ion is None:
            self._of_owner(current.variable, None).gather(self._buffer)
            return self._memory[:count].copy()
        self._of_segment(f"i{current.ion}").gather(self._buffer)
        found = self._memory[:count].copy()
        return found * (self._area * 1e-2) if self._kind.is_point else found

    def evaluate(
        self,
        current: Current,
        v: np.ndarray,
        state: Mapping[tuple, np.ndarray],
        ions: Mapping[str, np.ndarray],
        pointed: Mapping[str, np.ndarray],
        shifts: Sequence[float] = (0.0,),
    ) -> np.ndarray:
        """Compute a current at given voltages and states.

        Parameters
        ----------
        current : Current
        v : ndarray, shape (time,)
            Voltage in mV.
        state : mapping of (str, int or None) to ndarray, shape (time,)
            Variables of the mechanism.
        ions, pointed : mapping of str to ndarray, shape (time,)
            Reversal potentials and concentrations; what its POINTERs point to.
        shifts : sequence of float, optional
            Added to the voltage, one after the other, mV.

        Returns
        -------
        ndarray, shape (shift, time)
            In mA/cm**2, for a point process in nA.
        """
        out = np.empty((len(shifts), len(v)))
        stays = self._stays({*ions, *pointed, *(name for name, _ in state)})
        for start in range(0, len(v), self._size):
            part = slice(start, min(start + self._size, len(v)))
            for number, shift in enumerate(shifts):
                self._scatter(self._of_segment("v"), v[part] + shift)
                if not stays:
                    self._alike.clear()
                if not number or not stays:
                    self._give(state, ions, pointed, part)
                self._h.fcurrent()
                out[number, part] = self._gather(current, part.stop - part.start)
        return out

    def _stays(self, given: set[str]) -> bool:
        """Whether what the copies are given is still there after an evaluation."""
        source = self._kind.source
        return not given & source.set_at_breakpoint and not source.c_code(source.at_breakpoint)

    def _give(self, state: Mapping, ions: Mapping, pointed: Mapping, part: slice) -> None:
        for key, values in state.items():
            if not self._has(key, values[part]):
                self._scatter(self._of_owner(*key), values[part])
        for name, values in ions.items():
            if not self._has(name, values[part]):
                self._scatter(self._of_segment(name), values[part])
        for name, values in pointed.items():
            self._point(name, values[part])

    def _has(self, key: Any, values: np.ndarray) -> bool:
        """Whether all copies have the value already, as of a parameter that never changes."""
        first = float(values[0])
        if not (values[-1] == first and (values == first).all()):
            self._alike.pop(key, None)
            return False
        had, self._alike[key] = self._alike.get(key), first
        return had == first


def size_for(n_samples: int) -> int:
    """How many samples are evaluated together.

    Examples
    --------
    >>> size_for(10), size_for(2400), size_for(10000)
    (1000, 2400, 3334)
    """
    pieces = -(-n_samples // LARGEST)
    return max(SIZE, -(-n_samples // pieces))


class Benches:
    """The benches that a call of `to_segment` needs, each made once and all deleted at the end."""

    def __init__(self, h: Any) -> None:
        self._h = h
        self._made: dict[tuple, Bench] = {}
        self._moved = False

    def __enter__(self) -> Benches:
        return self

    def __exit__(self, *error: Any) -> None:
        for bench in self._made.values():
            bench.close()
        if self._moved:
            # What was shared is back; so are the user's own currents then.
            self._h.fcurrent()
        if self._made and self._h.CVode().active():
            # After sections came and went, CVODE would continue a run from t = 0.
            self._h.CVode().re_init()
        self._made.clear()

    def _bench(self, site: Site, kind: Kind, size: int) -> Bench:
        # 100 um**2, where 1 mA/cm**2 is 1 nA, do for a mechanism that does not ask.
        shape = (site.area, site.segment.diam) if kind.needs(self._h).sized else (100.0, 1 / np.pi)
        key = kind.name, kind.is_point, size, *shape
        if key not in self._made:
            self._made[key] = Bench(self._h, kind, size, *shape)
        return self._made[key]

    def run(
        self, site: Site, current: Current, states: str, jumped: np.ndarray | None = None
    ) -> np.ndarray:
        """Replay a current of a site over the whole recording.

        Parameters
        ----------
        site : Site
        current : Current
        states : {"same", "before", "after", "solved"}
            Voltage and states of which sample: "same" for both of the sample itself (variable
            steps); "before" for both of the sample before, from which a fixed step starts; "after"
            for the voltage of the sample before and the states of the sample itself; "solved" for
            the voltage of the sample itself and the states of the sample before.
        jumped : ndarray of bool, shape (time,), optional
            Steps before which an event changed the states.

        Returns
        -------
        ndarray, shape (time,)
            In nA, outward positive as NEURON has it.
        """
        return self._at(site, current, states, jumped, (0.0,))[0]

    def with_slope(
        self, site: Site, current: Current, states: str, jumped: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """A current in nA, as of `run`, and di/dv in uS, found as NEURON finds it."""
        value, moved = self._at(site, current, states, jumped, (0.0, STEP))
        return value, (moved - value) / STEP

    def _at(
        self, site: Site, current: Current, states: str, jumped: Any, shifts: Sequence[float]
    ) -> np.ndarray:
        given = _Given(self._h, site, current, states, jumped)
        groups = list(given.groups())
        size = size_for(len(given.v)) if len(groups) * 10 <= len(given.v) else 1
        bench, found = self._bench(site, current.kind, size), np.empty((len(shifts), len(given.v)))
        kept = {name: getattr(self._h, name) for name in given.shared}
        try:
            for rows, values in groups:
                self._set(values)
                v, state, ions, pointed = given.part(rows)
                found[:, rows] = bench.evaluate(current, v, state, ions, pointed, shifts)
        finally:
            self._set(kept)
        return found if current.kind.is_point else found * site.area * 1e-2

    def _set(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            if getattr(self._h, name) != value:
                self._moved = True
                setattr(self._h, name, value)


class _Given:
    """Everything that the copies of a mechanism are given, for every sample of a recording."""

    def __init__(
        self, h: Any, site: Site, current: Current, states: str, jumped: np.ndarray | None
    ) -> None:
        source, needs = current.kind.source, current.kind.needs(h)
        old_v, old_states = states in ("before", "after"), states in ("before", "solved")

        def of(key: str, name: str) -> np.ndarray:
            values = site.tape[key]
            if not old_states or name not in source.lagging:
                return values
            known = jumped is None or site.tape.sees_starts
            if not known and name in source.set_by_events:
                assert jumped is not None
                return undone(values, jumped)
            return site.tape.before(key)

        def at(key: str, start: bool) -> np.ndarray:
            return site.tape.before(key) if start else site.tape[key]

        self.v = site.steps.before if old_v else site.tape[site.key("v")]
        self.state = {part: of(site.state_key(current, *part), part[0]) for part in needs.ranges}
        # NEURON computes reversal potentials when it evaluates the currents, so they do not lag.
        self.ions = {name: at(site.key(name), old_v and not name.startswith("e")) for name in needs.ions}
        self.pointed = {name: at(site.key(name, current.label), old_v) for name in needs.pointers}
        self.shared: dict[str, np.ndarray] = {}
        times, steps = site.steps.times, site.steps.lengths
        if needs.timed:
            # A fixed step evaluates its currents half a step before its end.
            self.shared["t"] = times if states == "same" else times - steps / 2
        if needs.stepped and states != "same":
            self.shared["dt"] = np.full(len(times), float(f"{np.median(steps):.12g}"))

    def groups(self) -> Iterator[tuple[Any, dict[str, float]]]:
        """Samples that have everything in common that the copies share, and what that is."""
        if all(np.ptp(values) == 0 for values in self.shared.values()):
            yield slice(None), {name: float(values[0]) for name, values in self.shared.items()}
            return
        distinct, which = np.unique(np.array(list(self.shared.values())), axis=1, return_inverse=True)
        order, ends = np.argsort(which.ravel(), kind="stable"), np.cumsum(np.bincount(which.ravel()))
        for number, rows in enumerate(np.split(order, ends[:-1])):
            yield rows, dict(zip(self.shared, distinct[:, number].tolist(), strict=True))

    def part(self, rows: Any) -> tuple:
        """What `Bench.evaluate` takes, for some of the samples."""
        every = (self.state, self.ions, self.pointed)
        return self.v[rows], *({key: values[rows] for key, values in one.items()} for one in every)
