"""Panels of experiments: sweeps, perturbations, averages and comparisons."""
