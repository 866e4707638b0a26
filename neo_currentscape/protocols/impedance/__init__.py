"""The impedance of a cell, from its response to a current whose frequency rises."""
