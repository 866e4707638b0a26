"""Shapes of a residual: which current is missing, from what is left over time."""
