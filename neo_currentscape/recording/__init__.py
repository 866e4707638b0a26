"""Floor 1: from Neo signals to a checked `Recording` of one site, in canonical units and sign."""
