"""The current of delta synapses, of which there is nothing to record: what the balance leaves for it.

Such synapses make the voltage jump at the end of a step. What else flows is known, so that the balance of
the step leaves the charge of the jump. The signal has the annotation ``remainder``, as no balance can
check it.
"""

from __future__ import annotations

import neo
import numpy as np

from neo_currentscape.adapters.pynn import clamped
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.pynn.models import Model
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions.errors import warn

#: Name of the signal.
NAME = "synaptic"

#: What is smaller than this part of the current that flows is an error of the means.
SMALLEST = 1e-3


def add(writer: Writer, group: Group, model: Model, marked: neo.Segment) -> None:
    """Add the current to a writer that holds the voltage and all others.

    Parameters
    ----------
    writer : Writer
    group : Group
    model : Model
        Of its cell type.
    marked : neo.Segment
        With the epochs in which spikes set the voltage.
    """
    voltage = writer.signals[0]
    rule = voltage.annotations["derivative"]
    if rule == "central" or "resolution" in voltage.annotations:
        warn(
            f"The current of the delta synapses of population {group.label} is left out, as it can be told "
            "from the voltage of every step only: record without sampling_interval=."
        )
        return
    neurons = voltage.array_annotations["channel_index"]
    what = model.capacitance
    cm = parameter(group.description, what, neurons) if isinstance(what, str) else what
    step = float(voltage.sampling_period.rescale("ms"))
    v = voltage.magnitude
    ends = {"prepend": v[:1]} if rule == "backward" else {"append": v[-1:]}
    charging = cm * np.diff(v, axis=0, **ends) / step
    rest, size = -charging, np.abs(charging)
    for signal in writer.signals:
        role = signal.annotations["role"]
        if role in ("current", "electrode"):
            rest = rest - (signal.magnitude if role == "current" else -signal.magnitude)
            size = size + np.abs(signal.magnitude)
    rest[np.abs(rest) < SMALLEST * size] = 0.0
    rest[clamped.samples(marked, voltage, neurons)] = 0.0
    rest[0 if rule == "backward" else -1] = 0.0
    for leak in [signal for signal in writer.signals if signal.name == "leak"]:
        # Whose mean is that of the voltage before the jump.
        half = 0.5 * step / parameter(group.description, "tau_m", neurons)
        rest = rest / (1 + half)
        leak.magnitude[...] += half * rest
    if not rest.any():
        return
    writer.add(NAME, rest, "nA", "current", "outward", neurons=neurons, remainder=True)
