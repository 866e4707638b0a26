"""Whole-cell attribution: which membrane currents, anywhere in the tree, drive one place."""

from neo_currentscape.spatial.attribution import attribution, partition, weights
from neo_currentscape.spatial.merging import merge

__all__ = ["attribution", "merge", "partition", "weights"]
