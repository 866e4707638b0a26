"""What hnn-core itself recorded of a cell, in the middle of its sections: no currents of channels."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.hnn_core.choice import check_network, check_trial, type_of
from neo_currentscape.adapters.hnn_core.recorder import Recorder
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import SelectionError

_RECORD = "simulate_dipole(net, tstop, record_vsec='all', record_isec='all', record_ca='all')"


def to_segment(source: Any, gid: int | None = None, trial: int = 0) -> neo.Segment:
    """Put what was recorded of a cell into a Neo Segment.

    Parameters
    ----------
    source : hnn_core.Network, or Recorder
        A simulated network gives what ``record_vsec``, ``record_isec`` and ``record_ca`` recorded, in the
        middle of sections: no currents of channels are among it. A `Recorder` of `record` gives all.
    gid : int, optional
        Of the cell; may be left out for a Recorder of one cell.
    trial : int

    Returns
    -------
    neo.Segment
        One signal for each variable and section, at the sites ``"soma(0.5)"``: ``v`` (mV), ``ampa``,
        ``nmda``, ``gabaa``, ``gabab`` (nA, outward positive), ``cai`` (mM).

    Raises
    ------
    SelectionError
        When the cell, or nothing, was recorded.

    Notes
    -----
    NEURON's current of a sample was evaluated at the voltage of the sample before, g[k-1] (v[k-1] - e):
    where the voltage of the section was recorded, it is brought to its own, g[k-1] (v[k] - e); else it has
    the annotation ``aligned`` (False). The first sample, which no step led to, is left out.

    Examples
    --------
    >>> simulate_dipole(net, tstop=170, record_vsec="all", record_isec="all")   # doctest: +SKIP
    >>> segment = to_segment(net, gid=170)                                      # doctest: +SKIP
    """
    if isinstance(source, Recorder):
        return source.to_segment(gid, trial)
    check_network(source)
    response = getattr(source, "cell_response", None)
    if response is None:
        raise SelectionError(f"The network was not simulated: call {_RECORD} first.")
    if gid is None:
        raise SelectionError(
            "A network has many cells: write gid=..., e.g. net.gid_ranges['L5_pyramidal'][0]."
        )
    kind = type_of(source, gid)
    check_trial(trial, len(response.vsec))
    stored = [getattr(response, name)[trial].get(gid, {}) for name in ("vsec", "isec", "ca")]
    if not any(stored):
        raise SelectionError(f"Nothing was recorded of gid {gid}: write {_RECORD}.")
    segment = neo.Segment(name=f"{kind} {gid}", gid=int(gid), cell_type=kind, trial=int(trial))
    cell = source.cell_types[kind]["cell_object"]
    clock = Clock(np.asarray(response.times, dtype=float)[1:])
    for name in dict.fromkeys(name for one in stored for name in one):
        _write(segment, clock, cell, name, *(one.get(name) for one in stored))
    return segment


def _write(
    segment: neo.Segment, clock: Clock, cell: Any, name: str, voltage: Any, currents: Any, calcium: Any
) -> None:
    """Add the signals of one section."""
    section = cell.sections[name]
    area = np.pi * section.diam * section.L / section.nseg * pq.um**2
    # With an even number of compartments the middle is in the one that begins there.
    middle = (section.nseg // 2 + 0.5) / section.nseg
    writer = Writer(clock, site=f"{name}({middle:g})", area=area)
    if voltage is not None:
        capacitance = (section.cm * pq.uF / pq.cm**2 * area).rescale("nF")
        notes = {"capacitance": capacitance, "derivative": "backward"}
        writer.add("v", np.asarray(voltage)[1:], "mV", "voltage", None, **notes)
    for key, values in (currents or {}).items():
        receptor = key.removeprefix(f"{name}_")
        current, reversal = np.asarray(values, dtype=float), cell.synapses[receptor]["e"]
        if voltage is None:
            writer.add(receptor, current[1:], "nA", "current", "outward", aligned=False)
        else:
            own = _aligned(current, np.asarray(voltage, dtype=float), reversal)
            writer.add(receptor, own, "nA", "current", "outward")
    if calcium is not None:
        writer.add("cai", np.asarray(calcium)[1:], "mM", "ion")
    writer.into(segment)


def _aligned(current: np.ndarray, voltage: np.ndarray, reversal: float) -> np.ndarray:
    """Bring a current, recorded at the voltage of the sample before, to its own; the first is left out."""
    driven = voltage[:-1] - reversal
    gained = np.divide(voltage[1:] - reversal, driven, out=np.ones_like(driven), where=driven != 0)
    return current[1:] * gained
