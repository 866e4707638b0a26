"""The currents of a real cell, isolated one blocker at a time or injected by a dynamic clamp."""
