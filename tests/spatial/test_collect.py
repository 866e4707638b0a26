"""Signals of a Segment as a cell: any sign and unit, and what cannot be used."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import CurrentscapeError, SelectionError

PLACE = ("dend[1](0.5)", "K")


def test_signals_of_any_sign_and_unit_are_the_same_cell(shape, balanced, segment_of):
    cell, membrane, _ = balanced(shape)
    for change in (
        lambda g: {"values": -g["values"], "sign": "inward"},
        lambda g: {"values": 1e3 * g["values"], "unit": "pA"},
        lambda g: {"values": g["values"] / 0.8, "unit": "mA/cm**2", "area": 80 * pq.um**2},
    ):
        found = ncs.CellRecording.from_segment(segment_of(cell, (PLACE, change)))
        np.testing.assert_allclose(found.membrane(), membrane, atol=1e-12)
        assert found.balance.worst < 1e-10


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda g: {"values": np.where(np.arange(50) == 7, np.nan, g["values"])},
            r"'K' of dend\[1\].*nan at 0.7 ms",
        ),
        (lambda g: {"values": g["values"][:-1]}, "different times .50 and 49 samples"),
        (lambda g: {"period": 0.2 * pq.ms}, "different times .*0.1 and 0.2 ms"),
        (lambda g: {"unit": "mA/cm**2"}, "density .* without area"),
        (lambda g: {"unit": "mV"}, "is no current"),
    ],
)
def test_signals_that_cannot_be_used(shape, change, sentence, balanced, segment_of):
    cell, _, _ = balanced(shape)
    with pytest.raises(CurrentscapeError, match=sentence):
        ncs.CellRecording.from_segment(segment_of(cell, (PLACE, change)))


def test_a_compartment_that_was_not_recorded_is_named(shape, balanced, segment_of):
    import neo

    cell, _, _ = balanced(shape)
    whole = segment_of(cell)
    for role, what in (("voltage", "voltage"), ("current", "current")):
        part = neo.Segment(**whole.annotations)
        lost = PLACE[0], role
        marks = [(s, s.annotations["site"], s.annotations["role"]) for s in whole.analogsignals]
        kept = [s for s, *where in marks if tuple(where) != lost]
        part.analogsignals.extend(kept)
        with pytest.raises(SelectionError, match=rf"1 of 5 compartments have no {what} \(dend\[1\]\(0.5\)"):
            ncs.CellRecording.from_segment(part)


def test_types_are_labels_without_numbers_or_what_the_caller_says(shape, balanced, segment_of):
    cell, _, _ = balanced(shape)
    segment = segment_of(cell)
    found = ncs.CellRecording.from_segment(segment, types={"cations": ["Na", "K"], "pas": "le*"})
    assert found.names == ["cations", "pas"]
    whole = cell.membrane()
    np.testing.assert_allclose(found.membrane()[:, 0], whole[:, 0] + whole[:, 1], atol=1e-14)
    by_site = ncs.CellRecording.from_segment(segment, types=lambda label, site: f"{label} {site[:4]}")
    assert "Na dend" in by_site.names and by_site.balance.worst < 1e-10


def test_values_are_not_copied_and_not_changed(shape, balanced, segment_of):
    cell, _, _ = balanced(shape)
    segment = segment_of(cell)
    before = [s.magnitude.copy() for s in segment.analogsignals]
    found = ncs.CellRecording.from_segment(segment)
    found.attribute("dend[0]", by=("region", "type"))
    found.map(0)
    for signal, values in zip(segment.analogsignals, before, strict=True):
        np.testing.assert_array_equal(signal.magnitude, values)
    assert all(
        any(np.shares_memory(t.values, s) for s in segment.analogsignals) for t in found.traces.currents[:3]
    )
