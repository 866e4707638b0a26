"""Figures as pages for a browser: one file each, in which one can zoom, point and choose."""
