"""A cell of NEURON that protocols are run on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, require, unknown_name
from neo_currentscape.protocols.response.injection import Told, chirp


class NeuronCell:
    """A NEURON compartment, HOC template or cell, recorded with all its currents.

    Parameters
    ----------
    target : nrn.Segment, nrn.Section, str, or a cell
        A name is that of a HOC template, of which one cell is made.
    record, inject : str, tuple or nrn.Segment, optional
        Where a cell is recorded and where current is injected: the name of its section ("soma"), the name
        and an index ``("dend", 3)``, or with a location ``("dend", 3, 0.2)``; the soma unless told.
    v_init : Quantity, optional
        Voltage at the beginning; ``h.v_init`` unless told.
    dt : Quantity, optional
        Step of the simulation; ``h.dt`` unless told.
    sources, unknown, parts : optional
        As for `neo_currentscape.adapters.neuron.Recorder`.

    Raises
    ------
    SelectionError
        When the cell has no such section.
    """

    def __init__(
        self,
        target: Any,
        *,
        record: Any = None,
        inject: Any = None,
        v_init: Any = None,
        dt: Any = None,
        sources: Any = None,
        unknown: str | None = None,
        parts: Any = None,
    ) -> None:
        self._h = h = require("neuron", "neuron", "Running a protocol on a NEURON cell").h
        h.load_file("stdrun.hoc")
        self.cell = _template(h, target) if isinstance(target, str) else target
        self.record = _compartment(self.cell, record)
        self.inject = self.record if inject is None and record is None else _compartment(self.cell, inject)
        #: What the Segments are to be asked for.
        self.selection: dict[str, Any] = {}
        self._v_init = float(h.v_init) if v_init is None else units.scalar(v_init, "mV", "v_init")
        self._dt = float(h.dt) if dt is None else units.positive(dt, "ms", "dt")
        self._known: dict[str, Any] = {"sources": sources, "unknown": unknown, "parts": parts}

    def runs(self, injections: Sequence[Told], t_stop: float) -> list[neo.Segment]:
        """Run the model once for each injection.

        Parameters
        ----------
        injections : sequence of Told
        t_stop : float
            In ms.

        Returns
        -------
        list of neo.Segment
            With the voltage, all currents and the injected current.
        """
        return [self._run(told, t_stop) for told in injections]

    def _run(self, told: Told, t_stop: float) -> neo.Segment:
        from neo_currentscape.adapters.neuron import Recorder

        electrode = self._h.IClamp(self.inject)
        with _settings(self._h, self._dt):
            kept = self._prepare(electrode, told, t_stop)
            sites = [self.record] if self.record == self.inject else [self.record, self.inject]
            recorder = Recorder(sites, **self._known)
            self._h.finitialize(self._v_init)
            self._h.continuerun(t_stop)
            segment = recorder.to_segment()
        if kept is not None:
            kept.play_remove()
        del electrode
        return segment if len(sites) == 1 else _at_one_site(segment, recorder.sites)

    def _prepare(self, electrode: Any, told: Told, t_stop: float) -> Any:
        electrode.delay, electrode.dur, electrode.amp = told.onset, told.duration, told.amplitude
        if not told.is_chirp:
            return None
        if self._h.CVode().active():
            raise ArgumentError(
                "A chirp is played step by step, and CVODE is active: write h.CVode().active(False) first."
            )
        assert told.onset is not None and told.duration is not None
        t = np.arange(round(t_stop / self._dt) + 1) * self._dt
        inside = (t >= told.onset - 1e-9) & (t <= told.onset + told.duration + 1e-9)
        local = np.where(inside, t - told.onset, 0.0)
        values = chirp(
            local,
            told.amplitude or 0.0,
            told.f_start or 0.0,
            told.f_stop or 0.0,
            told.duration,
            told.chirp or "",
        )
        electrode.delay, electrode.dur = 0, 1e9
        played = self._h.Vector(np.where(inside, values, 0.0))
        played.play(electrode._ref_amp, self._dt)
        return played


def _at_one_site(segment: neo.Segment, sites: Sequence[str]) -> neo.Segment:
    """Of the place of injection only the injected current is kept."""
    record, inject = sites

    def kept(signal: Any) -> bool:
        return signal.annotations["site"] == record or signal.annotations["role"] == "electrode"

    for name in ("analogsignals", "irregularlysampledsignals"):
        chosen = [signal for signal in getattr(segment, name) if kept(signal)]
        getattr(segment, name).clear()
        getattr(segment, name).extend(chosen)
    segment.annotate(injected_at=inject)
    return segment


@contextmanager
def _settings(h: Any, dt: float) -> Iterator[None]:
    before = h.dt, h.steps_per_ms
    h.dt, h.steps_per_ms = dt, 1 / dt
    try:
        yield
    finally:
        h.dt, h.steps_per_ms = before


def _template(h: Any, name: str) -> Any:
    try:
        made = getattr(h, name)
    except (AttributeError, LookupError):
        made = None
    if made is None or not callable(made):
        raise SelectionError(
            f"NEURON knows no template {name!r}: load it with h.load_file(...) first, or check its name."
        )
    return made()


def _compartment(cell: Any, where: Any) -> Any:
    for given in (where, cell) if where is not None else (cell,):
        if type(given).__name__ == "Segment" and hasattr(given, "sec"):
            return given
        if type(given).__name__ == "Section" and callable(given) and not hasattr(given, "soma"):
            return given(0.5)
    name, index, location = _place(where)
    sections = getattr(cell, name, None)
    if sections is None:
        known = [n for n in ("soma", "dend", "apic", "axon", "all") if hasattr(cell, n)]
        raise unknown_name("section of the cell", name, known, SelectionError)
    if type(sections).__name__ == "Section":
        return sections(location)
    listed = list(sections)
    if index >= len(listed):
        raise SelectionError(f"The cell has {len(listed)} sections {name!r}: there is no number {index}.")
    return listed[index](location)


def _place(where: Any) -> tuple[str, int, float]:
    """Name, index and location of a place: "soma", ("dend", 3) or ("dend", 3, 0.2)."""
    parts = (where,) if isinstance(where, str) else tuple(where or ("soma",))
    if not parts or not isinstance(parts[0], str) or len(parts) > 3:
        raise ArgumentError(f"{where!r} is no place of a cell: write e.g. 'soma' or ('dend', 3, 0.5).")
    index = int(parts[1]) if len(parts) > 1 else 0
    return parts[0], index, float(parts[2]) if len(parts) > 2 else 0.5
