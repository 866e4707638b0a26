"""What the code of the pages is run on: recordings under the names that the pages use, in closed form."""

from __future__ import annotations

import neo
import numpy as np
import quantities as pq

DT = 0.1


def analog(values, unit, name, dt=DT, **annotations):
    """A signal of one channel."""
    values = np.asarray(values, dtype=float)[:, None]
    return neo.AnalogSignal(values, units=unit, sampling_period=dt * pq.ms, name=name, **annotations)


def segment_of(**signals):
    """A Segment of (values, unit) by name."""
    made = neo.Segment()
    for name, (values, unit) in signals.items():
        made.analogsignals.append(analog(values, unit, name))
    return made


def spiking(times=(20, 40, 60, 80, 100), scale=1.0):
    """A voltage with some spikes, under a current of 0.1 nA from 10 ms on, and three currents."""
    t = np.arange(0, times[-1] + 20, DT)
    v = -65 + _spikes(t, times)
    inward = -scale * (0.2 + np.clip(v + 65, 0, None) / 30)
    outward = scale * (0.3 + np.clip(np.roll(v, 8) + 65, 0, None) / 30)
    injected = np.where((t > 10) & (t <= t[-1] - 5), 0.1, 0.0)
    made = segment_of(v=(v, "mV"), Na=(inward, "nA"), K=(outward, "nA"), leak=(0 * t + 0.05, "nA"))
    made.analogsignals.append(analog(injected, "nA", "stim", role="electrode", positive="inward"))
    made.analogsignals[0].annotate(capacitance=100 * pq.pF)
    return made


def _spikes(t, times):
    return sum((90 * np.exp(-(((t - time) / 0.8) ** 2)) for time in times), np.zeros(len(t)))


def hyperpolarised():
    """The response to -0.1 nA from 100 to 500 ms: 100 and 30 Mohm with 20 and 3 ms."""
    t = np.arange(0, 600, DT)
    since, after = np.clip(t - 100, 0, 400), np.clip(t - 500, 0, None)
    v = -65 + sum(
        0.1 * r * (np.expm1(-since / tau) - np.expm1(-after / tau)) for r, tau in ((100, 20), (30, 3))
    )
    made = segment_of(v=(v, "mV"), leak=((v + 65) / 100, "nA"), h=((v + 65) / 300, "nA"))
    injected = np.where((t > 100) & (t <= 500), -0.1, 0.0)
    made.analogsignals.append(analog(injected, "nA", "stim", role="electrode", positive="inward"))
    return made


def chirped():
    """A resonant cell, a coil and two resistances beside a capacitor, under a chirp of 0 to 15 Hz."""
    t = np.arange(0, 3000, DT)
    chirp = 0.05 * np.sin(np.pi * 15e-3 / t[-1] * t**2)
    f = np.fft.rfftfreq(len(t), DT / 1000)
    coil = 50 + 2j * np.pi * f * 4
    z = 1 / (1 / 100 + 1 / coil + 2j * np.pi * f * 5e-4)
    v = -65 + np.fft.irfft(z * np.fft.rfft(chirp), len(t))
    made = segment_of(v=(v, "mV"))
    made.analogsignals.append(analog(chirp, "nA", "stim", role="electrode", positive="inward"))
    return made


def clamped(levels, of, dt=0.05):
    """A Block of sweeps, each a list of (until in ms, mV); ``of`` makes the current of times and mV."""
    block = neo.Block()
    t = np.arange(0, 60, dt)
    for sweep in levels:
        until = np.array([end for end, _ in sweep])
        command = np.array([level for _, level in sweep], float)[np.searchsorted(until, t, side="right")]
        made = neo.Segment(clamp="voltage")
        made.analogsignals.append(analog(of(t, command), "pA", "I", dt, role="membrane"))
        made.analogsignals.append(analog(command, "mV", "command", dt, role="command"))
        block.segments.append(made)
    return block


def open_part(command, half=-20.0, slope=6.0):
    """The part of the channels that a voltage opens."""
    return 1 / (1 + np.exp((half - command) / slope))


def families():
    """Blocks of what a cell under voltage clamp would give, by the names of their files."""
    levels = np.arange(-80, 61, 10)

    def channel(t, command, g=8.0, e=45.0):
        on = (t >= 10) & (t < 40)
        return on * g * open_part(command) * (command - e) + 2.0 * (command + 70)

    def prepulse(t, command, g=8.0):
        before = command[(t >= 10) & (t < 40)][0]
        left = 0.05 + 0.95 * open_part(-before, half=60, slope=8)
        return np.where((t >= 40) & (t < 50), g * left * (command - 45), 0.0)

    def tail(t, command, g=8.0):
        return np.where(t >= 40, g * np.exp(-(t - 40) / 4) * (command + 80), 0.0)

    return {
        "steps.abf": clamped([[(10, -70), (40, v), (99, -70)] for v in levels], channel),
        "p4.abf": clamped([[(10, -70), (40, -70 + (v + 70) / 4), (99, -70)] for v in levels], _leak),
        "prepulses.abf": clamped([[(10, -90), (40, v), (50, 0), (99, -90)] for v in levels], prepulse),
        "tails.abf": clamped([[(10, -90), (40, 20), (99, v)] for v in np.arange(-120, -20, 10)], tail),
        **{f"{name}.abf": dissected(gone) for name, gone in GONE.items()},
        "cell.abf": stepped(),
    }


def _leak(t, command):
    return 2.0 * (command + 70)


#: Which currents flow no more in which condition.
GONE = {"control": (), "ttx": ("Na",), "ttx_tea": ("Na", "K")}


def dissected(gone, n_sweeps=10, seed=0):
    """Sweeps under the clamp of a spike, less the currents that are blocked, with 1 pA of noise."""
    random = np.random.default_rng(seed + len(gone))

    def current(t, command):
        parts = {"Na": -40 * np.exp(-(((t - 25) / 2) ** 2)), "K": 30 * np.exp(-(((t - 29) / 4) ** 2))}
        flowing = sum(part for name, part in parts.items() if name not in gone)
        return flowing + 0.1 * (command + 70) + random.normal(size=len(t))

    block = neo.Block()
    for sweep in clamped([[(99, -70)]] * n_sweeps, current).segments:
        t = sweep.analogsignals[0].times.rescale("ms").magnitude
        spike = -70 + 90 * np.exp(-(((t - 25) / 3) ** 2))
        sweep.analogsignals[1] = analog(spike, "mV", "command", 0.05, role="command")
        block.segments.append(sweep)
    return block


def stepped():
    """Sweeps of current clamp with more spikes for larger steps."""
    block = neo.Block()
    t = np.arange(0, 120, DT)
    for n in range(5):
        v = -65 + n + _spikes(t, 20.0 * np.arange(1, n + 1))
        held = np.where((t > 10) & (t <= t[-1] - 5), 0.1 * n, 0.0)
        segment = segment_of(v=(v, "mV"))
        segment.analogsignals.append(analog(held, "nA", "stim", role="electrode", positive="inward"))
        segment.annotate(clamp="current", sweep_start=n * pq.s)
        block.segments.append(segment)
    return block
