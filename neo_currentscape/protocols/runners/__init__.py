"""Running the protocols on a NEURON compartment, a HOC template, or a PyNN cell."""

from neo_currentscape.protocols.runners.run import cell_of, run_clamp, run_fi, run_passive, run_zap

__all__ = ["cell_of", "run_clamp", "run_fi", "run_passive", "run_zap"]
