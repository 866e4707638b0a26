"""
Dissecting the currents of a cell
=================================

A currentscape without a model: under the clamp of an action potential, or here of a burst, the amplifier
has to supply what a blocker takes away. One blocker after the other isolates one current after the other.
The cell is simulated, so that what comes out can be compared with what was put in; the noise is that of
an amplifier.
"""

import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.models import stg

# %%
# The command is the end of a burst, which the cell made itself. There are the control and six conditions,
# each with one blocker more, a Block of ten sweeps each. The Blocks of a real cell come from a file.

burst = stg.simulate("A", t_stop=1.2 * pq.s).segments[0].analogsignals[0]
last = int(burst.magnitude[2000:-2000, 0].argmax()) + 2000
command = burst[last - 1000 : last + 800]
blocked = {
    "KCa": ["KCa"],
    "Na": ["Na"],
    "Ca": ["CaT", "CaS"],
    "A": ["A"],
    "Kd": ["Kd"],
    "H": ["H"],
}
noise = np.random.default_rng(1)


def sweeps(gone, n=10):
    """Sweeps of the clamped cell, with 2 nA of noise, and the currents themselves."""
    segment = stg.clamp(command, blocked=gone)
    total, held = (
        s.rescale(u).magnitude[:, 0]
        for s, u in zip(segment.analogsignals[:2], ("pA", "mV"), strict=True)
    )
    measured = total + noise.normal(scale=2000, size=(n, len(total)))
    times = command.times.rescale("ms").magnitude
    return protocols.Sweeps(
        times - times[0], measured, np.tile(held, (n, 1))
    ), segment


gone, conditions = [], []
for names in ([], *blocked.values()):
    gone += names
    conditions.append(sweeps(gone))

# %%
# The isolated currents are a Recording, as those of a model are, with their standard errors. Shares are
# blank where a total does not stand out of what noise alone gives (the dashed line).

rec = protocols.dissect(
    [block for block, _ in conditions], list(blocked), capacitance=10 * pq.nF
)
scape = ncs.Currentscape(rec)
figure = scape.plot(
    panels=["voltage", "outward", "shares", "inward", "currents"], size="column"
)

# %%
# Charges, with the errors that the sweeps tell, beside the true ones.

table = scape.to_dataframe()
found = table["charge_outward"] - table["charge_inward"]
true = {
    s.name: float(s.magnitude.sum()) * 0.1
    for s in conditions[0][1].analogsignals[2:]
}
print("pC         found    error     true")
for name, names in blocked.items():
    whole = sum(true[part] for part in names)
    print(
        f"{name:6}{found[name]:10.1f}{table['charge_error'][name]:9.1f}{whole:9.1f}"
    )

# %%
# The balance is that of any recording: what no blocker took away is its residual, here the leak. Spikes
# that are sampled every 0.1 ms leave as much.

balance = ncs.balance(rec)
print(balance)
