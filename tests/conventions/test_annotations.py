"""Annotations: written, read for every channel, and refused where guessing would be wrong."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions.errors import ArgumentError


def signal(n_channels=2, arrays=None, **annotations):
    return neo.AnalogSignal(
        np.zeros((3, n_channels)),
        units="nA",
        sampling_period=1 * pq.ms,
        name="i",
        array_annotations=arrays or {},
        **annotations,
    )


def test_what_is_not_known_is_left_out():
    assert notes.signal_annotations("voltage") == {"role": "voltage"}
    assert notes.signal_annotations("current", "inward", 2 * pq.um**2, "soma") == {
        "role": "current",
        "positive": "inward",
        "area": 2 * pq.um**2,
        "site": "soma",
    }


def test_unknown_role_is_refused():
    with pytest.raises(ArgumentError, match="Role 'curent' is not known: write one of voltage, current"):
        notes.signal_annotations("curent")


def test_unknown_direction_is_refused():
    with pytest.raises(ArgumentError, match="Direction 'out' is not known: write 'outward' or 'inward'"):
        notes.signal_annotations("current", "out")


def test_array_annotations_go_first():
    mixed = signal(arrays={"site": ["soma", ""]}, site="dend", role="current")
    assert notes.sites_of(mixed) == ["soma", None]
    assert notes.roles_of(mixed) == ["current", "current"]
    assert notes.sites_of(signal(site="dend")) == ["dend", "dend"]
    assert notes.sites_of(signal()) == [None, None]


def test_areas_keep_their_units():
    first, second = notes.areas_of(signal(arrays={"area": [1, 2] * pq.um**2}))
    assert (first, second) == (1 * pq.um**2, 2 * pq.um**2)
    assert notes.areas_of(signal(area=3 * pq.um**2)) == [3 * pq.um**2] * 2


def test_merge_conflicts_say_nothing():
    merged = signal(area=notes.MERGED, site=notes.MERGED, role=notes.MERGED)
    assert notes.areas_of(merged) == notes.sites_of(merged) == notes.roles_of(merged) == [None, None]


def test_roles_of_other_programs_say_nothing():
    assert notes.roles_of(signal(role="observer")) == [None, None]


@pytest.mark.parametrize("direction", ["Outward", "out", notes.MERGED, True])
def test_an_unknown_direction_on_a_signal_is_refused(direction):
    with pytest.raises(ArgumentError, match=r"Signal 'i' has the annotation positive=.*: write 'outward'"):
        notes.directions_of(signal(positive=direction))


def test_names_of_channels():
    assert notes.channel_names(signal()) is None
    assert notes.channel_names(signal(arrays={"name": ["a", "b"]})) == ["a", "b"]
    assert notes.channel_names(signal(arrays={"channel_names": ["a", "b"]})) == ["a", "b"]
    assert all(type(name) is str for name in notes.channel_names(signal(arrays={"names": ["a", "b"]})))
