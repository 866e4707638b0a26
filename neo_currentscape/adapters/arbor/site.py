"""One site of an Arbor cell: its totals put right, and its currents as they flowed in each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from neo_currentscape.adapters.arbor.kinds import ProbeKind
from neo_currentscape.adapters.arbor.samples import Stretch
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError

#: A density of 1 A/m**2 on 1 um**2 is 1e-3 nA.
_NANOAMPERE = 1e-3

#: Distance to a reversal potential (mV) below which i / (v - e) is lost in rounding.
_CLOSE = 1e-6

#: Distance (mV) below which a conductance is that of its surroundings, and times that it may be larger.
_NEAR, _SUDDEN = 1.0, 10.0

#: Part of the largest conductance below which a negative one is rounding.
_NEGATIVE = 1e-6

#: What is left of a total below this part of the ions' currents is rounding.
_NOTHING = 1e-9


@dataclass(frozen=True)
class ProbeTrace:
    """What one probe sampled at one site.

    Attributes
    ----------
    probe : str
        Which probe, e.g. "ion_current_cell".
    kind : ProbeKind
        Units, role and direction.
    values : ndarray, shape (time,)
    """

    probe: str
    kind: ProbeKind
    values: np.ndarray


@dataclass
class ProbedSite:
    """All that was sampled at one site.

    Attributes
    ----------
    stretch : Stretch
    traces : dict of str to ProbeTrace
        By the name of the signal.
    """

    stretch: Stretch
    traces: dict[str, ProbeTrace] = field(default_factory=dict)

    def _named(self, *probes: str) -> list[str]:
        return [name for name, trace in self.traces.items() if trace.probe in probes]

    def correct(self, error: float, area: Any) -> None:
        """Take the stimuli that do not belong to them out of the total currents.

        Parameters
        ----------
        error : float
            How many stimuli a total holds too many.
        area : Quantity or None
            Of the stretch, for densities.

        Raises
        ------
        ArgumentError
            When the stimulus, or for a density the area, is not known.
        """
        totals = self._named("total_ion_current_cell", "total_ion_current_density", "total_current_cell")
        if not totals or error == 0:
            return
        stimuli = self._named("stimulus_current_cell")
        if not stimuli:
            raise ArgumentError(
                f"Probe {totals[0]!r} is off by {error:g} times the stimulus in this version of Arbor, and "
                "no stimulus was probed: sample cable_probe_stimulus_current_cell as well."
            )
        stimulus = self.traces[stimuli[0]].values
        for name in totals:
            trace, scale = self.traces[name], 1.0
            if trace.probe.endswith("density"):
                scale = 1 / (_NANOAMPERE * _square_micrometres(area, name))
            self.traces[name] = replace(trace, values=trace.values - error * scale * stimulus)

    def check(self) -> None:
        """Refuse ion currents that may be there twice, and let one voltage be the voltage.

        Raises
        ------
        ArgumentError
            When a site has both densities and absolute currents of ions.
        """
        densities, absolute = self._named("ion_current_density"), self._named("ion_current_cell")
        if densities and absolute:
            raise ArgumentError(
                f"Probes {densities[0]!r} and {absolute[0]!r} give densities and absolute currents of "
                f"ions at {self.stretch}, which may be the same current twice: make a segment of each."
            )
        if self._named("membrane_voltage_cell"):
            for name in self._named("membrane_voltage"):
                trace = self.traces[name]
                self.traces[name] = replace(trace, kind=replace(trace.kind, role="other"))

    def finish(self, reversal: Mapping[str, Any]) -> tuple[dict[str, ProbeTrace], bool, list[str]]:
        """Derive what the totals tell, and align the currents with the step where that is possible.

        Parameters
        ----------
        reversal : mapping of str to Quantity, str or mapping
            Of each current; see `neo_currentscape.adapters.arbor.to_segment`.

        Returns
        -------
        traces : dict of str to ProbeTrace
        is_aligned : bool
            Whether the first sample was dropped, and everything belongs to the step before a sample.
        unaligned : list of str
            Names of the currents whose slope is not known; with them it does to the first order only.
        """
        traces = dict(self.traces)
        self._derive(traces)
        currents = [name for name, trace in traces.items() if trace.kind.role == "current"]
        # A current that is nothing (a site without such channels) needs no reversal potential.
        flowing = [name for name in currents if np.any(traces[name].values)]
        voltages = self._named("membrane_voltage_cell", "membrane_voltage")
        if not voltages:
            return traces, False, flowing
        voltage = traces[voltages[0]].values
        slopes = self._slopes(flowing, traces, voltage[:-1], reversal)
        unaligned = [name for name in flowing if name not in slopes]
        if unaligned and not slopes:
            return traces, False, unaligned
        for name, trace in traces.items():
            if name in currents:
                values = trace.values[:-1] + slopes.get(name, 0.0) * np.diff(voltage)
            elif trace.kind.role == "electrode":
                values = trace.values[:-1]
            else:
                values = trace.values[1:]
            traces[name] = replace(trace, values=values)
        return traces, True, unaligned

    def _derive(self, traces: dict[str, ProbeTrace]) -> None:
        """What a total holds beyond the ions, and what flows in from the rest of the cell."""
        for kind, ions in (
            ("total_ion_current_cell", "ion_current_cell"),
            ("total_ion_current_density", "ion_current_density"),
        ):
            for name in self._named(kind)[:1]:
                known = sum(self.traces[ion].values for ion in self._named(ions))
                current = ProbeKind(traces[name].kind.units, "current", "outward")
                rest = traces[name].values - known
                if "nonspecific" not in traces and np.abs(rest).max() > _NOTHING * np.abs(known).max():
                    traces["nonspecific"] = ProbeTrace(kind, current, rest)
        stimuli = self._named("stimulus_current_cell")
        for name in self._named("total_current_cell")[:1]:
            if stimuli and "axial" not in traces:
                inflow = traces[name].values - traces[stimuli[0]].values
                traces["axial"] = ProbeTrace("axial", ProbeKind("nA", "axial", "inward"), inflow)

    def _slopes(
        self,
        currents: list[str],
        traces: Mapping[str, ProbeTrace],
        voltage: np.ndarray,
        reversal: Mapping[str, Any],
    ) -> dict[str, np.ndarray]:
        """Slopes of the currents whose reversal potential is known here."""
        slopes = {}
        for name in currents:
            value = reversal.get(name)
            if isinstance(value, Mapping):
                value = value.get(str(self.stretch))
            if value is None or (isinstance(value, str) and value not in traces):
                continue
            if isinstance(value, str):
                potential: Any = traces[value].values[:-1]
            else:
                potential = np.float64(units.scalar(value, "mV", f"reversal[{name!r}]"))
            force = voltage - potential
            slopes[name] = _slope(traces[name].values[:-1], force)
            per_mv = f"{traces[name].kind.units}/mV at {self.stretch}"
            _check_slope(slopes[name], force, f"reversal[{name!r}] = {value}", per_mv)
        return slopes


def _slope(current: np.ndarray, force: np.ndarray) -> np.ndarray:
    known = np.abs(force) > _CLOSE
    slope = np.divide(current, force, out=np.zeros_like(force), where=known)
    if known.any():
        slope[~known] = np.interp(np.flatnonzero(~known), np.flatnonzero(known), slope[known])
    return slope


def _check_slope(slope: np.ndarray, force: np.ndarray, what: str, per_mv: str) -> None:
    """Refuse what no conductance is: negative, or suddenly far larger where the current should reverse.

    Raises
    ------
    ArgumentError
        With the sample at which it is worst.
    """
    near = np.abs(force) < _NEAR
    elsewhere = float(np.abs(slope[~near]).max()) if not near.all() else np.inf
    lowest, largest = int(slope.argmin()), int(np.where(near, slope, 0.0).argmax())
    if slope[lowest] < -_NEGATIVE * np.abs(slope).max():
        at, found = lowest, "a negative conductance"
    elif near[largest] and slope[largest] > _SUDDEN * elsewhere:
        at, found = largest, f"a conductance {slope[largest] / elsewhere:.2g} times that of all other times"
    else:
        return
    raise ArgumentError(
        f"{what} gives {found} ({slope[at]:.3g} {per_mv}, sample {at}), which no conductance with that "
        'reversal potential has ("nonspecific" holds leaks, synapses and gap junctions together): correct '
        "the potential, or leave it out."
    )


def _square_micrometres(area: Any, name: str) -> float:
    if area is None:
        raise ArgumentError(
            f"Probe {name!r} is a density that holds the stimulus wrongly, and the stimulus is absolute: "
            "give area=..., or morphology=... and a probe of the whole cell."
        )
    return units.scalar(area, "um**2", "area")
