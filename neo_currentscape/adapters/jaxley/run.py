"""A Jaxley module that was integrated: its compartments, its parameters, and what was recorded where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    SignalError,
    require,
)
from neo_currentscape.conventions.given import numbers
from neo_currentscape.conventions.plain_text import brief

#: Part of the membrane current of the end of a step that is taken at the voltage of its end; the rest is at
#: that of its beginning.
SOLVERS = {"bwd_euler": 1.0, "crank_nicolson": 0.5, "fwd_euler": 0.0}


def base_of(module: Any) -> Any:
    """The whole module that a view is part of, with the tables that only it has."""
    base = getattr(module, "base", None)
    if base is None or not hasattr(base, "nodes") or not hasattr(base, "recordings"):
        raise ArgumentTypeError(
            f"A Jaxley module is needed (Cell, Network, or a view of one), not {type(module).__name__}."
        )
    return base


def nodes_of(module: Any) -> np.ndarray:
    """Indices of the compartments of a module or view, as its ``nodes`` and ``recordings`` count them."""
    return np.asarray(module._nodes_in_view, dtype=int)


def has_mechanism(base: Any, mechanism: Any, nodes: np.ndarray) -> np.ndarray:
    """Which of the compartments have a channel or pump."""
    return base.nodes.loc[nodes, mechanism._name].to_numpy(dtype=bool)


class Run:
    """What ``jaxley.integrate`` recorded of a module.

    Parameters
    ----------
    base : jaxley.Module
    recordings : array_like, shape (recording, time)
    params, param_state : list of dict, optional
        As given to ``integrate``.

    Attributes
    ----------
    params : dict of str to ndarray
        As they were when it ran, by node, or by synapse of a type.
    n_samples : int
    """

    def __init__(self, base: Any, recordings: Any, params: Any = None, param_state: Any = None) -> None:
        self.base = base
        self._values = _checked(base, recordings)
        self.n_samples = self._values.shape[1]
        table = base.recordings
        keys = zip(table["state"], table["rec_index"].astype(int), strict=True)
        self._rows = {key: row for row, key in enumerate(keys)}
        found = _parameters(base, _dicts(params, "params"), _dicts(param_state, "param_state"))
        self.axial = np.asarray(found.pop("axial_conductances")["v"], dtype=float)
        self.params = {name: np.asarray(values, dtype=float) for name, values in found.items()}

    def has(self, state: str, index: int) -> bool:
        """Whether a state of a node, or of a synapse, was recorded."""
        return (state, int(index)) in self._rows

    def get(self, state: str, indices: Iterable[int]) -> np.ndarray:
        """A state of some nodes or synapses, shape (time, index); NaN where it was not recorded."""
        indices = [int(index) for index in indices]
        out = np.full((self.n_samples, len(indices)), np.nan)
        for column, index in enumerate(indices):
            row = self._rows.get((state, index))
            if row is not None:
                out[:, column] = self._values[row]
        return out

    def where(self, nodes: np.ndarray, states: Sequence[str]) -> np.ndarray:
        """Those of the nodes of which all these states were recorded."""
        return np.array([n for n in nodes if all(self.has(state, n) for state in states)], dtype=int)

    def nanofarad(self, nodes: np.ndarray) -> np.ndarray:
        """Capacitance of each node: that of its membrane per area (uF/cm**2) times its area (um**2)."""
        return self.params["capacitance"][nodes] * self.params["area"][nodes] * 1e-5

    def site(self, node: int) -> str:
        """The place as Jaxley is asked for it, e.g. "branch(0).comp(1)"."""
        row = self.base.nodes.loc[node]
        levels = {"network": ("cell", "branch", "comp"), "cell": ("branch", "comp")}
        return ".".join(
            f"{level}({int(row[f'local_{level}_index'])})"
            for level in levels.get(self.base._module_type, ("comp",))
        )


def _dicts(given: Any, what: str) -> list[dict]:
    """What Jaxley keeps parameters in."""
    if given is None:
        return []
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, dict) for one in given):
        raise ArgumentTypeError(f"{what}= takes a list of dicts, as integrate does, not {brief(given)}.")
    return list(given)


def _parameters(base: Any, params: Any, param_state: Any) -> dict[str, Any]:
    """The parameters that `integrate` would take, in double precision; the module stays as it was."""
    jax = require("jax", "jaxley", "Reading what Jaxley recorded")
    cell_utils = require("jaxley.utils.cell_utils", "jaxley", "Reading what Jaxley recorded")
    before = base.jaxnodes, base.jaxedges
    try:
        with jax.enable_x64(True):
            base.to_jax()
            state = cell_utils.params_to_pstate(params, base.indices_set_by_trainables)
            return base.get_all_parameters(state + param_state)
    finally:
        base.jaxnodes, base.jaxedges = before


def _checked(base: Any, recordings: Any) -> np.ndarray:
    values = numbers(recordings, "recordings takes what integrate returned, of shape (recording, time)")
    n_asked = len(base.recordings)
    if not n_asked:
        raise SelectionError("The module has no recordings: call record(module) before integrate.")
    if values.ndim > 2:
        raise ArgumentError(
            f"The recordings of {values.shape[0]} simulations were given, shape {values.shape}: write "
            "recordings[0] for the first, with params= of that one."
        )
    if values.ndim != 2 or len(values) != n_asked or values.shape[1] < 3:
        raise ArgumentError(
            f"The recordings have shape {values.shape} where the module lists {n_asked} of them: pass what "
            "integrate returned, shape (recording, time), before recordings are added or deleted."
        )
    astray = (base.recordings["state"] == "v").to_numpy() & ~np.isfinite(values).all(axis=1)
    if astray.any():
        raise SignalError(
            f"Recording {int(np.flatnonzero(astray)[0])}, a voltage, holds NaN or infinite values: the "
            "simulation went astray, try a smaller delta_t."
        )
    return values
