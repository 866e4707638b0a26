"""What the results of all protocols share: a table, a figure, and the currentscape of the same traces."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.protocols.response.traces import Trace
from neo_currentscape.recording.inventory import put_signals, signals_of
from neo_currentscape.recording.recording import Recording


class ProtocolResult(Result):
    """Base of what protocols give; each has a ``trace``, ``rows()`` and ``figure_panels()``.

    ``to_dataframe()`` has a row for each quantity that was found, by which it is indexed, or for each value
    of one that has several, and columns ``value`` and ``unit``.
    """

    trace: Trace

    @property
    def recording(self) -> Recording:
        """The membrane currents of the same trace.

        Raises
        ------
        SelectionError
            When none were recorded.
        """
        return recording_of(self.trace)

    @property
    def scape(self) -> Currentscape:
        """The currentscape of the same trace."""
        return Currentscape(self.recording)

    @property
    def has_currents(self) -> bool:
        """Whether membrane currents were recorded beside the voltage."""
        try:
            recording_of(self.trace)
        except SelectionError:
            return False
        return True

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found.

        Returns
        -------
        list of tuple
            Each a name and a Quantity, number or text; None where it was not found.
        """
        raise NotImplementedError

    def figure_panels(self) -> list[Any]:
        """Panels of the protocol's own figure, from top to bottom.

        Returns
        -------
        list of Panel
        """
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """What was found, by name; Quantities where there is a unit.

        Returns
        -------
        dict of str to object
        """
        return dict(self.rows())

    def _table(self) -> Table:
        names, values, labels = [], [], []
        for name, found in self.rows():
            quantity = pq.Quantity(np.nan if found is None else found)
            names += [name] * quantity.size
            values += np.ravel(quantity.magnitude).tolist()
            labels += [units.label(quantity)] * quantity.size
        return Table({"value": values, "unit": labels}, {"quantity": names})

    def plot(self, *, currents: bool | None = None, **options: Any) -> Any:
        """Draw the protocol's figure, with the currentscape of the same traces.

        Parameters
        ----------
        currents : bool, optional
            Whether the currentscape and the carriers are drawn; by default where membrane currents were
            recorded.
        **options
            Of `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.figures import protocol_figure

        return protocol_figure(self, currents, **options)

    def __str__(self) -> str:
        return plain_text.table([(name, plain_text.value(found)) for name, found in self.rows()])


def recording_of(trace: Trace) -> Recording:
    """The Recording of the neuron and site of a trace."""
    segment = _shifted(trace.segment, -trace.begin) if trace.begin else trace.segment
    return Recording.from_segment(segment, **trace.selection)


def _shifted(segment: neo.Segment, by: float) -> neo.Segment:
    """The same signals at times that are later by so many ms."""
    made = neo.Segment(name=segment.name, **segment.annotations)
    put_signals(made, [signal.time_shift(by * pq.ms) for signal in signals_of(segment)])
    return made
