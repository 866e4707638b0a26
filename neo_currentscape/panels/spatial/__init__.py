"""Panels of whole cells: attribution, the tree, and the extracellular field."""
