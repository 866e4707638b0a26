"""A synthetic layer-5 pyramid of about 700 compartments in NEURON, with ten currents in each."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Kind, how many, length and diameter in um, compartments, angle to the trunk.
BRANCHES = (("basal", 30, 150, 1.2, 7), ("oblique", 22, 140, 1.0, 7), ("tuft", 40, 150, 0.9, 7))

#: Compartments of the trunk.
TRUNK = 47

#: Conductances of a compartment, S/cm2.
CHANNELS = {
    "pas": {"g_pas": 5e-5, "e_pas": -75},
    "hh": {"gnabar_hh": 0.02, "gkbar_hh": 0.005, "gl_hh": 1e-5},
    "ncs_cal_shown": {"gbar_ncs_cal_shown": 5e-5},
    "ncs_krange": {"gbar_ncs_krange": 2e-4},
    "ncs_tadj": {},
    "ncs_cadyn": {},
}


def build(h: Any, channels: dict[str, dict[str, float]] | None = None) -> list[Any]:
    """Make the cell, with points in space, and 200 synapses that a train of events drives.

    Parameters
    ----------
    h : HocObject
        NEURON, with the mechanisms.
    channels : dict, optional
        Mechanisms and their parameters; by default `CHANNELS`.

    Returns
    -------
    list
        The soma first; all that has to be kept.
    """
    rng = np.random.default_rng(5)
    soma = _section(h, "soma", [(0, -10, 0), (0, 10, 0)], 20, 1)
    trunk = _section(h, "apic", [(0, 10, 0), (0, 610, 0)], 3, TRUNK, (soma, 1))
    sections = [soma, trunk]
    for kind, count, length, diam, nseg in BRANCHES:
        for number in range(count):
            parent, at, height = soma, 0.5, 0.0
            if kind != "basal":
                at = 1.0 if kind == "tuft" else float(np.round(rng.uniform(0.1, 0.8), 3))
                parent, height = trunk, 10 + 600 * at
            around, up = rng.uniform(0, 2 * np.pi), {"basal": -0.5, "oblique": 0.3, "tuft": 1.0}[kind]
            way = np.array([np.cos(around), up + rng.normal(0, 0.3), np.sin(around)])
            start = np.array([0, height, 0])
            bend = start + 0.5 * length * way / np.linalg.norm(way)
            stop = bend + 0.5 * length * np.array([way[0], up, way[2]]) / np.linalg.norm(way)
            line = [start, bend, stop]
            sections.append(_section(h, f"{kind}[{number}]", line, diam, nseg, (parent, at)))
    for section in sections:
        for name, values in (CHANNELS if channels is None else channels).items():
            section.insert(name)
            for key, value in values.items():
                setattr(section, key, value)
    soma.gnabar_hh, soma.gkbar_hh = 0.12, 0.036
    return [*sections, *_synapses(h, sections[2:], rng)]


def _section(
    h: Any, name: str, points: Any, diam: float, nseg: int, parent: tuple[Any, float] | None = None
) -> Any:
    section = h.Section(name=name)
    for x, y, z in points:
        section.pt3dadd(float(x), float(y), float(z), diam)
    section.nseg, section.Ra = nseg, 120
    if parent is not None:
        section.connect(parent[0](parent[1]))
    return section


def _synapses(h: Any, sections: list[Any], rng: Any) -> list[Any]:
    kept = []
    for number in range(200):
        place = sections[rng.integers(len(sections))](float(np.round(rng.uniform(0.05, 0.95), 3)))
        synapse = h.ExpSyn(place)
        synapse.tau, synapse.e = (2, 0) if number % 4 else (8, -80)
        source = h.NetStim()
        source.interval, source.number, source.start, source.noise = 60, 1000, 5, 1
        source.noiseFromRandom123(number, 5, 0)
        link = h.NetCon(source, synapse)
        link.weight[0] = 0.0012
        kept += [synapse, source, link]
    return kept
