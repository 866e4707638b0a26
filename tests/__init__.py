"""A package, as other distributions install one of this name, which worker processes would find."""
