r"""The signal at extracellular contacts, split by membrane current.

Every forward model that is linear in the membrane currents is a matrix,
:math:`V_c(t) = \sum_n M_{cn} I_n(t)`; with :math:`I_n = \sum_k I_{n,k}` the part of current k is
:math:`V_{c,k}(t) = \sum_n M_{cn} I_{n,k}(t)`, and the parts add up to the whole (Hagen et al. 2018,
Front. Neuroinform. 12:92, section 2).
"""

from __future__ import annotations

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SignalError


def by_current(membrane: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Split an extracellular signal by membrane current.

    Parameters
    ----------
    membrane : array_like, shape (node, current, time)
        Membrane currents in nA, outward positive. For the parts to add up to the whole signal they
        must hold everything that crosses the membrane: the capacitive current too, and electrode
        currents with their sign turned, so that the sum over the whole cell is zero.
    matrix : array_like, shape (contact, node)
        The forward model, e.g. ``model.get_transformation_matrix()`` of LFPykit, in mV/nA (or, for
        dipoles, CSD and others, in the unit of the signal per nA).

    Returns
    -------
    ndarray, shape (contact, current, time)
        In mV (or the unit of the signal).

    Raises
    ------
    ArgumentError
        When the shapes do not fit.
    SignalError
        When either holds NaN or infinite values.

    Examples
    --------
    >>> membrane = np.array(
    ...     [[[1.0], [2.0]], [[-3.0], [0.0]]]
    ... )  # two nodes, two currents
    >>> by_current(membrane, [[0.5, 0.1]])[0].ravel()
    array([0.2, 1. ])
    """
    membrane, matrix = np.asarray(membrane, dtype=float), np.asarray(matrix, dtype=float)
    if membrane.ndim != 3:
        raise ArgumentError(f"membrane has shape {membrane.shape}: it is (node, current, time).")
    if matrix.ndim != 2 or matrix.shape[1] != len(membrane):
        raise ArgumentError(
            f"matrix has shape {matrix.shape} for {len(membrane)} nodes: it is (contact, node)."
        )
    for name, array in (("membrane", membrane), ("matrix", matrix)):
        if not np.isfinite(array.sum()) and not np.isfinite(array).all():
            node = np.argwhere(~np.isfinite(array))[0][0 if name == "membrane" else 1]
            raise SignalError(f"{name} holds NaN or infinite values at node {node}: mend it first.")
    n_nodes, n_currents, n_times = membrane.shape
    parts = matrix @ membrane.reshape(n_nodes, n_currents * n_times)
    return parts.reshape(len(matrix), n_currents, n_times)
