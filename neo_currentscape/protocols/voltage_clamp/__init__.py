"""Voltage clamp: leak, series resistance, current against voltage, availability, tails, time constants."""

from neo_currentscape.protocols.voltage_clamp.boltzmann import Boltzmann as Boltzmann
from neo_currentscape.protocols.voltage_clamp.boltzmann import fit_current as fit_current
from neo_currentscape.protocols.voltage_clamp.boltzmann import fit_curve as fit_curve
from neo_currentscape.protocols.voltage_clamp.inactivation import Inactivation as Inactivation
from neo_currentscape.protocols.voltage_clamp.inactivation import inactivation as inactivation
from neo_currentscape.protocols.voltage_clamp.iv import IV as IV
from neo_currentscape.protocols.voltage_clamp.iv import iv as iv
from neo_currentscape.protocols.voltage_clamp.leak import LeakSubtraction as LeakSubtraction
from neo_currentscape.protocols.voltage_clamp.leak import subtract_leak as subtract_leak
from neo_currentscape.protocols.voltage_clamp.series import SeriesCorrection as SeriesCorrection
from neo_currentscape.protocols.voltage_clamp.series import series_resistance as series_resistance
from neo_currentscape.protocols.voltage_clamp.tails import Tails as Tails
from neo_currentscape.protocols.voltage_clamp.tails import tails as tails
