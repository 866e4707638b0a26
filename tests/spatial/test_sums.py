"""Currents of a cell summed under a label, in every compartment."""

import numpy as np
import pytest

import neo_currentscape as ncs

GROUP = {"cations": ["Na", "K"]}


def test_currents_under_a_label_are_summed_in_every_compartment(shape, balanced, segment_of):
    """Before directions are told apart, as at a point; of a Segment, or of one attribution or map."""
    cell, membrane, _ = balanced(shape)
    by_hand = np.stack([membrane[:, 0] + membrane[:, 1], membrane[:, 2]], axis=1)
    names = ["cations", "leak"]
    own = ncs.CellRecording.from_arrays(by_hand, cell.voltage(), shape, names, 0.1 * np.arange(50))
    found = ncs.CellRecording.from_segment(segment_of(cell), currents=GROUP)
    assert found.names == names and found.balance.worst < 1e-10
    for one, options in ((found, {}), (cell, {"currents": GROUP})):
        attributed = one.attribute("dend[0](0.25)", **options)
        expected = own.attribute("dend[0](0.25)")
        assert attributed.names == expected.names == names
        np.testing.assert_allclose(attributed.inward, expected.inward, atol=1e-12)
        np.testing.assert_allclose(attributed.outward, expected.outward, atol=1e-12)
        mapped = one.map(0, types="cations", **options)
        np.testing.assert_allclose(mapped.inward, own.map(0, types="cations").inward, atol=1e-12)
    assert cell.names == ["Na", "K", "leak"]
    # What is summed first is less than the sum of both directions.
    assert cell.attribute(0).inward.sum() > cell.attribute(0, currents=GROUP).inward.sum() * 1.01


def test_numbered_currents_are_summed_by_name_type_or_pattern(shape, balanced, segment_of):
    cell, _, _ = balanced(shape)
    segment = segment_of(cell)
    for number, signal in enumerate(s for s in segment.analogsignals if s.name == "Na"):
        signal.name = f"Syn[{number}]"
    found = ncs.CellRecording.from_segment(segment, currents={"near": ["Syn[0]", "Syn[1]"], "K+": "K"})
    assert found.names == ["near", "K+", "leak", "Syn"]
    every = [
        ncs.CellRecording.from_segment(segment, currents={"E": x}) for x in ("Syn", ["Syn[*]"], ["S*"])
    ]
    assert all(one.names == ["E", "K", "leak"] for one in every)


@pytest.mark.parametrize(
    ("currents", "sentence"),
    [
        ({"a": ["Na", "K"], "b": ["K"]}, "counts 'K' twice, as 'a' and as 'b'"),
        ({"a": ["Na", "Ka"]}, "'Ka' matches no current of the cell: there are 'Na', 'K', 'leak'"),
        ({"a": ["Na", "Na"]}, "names 'Na' twice"),
        ({"a": []}, "names no signal"),
        ({"a": "*"}, r"'\*' matches several currents of the cell: name one of 'Na', 'K', 'leak', or write"),
        ({"leak": ["Na", "K"]}, "calls a group 'leak', as 'leak' is, which is not in it"),
        (["Na", "K"], "takes {label: "),
        ({"a": 3}, "or a list of names for their sum, not 3"),
    ],
)
def test_sums_in_a_cell_that_are_none(shape, currents, sentence, balanced, segment_of):
    cell, _, _ = balanced(shape)
    segment = segment_of(cell)
    calls = (
        lambda: ncs.CellRecording.from_segment(segment, currents=currents),
        lambda: cell.attribute(0, currents=currents),
        lambda: cell.map(0, currents=currents),
    )
    for call in calls:
        with pytest.raises(ncs.CurrentscapeError, match=sentence):
            call()


def test_a_sum_takes_neither_the_capacitive_current_nor_electrodes(shape, balanced):
    cell, membrane, _ = balanced(shape)
    names = ["Na", "capacitive", "leak"]
    cell = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, names, 0.1 * np.arange(50))
    assert cell.attribute(0, currents={"all": ["*"]}).names == ["all", "capacitive"]
