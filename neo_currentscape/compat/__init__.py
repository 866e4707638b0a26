"""Floor 8: the call and the configuration of the `currentscape` package, drawn by our panels."""

from neo_currentscape.compat.call import plot as plot
from neo_currentscape.compat.call import plot_currentscape as plot_currentscape
from neo_currentscape.compat.imports import stand_in as stand_in
