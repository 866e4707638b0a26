"""Recording what LFPy cannot: with a variable step, variables that some compartments lack."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.lfpy.recorders import variable_names
from neo_currentscape.adapters.lfpy.segment import assemble
from neo_currentscape.adapters.lfpy.tree import compartments
from neo_currentscape.conventions.errors import SelectionError, require


class Recorder:
    """Records every membrane current of a cell, in the compartments that have it.

    Parameters
    ----------
    cell : LFPy.Cell
        Complete with its mechanisms, not yet simulated.
    variable_dt : bool
        As it will be given to ``cell.simulate``.

    Attributes
    ----------
    keywords : dict
        The keywords that ``cell.simulate`` needs besides.

    Examples
    --------
    >>> recorder = Recorder(cell, variable_dt=True)                        # doctest: +SKIP
    >>> cell.simulate(variable_dt=True, **recorder.keywords)               # doctest: +SKIP
    >>> segment = recorder.to_segment()                                    # doctest: +SKIP
    """

    keywords = {"rec_imem": True, "rec_vmem": True, "rec_icap": True}

    def __init__(self, cell: Any, variable_dt: bool = False) -> None:
        h = require("neuron", "lfpy", "Recording an LFPy cell").h
        self.cell, places = cell, compartments(cell)
        step = () if variable_dt else (cell.dt,)
        self._vectors = {
            name: {
                at: h.Vector().record(getattr(place, f"_ref_{name}"), *step)
                for at, place in enumerate(places)
                if hasattr(place, name)
            }
            for name in variable_names(cell)
        }

    def to_segment(self, idx: Any = None) -> neo.Segment:
        """Put what was recorded into a Neo Segment, as `neo_currentscape.adapters.lfpy.to_segment`.

        Parameters
        ----------
        idx : int, str or sequence of them, optional
            Compartments, by index or by name; all of them unless told.

        Returns
        -------
        neo.Segment

        Raises
        ------
        SelectionError
            When the cell was not simulated, or with another kind of step than the recorder's.
        """
        return assemble(self.cell, self._arrays(), idx)

    def _arrays(self) -> dict[str, np.ndarray]:
        if not hasattr(self.cell, "tvec"):
            return {}
        shape = (len(compartments(self.cell)), len(self.cell.tvec))
        arrays = {}
        for name, vectors in self._vectors.items():
            arrays[name] = np.zeros(shape)
            for at, vector in vectors.items():
                if len(vector) != shape[1]:
                    raise SelectionError(
                        f"{name} has {len(vector)} samples and the cell {shape[1]}: give the Recorder and "
                        "cell.simulate the same variable_dt=..., and make it before the simulation."
                    )
                arrays[name][at] = vector.as_numpy()
        return arrays
