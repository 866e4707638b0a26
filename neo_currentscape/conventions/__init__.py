"""Floor 0: the words every other module uses: errors, units, roles, signs and names."""
