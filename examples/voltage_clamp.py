"""
Voltage clamp
=============

Leak and capacity, a blocker, current against voltage, availability and tails, of a compartment with
Hodgkin-Huxley channels in NEURON under the noise of an amplifier. Files of an amplifier take the same way.
"""

import neo
import numpy as np
import quantities as pq
from neuron import h

from neo_currentscape import protocols

h.load_file("stdrun.hoc")
DT = 0.02
noise = np.random.default_rng(1)


def clamp(*steps, sodium=0.12):
    """A Block with a Segment for each list of (duration in ms, level in mV)."""
    soma = h.Section(name="soma")
    soma.L = soma.diam = 15
    soma.insert("hh")
    soma(0.5).hh.gnabar = sodium
    electrode = h.SEClamp(soma(0.5))
    electrode.rs, electrode.dur1 = 0.5, 1e9
    current = h.Vector().record(electrode._ref_i)
    block = neo.Block()
    for levels in steps:
        times = np.arange(0, sum(d for d, _ in levels), DT)
        wave = np.repeat(
            [v for _, v in levels], [round(d / DT) for d, _ in levels]
        )[: len(times)]
        command, when = h.Vector(wave), h.Vector(times)
        command.play(electrode._ref_amp1, when)
        h.dt, h.steps_per_ms = DT, 1 / DT
        h.finitialize(levels[0][1])
        h.continuerun(times[-1])
        measured = 1000 * current.as_numpy()[: len(times)] + noise.normal(
            scale=8, size=len(times)
        )
        segment = neo.Segment(clamp="voltage")
        for values, unit, role in (
            (measured, "pA", "membrane"),
            (wave, "mV", "command"),
        ):
            segment.analogsignals.append(
                neo.AnalogSignal(
                    values[:, None],
                    units=unit,
                    sampling_period=DT * pq.ms,
                    name=role,
                    role=role,
                )
            )
        block.segments.append(segment)
    return block


# %%
# **A blocker.** Three rounds of steps before and after TTX. What it takes away is the sodium current,
# without leak and capacity, which are the same before and after.

levels = np.arange(-80, 71, 10)
family = [[(4, -90), (12, v), (4, -90)] for v in levels] * 3
isolated = protocols.subtract(clamp(*family), clamp(*family, sodium=0))
figure = isolated.plot(size="column")

# %%
# **Current against voltage.** Reversal, conductance and its Boltzmann curve are fitted together, from the
# peaks, and have their standard errors. E\ :sub:`Na` is 50 mV. The conductance opens with the third power
# of its gate, which no Boltzmann curve describes: the errors of the fit say so.

sodium = protocols.iv(isolated)
print(sodium)
iv_figure = sodium.plot(size="column")

# %%
# **Availability**: the peak of a test step after steps to several levels.

before = [[(4, -90), (40, v), (6, 0)] for v in np.arange(-120, -9, 10)]
available = protocols.inactivation(
    protocols.subtract(clamp(*before), clamp(*before, sodium=0))
)
print(available.curve)
availability_figure = available.plot(size="column")

# %%
# **Leak.** Where there is no blocker, P/4: the same commands, a quarter as large, from where channels are
# closed. The potassium conductance opens with the fourth power of its gate, flatter than a Boltzmann curve.

small = [[(4, -90), (12, -90 - (v + 90) / 4), (4, -90)] for v in levels] * 4
leak = protocols.subtract_leak(clamp(*family, sodium=0), clamp(*small, sodium=0))
print(leak)
potassium = protocols.iv(leak, of="steady", reversal=-77 * pq.mV)
print(potassium.activation)

# %%
# **Tails**: after a step that opens the potassium channels their current turns at E\ :sub:`K`, -77 mV, and
# they close the faster, the lower the voltage.

after = [[(4, -90), (12, 40), (20, v)] for v in np.arange(-120, -39, 10)]
tails = protocols.tails(clamp(*after, sodium=0))
print(tails)
tails_figure = tails.plot(size="column")

# sphinx_gallery_thumbnail_number = 3
