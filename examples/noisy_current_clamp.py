"""
An FI curve and passive properties from a noisy current clamp
=============================================================

A file of a patch-clamp amplifier holds a sweep for each step of current, noise of 1/f power and of the
amplifier on the voltage, and a measured current. Here such sweeps are made: an adapting
integrate-and-fire cell of 150 Mohm and 20 ms. With a real file the block is
``icephys.read("cell.abf")``, or all of this is the command ``neo-currentscape protocol fi cell.abf``.
"""

import neo
import numpy as np
import quantities as pq

from neo_currentscape import protocols

rng = np.random.default_rng(0)
dt, resistance, tau = 0.1, 150.0, 20.0
times = np.arange(0, 1000, dt)


def noise(size):
    """White noise, and as much of 1/f power."""
    f = np.fft.rfftfreq(len(times))
    pink = np.fft.irfft(
        np.fft.rfft(rng.normal(size=len(times)))[1:] / np.sqrt(f[1:]), len(times)
    )
    return size * (rng.normal(size=len(times)) + pink / pink.std())


def voltage(current):
    """The cell under a current in nA: spikes of a sample's width, and an adaptation that they add to."""
    v, u, trace = -70.0, 0.0, np.empty(len(times))
    for k, i in enumerate(current):
        v += dt * ((-70 - v) + resistance * (i - u)) / tau
        u -= dt * u / 150
        trace[k] = v
        if v >= -50:
            trace[k], v, u = 25.0, -60.0, u + 0.01
    return trace


def sweep(amplitude, number):
    """One sweep of the file, which lies behind those before it."""
    current = np.where((times > 200) & (times <= 800), amplitude, 0.0)
    segment = neo.Segment(name=f"sweep {number}", clamp="current")
    at = {"sampling_period": dt * pq.ms, "t_start": 1000 * number * pq.ms}
    v = voltage(current) + noise(0.1)
    i = 1e3 * current + noise(1.0)
    segment.analogsignals.extend(
        [
            neo.AnalogSignal(
                v[:, None], units="mV", name="Vm", role="voltage", **at
            ),
            neo.AnalogSignal(
                i[:, None], units="pA", name="IN 1", role="electrode", **at
            ),
        ]
    )
    return segment


block = neo.Block()
block.segments.extend(
    [sweep(a, k) for k, a in enumerate(np.arange(-0.1, 0.31, 0.05))]
)

# %%
# Steps are found in the measured current, whatever its noise, and each sweep has its own time.

curve = protocols.fi(block)
print(curve)
curve.plot()

# %%
# The input resistance is the slope over the steps downwards. The standard errors come from the noise, of
# which the slow part counts most: a mean over a tenth of a second does not average it away.

found = protocols.passive(block)
print(found)
found.plot()

# %%
# One response, with the exponential that was fitted to it.

protocols.passive(block.segments[0], method="exp").plot()

# sphinx_gallery_thumbnail_number = 2
