"""`Recorder`: one call before the run, one after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo

from neo_currentscape.adapters.neuron.compartments import listed
from neo_currentscape.adapters.neuron.long_run import checked_every
from neo_currentscape.adapters.neuron.parts import Parts
from neo_currentscape.adapters.neuron.run import Run
from neo_currentscape.conventions.errors import ArgumentTypeError, require
from neo_currentscape.conventions.plain_text import brief


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
    unknown : {"each", "sum"}, optional
        What to do where a current cannot be known exactly: one that NEURON shows nothing of, and, after a
        fixed step, one whose slope di/dv nothing tells. "each": a single one at a compartment is what the
        balance leaves; of several, those that NEURON shows are as recorded, one step late, and the others
        together what the balance leaves. "sum": all of them together are what the balance leaves. By
        default the former are refused, and the latter given as "each" with a warning when the Recorder is
        made.
    parts : True, or mapping of str to sequence of str or True, optional
        Of mechanisms ("ProbAMPANMDA_EMS"), of single point processes or currents ("Syn[0]", "ik_hhx"),
        RANGE variables that add up to their current, e.g. ``{"ProbAMPANMDA_EMS": ["i_AMPA", "i_NMDA"]}``:
        they are given in place of the whole, and checked to add up to it. True in place of the names:
        those that the MOD file adds, as in ``i = i_AMPA + i_NMDA``; True alone: those of every MOD file
        that does. Where it adds more than that, the rest is a current of its own.

    Raises
    ------
    MissingDependencyError
        When NEURON is not installed.
    SelectionError
        When the currents of a mechanism cannot be known and ``unknown=`` does not say what to do: a
        mechanism without MOD source, currents of one ion that can be told apart in no way.
    ArgumentError, ArgumentTypeError
        When what was given is no compartment.

    Warns
    -----
    CurrentscapeWarning
        When currents would be known one step late only after a fixed step, and ``unknown=`` was not given.

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
        the current of a point process; ``CaSyn[0].ica`` and ``CaSyn[0].i`` where it has several, or
        is given in parts, ``CaSyn[0].i_other`` being what is left beside these;
    ``IClamp[0]``
        an electrode current (role "electrode", inward positive);
    ``i_cap``
        C dV/dt (role "capacitive", outward positive);
    ``i_axial``
        what flows in from the neighbouring compartments (role "axial", inward positive);
    ``cai``
        a concentration that some mechanism reads or writes (role "ion");
    ``ica_rxd``
        what reaction-diffusion carries (``MultiCompartmentReaction`` with ``membrane_flux=True``);
        ``ica_other`` is what the total of an ion holds beyond that and the currents of mechanisms;
    ``vext[0]``, ``i_membrane``, ``i_xg[0]``, ``i_xc[0]``, ``i_axial``
        of the site ``soma.vext[0](0.5)``, the layer outside the membrane of ``soma(0.5)`` where there is
        `extracellular`, with the annotation ``outside`` ("soma(0.5)"); the same of ``vext[1]``, with the
        battery ``e_extracellular`` (role "other");
    ``LinearMechanism (rest)``
        what the balance leaves where the model has a LinearMechanism, whose currents NEURON does not show;
    ``Nmda[0] (rest)``
        what the balance leaves for an unknown current, with the annotation ``remainder``: the balance can
        then check nothing at this compartment. A current that is one step late has the annotation
        ``aligned`` (False);
    ``ica_cal + CaSyn[0].ica``
        currents of one ion that could not be told apart.

    Ion totals (``ina``) hold the currents of point processes as well, so they are never added to
    those. Currents that NEURON does not show one by one are found by subtraction from the total; if
    there are several, by evaluating each mechanism alone at the recorded states.

    With a fixed step recorded currents lag by one step; they are brought to their sample with the
    slope di/dv that NEURON used, so that C dV/dt + membrane currents - electrode = axial inflow
    holds to rounding (`neo_currentscape.adapters.neuron.ledger`). The first sample, which no step
    led to, is left out. CVODE needs no correction, with global or local steps.

    Gap junctions are recorded as point processes. With `extracellular` the axial current and electrodes
    see ``v + vext[0]``, and each layer balances as the membrane does
    (`neo_currentscape.adapters.neuron.layers`).

    After a second run the recorder holds that one. Where ``h.t`` is set back during a run, what was
    recorded before is left out. Where an event or the user sets a voltage between two steps, currents are
    brought to their sample from there.

    Examples
    --------
    >>> from neuron import h                                        # doctest: +SKIP
    >>> recorder = Recorder(soma(0.5))                              # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(100)                      # doctest: +SKIP
    >>> segment = recorder.to_segment()                             # doctest: +SKIP
    """

    def __init__(
        self,
        compartments: Any,
        *,
        sources: Mapping[str, str] | None = None,
        unknown: str | None = None,
        parts: Parts = None,
    ) -> None:
        require("neuron", "neuron", "The NEURON adapter")
        self._run = Run(listed(compartments), sources=sources, unknown=unknown, parts=parts)

    @property
    def sites(self) -> list[str]:
        """Names of the recorded compartments, as in the annotation ``site``."""
        return [site.name for site in self._run.sites]

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
            When nothing was run.
        SelectionError
            When mechanisms were inserted or removed since the Recorder was made.

        Warns
        -----
        CurrentscapeWarning
            When the currents of a compartment miss the balance by more than 1e-5 of the largest that
            flows at that time; when some are left one step late, or could not be told apart; when
            samples are left out, as the time was set back.
        """
        return self._run.to_segment(density, checked_every(every))


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

    Examples
    --------
    >>> recorder = neuron.Recorder(soma(0.5))                            # doctest: +SKIP
    >>> h.finitialize(-65); h.continuerun(100)                           # doctest: +SKIP
    >>> segment = neuron.to_segment(recorder)                            # doctest: +SKIP
    """
    if not callable(getattr(recorder, "to_segment", None)):
        raise ArgumentTypeError(
            f"to_segment takes a Recorder, not {brief(recorder)}: write recorder = Recorder(soma(0.5)) "
            "before the run, and to_segment(recorder) after it."
        )
    return recorder.to_segment(**options)
