"""What a field is made of where it is left out is told as one writes it."""

import dataclasses


@dataclasses.dataclass
class Panel:
    line: dict = dataclasses.field(default_factory=dict)
    marks: tuple = dataclasses.field(default_factory=tuple)
    made: object = dataclasses.field(default_factory=object)
    width: float = 1.0


def test_factories_are_told_by_what_they_make():
    from signatures import told

    text = "(line=<factory>, marks=<factory>, made=<factory>, width=1.0)"
    assert told(Panel, text) == "(line={}, marks=(), made=..., width=1.0)"
