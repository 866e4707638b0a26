"""Where the steps of a Jaxley simulation begin, as channels may move the voltage first."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.jaxley import equations
from neo_currentscape.adapters.jaxley.run import Run, has_mechanism
from neo_currentscape.conventions.errors import ArgumentError, warn

#: Part of the size of a gate by which it may be off where it is computed again.
_GATE = 1e-3

#: A channel that moves the voltage in more than this part of the steps does more than reset it.
_RESETS = 0.5


class Beginnings:
    """The voltage at which each step begins.

    Parameters
    ----------
    run : Run
    held : set of (str, int)
        States of nodes that were clamped.
    delta_t : float
        Step in ms.

    Attributes
    ----------
    voltage : dict of int to ndarray, shape (step,)
        Of each node with a recorded voltage: that of the sample before, or where a channel put it.
    moved : dict of int to ndarray of bool, shape (step,)
        Of nodes with such a channel: whether it moved the voltage.
    movers : set of str
        Names of such channels.
    """

    def __init__(self, run: Run, held: set[tuple[str, int]], delta_t: float) -> None:
        self.run, self.held, self.delta_t = run, held, delta_t
        nodes = run.where(run.base.nodes.index.to_numpy(), ["v"])
        voltage = run.get("v", nodes)
        self.voltage = {int(node): voltage[:-1, column] for column, node in enumerate(nodes)}
        self.moved: dict[int, np.ndarray] = {}
        self.movers: set[str] = set()
        astray: list[str] = []
        for channel in run.base.channels:
            inside = nodes[has_mechanism(run.base, channel, nodes)]
            if len(inside):
                astray += self._advance(channel, inside)
        if astray:
            warn(
                f"The states {', '.join(map(repr, astray))} do not advance as recorded in steps of "
                f"delta_t={delta_t:g} ms: write the delta_t= and params= that integrate had."
            )

    def _advance(self, channel: Any, nodes: np.ndarray) -> list[str]:
        """Take every step of a channel again; returns the states that arrive elsewhere than recorded."""
        run = self.run
        wanted = (*channel.channel_states, *run.base.membrane_current_names)
        states = {state: run.get(state, nodes)[:-1] for state in wanted}
        params = {name: values[nodes] for name, values in run.params.items() if self._is_of_nodes(values)}
        found = equations.advance(channel, states, run.get("v", nodes)[:-1], params, self.delta_t)
        if "v" in found:
            self._move(channel, nodes, found.pop("v"))
        return [state for state, values in found.items() if not self._is_recorded(state, nodes, values)]

    def _is_of_nodes(self, values: np.ndarray) -> bool:
        return len(values) == len(self.run.params["area"])

    def _move(self, channel: Any, nodes: np.ndarray, voltage: np.ndarray) -> None:
        self.movers.add(channel._name)
        for column, node in enumerate(nodes.tolist()):
            # In double precision rounding is no move.
            change = np.abs(voltage[:, column] - self.voltage[node])
            moved = ~(change <= 1e-5 * np.maximum(1.0, np.abs(self.voltage[node])))
            if np.mean(moved) > _RESETS:
                raise ArgumentError(
                    f"Channel {channel._name!r} at {self.run.site(node)} moves the voltage in every step "
                    "by itself, without a current that Jaxley knows: its currents cannot be read off such "
                    "a simulation."
                )
            self.voltage[node] = np.where(moved, voltage[:, column], self.voltage[node])
            self.moved[node] = self.moved.get(node, False) | moved

    def _is_recorded(self, state: str, nodes: np.ndarray, values: np.ndarray) -> bool:
        """Whether a gate was recorded as a step makes it; also where that cannot be known."""
        base = self.run.base
        others = {*base.pumped_ions, *base.diffusion_states, *base.membrane_current_names}
        # What several mechanisms hold (a reversal potential) is as the last of them leaves it.
        holders = [one for one in [*base.channels, *base.pumps] if state in one.channel_states]
        is_held = any((state, node) in self.held for node in nodes.tolist())
        if len(holders) > 1 or state in others or is_held:
            return True
        recorded = self.run.get(state, nodes)[1:]
        missed = np.abs(values - recorded)
        known = np.isfinite(missed)
        return not known.any() or bool(
            missed[known].max() <= _GATE * max(1e-6, np.abs(recorded[known]).max())
        )
