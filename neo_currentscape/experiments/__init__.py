"""Floor 7: experiments: sweeps, perturbations, events, phases and comparisons of recordings."""
