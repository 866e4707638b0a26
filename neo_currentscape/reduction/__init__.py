"""Floor 3: a recording in as many columns of time as a figure shows; shares, charges, and order."""
