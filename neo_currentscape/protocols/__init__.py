"""Floor 7: protocols of single cells: steps of current, impedance, voltage clamp, dissection.

``response`` reads what a cell answered and its noise, ``steps`` and ``impedance`` measure it,
``voltage_clamp`` and ``dissection`` read what an amplifier held and blockers took away, ``runners`` make
the responses of models.

The definitions are those of bmtool's single-cell module. Each reads Neo Segments that carry the injected
current, recorded or annotated, whatever made them; `neo_currentscape.protocols.runners` makes them with
NEURON and PyNN.
"""

from neo_currentscape.protocols.carriers import Carriers
from neo_currentscape.protocols.dissection.dissecting import dissect
from neo_currentscape.protocols.dissection.dynamic_clamp import dynamic_clamp
from neo_currentscape.protocols.dissection.subtraction import Subtraction, subtract
from neo_currentscape.protocols.impedance.chirps import zap
from neo_currentscape.protocols.impedance.zap import Zap
from neo_currentscape.protocols.response.injection import chirp
from neo_currentscape.protocols.runners import run_clamp, run_fi, run_passive, run_zap
from neo_currentscape.protocols.steps.calls import current_clamp, passive
from neo_currentscape.protocols.steps.clamp import CurrentClamp
from neo_currentscape.protocols.steps.features import features
from neo_currentscape.protocols.steps.fi import FI, fi
from neo_currentscape.protocols.steps.many import ClampSweeps, PassiveSweeps
from neo_currentscape.protocols.steps.passive import Passive
from neo_currentscape.protocols.voltage_clamp import (
    IV,
    Boltzmann,
    Inactivation,
    LeakSubtraction,
    SeriesCorrection,
    Tails,
    inactivation,
    iv,
    series_resistance,
    subtract_leak,
    tails,
)
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps, sweeps_of

__all__ = [
    "FI",
    "IV",
    "Boltzmann",
    "Carriers",
    "ClampSweeps",
    "CurrentClamp",
    "Inactivation",
    "LeakSubtraction",
    "Passive",
    "SeriesCorrection",
    "PassiveSweeps",
    "Subtraction",
    "Sweeps",
    "Tails",
    "Zap",
    "chirp",
    "current_clamp",
    "dissect",
    "dynamic_clamp",
    "features",
    "fi",
    "inactivation",
    "iv",
    "passive",
    "run_clamp",
    "run_fi",
    "run_passive",
    "run_zap",
    "series_resistance",
    "subtract",
    "subtract_leak",
    "sweeps_of",
    "tails",
    "zap",
]
