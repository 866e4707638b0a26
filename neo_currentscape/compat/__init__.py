"""Floor 8: the call and the configuration of the `currentscape` package, drawn by our panels."""

from neo_currentscape.compat.call import plot as plot
