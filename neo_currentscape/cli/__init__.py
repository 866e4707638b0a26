"""Floor 9: the command ``neo-currentscape``."""
