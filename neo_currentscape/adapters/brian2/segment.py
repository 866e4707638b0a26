"""From Brian2's StateMonitors to a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.brian2 import clamped, exponential, intake, si, spatial
from neo_currentscape.adapters.brian2.equations import Charging
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import SelectionError, require
from neo_currentscape.conventions.given import mapping

_CURRENTS = ("current", "current density")


def to_segment(
    monitor: Any,
    *,
    variables: Sequence[str] | None = None,
    voltage: str | None = None,
    positive: Mapping[str, str] | None = None,
    role: Mapping[str, str] | None = None,
    area: Any = None,
    spikes: Any = None,
    namespace: Mapping[str, Any] | None = None,
) -> neo.Segment:
    """Put what a StateMonitor recorded into a Neo Segment.

    Values are converted from Brian2's units (mV, nA, mA/cm**2, nS, mM ...; what has no usual unit
    stays in SI). The direction of each current and the capacitance come from the equations: in
    ``dv/dt = (I_L - I_K)/C`` a positive I_L flows inward and I_K outward. A recorded sum of recorded
    currents is kept, but does not count as a current.

    Parameters
    ----------
    monitor : brian2.StateMonitor or sequence of them
        Of one NeuronGroup or SpatialNeuron (or its subgroups), on one clock.
    variables : sequence of str, optional
        What to take of it; everything that was recorded unless told.
    voltage : str, optional
        Name of the membrane potential; found in the equations unless told.
    positive : mapping of str to {"outward", "inward"}, optional
        Directions of positive values; go before those of the equations.
    role : mapping of str to str, optional
        Roles (`neo_currentscape.conventions.roles.ROLES`), e.g. ``{"I": "electrode"}``; go before
        those that the equations, units and names tell.
    area : Quantity, optional
        Membrane area of one neuron, to combine densities with absolute currents; a SpatialNeuron
        knows its own.
    spikes : brian2.SpikeMonitor, optional
        Of the same group: gives spike trains, and the times in which the voltage is clamped.
    namespace : mapping, optional
        Values that the equations take from outside; those of the caller unless told.

    Returns
    -------
    neo.Segment
        A signal for each variable, with a channel for each neuron; of a SpatialNeuron a signal for
        each variable and compartment, annotated with site and area. Sampled at the start of each
        step, of a SpatialNeuron without the one at 0, when no current has flowed. The voltage has
        the annotations ``capacitance`` and ``derivative``, the difference that fits the integration:
        forward for Euler's method (exact) and the exponential one, central for Runge-Kutta (to second
        order in the step), backward for a SpatialNeuron (exact). Where a group with the exponential
        method recorded every step of the voltage and of all currents in its equation, and their
        slopes follow, the currents are their means over the step that begins at the sample, with
        which the balance is exact (see `neo_currentscape.adapters.brian2.exponential`); otherwise
        they are as recorded, and it holds to first order, which the annotation ``unaligned`` says.

    Raises
    ------
    SelectionError
        When nothing was recorded yet, a variable was not recorded, or the direction of a current
        cannot be told.

    Examples
    --------
    >>> monitor = brian2.StateMonitor(group, ["v", "I_Na", "I_K"], record=True)   # doctest: +SKIP
    >>> brian2.run(100 * brian2.ms)                                             # doctest: +SKIP
    >>> segment = to_segment(monitor)                                           # doctest: +SKIP
    """
    namespaces = require("brian2.core.namespace", "brian2", "Reading a StateMonitor")
    monitors = list(monitor) if isinstance(monitor, (list, tuple)) and monitor else [monitor]
    for each in monitors:
        intake.check(each)
    group = getattr(monitors[0].source, "source", monitors[0].source)
    names = intake.chosen(monitors, variables)
    currents = [name for name in names if si.kind_of(group.variables[name].dim) in _CURRENTS]
    if namespace is None:
        namespace = namespaces.get_local_namespace(level=1)
    intake.check_given(group, voltage, spikes)
    namespace = mapping(namespace, "namespace= takes {name: value}")
    charging = Charging(group, currents, voltage, namespace)
    directions = mapping(positive, "positive= takes {variable: 'outward' or 'inward'}")
    told = mapping(role, "role= takes {variable: role}")
    intake.check_names({**directions, **told}, names)
    marks = {name: _marks(name, group, charging, directions, told) for name in names}
    writer = GroupWriter(group, charging, marks, area)
    segment = neo.Segment(name=group.name)
    for each in monitors:
        writer.add(segment, each, [name for name in names if name in each.record_variables])
    if charging.is_spatial:
        writer.add_axial(segment, monitors)
    if spikes is not None:
        clamped.add_spikes(segment, spikes, group, monitors[0].clock)
    return segment


#: What aligns the currents of the exponential Euler method.
UNALIGNED = (
    "record the voltage and every current of its equation in one StateMonitor, at every step, to align them"
)


class GroupWriter:
    """Makes the signals of a group.

    Parameters
    ----------
    group : brian2.NeuronGroup or brian2.SpatialNeuron
    charging : Charging
        What its equations say.
    marks : dict of str to dict
        Role and direction of each variable.
    area : Quantity or None
        Area of one neuron, as the caller gave it.
    """

    def __init__(self, group: Any, charging: Charging, marks: dict[str, dict], area: Any) -> None:
        self.group, self.charging, self.marks = group, charging, marks
        self.area = (
            None if area is None else units.scalar(intake.quantity(area), "um**2", "area") * pq.um**2
        )
        if charging.is_spatial:
            self.sites = spatial.site_names(group)
            self.areas = np.asarray(group.area) * 1e12 * pq.um**2

    def add(self, segment: neo.Segment, monitor: Any, names: Sequence[str]) -> None:
        """Add the signals of a monitor, of which some variables are wanted."""
        index = np.asarray(monitor.record) + getattr(monitor.source, "start", 0)
        writer = Writer(self._clock(monitor), area=self.area)
        means = self._step_means(monitor, names, index)
        for name in names:
            stored = means.get(name, getattr(monitor, f"{name}_"))
            values, unit = si.convert(stored, si.exponents_of(monitor.variables[name]))
            if self.charging.is_spatial:
                values = values[:, _first(monitor) :]
                for row, at in zip(values, index.tolist(), strict=True):
                    self._add_compartment(writer, name, row, unit, at)
            else:
                notes = {}
                if self.marks[name]["role"] == "voltage":
                    notes = self._charging_of_neurons(index, bool(means))
                writer.add(name, values.T, unit, neurons=index, **self.marks[name], **notes)
        writer.into(segment)

    def _clock(self, monitor: Any) -> Clock:
        first = _first(monitor) if self.charging.is_spatial else 0
        # A clock can change its step between two runs.
        return Clock(np.asarray(monitor.t_)[first:] * 1e3, float(monitor.clock.dt_) * 1e3)

    def _step_means(self, monitor: Any, names: Sequence[str], index: np.ndarray) -> dict[str, np.ndarray]:
        """Currents as the exponential Euler method used them; empty for others, or where unknown."""
        if not exponential.is_used_by(self.group) or self.charging.is_spatial:
            return {}
        charging = [name for name in names if name in self.charging.recorded]
        charging = [
            name
            for name in charging
            if self.charging.enters(name) and not self.charging.contains_recorded(name)
        ]

        def recorded(name: str) -> np.ndarray | None:
            stored = name in monitor.record_variables
            return np.asarray(getattr(monitor, f"{name}_"), dtype=float) if stored else None

        step = float(monitor.clock.dt_)
        if step != float(self.group.clock.dt_):
            return {}
        return exponential.step_means(self.charging, charging, recorded, step, index) or {}

    def add_axial(self, segment: neo.Segment, monitors: Sequence[Any]) -> None:
        """Add the current from neighbouring compartments, where all voltages were recorded."""
        for monitor in monitors:
            if "v" not in monitor.record_variables or len(monitor.record) != len(self.group):
                continue
            axial = spatial.axial_inflow(self.group, np.asarray(monitor.v_)[:, _first(monitor) :] * 1e3)
            writer = Writer(self._clock(monitor))
            self.marks["axial"] = {"role": "axial", "positive": "inward"}
            for at, row in enumerate(axial):
                self._add_compartment(writer, "axial", row, pq.nA, at)
            writer.into(segment)
            return

    def _add_compartment(self, writer: Writer, name: str, values: np.ndarray, unit: Any, at: int) -> None:
        notes: dict[str, Any] = {}
        if self.marks[name]["role"] == "voltage":
            density = float(np.asarray(self.group.Cm)[at]) * pq.F / pq.m**2
            notes = {"capacitance": density.rescale("uF/cm**2"), "derivative": "backward"}
            notes["resolution"] = self._step
        writer.add(
            name, values, unit, site=self.sites[at], area=self.areas[at], **self.marks[name], **notes
        )

    @property
    def _step(self) -> Any:
        return float(self.group.clock.dt_) * 1e3 * pq.ms

    def _charging_of_neurons(self, index: np.ndarray, has_means: bool) -> dict[str, Any]:
        """Capacitance, difference rule and step of a voltage, and what would align its currents."""
        notes: dict[str, Any] = {"resolution": self._step}
        if exponential.is_used_by(self.group) and not has_means:
            notes["unaligned"] = UNALIGNED
        capacitance = _capacitance(self.charging, index)
        if capacitance is not None:
            notes["capacitance"] = capacitance
        method = getattr(self.group.state_updater, "method_choice", None)
        method = method[0] if isinstance(method, (list, tuple)) else method
        notes["derivative"] = "central" if str(method).startswith(("rk", "heun")) else "forward"
        return notes


def _first(monitor: Any) -> int:
    """The first sample of a SpatialNeuron that counts: at 0 nothing has charged the membrane yet."""
    return int(monitor.t_[0] == 0)


def _capacitance(charging: Charging, index: np.ndarray) -> Any:
    """What the recorded currents charge, where it is one value for all of them."""
    found = []
    for name in sorted(charging.recorded):
        weight = charging.weight(name)
        if weight is None:
            continue
        each = np.broadcast_to(np.abs(np.asarray(weight, dtype=float)), (len(charging.group),))[index]
        if not np.allclose(each, each[0], rtol=1e-9, atol=0) or each[0] == 0:
            return None
        kind = si.kind_of(charging.group.variables[name].dim)
        found.append((1 / each[0], "F" if kind == "current" else "F/m**2"))
    if not found or any(
        unit != found[0][1] or not np.isclose(value, found[0][0], rtol=1e-9, atol=0)
        for value, unit in found
    ):
        return None
    value, unit = found[0]
    return pq.Quantity(value, unit).rescale("pF" if unit == "F" else "uF/cm**2")


def _marks(
    name: str, group: Any, charging: Charging, positive: dict[str, str], role: dict[str, str]
) -> dict[str, Any]:
    kind = si.kind_of(group.variables[name].dim)
    found = role.get(name) or _role(name, kind, charging)
    if found not in roles.CANONICAL:
        return {"role": found, "positive": positive.get(name)}
    direction = positive.get(name) or _direction(name, found, charging)
    if direction is None:
        raise SelectionError(
            f"The equations do not tell in which direction positive {name!r} flows: write "
            f"positive={{{name!r}: 'outward'}} or 'inward', or role={{{name!r}: 'other'}}."
        )
    return {"role": found, "positive": direction}


def _role(name: str, kind: str, charging: Charging) -> str:
    if name == charging.voltage:
        return "voltage"
    if kind == "voltage":
        return "other"
    if kind not in _CURRENTS:
        return roles.read_role(name, kind).role
    if charging.is_spatial and name in ("Im", "Ic"):
        return {"Im": "membrane", "Ic": "capacitive"}[name]
    if charging.contains_recorded(name) or not charging.enters(name):
        return "other"
    # A current that is nothing but a number set from outside is injected.
    if name == "I" and name in charging.equations.parameter_names:
        return "electrode"
    return roles.role_from_current_name(name).role


def _direction(name: str, role: str, charging: Charging) -> str | None:
    if charging.is_spatial and name in ("Im", "Ic"):
        return {"Im": "inward", "Ic": "outward"}[name]
    return charging.direction(name)
