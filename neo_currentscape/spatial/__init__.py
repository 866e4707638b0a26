"""Whole-cell attribution: which membrane currents, anywhere in the tree, drive one place."""

from neo_currentscape.spatial.attribution import by_compartment, partition, weights
from neo_currentscape.spatial.merging import merge

__all__ = ["by_compartment", "merge", "partition", "weights"]
