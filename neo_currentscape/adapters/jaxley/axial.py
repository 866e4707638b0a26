"""The tree of the compartments of a Jaxley module, and the currents along it."""

from __future__ import annotations

import numpy as np

from neo_currentscape.adapters.cable import Tree, axial_inflow
from neo_currentscape.adapters.jaxley.run import Run


def inflow(run: Run, share: float) -> dict[int, np.ndarray]:
    """What flows into each compartment from its neighbours in each step, in nA.

    Parameters
    ----------
    run : Run
    share : float
        Part of it that is taken at the voltages of the end of the step.

    Returns
    -------
    dict of int to ndarray, shape (step,)
        Of the nodes that have neighbours, all of them recorded.
    """
    edges = run.base._comp_edges
    if not len(edges):
        return {}
    compartments = run.base.nodes.index.to_numpy(dtype=int)
    tree = _tree(run, compartments)
    voltage = run.get("v", compartments).T
    flow = share * axial_inflow(tree, voltage[:, 1:]) + (1 - share) * axial_inflow(tree, voltage[:, :-1])
    row = {int(node): n for n, node in enumerate(compartments)}
    return {node: flow[row[node]] for node in joined(run) if np.isfinite(flow[row[node]]).all()}


def joined(run: Run) -> list[int]:
    """The compartments that have neighbours."""
    edges = run.base._comp_edges
    if not len(edges):
        return []
    ends = set(edges["source"].tolist()) | set(edges["sink"].tolist())
    return [node for node in run.base.nodes.index.astype(int).tolist() if node in ends]


def _tree(run: Run, compartments: np.ndarray) -> Tree:
    """The tree, its compartments first and the points where branches meet after them."""
    edges, base = run.base._comp_edges, run.base
    joints = np.setdiff1d(np.unique(edges[["source", "sink"]].to_numpy(dtype=int)), compartments)
    row = {int(node): n for n, node in enumerate([*compartments, *joints])}
    near: dict[int, dict[int, float]] = {n: {} for n in row.values()}
    # Conductances per capacitance (1/ms), which only compartments have; uS = uF/cm**2 um**2 1e-5 / ms.
    scale = dict(zip(compartments.tolist(), run.nanofarad(compartments).tolist(), strict=True))
    for source, sink, per_ms in zip(edges["source"], edges["sink"], run.axial, strict=True):
        if int(sink) in joints:
            continue
        one, other = row[int(source)], row[int(sink)]
        near[one][other] = near[other][one] = float(per_ms) * scale[int(sink)]
    parent, siemens = np.full(len(row), -1), np.zeros(len(row))
    seen: set[int] = set()
    for root in range(len(base.nodes)):
        _grow(root, near, parent, siemens, seen)
    return Tree(parent, siemens, range(len(compartments), len(row)))


def _grow(
    root: int, near: dict[int, dict[int, float]], parent: np.ndarray, siemens: np.ndarray, seen: set[int]
) -> None:
    """Set the parents of all that hangs on a node, unless it was done."""
    if root in seen:
        return
    seen.add(root)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for other, value in near[node].items():
            if other not in seen:
                seen.add(other)
                parent[other], siemens[other] = node, value
                waiting.append(other)
