"""Floor 8: excitation and inhibition in amplitudes, `excitation_inhibition` and its result."""

from neo_currentscape.synaptic.call import excitation_inhibition
from neo_currentscape.synaptic.result import ExcitationInhibition

__all__ = ["ExcitationInhibition", "excitation_inhibition"]
