"""Floor 5: the command ``neo-currentscape``."""
