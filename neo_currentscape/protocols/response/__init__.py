"""The response of a cell to an injected current: its traces, what was injected, and their noise."""
