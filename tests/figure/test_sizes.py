import pytest
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError, UnitsError, UnknownNameError
from neo_currentscape.figure.sizes import width_and_height


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (None, (6.0, None)),
        ("column", (85 / 25.4, None)),
        ("page", (174 / 25.4, None)),
        ("slide", (13.33, 7.5)),
        ((3, 4), (3, 4)),
        ([85 * pq.mm, 10 * pq.cm], (85 / 25.4, 100 / 25.4)),
        ((85, 100) * pq.mm, (85 / 25.4, 100 / 25.4)),
        ((3, 25.4 * pq.mm), (3, 1)),
        ("single", (85 / 25.4, None)),
        ("double", (174 / 25.4, None)),
        ("3.5x4in", (3.5, 4)),
        ("3.5x4", (3.5, 4)),
        ("3.5 in x 4 in", (3.5, 4)),
        ("85x100mm", (85 / 25.4, 100 / 25.4)),
        ("85 × 100 mm", (85 / 25.4, 100 / 25.4)),
        ("8.5cm,100mm", (85 / 25.4, 100 / 25.4)),
        ("85mm", (85 / 25.4, None)),
        ("3 inches", (3, None)),
        ("72x36pt", (1, 0.5)),
    ],
)
def test_sizes(size, wanted):
    width, height = width_and_height(size)
    assert width == pytest.approx(wanted[0])
    assert height is None if wanted[1] is None else height == pytest.approx(wanted[1])


@pytest.mark.parametrize(
    ("size", "error", "words"),
    [
        ("colum", UnknownNameError, "Unknown size 'colum': did you mean 'column'?"),
        (3, ArgumentError, "size=3 is no size"),
        ("85", ArgumentError, "size='85' is no size: write e.g. '3.5x4in', '85x100mm', '85mm'"),
        ("3.5x4ft", ArgumentError, "size='3.5x4ft' is no size: write e.g."),
        ("3.5x", ArgumentError, "size='3.5x' is no size"),
        ("0x4in", ArgumentError, "width and height are positive"),
        ("0mm", ArgumentError, "width and height are positive"),
        ((3,), ArgumentError, "is no size: write (width, height)"),
        ((3, 4, 5), ArgumentError, "is no size"),
        ((3, "a"), ArgumentError, "is no size"),
        ((3, -4), ArgumentError, "width and height are positive"),
        ((3, float("nan")), ArgumentError, "width and height are positive"),
        ((3, float("inf")), ArgumentError, "width and height are positive"),
        ((3 * pq.mV, 4), UnitsError, "size is in mV"),
    ],
)
def test_errors(size, error, words):
    with pytest.raises(error) as caught:
        width_and_height(size)
    assert words in str(caught.value)
