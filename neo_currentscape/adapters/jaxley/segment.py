"""From what Jaxley recorded to a Neo Segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.jaxley import axial
from neo_currentscape.adapters.jaxley.currents import Flowed, Flows
from neo_currentscape.adapters.jaxley.run import SOLVERS, Run, base_of, has_mechanism, nodes_of
from neo_currentscape.adapters.jaxley.voltage import Beginnings
from neo_currentscape.adapters.signals import Clock, Writer, clamped
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError, warn
from neo_currentscape.conventions.given import one_of
from neo_currentscape.conventions.plain_text import brief

_RECORD = "call neo_currentscape.adapters.jaxley.record(module) before integrate"


def to_segment(
    module: Any,
    recordings: Any,
    *,
    delta_t: Any = 0.025,
    params: Any = None,
    param_state: Any = None,
    data_stimuli: Any = None,
    data_clamps: Any = None,
    solver: str = "bwd_euler",
) -> neo.Segment:
    r"""Put what ``jaxley.integrate`` returned into a Neo Segment.

    Jaxley records a current at the voltage where a step begins, with the gates of its end, and takes the
    step with its slope. Here each channel and synapse is evaluated again from the recorded states, in
    double precision, so that its current is what flowed in the step that ends at a sample, and

    .. math:: C \frac{v_k - v_{k-1}}{\Delta t} + \sum I_k - I_{stim, k-1} = I_{axial, k}

    holds to rounding: 1e-12 of the peak with ``jax_enable_x64``, 1e-3 without, where Jaxley's own slopes
    are rounded as much. Channels that Jaxley sums up in one recording (``i_Ca``) are apart, and so are the
    conductances of one channel ("HH.Na", "HH.K", "HH.Leak").

    Parameters
    ----------
    module : jaxley.Module or View
        That was integrated, or a part of it: ``cell.branch(0).comp(1)``.
    recordings : array_like, shape (recording, time)
        What ``integrate`` returned; of many simulations (``vmap``) one.
    delta_t : float or Quantity
        As in ``integrate``: the step in ms.
    params, param_state, data_stimuli, data_clamps, solver : optional
        As in ``integrate``, if it had them.

    Returns
    -------
    neo.Segment
        Of each compartment, as ``site`` ("branch(0).comp(1)"): the voltage in mV with its capacitance,
        membrane currents in nA, outward positive, the stimulus (inward), what flows in from its neighbours
        where their voltages were recorded, and concentrations. Without the first sample, to which no step
        led.

    Raises
    ------
    SelectionError
        When nothing was recorded that currents are made of.
    ArgumentError
        When the recordings are not those of the module, or it was changed since.
    CurrentscapeWarning
        As a warning, when a current was not recorded, or is known one step late only.

    Examples
    --------
    >>> jaxley.record(cell)                                                       # doctest: +SKIP
    >>> segment = jaxley.to_segment(cell, jx.integrate(cell))                     # doctest: +SKIP
    >>> ncs.Currentscape.from_segment(segment, site="branch(0).comp(0)").plot()   # doctest: +SKIP
    """
    one_of(solver, list(SOLVERS), "solver")
    step, base = _milliseconds(delta_t), base_of(module)
    run = Run(base, recordings, params, param_state)
    held = _held(base, data_clamps)
    begun = Beginnings(run, held, step)
    nodes = _sites(run, nodes_of(module))
    flows = Flowed(run, SOLVERS[solver], begun, held).at(nodes)
    inflow = axial.inflow(run, SOLVERS[solver])
    stimuli = _stimuli(run, data_stimuli)
    clock = Clock(np.arange(1, run.n_samples) * step, step)
    segment = neo.Segment(name="Jaxley")
    for node in nodes.tolist():
        writer = Writer(clock, site=run.site(node), area=float(run.params["area"][node]) * pq.um**2)
        _add_voltage(writer, run, node, flows[node])
        _add_currents(writer, flows[node])
        for name, values, role in (("stimulus", stimuli, "electrode"), ("axial", inflow, "axial")):
            if node in values:
                writer.add(name, values[node], "nA", role, "inward")
        _add_ions(writer, run, node)
        writer.into(segment)
        _mark(segment, writer, begun.moved.get(node), ("v", node) in held, step)
    _tell(run, flows)
    _tell_axial(run, [node for node in axial.joined(run) if node in flows and node not in inflow])
    return segment


def _milliseconds(delta_t: Any) -> float:
    is_number = isinstance(delta_t, (int, float, np.number))
    given = float(delta_t) if is_number else np.nan
    step = units.scalar(delta_t, "ms", "delta_t") if isinstance(delta_t, pq.Quantity) else given
    if not 0 < step < np.inf:
        raise ArgumentError(
            f"delta_t={brief(delta_t)} is no step: write that of integrate in ms, e.g. 0.025."
        )
    return step


def _sites(run: Run, nodes: np.ndarray) -> np.ndarray:
    """The nodes of which more than the voltage is known, or of which it is all there is to know."""
    recorded = run.where(nodes, ["v"])
    told = [node for node in recorded if _is_told(run, int(node))]
    if not told:
        found = sorted(set(run.base.recordings["state"]))
        lacking = "current or gate" if len(recorded) else "voltage of these compartments"
        raise SelectionError(f"No {lacking} was recorded, only {', '.join(map(repr, found))}: {_RECORD}.")
    return np.array(told, dtype=int)


def _is_told(run: Run, node: int) -> bool:
    channels = [c for c in run.base.channels if has_mechanism(run.base, c, np.array([node]))[0]]
    wanted = {state for channel in channels for state in channel.channel_states}
    wanted_or_total = wanted | {channel.current_name for channel in channels}
    return not wanted or any(run.has(state, node) for state in wanted_or_total)


def _held(base: Any, data_clamps: Any) -> set[tuple[str, int]]:
    """States of nodes (of synapses) that were clamped."""
    held = {
        (state, int(node))
        for state, nodes in base.external_inds.items()
        for node in np.ravel(nodes)
        if state != "i"
    }
    if data_clamps is not None:
        states, _, places = _three(data_clamps, "data_clamps")
        for state, nodes in zip(states, places, strict=True):
            held.update((state, int(node)) for node in np.ravel(nodes))
    return held


def _three(given: Any, what: str) -> Sequence[Any]:
    """What Jaxley's functional stimuli and clamps are: their states, values and places."""
    if not isinstance(given, (list, tuple)) or len(given) != 3:
        call = {"data_clamps": "data_clamp", "data_stimuli": "data_stimulate"}[what]
        raise ArgumentTypeError(f"{what}= takes what module.{call}(...) returned, not {brief(given)}.")
    return given


def _stimuli(run: Run, data_stimuli: Any) -> dict[int, np.ndarray]:
    """What was injected into each node in each step, in nA."""
    given = []
    if "i" in run.base.externals:
        given.append((run.base.externals["i"], run.base.external_inds["i"]))
    if data_stimuli is not None:
        _, currents, places = _three(data_stimuli, "data_stimuli")
        given.extend(zip(currents, places, strict=True))
    n_steps = run.n_samples - 1
    found: dict[int, np.ndarray] = {}
    for currents, nodes in given:
        rows = np.atleast_2d(np.asarray(currents, dtype=float))[:, :n_steps]
        for row, node in zip(rows, np.ravel(nodes), strict=True):
            total = found.setdefault(int(node), np.zeros(n_steps))
            total[: len(row)] += row
    return found


def _add_voltage(writer: Writer, run: Run, node: int, flows: Flows) -> None:
    notes: dict[str, Any] = {"derivative": "backward", "capacitance": _capacitance(run, node)}
    if flows.late:
        notes["unaligned"] = f"{_RECORD}, which keeps the states that align {', '.join(flows.late)}"
    writer.add("v", run.get("v", [node])[1:, 0], "mV", "voltage", **notes)


def _capacitance(run: Run, node: int) -> Any:
    return float(run.nanofarad(np.array([node]))[0]) * pq.nF


def _add_currents(writer: Writer, flows: Flows) -> None:
    for name, values in {**flows.aligned, **flows.late}.items():
        notes: dict[str, Any] = {"aligned": False} if name in flows.late else {}
        writer.add(name, values, "nA", "current", "outward", **notes)


def _add_ions(writer: Writer, run: Run, node: int) -> None:
    for ion in dict.fromkeys([*run.base.pumped_ions, *run.base.diffusion_states]):
        if run.has(ion, node):
            writer.add(ion, run.get(ion, [node])[1:, 0], "mM", "ion")


def _mark(segment: neo.Segment, writer: Writer, moved: Any, is_clamped: bool, step: float) -> None:
    """Mark the steps in which something other than currents set the voltage."""
    marked = np.full(len(writer.clock), is_clamped)
    if moved is not None:
        marked |= moved
    if marked.any():
        ends = (np.flatnonzero(marked) + 1) * step
        segment.epochs.append(clamped(ends - step / 4, ends + step / 4, site=writer.site))


def _tell(run: Run, flows: Mapping[int, Flows]) -> None:
    """Say which currents are not known, or late."""
    missing: dict[str, list[str]] = {}
    late: dict[str, None] = {}
    for node, found in flows.items():
        for name in found.missing:
            missing.setdefault(name, []).append(run.site(node))
        late.update(dict.fromkeys(found.late))
    if missing:
        names = "; ".join(f"{name!r} at {', '.join(sites[:3])}" for name, sites in missing.items())
        warn(f"Currents that flowed and were not recorded: {names}: {_RECORD}.")
    if late:
        warn(
            f"Currents of which the states were not recorded are known at the voltage where a step began: "
            f"{', '.join(map(repr, late))}: {_RECORD}."
        )


def _tell_axial(run: Run, nodes: list[int]) -> None:
    """Say of which compartments it is not known what flows along the cable."""
    if nodes:
        sites = ", ".join(run.site(node) for node in nodes[:3])
        more = f" and {len(nodes) - 3} others" if len(nodes) > 3 else ""
        warn(
            f"What flows in along the cable is not known at {sites}{more}, as the voltage of neighbours "
            f"was not recorded: {_RECORD}."
        )
