"""The compartments of a SpatialNeuron: their names, and the current between them.

Brian2 joins sections at points without membrane. Half a compartment has the conductance
``r_length / Ri``, and between two compartments of a section both halves lie in series.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters import cable


def site_names(neuron: Any) -> list[str]:
    """Name the compartments of a SpatialNeuron by section and number.

    Parameters
    ----------
    neuron : brian2.SpatialNeuron

    Returns
    -------
    list of str
        E.g. ``"soma[0]"``, ``"dend.left[2]"``; the root section is "soma" or "main".
    """
    root = neuron.morphology
    names = [""] * len(neuron)

    def name(section: Any, path: str) -> None:
        for number, at in enumerate(section.indices[:]):
            names[int(at)] = f"{path}[{number}]"
        for number, child in enumerate(section.children, start=1):
            own = section.children.name(child) or str(number)
            name(child, own if section is root else f"{path}.{own}")

    name(root, "soma" if type(root).__name__ == "Soma" else "main")
    return names


def tree_of(neuron: Any) -> cable.Tree:
    """Read the tree of compartments and joints of a SpatialNeuron.

    Parameters
    ----------
    neuron : brian2.SpatialNeuron

    Returns
    -------
    Tree
        The compartments, then the joints.
    """
    flat = neuron.flat_morphology
    resistivity = float(np.asarray(neuron.Ri))
    near = np.asarray(flat.r_length_1) / resistivity * 1e6
    far = np.asarray(flat.r_length_2) / resistivity * 1e6
    n, sections = flat.n, flat.sections
    upper = np.full(n + sections + 1, -1)
    siemens = np.zeros(len(upper))
    for section in range(sections):
        start, end = int(flat.starts[section]), int(flat.ends[section])
        # Joint 0 is the near end of the root section; joint k + 1 the far end of section k.
        upper[start], siemens[start] = n + int(flat.morph_parent_i[section]), near[start]
        inner = np.arange(start + 1, end)
        upper[inner] = inner - 1
        siemens[inner] = 1 / (1 / far[inner - 1] + 1 / near[inner])
        upper[n + section + 1], siemens[n + section + 1] = end - 1, far[end - 1]
    return cable.Tree(upper, siemens, unknown=range(n, len(upper)))


def axial_inflow(neuron: Any, voltage: np.ndarray) -> np.ndarray:
    """The current that flows into each compartment from its neighbours.

    Parameters
    ----------
    neuron : brian2.SpatialNeuron
    voltage : ndarray, shape (compartment, time)
        In mV, of all compartments.

    Returns
    -------
    ndarray, shape (compartment, time)
        In nA, inward positive.
    """
    return cable.axial_inflow(tree_of(neuron), voltage)
