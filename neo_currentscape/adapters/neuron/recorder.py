"""`Recorder`: one call before the run, one after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.neuron.compartments import Neighbours, identity, listed
from neo_currentscape.adapters.neuron.ledger import Ledger
from neo_currentscape.adapters.neuron.mechanisms import Kinds
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.segments import SiteWriter
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, SignalError, require, warn
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.timebase import regular_step

#: A balance that is missed by more than this part of the largest current is reported.
TOLERATED = 1e-5


class Recorder:
    """Records all currents of one or more NEURON compartments.

    Made before ``h.run()`` (or ``h.finitialize()``), it finds what writes a current at each
    compartment, and records it; `to_segment` gives the result afterwards. A second run replaces
    the first.

    Parameters
    ----------
    compartments : nrn.Segment, nrn.Section, or iterable of them
        E.g. ``soma(0.5)``. A section stands for all its compartments.
    sources : mapping of str to str, optional
        ``{mechanism: path or text of its MOD file}`` for mechanisms that were compiled without
        their source.

    Raises
    ------
    MissingDependencyError
        When NEURON is not installed.
    SelectionError
        When the currents of a mechanism cannot be known: `extracellular`, a mechanism without MOD
        source, currents of one ion that can be told apart in no way, a LinearMechanism.
    ArgumentError, ArgumentTypeError
        When what was given is no compartment.

    Notes
    -----
    The names of the signals:

    ``v``
        the membrane potential, with the annotations ``capacitance`` and, after a fixed step,
        ``derivative`` ("backward"), with which it gives C dV/dt;
    ``ina_hh``, ``ik_hh``, ``il_hh``, ``i_pas``
        the current of a density mechanism: variable and mechanism as in NEURON. Every mechanism has
        its own, also where NEURON shows only the total of the ion;
    ``ExpSyn[0]``
        the current of a point process; ``CaSyn[0].ica`` and ``CaSyn[0].i`` where it has several;
    ``IClamp[0]``
        an electrode current (role "electrode", inward positive);
    ``i_cap``
        C dV/dt (role "capacitive", outward positive);
    ``i_axial``
        what flows in from the neighbouring compartments (role "axial", inward positive);
    ``cai``
        a concentration that some mechanism reads or writes (role "ion");
    ``ica_other``
        what the total of an ion holds beyond the currents of mechanisms (reaction-diffusion).

    Ion totals (``ina``) hold the currents of point processes as well, so they are never added to
    those. Currents that NEURON does not show one by one are found by subtraction from the total; if
    there are several, by evaluating each mechanism alone at the recorded states.

    With a fixed step recorded currents lag by one step; they are brought to their sample with the
    slope di/dv that NEURON used, so that C dV/dt + membrane currents - electrode = axial inflow
    holds to rounding (`neo_currentscape.adapters.neuron.ledger`). The first sample, which no step
    led to, is left out. CVODE needs no correction, with global or local steps.

    Gap junctions are recorded as point processes; a LinearMechanism and `extracellular` are refused.

    Examples
    --------
    >>> from neuron import h                                        # doctest: +SKIP
    >>> recorder = Recorder(soma(0.5))                              # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(100)                      # doctest: +SKIP
    >>> segment = recorder.to_segment()                             # doctest: +SKIP
    """

    def __init__(self, compartments: Any, *, sources: Mapping[str, str] | None = None) -> None:
        h = require("neuron", "neuron", "The NEURON adapter").h
        self._h = h
        _refuse_linear_mechanisms(h)
        self._tape = Tape(h)
        kinds = Kinds(h, sources or {})
        cells: dict[str, Neighbours] = {}
        self._sites = []
        for segment in listed(compartments):
            root = identity(segment.sec.wholetree()[0](0))
            if root not in cells:
                cells[root] = Neighbours(segment)
            self._sites.append(Site(segment, kinds, cells[root], self._tape))

    @property
    def sites(self) -> list[str]:
        """Names of the recorded compartments, as in the annotation ``site``."""
        return [site.name for site in self._sites]

    def to_segment(self, *, density: bool = False, every: int = 1) -> neo.Segment:
        """Put the run into a Neo Segment.

        Parameters
        ----------
        density : bool
            Whether currents are densities (mA/cm**2) instead of absolute (nA).
        every : int
            Keep one in so many samples of a fixed step (they are brought to their times first).

        Returns
        -------
        neo.Segment
            One signal for each variable and compartment: AnalogSignals of shape (time, 1) after a
            run with a fixed step, IrregularlySampledSignals after CVODE. Annotations ``role``,
            ``positive``, ``area`` and ``site``.

        Raises
        ------
        SignalError
            When nothing was run, or a current cannot be brought to its sample.
        SelectionError
            When mechanisms were inserted or removed since the Recorder was made.

        Warns
        -----
        CurrentscapeWarning
            When the currents of a compartment miss the balance by more than 1e-5 of the largest,
            so that something flows there that was not found.
        """
        if isinstance(every, bool) or not isinstance(every, (int, np.integer)) or every < 1:
            raise ArgumentError(f"every={every!r} is no number of samples: write e.g. every=4.")
        for site in self._sites:
            site.check_unchanged()
        _refuse_linear_mechanisms(self._h)
        self._refuse_second_order()
        segment = neo.Segment(name="NEURON", simulator="NEURON", celsius=float(self._h.celsius))
        signals: list = []
        with Benches(self._h) as benches:
            for site in self._sites:
                self._add(signals, site, benches, density, int(every))
        put_signals(segment, signals)
        return segment

    def _add(self, signals: list, site: Site, benches: Benches, density: bool, every: int) -> None:
        times = self._times(site)
        fixed = self._is_fixed(site, times)
        if every > 1 and not fixed:
            raise ArgumentError(
                "every= is for runs with a fixed step, and this one was with CVODE: leave it out."
            )
        ledger = Ledger(site, fixed, benches)
        writer = SiteWriter(signals, site.name, site.area, times, fixed, density, every)
        writer.add_voltage(ledger.v, site.segment.cm)
        missing = capacitive = ledger.capacitive()
        peak = np.abs(capacitive).max()
        for label, (current, values) in ledger.currents().items():
            electrode = current is not None and current.electrode
            missing = missing - values if electrode else missing + values
            peak = max(peak, np.abs(values).max())
            role, positive = ("electrode", "inward") if electrode else ("current", "outward")
            writer.add_current(label, values, role, positive)
        writer.add_current("i_cap", capacitive, "capacitive", "outward")
        axial = ledger.axial()
        if axial is not None:
            missing, peak = missing - axial, max(peak, np.abs(axial).max())
            writer.add_current("i_axial", axial, "axial", "inward")
        for name in site.concentrations:
            writer.add(name, self._tape[site.key(name)], "mM", "ion")
        _report(site, missing[1:], peak, ledger.rounding)

    def _times(self, site: Site) -> np.ndarray:
        times = self._tape[site.key("t")]
        if len(times) < 3 or len(self._tape[site.key("v")]) != len(times):
            raise SignalError(
                f"Nothing was recorded at {site.name} ({len(times)} samples): make the Recorder before "
                "h.finitialize() or h.run(), and run first."
            )
        return times

    def _is_fixed(self, site: Site, times: np.ndarray) -> bool:
        """Whether each i_cap is that of the step that led to it, so that the step was fixed."""
        v, i_cap = self._tape[site.key("v")], self._tape[site.key("i_cap")]
        with np.errstate(divide="ignore", invalid="ignore"):
            of_step = 1e-3 * site.segment.cm * np.diff(v) / np.diff(times)
            rounding = 1e-3 * site.segment.cm * 1e-12 / np.diff(times)
            fixed = bool((np.abs(of_step - i_cap[1:]) <= 1e-6 * np.abs(i_cap[1:]).max() + rounding).all())
        if not fixed and regular_step(times):
            raise SignalError(
                f"The capacitive current at {site.name} is not that of a fixed step with cm = "
                f"{site.segment.cm:g} uF/cm2: keep cm and the method during a run, and run again."
            )
        return fixed

    def _refuse_second_order(self) -> None:
        if self._h.secondorder and not self._h.CVode().active():
            raise SignalError(
                f"h.secondorder is {self._h.secondorder:g}, where currents and voltage belong to different "
                "times: set h.secondorder = 0, or use CVODE, and run again."
            )


def to_segment(recorder: Recorder, **options: Any) -> neo.Segment:
    """Put the run of a `Recorder` into a Neo Segment.

    Parameters
    ----------
    recorder : Recorder
    **options
        As for `Recorder.to_segment`.

    Returns
    -------
    neo.Segment
    """
    return recorder.to_segment(**options)


def _refuse_linear_mechanisms(h: Any) -> None:
    if h.List("LinearMechanism").count():
        raise SelectionError(
            "The model has a LinearMechanism, whose currents are not covered: remove it, or write the "
            "circuit as a point process."
        )


def _report(site: Site, missing: np.ndarray, peak: float, rounding: float) -> None:
    worst = np.abs(missing).max()
    # Next to a section without length the axial resistance is so small that rounding is a current.
    if worst > TOLERATED * peak + rounding:
        warn(
            f"The currents at {site.name} miss the balance by up to {worst:.3g} nA of {peak:.3g} nA: "
            "something flows there that was not found, or parameters changed during the run."
        )
