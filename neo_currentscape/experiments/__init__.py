"""Floor 2: experiments: sweeps, perturbations, events, phases and comparisons of recordings."""
