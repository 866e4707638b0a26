"""Floor 4: panels. Each is a small frozen dataclass that draws one idea on one axes."""
