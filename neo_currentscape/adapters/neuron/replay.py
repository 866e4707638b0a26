"""Replaying a mechanism alone: NEURON evaluates a copy of it at the recorded states.

The samples of a recording become the compartments of a scratch section, a thousand at a time:
voltage, states and ion concentrations are scattered into them, ``fcurrent()`` evaluates the MOD
file once, and the currents are gathered. Nothing of the user's model is initialised or advanced;
a run may be continued afterwards (with CVODE from newly chosen steps, as after ``re_init()``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.mechanisms import Current, Kind
from neo_currentscape.adapters.neuron.site import Site

#: Compartments of the scratch section, so samples that are evaluated together.
SIZE = 1000
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

    Notes
    -----
    Use as a context manager; the section is deleted at the end.
    """

    def __init__(self, h: Any, kind: Kind) -> None:
        self._h, self._kind = h, kind
        self.section = h.Section(name="replayed_by_neo_currentscape")
        self.section.nseg = SIZE
        self.section.L, self.section.diam = 100.0 * SIZE, 1 / np.pi
        if kind.is_point:
            self._owners = [getattr(h, kind.name)(segment) for segment in self.section]
        else:
            self.section.insert(kind.name)
            self._owners = [getattr(segment, kind.name) for segment in self.section]
        for use in kind.source.ions:
            # Reversal potentials and concentrations are set from outside, never computed.
            h.ion_style(f"{use.ion}_ion", 1, 1, 0, 0, 0, sec=self.section)
        self._pointers: dict[str, Any] = {}
        self._buffer = h.Vector(SIZE)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: Any) -> None:
        self._pointers.clear()
        self._owners.clear()
        self._h.delete_section(sec=self.section)

    def _pointer(self, key: str, make: Callable[[int], Any]) -> Any:
        if key not in self._pointers:
            pointers = self._h.PtrVector(SIZE)
            for index in range(SIZE):
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

    def _scatter(self, pointers: Any, values: np.ndarray) -> None:
        buffer = self._buffer.as_numpy()
        buffer[: len(values)] = values
        buffer[len(values) :] = values[-1]
        pointers.scatter(self._buffer)

    def _gather(self, current: Current, count: int) -> np.ndarray:
        if current.is_visible:
            self._of_owner(current.variable, None).gather(self._buffer)
            return self._buffer.as_numpy()[:count].copy()
        self._of_segment(f"i{current.ion}").gather(self._buffer)
        # Compartments of the bench have 100 um**2, where 1 mA/cm**2 is 1 nA.
        return self._buffer.as_numpy()[:count].copy()

    def evaluate(
        self,
        current: Current,
        v: np.ndarray,
        state: Mapping[tuple, np.ndarray],
        ions: Mapping[str, np.ndarray],
    ) -> np.ndarray:
        """Compute a current at given voltages and states.

        Parameters
        ----------
        current : Current
        v : ndarray, shape (time,)
            Voltage in mV.
        state : mapping of (str, int or None) to ndarray, shape (time,)
            Variables of the mechanism.
        ions : mapping of str to ndarray, shape (time,)
            Reversal potentials and concentrations.

        Returns
        -------
        ndarray, shape (time,)
            In mA/cm**2, for a point process in nA.
        """
        out = np.empty(len(v))
        for start in range(0, len(v), SIZE):
            part = slice(start, min(start + SIZE, len(v)))
            self._scatter(self._of_segment("v"), v[part])
            for (name, element), values in state.items():
                self._scatter(self._of_owner(name, element), values[part])
            for name, values in ions.items():
                self._scatter(self._of_segment(name), values[part])
            self._h.fcurrent()
            out[part] = self._gather(current, part.stop - part.start)
        return out


class Benches:
    """The benches that a call of `to_segment` needs, each made once and all deleted at the end."""

    def __init__(self, h: Any) -> None:
        self._h = h
        self._made: dict[tuple[str, bool], Bench] = {}

    def __enter__(self) -> Benches:
        return self

    def __exit__(self, *error: Any) -> None:
        for bench in self._made.values():
            bench.__exit__()
        if self._made and self._h.CVode().active():
            # After sections came and went, CVODE would continue a run from t = 0.
            self._h.CVode().re_init()
        self._made.clear()

    def run(self, site: Site, current: Current, states: str, shift: float = 0.0) -> np.ndarray:
        """Replay a current of a site over the whole recording.

        Parameters
        ----------
        site : Site
        current : Current
        states : {"same", "before", "after"}
            Voltage and states of which sample: "same" for both of the sample itself (variable
            steps); "before" for both of the sample before, from which a fixed step starts; "after"
            for the voltage of the sample before and the states of the sample itself.
        shift : float
            Added to the voltage, mV.

        Returns
        -------
        ndarray, shape (time,)
            In nA, outward positive as NEURON has it.
        """
        kind = current.kind
        key = kind.name, kind.is_point
        if key not in self._made:
            self._made[key] = Bench(self._h, kind)
        lag_v, lag_state = states != "same", states == "before"
        state = {
            part: _lagged(site.tape[site.state_key(current, *part)], lag_state)
            for part in site.state_of(current)
        }
        ions = {}
        for use in kind.source.ions:
            # NEURON computes reversal potentials when it evaluates the currents, so they do not lag.
            ions[f"e{use.ion}"] = site.tape[site.key(f"e{use.ion}")]
            for name in (f"{use.ion}i", f"{use.ion}o"):
                ions[name] = _lagged(site.tape[site.key(name)], lag_v)
        v = (site.steps.before if lag_v else site.tape[site.key("v")]) + shift
        found = self._made[key].evaluate(current, v, state, ions)
        return found if kind.is_point else found * site.area * 1e-2

    def slope(self, site: Site, current: Current, states: str, value: np.ndarray) -> np.ndarray:
        """di/dv in uS, found as NEURON finds it, given the current at the recorded voltage in nA."""
        return (self.run(site, current, states, STEP) - value) / STEP


def _lagged(values: np.ndarray, lag: bool) -> np.ndarray:
    return np.concatenate((values[:1], values[:-1])) if lag else values
