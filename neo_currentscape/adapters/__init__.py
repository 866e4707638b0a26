"""Floor 2: one module per source, each with `to_segment(...) -> neo.Segment`."""
