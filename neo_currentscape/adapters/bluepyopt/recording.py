"""A recording for BluePyOpt's protocols that keeps every current of a location as it flowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import neo

from neo_currentscape.adapters.neuron import Recorder
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError

#: The variable in the name of such a recording.
VARIABLE = "currents"


class CurrentsResponse:
    """The currents of a location: what `to_segment` takes, and the voltage as other responses have it.

    Parameters
    ----------
    name : str
    segment : neo.Segment
        What `neo_currentscape.adapters.neuron.Recorder` recorded.
    """

    def __init__(self, name: str, segment: neo.Segment) -> None:
        self.name, self.segment = name, segment

    def __getitem__(self, key: str) -> Any:
        signals = [*self.segment.analogsignals, *self.segment.irregularlysampledsignals]
        voltage = next(signal for signal in signals if signal.annotations["role"] == "voltage")
        if key == "time":
            return voltage.times.rescale("ms").magnitude
        return voltage.rescale("mV").magnitude[:, 0]


class CurrentsRecording:
    """Records all currents of a location with `neo_currentscape.adapters.neuron.Recorder`.

    One of the recordings of a ``SweepProtocol``, beside those of BluePyOpt; it may be sent to other
    processes, and so may its response.

    Parameters
    ----------
    name : str
        "protocol.location.currents".
    location : bluepyopt.ephys.locations.Location
        Of one compartment.
    **options
        As for `neo_currentscape.adapters.neuron.Recorder`.
    """

    variable, checked = VARIABLE, True

    def __init__(self, name: str, location: Any, **options: Any) -> None:
        self.name, self.location, self.options = name, location, options
        self._recorder: Recorder | None = None

    def instantiate(self, sim: Any = None, icell: Any = None) -> None:
        """Begin to record, as BluePyOpt asks for before a run.

        Parameters
        ----------
        sim : bluepyopt.ephys.simulators.NrnSimulator, optional
            As BluePyOpt passes it.
        icell : HOC object, optional
            The cell that was made for the run.
        """
        place = self.location.instantiate(sim=sim, icell=icell)
        self._recorder = Recorder(place, **self.options)

    @property
    def response(self) -> CurrentsResponse | None:
        """The currents of the run; None before there was one."""
        if self._recorder is None:
            return None
        return CurrentsResponse(self.name, self._recorder.to_segment())

    def destroy(self, sim: Any = None) -> None:
        """Let go of NEURON's vectors.

        Parameters
        ----------
        sim : bluepyopt.ephys.simulators.NrnSimulator, optional
            As BluePyOpt passes it; not needed.
        """
        self._recorder = None

    def __str__(self) -> str:
        return f"{self.name}: all currents at {self.location}"


def record(protocol: Any, **options: Any) -> None:
    """Let protocols of BluePyOpt record every current of the locations at which they record.

    Parameters
    ----------
    protocol : SweepProtocol, SequenceProtocol, CellEvaluator, or mapping of str to protocol
        Changed: each sweep has a `CurrentsRecording` for each location from now on. A second call adds
        none.
    **options
        As for `neo_currentscape.adapters.neuron.Recorder`, e.g. ``unknown="each"``.

    Raises
    ------
    SelectionError
        When no protocol records anything.

    Examples
    --------
    >>> record(protocol)                                                          # doctest: +SKIP
    >>> responses = protocol.run(cell_model, parameters, sim=simulator)           # doctest: +SKIP
    >>> segment = to_segment(responses, "Step", "soma")                           # doctest: +SKIP
    """
    n_places = 0
    for sweep in _sweeps(protocol):
        places: dict[str, Any] = {}
        for recording in sweep.recordings:
            stem = str(recording.name).rpartition(".")[0]
            if stem and hasattr(getattr(recording, "location", None), "instantiate"):
                places.setdefault(stem, recording.location)
        held = {recording.name for recording in sweep.recordings}
        for stem, location in places.items():
            if f"{stem}.{VARIABLE}" not in held:
                sweep.recordings.append(CurrentsRecording(f"{stem}.{VARIABLE}", location, **options))
        n_places += len(places)
    if not n_places:
        raise SelectionError(
            "No protocol records at a location: give it a CompRecording named 'protocol.location.v' first."
        )


def _sweeps(given: Any) -> Iterable[Any]:
    """All protocols below one that hold recordings."""
    if hasattr(given, "fitness_protocols"):
        given = given.fitness_protocols
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, (list, tuple)):
        for each in given:
            yield from _sweeps(each)
    elif hasattr(given, "protocols"):
        yield from _sweeps(given.protocols)
    elif getattr(given, "recordings", None) is not None:
        yield given
    else:
        raise ArgumentTypeError(
            f"A BluePyOpt protocol or evaluator is needed, not {type(given).__name__}: pass what holds "
            "recordings."
        )
