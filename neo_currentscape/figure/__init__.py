"""Floor 5: figures. Panels, ours and PyNN's, composed on one page with one time axis."""
