"""Floor 7: protocols of single cells: passive properties, current clamp, FI curve and impedance.

The definitions are those of bmtool's single-cell module. Each reads Neo Segments that carry the injected
current, recorded or annotated, whatever made them; `neo_currentscape.protocols.runners` makes them with
NEURON and PyNN.
"""

from neo_currentscape.protocols.calls import current_clamp, passive
from neo_currentscape.protocols.carriers import Carriers
from neo_currentscape.protocols.chirps import zap
from neo_currentscape.protocols.clamp import CurrentClamp
from neo_currentscape.protocols.dissection import dissect
from neo_currentscape.protocols.dynamic_clamp import dynamic_clamp
from neo_currentscape.protocols.features import features
from neo_currentscape.protocols.fi import FI, fi
from neo_currentscape.protocols.injection import chirp
from neo_currentscape.protocols.many import ClampSweeps, PassiveSweeps
from neo_currentscape.protocols.passive import Passive
from neo_currentscape.protocols.runners import run_clamp, run_fi, run_passive, run_zap
from neo_currentscape.protocols.subtraction import Subtraction, subtract
from neo_currentscape.protocols.sweeps import Sweeps, sweeps_of
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
from neo_currentscape.protocols.zap import Zap

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
