"""`Recording`: the voltage, currents, ions and electrode current of one site, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.annotations import annotation, channel_names, joinable
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.conventions.options import keywords_checked, options_checked
from neo_currentscape.recording import canonical, timebase, values
from neo_currentscape.recording import clamped as clamped_times
from neo_currentscape.recording import noise as noises
from neo_currentscape.recording.choices import Names
from neo_currentscape.recording.cuts import rows_of_slice
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.lazy.files import lets_go
from neo_currentscape.recording.lazy.gaps import LazyGaps
from neo_currentscape.recording.parts import Parts
from neo_currentscape.recording.picked import picked

#: The parts of a Recording, in the order in which they are checked and stored.
PARTS = tuple(canonical.ROLE_OF_PART)


@options_checked
class Recording:
    """Membrane currents of one site on one time base, outward positive, in one unit.

    Parameters
    ----------
    currents : neo signal, sequence of neo signals, or dict of name to neo signal of one channel
        Shape (time, current). The names of the currents stand in
        ``array_annotations["name"]``; a signal of one channel may have its ``name`` instead. A list of
        signals under a name of a dict is summed.
        Positive values are outward unless the annotation ``positive`` says "inward".
    voltage : neo signal, optional
        Membrane potential, shape (time, 1).
    ions : neo signal, sequence or dict of them, optional
        Ion concentrations, shape (time, ion).
    electrode : neo signal, sequence or dict of them, optional
        Injected currents, inward positive, shape (time, electrode).
    capacitive, axial : neo signal, optional
        C dV/dt (outward positive) and the current that flows in from the rest of the cell
        (inward positive), where the simulator records them; used by the balance.
    nan : {"error", "gap"}
        What to do about NaN and infinite values: refuse them, or leave those times blank.
    area : Quantity, optional
        Membrane area of the site. Densities stay densities, unless they stand beside absolute
        currents; it is kept for the balance.
    clamped : ndarray of bool of shape (time,), neo.Epoch or list of them, optional
        Samples at which a reset or a refractory period sets the voltage; the balance leaves them out.
    noise : Quantity, dict of str to Quantity, or neo signal of shape (time, current), optional
        Standard error of measured currents: one for all, by name, or at each time. Shares are then blank
        where the totals do not stand out of it, and noise does not count as charge.

    Attributes
    ----------
    currents, voltage, ions, electrode, capacitive, axial : neo signal or None
        Canonical signals; see above.
    gaps : ndarray of bool, shape (time,), or None
        The times that ``nan="gap"`` blanked, None where there are none.
    clamped : ndarray of bool, shape (time,), or None
        The samples at which the currents do not explain the voltage; None where there are none.
    noise : neo signal, shape (time, current), or None
        Standard errors of the currents; None where they are exact.
    neuron : int or None
        Index of the neuron in its population.
    site : str or None
        The recorded place.
    area : Quantity or None
        Membrane area of the site.

    Raises
    ------
    CurrentscapeError
        When values, times, names or units cannot be right; the message says what to write.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2], [2, -3], [0, -1]],
    ...     units="nA",
    ...     sampling_period=0.1 * pq.ms,
    ...     array_annotations={"name": ["K", "Na"]},
    ... )
    >>> ncs.Recording(currents)
    Recording of 2 currents (nA) and no voltage: K, Na; 3 samples from 0 to 0.2 ms
    """

    def __init__(
        self,
        currents: Any,
        voltage: Any = None,
        ions: Any = None,
        electrode: Any = None,
        *,
        capacitive: Any = None,
        axial: Any = None,
        nan: str = "error",
        area: Any = None,
        clamped: Any = None,
        noise: Any = None,
    ) -> None:
        if not isinstance(nan, str) or nan not in ("error", "gap"):
            raise ArgumentError(f"nan={nan!r} is not an option: write nan='error' or nan='gap'.")
        given = dict(zip(PARTS, (currents, voltage, ions, electrode, capacitive, axial), strict=True))
        parts = canonical.parts(given, area)
        self.gaps = canonical.gaps(parts, nan)
        self.currents = parts["currents"]
        self.voltage = parts["voltage"]
        self.ions = parts["ions"]
        self.electrode = parts["electrode"]
        self.capacitive = parts["capacitive"]
        self.axial = parts["axial"]
        self.area = area if area is not None else annotation(self.currents, "area")
        if self.area is not None:
            unit_tools.positive(self.area, "um**2", "area")
        self.neuron = canonical.neuron_of(self.currents)
        self.site = annotation(self.currents, "site")
        self.clamped = clamped_times.mask(clamped, self.currents)
        self.noise = noises.as_noise(noise, self.currents)

    @classmethod
    @keywords_checked("Recording.from_segment")
    @lets_go
    def from_segment(
        cls,
        segment: neo.Segment | neo.Block,
        *,
        neuron: int | None = None,
        site: str | None = None,
        voltage: str | bool | None = None,
        currents: Names = None,
        ions: Names = None,
        electrode: Names = None,
        units: Mapping[str, Any] | None = None,
        sign: str | Mapping[str, str] | None = None,
        area: Any = None,
        nan: str = "error",
        noise: Any = None,
        parts: Parts = None,
    ) -> Recording:
        """Pick a Recording from a Segment: by annotations, then units, then names.

        Parameters
        ----------
        segment : neo.Segment, neo.Block, or path of a file
            A Block, and a file, must hold one Segment; a file is opened by `neo_currentscape.read_lazy`,
            and only what is needed of it is read. Currents that PyNN's adapter can derive from it are
            derived. Signals that a Neo IO gave with ``lazy=True`` stay in their file and are read chunk by
            chunk, also by all that is made of the Recording; those that fit into one chunk are read at
            once.
        neuron : int or PyNN cell, optional
            Index as in ``array_annotations["channel_index"]`` (the position of the channel where
            there is none). May be left out where the chosen signals hold one neuron.
        site : str, optional
            The recorded place; may be left out where the currents come from one. A section, e.g.
            "soma", stands for the only recorded place in it, e.g. "soma(0.5)".
        voltage : str or False, optional
            Name of the membrane potential; False to do without one.
        currents : str, list of str or dict, optional
            One name, a list of names and glob patterns, or ``{label: name}``; a list under a label, as in
            ``{"pump": ["ina_pump", "ik_pump"]}``, is summed. Without it all signals that are membrane
            currents by annotation, unit and name.
        ions, electrode : str, list of str, dict or False, optional
            Likewise; False for none.
        units : dict, optional
            ``{name: unit}`` for signals that are stored as dimensionless, or under a unit that
            measures something else than they do. A pattern, as in ``{"I_*": "pA"}``, is meant for those
            without a unit, but for gates and the like; names go before patterns.
        sign : {"outward", "inward"} or dict, optional
            The direction of stored positive values, for all currents or as ``{name: direction}``, in which
            patterns stand for currents of which nothing is said by name.
            Goes before the annotation ``positive``, with a warning where the two differ; without both,
            currents are taken to be outward positive and electrode currents inward positive.
        area : Quantity, optional
            Membrane area; current densities become absolute currents (nA).
        nan : {"error", "gap"}
            What to do about NaN and infinite values.
        noise : Quantity or dict of str to Quantity, optional
            Standard error of measured currents; by default the signal of role "noise" that has their
            names.
        parts : dict, optional
            ``{name: [names or patterns]}``, as ``{"syn.i": ["syn.i_AMPA", "syn.i_NMDA"]}``: signals that
            add up to another are given in its place, beside the currents of ``currents=``; they are refused
            if they do not add up. ``{name: {label: name, label: None}}`` labels them, and None is what is
            left.

        Returns
        -------
        Recording

        Raises
        ------
        SelectionError
            When something was not found or is ambiguous; lists what there is.
        UnitsError
            When currents of different kinds are mixed.
        SignalError
            When times or values cannot be used.

        Examples
        --------
        >>> import neo, quantities as pq, neo_currentscape as ncs
        >>> segment = neo.Segment()
        >>> for name, unit in (("v", "mV"), ("ina", "mA/cm**2"), ("ik", "mA/cm**2")):
        ...     segment.analogsignals.append(
        ...         neo.AnalogSignal(
        ...             [[1.0], [2.0]], units=unit, name=name, sampling_period=0.1 * pq.ms
        ...         )
        ...     )
        >>> ncs.Recording.from_segment(segment, area=1000 * pq.um**2).currents.units
        array(1.) * nA
        """
        chosen = {
            "voltage": voltage, "currents": currents, "ions": ions, "electrode": electrode, "parts": parts
        }  # fmt: skip
        about = {"units": units, "sign": sign, "area": area, "noise": noise}
        return cls(**picked(segment, chosen, neuron=neuron, site=site, **about), nan=nan)

    @property
    def names(self) -> list[str]:
        """Names of the currents, in recorded order."""
        return list(channel_names(self.currents) or [])

    @property
    def times(self) -> Any:
        """Times of the samples, Quantity of shape (time,)."""
        return self.currents.times

    def __len__(self) -> int:
        return self.currents.shape[0]

    def slice(self, t_start: Any = None, t_stop: Any = None) -> Recording:
        """Cut out a stretch of time; the values are not copied.

        Parameters
        ----------
        t_start, t_stop : Quantity, optional
            The samples with ``t_start <= t < t_stop`` are kept, so that consecutive slices share
            none; from the beginning, or to the end, where left out.

        Returns
        -------
        Recording

        Raises
        ------
        SignalError
            When fewer than two samples are left.
        """
        rows = rows_of_slice(self.currents, t_start, t_stop)
        return self._cut(rows.start, rows.stop)

    def _cut(self, first: int, last: int) -> Recording:
        cut = object.__new__(Recording)
        cut.__dict__.update(self.__dict__)
        for part in PARTS:
            signal = getattr(self, part)
            setattr(cut, part, None if signal is None else signal[first:last])
        if self.noise is not None:
            cut.noise = self.noise[first:last]
        for name in ("gaps", "clamped"):
            whole = getattr(self, name)
            if isinstance(whole, LazyGaps):
                setattr(cut, name, whole.cut(first, last))
                continue
            marked = None if whole is None else whole[first:last]
            setattr(cut, name, marked if marked is not None and marked.any() else None)
        return cut

    def to_segment(self) -> neo.Segment:
        """Put the Recording back into a Neo Segment, with the annotations that describe it.

        Returns
        -------
        neo.Segment
            One signal for each part, and an Epoch of the clamped samples; `Recording.from_segment` makes
            the same Recording of it, also after it was saved and read back by a Neo IO that keeps
            annotations. The signals share their values with those of the Recording.
        """
        segment = neo.Segment(name="neo-currentscape recording")
        parts = [getattr(self, part) for part in (*PARTS, "noise")]
        signals = [values.copy_of(signal) for signal in parts if signal is not None]
        if self.area is not None:
            for signal in signals:
                signal.annotate(area=joinable(self.area))
        put_signals(segment, signals)
        if self.clamped is not None:
            epoch = clamped_times.to_epoch(self.clamped, self.currents, self.neuron, self.site)
            segment.epochs.append(epoch)
        return segment

    def __repr__(self) -> str:
        first, last = timebase.span(self.currents, "ms")
        voltage = "no voltage" if self.voltage is None else "the voltage"
        place = "".join(
            f"; {word} {value}"
            for word, value in (("neuron", self.neuron), ("site", self.site))
            if value is not None
        )
        unit = unit_tools.label(self.currents.units) or "no unit"
        return (
            f"Recording of {len(self.names)} currents ({unit}) and {voltage}: "
            f"{', '.join(self.names)}; {len(self)} samples from {first:g} to {last:g} ms{place}"
        )

    def index(self, name: str) -> int:
        """Position of a current.

        Parameters
        ----------
        name : str

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
            When there is no current of that name.
        """
        if name not in self.names:
            raise unknown_name("current", name, self.names)
        return self.names.index(name)
