"""Attributions of trees whose currents are known in closed form."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.spatial import cell as cell_module


@pytest.mark.parametrize("target", [0, 2, 3, 5])
def test_by_type_is_the_partition(shape, target, balanced):
    cell, membrane, axial = balanced(shape)
    found = cell.attribute(target)
    outward, inward = ncs.spatial.partition(membrane, axial, shape.parent, target)
    assert found.names == ["Na", "K", "leak"]
    np.testing.assert_allclose(found.outward, outward, atol=1e-12)
    np.testing.assert_allclose(found.inward, -inward, atol=1e-12)


def test_merged_section_is_the_partition_of_the_merged_tree(shape, balanced):
    cell, membrane, axial = balanced(shape)
    merged = ncs.spatial.merge(membrane, axial, shape.parent, np.array([1, 0, 0, 2, 3, 4]))
    outward, inward = ncs.spatial.partition(*merged, 0)
    found = cell.attribute("dend[0]")
    np.testing.assert_allclose(found.outward, outward, atol=1e-12)
    np.testing.assert_allclose(found.inward, -inward, atol=1e-12)


@pytest.mark.parametrize("by", ["region", "section", "site", "distance", ("region", "type")])
def test_groupings_are_sums_over_the_attribution(shape, by, balanced):
    cell, membrane, axial = balanced(shape)
    whole = ncs.spatial.by_compartment(membrane, axial, shape.parent, 2)
    found = cell.attribute(2, by=by, bins=60)
    labels = {
        "region": shape.regions,
        "section": shape.sections,
        "site": shape.sites,
        "distance": [f"{60 * int(d // 60)}–{60 * int(d // 60) + 60} µm" for d in shape.path_from(2)],
    }
    for side, signed, values in zip((0, 1), (1, -1), (found.outward, found.inward), strict=True):
        for name, row in zip(found.names, values, strict=True):
            if by == ("region", "type"):
                region, kind = name.split(" · ")
                here = np.array(shape.regions) == region
                wanted = whole[side][here, cell.names.index(kind)].sum(axis=0)
            else:
                wanted = whole[side][np.array(labels[by]) == name].sum(axis=(0, 1))
            np.testing.assert_allclose(row, signed * wanted, atol=1e-12)
        np.testing.assert_allclose(values.sum(axis=0), signed * whole[side].sum(axis=(0, 1)), atol=1e-12)


def test_axial_inflow_is_shown_as_such_when_asked(shape, balanced):
    cell, membrane, axial = balanced(shape)
    found = cell.attribute(2, axial=True)
    own = np.maximum(membrane[2], 0)
    # What leaves node 2 along the cable: back to its parent, and on to its child.
    out = np.maximum(-axial[2], 0) + np.maximum(axial[3], 0)
    assert found.names == ["Na", "K", "leak", "axial"]
    np.testing.assert_allclose(found.outward, [*own, out], atol=1e-12)
    attributed = cell.attribute(2)
    np.testing.assert_allclose(found.outward.sum(axis=0), attributed.outward.sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.inward.sum(axis=0), attributed.inward.sum(axis=0), atol=1e-12)


def test_blocks_and_windows_do_not_matter(shape, monkeypatch, balanced):
    cell, _, _ = balanced(shape)
    whole = cell.attribute(1, by="region")
    monkeypatch.setattr(cell_module, "BLOCK_VALUES", 100)
    again = cell.attribute(1, by="region")
    assert again.names == whole.names
    np.testing.assert_array_equal(again.outward, whole.outward)
    part = cell.attribute(1, by="region", t_start=1 * pq.ms, t_stop=2 * pq.ms)
    np.testing.assert_allclose(part.outward, whole.outward[:, 10:20], atol=1e-15)


def test_currentscape_has_the_totals_and_shares_of_the_attribution(shape, balanced):
    cell, _, _ = balanced(shape)
    found = cell.attribute(1, by="region")
    scape = found.currentscape()
    assert scape.names == found.names
    np.testing.assert_allclose(scape.total("inward").magnitude[:, 0], found.inward.sum(axis=0))
    shares = found.outward / found.outward.sum(axis=0)
    np.testing.assert_allclose(scape.shares("outward").magnitude.T, shares, atol=1e-12)
    np.testing.assert_allclose(scape.columns(500).shares["outward"], shares, atol=1e-12)
    charge = found.inward.sum(axis=1) * 0.1
    np.testing.assert_allclose(scape.charge("inward").rescale("pC").magnitude, charge, rtol=1e-12)
    np.testing.assert_allclose(scape.recording.voltage.magnitude[:, 0], cell.voltage()[1])


def test_a_slice_of_an_attribution_is_the_attribution_of_the_slice(shape, balanced):
    cell, _, _ = balanced(shape)
    cut = cell.attribute(1, by="region").currentscape().slice(1 * pq.ms, 3 * pq.ms)
    own = cell.attribute(1, by="region", t_start=1 * pq.ms, t_stop=3 * pq.ms)
    assert cut.attribution.rows == own.rows and len(cut.times) == 20
    np.testing.assert_array_equal(cut.attribution.inward, own.inward)
    np.testing.assert_array_equal(cut.shares("inward"), own.currentscape().shares("inward"))
    again = cut.slice(2 * pq.ms)
    assert again.attribution.rows == slice(20, 30)
    np.testing.assert_array_equal(again.attribution.outward, own.outward[:, 10:])


def test_an_attribution_is_cut_as_a_recording_is(shape, balanced):
    cell, _, _ = balanced(shape)
    whole = cell.attribute(1, by="region", t_start=1 * pq.ms)
    cut = whole.slice(2e-3 * pq.s, 3.04 * pq.ms)
    own = cell.attribute(1, by="region", t_start=2 * pq.ms, t_stop=3.04 * pq.ms)
    assert (cut.rows, cut.names, cut.label) == (own.rows, own.names, own.label)
    np.testing.assert_array_equal(cut.inward, own.inward)
    assert np.shares_memory(cut.outward, whole.outward) and whole.rows == slice(10, 50)
    assert len(cut.currentscape().times) == 11
    with pytest.raises(SignalError, match=r"from 3 ms to 3.1 ms holds 1 of the 40 samples from 1 to 4.9"):
        whole.slice(3 * pq.ms, 3.1 * pq.ms)


def test_top_bundles_and_keeps_the_sums(shape, balanced):
    cell, _, _ = balanced(shape)
    found = cell.attribute(0, by="site")
    fewer = found.top(2)
    assert len(fewer.names) == 3 and fewer.names[-1] == "other"
    np.testing.assert_allclose(fewer.outward.sum(axis=0), found.outward.sum(axis=0), atol=1e-14)
