import pytest
from vision import ciede2000, distance


def test_lab_knows_the_distance_of_black_and_white():
    assert distance("black", "white") == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        # Pairs 1, 7, 17, 20 and 25 of Sharma, Wu & Dalal (2005), table 1.
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_published_pairs(first, second, wanted):
    assert ciede2000(first, second) == pytest.approx(wanted, abs=1e-4)
