"""A channel with closed forms under NEURON's voltage clamp."""

import gc
import pathlib

import neo
import numpy as np
import pytest
import quantities as pq

MODS = pathlib.Path(__file__).parent / "mods"

#: Membrane of the cell in um2, and its capacitance in pF.
AREA = 1000.0
CAPACITANCE = 10.0


@pytest.fixture
def clamped(compiled):
    """Function that clamps a cell to levels, each a list of (duration in ms, mV), and gives a Block.

    The options of the mechanism, ``rs`` in Mohm, ``leak`` in S/cm2 and ``dt`` in ms are keywords.
    """
    h = compiled(MODS)

    def run(steps, rs=1e-3, leak=0.0, dt=0.01, mechanism="ncsgate", **options):
        block = neo.Block()
        for levels in steps:
            block.segments.append(_sweep(h, levels, rs, leak, dt, mechanism, options))
        return block

    yield run
    gc.collect()
    h.dt, h.steps_per_ms, h.celsius = 0.025, 40, 6.3


def _sweep(h, levels, rs, leak, dt, mechanism, options):
    soma = h.Section(name="clamped")
    soma.L = soma.diam = np.sqrt(AREA / np.pi)
    soma.cm, soma.Ra = 100 * CAPACITANCE / AREA, 100
    soma.insert(mechanism)
    for name, value in options.items():
        setattr(soma(0.5), f"{name}_{mechanism}", value)
    if leak:
        soma.insert("pas")
        soma(0.5).pas.g, soma(0.5).pas.e = leak, -70
    clamp = h.SEClamp(soma(0.5))
    clamp.rs, clamp.dur1 = rs, 1e9
    times = np.arange(0, sum(d for d, _ in levels), dt)
    ends = np.cumsum([d for d, _ in levels])
    command = np.array([v for _, v in levels])[np.searchsorted(ends, times + dt / 2)]
    wave, when = h.Vector(command), h.Vector(times)
    wave.play(clamp._ref_amp1, when)
    current, voltage = (h.Vector().record(ref) for ref in (clamp._ref_i, soma(0.5)._ref_v))
    h.dt, h.steps_per_ms, h.celsius = dt, 1 / dt, 6.3
    h.finitialize(levels[0][1])
    h.continuerun(times[-1])
    n = len(times)
    segment = neo.Segment(clamp="voltage")
    for name, values, unit, role in (
        ("SEClamp.i", current.as_numpy()[:n], "nA", "electrode"),
        ("command", command, "mV", "command"),
        ("v", voltage.as_numpy()[:n], "mV", "voltage"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(
                np.array(values)[:, None], units=unit, sampling_period=dt * pq.ms, name=name, role=role
            )
        )
    return segment
