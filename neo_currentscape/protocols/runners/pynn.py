"""A neuron of a PyNN population that protocols are run on."""

from __future__ import annotations

import importlib
import weakref
from collections.abc import Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn.description import root_of
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.protocols.response.injection import Told, chirp

#: A source that injects nothing.
SILENT = {"times": [1e8, 2e8], "amplitudes": [0.0, 0.0]}

#: Populations that are recorded already: a simulator that has run takes no more recorders.
_RECORDED: weakref.WeakSet = weakref.WeakSet()


class PyNNCell:
    """One neuron of a population, recorded with all its currents.

    Parameters
    ----------
    population : pyNN Population
        After ``sim.setup(...)``, of a simulator whose current sources outlive ``reset()``
        (NEURON, NEST).
    neuron : int
        Which of its neurons.

    Raises
    ------
    SelectionError
        When there is no such neuron, or the simulator loses current sources.
    """

    def __init__(self, population: Any, *, neuron: int = 0) -> None:
        if not 0 <= neuron < population.size:
            raise SelectionError(f"Neuron {neuron} is none of the {population.size} of the population.")
        self._sim = importlib.import_module(type(population).__module__.rpartition(".")[0])
        if self._sim.__name__ == "pyNN.brian2":
            raise SelectionError(
                "PyNN on Brian2 loses current sources at reset(): run the protocol on pyNN.neuron or "
                "pyNN.nest, or run it yourself and pass the Segments to protocols.passive(...)."
            )
        #: What the Segments are to be asked for.
        self.selection: dict[str, Any] = {"neuron": neuron}
        self._cell = population[neuron : neuron + 1]
        self._whole = root_of(population)
        self._source: Any = None
        self._is_nest = self._sim.__name__ == "pyNN.nest"

    def runs(self, injections: Sequence[Told], t_stop: float) -> list[neo.Segment]:
        """Run the simulation once for each injection, with a ``reset()`` in between.

        Parameters
        ----------
        injections : sequence of Told
        t_stop : float
            In ms.

        Returns
        -------
        list of neo.Segment

        Raises
        ------
        SelectionError
            When PyNN cannot do several runs, or play a chirp in a later one (NEST).
        """
        from neo_currentscape.adapters import pynn

        if self._whole not in _RECORDED:
            pynn.record_currents(self._whole)
            _RECORDED.add(self._whole)
        if self._source is None:
            # Made before the reset that gives it, on NEST, the time at which the run begins.
            self._source = self._sim.DCSource(amplitude=0.0)
            self._source.inject_into(self._cell)
        for told in injections:
            self._rewind()
            source = self._play(told) if told.is_chirp else self._step(told)
            self._sim.run(t_stop)
        segments = pynn.to_block(self._cell).segments[-len(injections) :]
        # From now on it is silent, beside the source of another protocol on the same population.
        if isinstance(source, self._sim.DCSource):
            source.amplitude = 0.0
        else:
            _set(source, **SILENT)
        return list(segments)

    def _step(self, told: Told) -> Any:
        assert told.onset is not None and told.duration is not None
        self._source.set_parameters(
            amplitude=told.amplitude, start=told.onset, stop=told.onset + told.duration
        )
        if self._is_nest:
            # PyNN leaves the sources of NEST, whose clock goes on at reset(), at the first run's times.
            self._source._device.set(origin=self._sim.simulator.state._time_offset)
        return self._source

    def _play(self, told: Told) -> Any:
        if self._is_nest and self._sim.simulator.state._time_offset > 0:
            raise SelectionError(
                "PyNN on NEST plays a waveform in the first run after sim.setup(...) only: run the chirp "
                "first, or set up anew."
            )
        source = self._sim.StepCurrentSource(**SILENT)
        source.inject_into(self._cell)
        times, amplitudes = self._waveform(told)
        _set(source, times=times, amplitudes=amplitudes)
        return source

    def _rewind(self) -> None:
        if self._sim.get_current_time() == 0:
            return
        try:
            self._sim.reset()
        except ValueError as cause:
            raise SelectionError(
                "A protocol of several runs needs reset(), which PyNN does on NEST only after "
                "sim.setup(..., t_flush=1000.0): set it up like that, with several membrane time constants."
            ) from cause

    def _waveform(self, told: Told) -> tuple[np.ndarray, np.ndarray]:
        assert told.onset is not None and told.duration is not None and told.amplitude is not None
        step = self._sim.get_time_step()
        t = np.arange(round(told.duration / step) + 1) * step
        values = chirp(
            t, told.amplitude, told.f_start or 0.0, told.f_stop or 0.0, told.duration, told.chirp or ""
        )
        return told.onset + np.append(t, t[-1] + step), np.append(values, 0.0)


def _set(source: Any, **parameters: Any) -> None:
    """Give a StepCurrentSource other parameters."""
    for played in ("_times", "_amplitudes"):
        # PyNN on NEURON goes on playing the vectors that it made for the former parameters.
        if played in vars(source):
            setattr(source, played, None)
    source.set_parameters(**parameters)
