"""Where scripts for `currentscape` look for their function: only the import's first word changes."""

from neo_currentscape.compat.call import plot_currentscape as plot_currentscape
