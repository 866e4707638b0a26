"""CellRecording of arrays: the balance, voltages and regions of trees known in closed form."""

import warnings

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
)
from neo_currentscape.spatial import Morphology


def test_axial_currents_are_voltage_differences_over_resistances(shape, balanced):
    cell, membrane, axial = balanced(shape)
    np.testing.assert_allclose(cell.axial(), axial, atol=1e-12)
    np.testing.assert_allclose(cell.membrane(), membrane, atol=0)
    assert cell.balance.worst < 1e-12
    assert cell.balance.verdict.startswith("complete: all 6 compartments")


def test_voltage_of_a_joint_follows_from_its_neighbours(shape, balanced):
    cell, _, axial = balanced(shape)
    del cell.traces.voltage[3]
    again = ncs.CellRecording(cell.traces, shape)
    np.testing.assert_allclose(again.axial(), axial, atol=1e-11)
    assert again.balance.worst < 1e-11
    del cell.traces.voltage[2]
    with pytest.raises(SelectionError, match=r"Neither dend\[0\]\(1\) nor dend\[0\]\(0.75\)"):
        ncs.CellRecording(cell.traces, shape)


def test_a_region_takes_the_joint_between_its_sections(shape, balanced):
    cell, _, _ = balanced(shape)
    assert cell.nodes("dend").tolist() == [1, 2, 3, 4]
    assert cell.nodes(["soma", "apic"]).tolist() == [0, 5]
    with pytest.raises(ArgumentError, match="not connected"):
        cell.attribute(["soma", "apic"])


def test_path_distances_are_those_along_the_tree(shape):
    np.testing.assert_allclose(shape.path_from(5), [175, 125, 75, 50, 85, 0])
    np.testing.assert_allclose(shape.path_from(0), shape.distance)


def test_what_leaves_at_a_joint_lowers_its_potential(shape):
    # The joint (node 3, no membrane) has no recorded voltage, and a point process that takes 0.7 nA out.
    names, taken = ["syn", "leak"], 0.7
    around = {2: 1 / 5, 4: 1 / 8, 5: 1 / 4}
    voltage = np.tile([[-62.0], [-66.0], [-71.0], [0.0], [-58.0], [-64.0]], 4)
    membrane = np.zeros((6, 2, 4))
    membrane[3, 0] = taken
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, names, 0.1 * np.arange(4))
    del cell.traces.voltage[3]
    joint = ncs.CellRecording(cell.traces, shape).voltage()[3]
    inflow = sum(g * (voltage[node] - joint) for node, g in around.items())
    np.testing.assert_allclose(inflow, taken, rtol=1e-12)


def test_missing_current_is_named_and_not_spread(shape, balanced):
    cell, membrane, _ = balanced(shape, loss=4)
    with pytest.warns(CurrentscapeWarning, match=r"dend\[1\]\(0.5\) is unexplained"):
        balance = cell.balance
    assert balance.worst_site == "dend[1](0.5)" and balance.is_noticed
    assert np.flatnonzero(balance.unexplained > 0.01).tolist() == [4]
    found = cell.attribute(4)
    at = found.names.index("unexplained")
    complete, whole, _ = balanced(shape)
    lost = whole[4, 1]
    np.testing.assert_allclose(found.outward[at] - found.inward[at], lost, atol=1e-10)
    right = complete.attribute(4)
    np.testing.assert_allclose(found.outward.sum(axis=0), right.outward.sum(axis=0), atol=1e-10)
    assert membrane[4, 1].any() == False  # noqa: E712


def test_less_than_one_percent_is_not_said(shape, balanced):
    cell, membrane, _ = balanced(shape)
    membrane[4, 1] += 1e-3 * membrane[4, 2]
    again = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, cell.names, np.arange(50.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 1e-5 < again.balance.worst < 1e-2
    assert again.attribute(0).names == cell.names


def test_regions_by_sections_patterns_functions_and_lists(shape, balanced):
    cell, _, _ = balanced(shape)
    assert cell.regions({"dendrites": ["dend*", "apic"], "soma": "soma"}) == ["soma"] + ["dendrites"] * 5
    assert cell.regions(lambda site: site[0]) == ["s", "d", "d", "d", "d", "a"]
    assert cell.regions(list("abcdef")) == list("abcdef")
    with pytest.warns(CurrentscapeWarning, match=r"1 of 6 compartments are in no region \(apic"):
        found = cell.attribute(0, by="region", regions={"dend": "dend*", "soma": "soma"})
    assert "unlabelled" in found.names
    np.testing.assert_allclose(found.outward.sum(axis=0), cell.attribute(0).outward.sum(axis=0), atol=1e-12)
    with pytest.raises(CurrentscapeError, match="Unknown section 'dent'"):
        cell.regions({"a": "dent"})
    with pytest.raises(ArgumentError, match="2 labels for 6 nodes"):
        cell.regions(["a", "b"])


def test_bad_input(shape, balanced):
    cell, membrane, _ = balanced(shape)
    voltage, times = cell.voltage(), np.arange(50.0)
    broken = membrane.copy()
    broken[2, 1, 7] = np.nan
    with pytest.raises(SignalError, match=r"dend\[0\]\(0.75\) holds nan at sample 7"):
        ncs.CellRecording.from_arrays(broken, voltage, shape, cell.names, times)
    with pytest.raises(ArgumentError, match="node, current, time"):
        ncs.CellRecording.from_arrays(membrane[:3], voltage, shape, cell.names, times)
    for target in ("dent", 9, []):
        with pytest.raises(CurrentscapeError):
            cell.attribute(target)
    with pytest.raises(CurrentscapeError, match="grouping"):
        cell.attribute(0, by="colour")
    with pytest.raises(ArgumentError, match="do not hold all distances"):
        cell.attribute(0, by="distance", bins=[0, 50])
    with pytest.raises(ArgumentError, match="outside of the recording"):
        cell.map(0, time=90 * pq.ms)


@pytest.mark.parametrize(
    ("parent", "sentence"),
    [
        ([-1, 0, 1, 2, 5, 4], "cycle"),
        ([-1, 0, 1, -1, 3, 3], "2 roots"),
        ([-1, 0, 1, 2, 3, 9], "orphan"),
    ],
)
def test_trees_that_are_none(shape, parent, sentence, balanced):
    cell, membrane, _ = balanced(shape)
    bad = Morphology(shape.sites, parent, [1] * 6, shape.area, shape.distance)
    with pytest.raises(ArgumentError, match=sentence):
        ncs.CellRecording.from_arrays(membrane, cell.voltage(), bad, cell.names, np.arange(50.0))


def test_values_that_a_morphology_cannot_have(shape):
    with pytest.raises(ArgumentError, match=r"resistance of dend\[0\]\(0.25\) is 0"):
        Morphology(shape.sites, shape.parent, [0] * 6, shape.area, shape.distance)
    with pytest.raises(ArgumentError, match="Two sites"):
        Morphology(["a", "a"], [-1, 0], [1, 1], [1, 1], [0, 1])
    with pytest.raises(ArgumentError, match="area has 1 values for 2 sites"):
        Morphology(["a", "b"], [-1, 0], [1, 1], [1], [0, 1])


def test_morphology_survives_annotation_and_reordering(shape):
    import neo

    segment = neo.Segment()
    shape.annotate(segment)
    again = Morphology.of(segment)
    assert again.sites == shape.sites and again.regions == shape.regions
    np.testing.assert_array_equal(again.resistance, shape.resistance)
    order = [3, 5, 0, 2, 1, 4]
    moved = shape.reordered(order)
    for new, old in enumerate(order):
        above = shape.parent[old]
        wanted = shape.sites[above] if above >= 0 else None
        assert (moved.sites[moved.parent[new]] if moved.parent[new] >= 0 else None) == wanted
    with pytest.raises(SelectionError, match="no morphology"):
        Morphology.of(neo.Segment())
