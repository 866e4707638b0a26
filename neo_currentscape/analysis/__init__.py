"""Floor 2: pure numbers. Recordings in, Neo and NumPy out; nothing here knows matplotlib."""
