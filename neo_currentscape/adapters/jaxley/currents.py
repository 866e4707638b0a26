"""The currents that flowed in each step of a Jaxley simulation, by compartment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neo_currentscape.adapters.jaxley import equations
from neo_currentscape.adapters.jaxley.run import Run, has_mechanism
from neo_currentscape.adapters.jaxley.voltage import Beginnings
from neo_currentscape.conventions.errors import ArgumentError

#: A density of 1 mA/cm**2 on 1 um**2 is 1e-2 nA.
_NANOAMPERE = 1e-2

#: Part of its peak by which a current made of the states may be off the recorded one: single precision.
_SINGLE = 1e-4


@dataclass
class Flows:
    """The membrane currents of one compartment, (step,) in nA, outward positive.

    Attributes
    ----------
    aligned : dict of str to ndarray
        What flowed in the step that ends at each sample.
    late : dict of str to ndarray
        As recorded: at the voltage where the step began.
    missing : list of str
        Variables of which nothing is known.
    """

    aligned: dict[str, np.ndarray] = field(default_factory=dict)
    late: dict[str, np.ndarray] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class Flowed:
    """Finds the currents of compartments.

    Parameters
    ----------
    run : Run
    share : float
        Part of the current that is taken at the voltage of the end of a step.
    begun : Beginnings
        Voltage of each recorded node at which a step begins.
    held : collection of (str, int)
        States of nodes that were clamped: what their current used before that is not recorded.
    """

    def __init__(
        self, run: Run, share: float, begun: Beginnings, held: Collection[tuple[str, int]]
    ) -> None:
        self.run, self.share, self.begun, self.held = run, share, begun, held

    def at(self, nodes: np.ndarray) -> dict[int, Flows]:
        """The currents of some nodes, whose voltages were recorded."""
        found = {int(node): Flows() for node in nodes}
        names = dict.fromkeys(channel.current_name for channel in self.run.base.channels)
        for name in names:
            self._channels(name, nodes, found)
        for synapse in self.run.base.synapses:
            self._synapses(synapse, found)
        return found

    def _channels(self, name: str, nodes: np.ndarray, found: Mapping[int, Flows]) -> None:
        """All channels that Jaxley sums up under one name."""
        run = self.run
        sums: dict[int, np.ndarray] = {}
        pieces: dict[int, dict[str, np.ndarray]] = {int(node): {} for node in nodes}
        incomplete = set()
        for channel in run.base.channels:
            if channel.current_name != name:
                continue
            inside = nodes[has_mechanism(run.base, channel, nodes)]
            known = self._known(channel, inside)
            incomplete.update(set(inside.tolist()) - set(known.tolist()))
            for node in inside:
                sums.setdefault(int(node), np.zeros(run.n_samples - 1))
            if len(known):
                self._evaluate(channel, known, sums, pieces)
        for node, total in sums.items():
            recorded = run.get(name, [node])[1:, 0] if run.has(name, node) else None
            scale = run.params["area"][node] * _NANOAMPERE
            if node not in incomplete:
                self._compare(name, node, total, recorded)
                found[node].aligned.update(pieces[node])
            elif recorded is not None:
                found[node].late[name] = recorded * scale
            else:
                found[node].missing.append(name)

    def _known(self, channel: Any, nodes: np.ndarray) -> np.ndarray:
        """Those nodes in which every state of a channel is known as its current used it."""
        states = list(channel.channel_states)
        nodes = self.run.where(nodes, states)
        free = [not any((state, int(node)) in self.held for state in states) for node in nodes]
        return nodes[np.array(free, dtype=bool)]

    def _evaluate(
        self, channel: Any, nodes: np.ndarray, sums: dict[int, np.ndarray], pieces: dict[int, dict]
    ) -> None:
        run = self.run
        start = self._starting(nodes)
        change = run.get("v", nodes)[1:] - start
        states = {state: self._used(state, nodes) for state in channel.channel_states}
        params = _of_nodes(run.params, nodes)
        whole = equations.channel_current(channel, states, start, params)
        found = equations.parts(channel, states, start, params) or {channel._name: whole}
        if channel._name in self.begun.movers and not np.any(whole[0]):
            found = {}  # it resets the voltage, and is no current
        for column, node in enumerate(nodes.tolist()):
            sums[node] += whole[0][:, column]
            scale = run.params["area"][node] * _NANOAMPERE
            for name, (current, slope) in found.items():
                flowed = current[:, column] + self.share * slope[:, column] * change[:, column]
                pieces[node][name] = scale * flowed

    def _used(self, state: str, indices: Any) -> np.ndarray:
        """A state as the currents of a step used it: concentrations are moved after them, gates before."""
        values = self.run.get(state, indices)
        late = {*self.run.base.pumped_ions, *self.run.base.diffusion_states}
        return values[:-1] if state in late else values[1:]

    def _starting(self, nodes: Any) -> np.ndarray:
        unknown = np.full(self.run.n_samples - 1, np.nan)
        return np.stack([self.begun.voltage.get(int(node), unknown) for node in nodes], axis=1)

    def _compare(self, name: str, node: int, made: np.ndarray, recorded: np.ndarray | None) -> None:
        if recorded is None or not len(recorded):
            return
        missed, peak = np.abs(made - recorded).max(), np.abs(recorded).max()
        if missed > _SINGLE * max(peak, np.abs(made).max()):
            raise ArgumentError(
                f"The parameters of the module make another current {name!r} at {self.run.site(node)} than "
                f"was recorded (off by {missed:.3g} of {peak:.3g} mA/cm**2): give params=, param_state= "
                "and data_clamps= as integrate had them, and the module as it was then."
            )

    def _synapses(self, synapse: Any, found: Mapping[int, Flows]) -> None:
        """The sum of the synapses of a type in each node."""
        run = self.run
        edges = run.base.edges
        mine = edges[(edges["type"] == synapse._name) & edges["post_index"].isin(list(found))]
        if not len(mine):
            return
        index = mine["index_within_type"].to_numpy(dtype=int)
        post = mine["post_index"].to_numpy(dtype=int)
        start = self._starting(post)
        states = {state: self._used(state, index) for state in synapse.synapse_states}
        before = self._starting(mine["pre_index"].to_numpy(dtype=int))
        params = {name: run.params[name][index] for name in synapse.synapse_params}
        current, slope = equations.synapse_current(synapse, states, before, start, params)
        flowed = current + self.share * slope * (run.get("v", post)[1:] - start)
        recorded = run.get(f"i_{synapse._name}", index)[1:]
        for node in np.unique(post).tolist():
            own = post == node
            if np.isfinite(flowed[:, own]).all():
                found[node].aligned[synapse._name] = flowed[:, own].sum(axis=1)
            elif np.isfinite(recorded[:, own]).all():
                found[node].late[synapse._name] = recorded[:, own].sum(axis=1)
            else:
                found[node].missing.append(f"i_{synapse._name}")


def _of_nodes(params: Mapping[str, np.ndarray], nodes: np.ndarray) -> dict[str, np.ndarray]:
    size = len(params["area"])
    return {name: values[nodes] for name, values in params.items() if len(values) == size}
