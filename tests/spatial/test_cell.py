"""CellRecording of arrays: trees whose currents are known in closed form."""

from __future__ import annotations

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
from neo_currentscape.spatial import cell as cell_module

SITES = ("soma(0.5)", "dend[0](0.25)", "dend[0](0.75)", "dend[0](1)", "dend[1](0.5)", "apic(0.5)")


@pytest.fixture
def shape():
    """A soma, a dendrite of two compartments, and two branches on a joint at its end."""
    return Morphology(
        sites=SITES,
        parent=[-1, 0, 1, 2, 3, 3],
        resistance=[0, 10, 20, 5, 8, 4],
        area=[1000, 100, 90, 0, 80, 70],
        distance=[0, 50, 100, 125, 160, 175],
    )


def balanced(shape, seed=0, n_times=50, loss=None):
    """Random voltages and currents; the last of three types makes every compartment balance."""
    rng = np.random.default_rng(seed)
    voltage = -65 + 5 * rng.standard_normal((6, n_times)).cumsum(axis=1)
    voltage[3] = (voltage[2] / 5 + voltage[4] / 8 + voltage[5] / 4) / (1 / 5 + 1 / 8 + 1 / 4)
    axial = np.zeros_like(voltage)
    for n in range(1, 6):
        axial[n] = (voltage[shape.parent[n]] - voltage[n]) / shape.resistance[n]
    inflow = axial.copy()
    for n in range(1, 6):
        inflow[shape.parent[n]] -= axial[n]
    membrane = rng.standard_normal((6, 3, n_times))
    membrane[3] = 0
    membrane[:, 2] = inflow - membrane[:, :2].sum(axis=1)
    if loss is not None:
        membrane[loss, 1] = 0
    names = ["Na", "K", "leak"]
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, names, 0.1 * np.arange(n_times))
    return cell, membrane, axial


def test_axial_currents_are_voltage_differences_over_resistances(shape):
    cell, membrane, axial = balanced(shape)
    np.testing.assert_allclose(cell.axial(), axial, atol=1e-12)
    np.testing.assert_allclose(cell.membrane(), membrane, atol=0)
    assert cell.balance.worst < 1e-12
    assert cell.balance.verdict.startswith("complete: all 6 compartments")


def test_voltage_of_a_joint_follows_from_its_neighbours(shape):
    cell, _, axial = balanced(shape)
    del cell.traces.voltage[3]
    again = ncs.CellRecording(cell.traces, shape)
    np.testing.assert_allclose(again.axial(), axial, atol=1e-11)
    assert again.balance.worst < 1e-11
    del cell.traces.voltage[2]
    with pytest.raises(SelectionError, match=r"Neither dend\[0\]\(1\) nor dend\[0\]\(0.75\)"):
        ncs.CellRecording(cell.traces, shape)


@pytest.mark.parametrize("target", [0, 2, 3, 5])
def test_by_type_is_the_partition(shape, target):
    cell, membrane, axial = balanced(shape)
    found = cell.attribute(target)
    outward, inward = ncs.spatial.partition(membrane, axial, shape.parent, target)
    assert found.names == ["Na", "K", "leak"]
    np.testing.assert_allclose(found.outward, outward, atol=1e-12)
    np.testing.assert_allclose(found.inward, -inward, atol=1e-12)


def test_merged_section_is_the_partition_of_the_merged_tree(shape):
    cell, membrane, axial = balanced(shape)
    merged = ncs.spatial.merge(membrane, axial, shape.parent, np.array([1, 0, 0, 2, 3, 4]))
    outward, inward = ncs.spatial.partition(*merged, 0)
    found = cell.attribute("dend[0]")
    np.testing.assert_allclose(found.outward, outward, atol=1e-12)
    np.testing.assert_allclose(found.inward, -inward, atol=1e-12)


def test_a_region_takes_the_joint_between_its_sections(shape):
    cell, _, _ = balanced(shape)
    assert cell.nodes("dend").tolist() == [1, 2, 3, 4]
    assert cell.nodes(["soma", "apic"]).tolist() == [0, 5]
    with pytest.raises(ArgumentError, match="not connected"):
        cell.attribute(["soma", "apic"])


@pytest.mark.parametrize("by", ["region", "section", "site", "distance", ("region", "type")])
def test_groupings_are_sums_over_the_attribution(shape, by):
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


def test_path_distances_are_those_along_the_tree(shape):
    np.testing.assert_allclose(shape.path_from(5), [175, 125, 75, 50, 85, 0])
    np.testing.assert_allclose(shape.path_from(0), shape.distance)


def test_axial_inflow_is_shown_as_such_when_asked(shape):
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


def test_blocks_and_windows_do_not_matter(shape, monkeypatch):
    cell, _, _ = balanced(shape)
    whole = cell.attribute(1, by="region")
    monkeypatch.setattr(cell_module, "BLOCK_VALUES", 100)
    again = cell.attribute(1, by="region")
    assert again.names == whole.names
    np.testing.assert_array_equal(again.outward, whole.outward)
    part = cell.attribute(1, by="region", t_start=1 * pq.ms, t_stop=2 * pq.ms)
    np.testing.assert_allclose(part.outward, whole.outward[:, 10:20], atol=1e-15)


def test_map_is_the_charge_of_each_compartment(shape):
    cell, membrane, axial = balanced(shape)
    outward, inward = ncs.spatial.by_compartment(membrane, axial, shape.parent, 0)
    found = cell.map(0)
    charge = outward.sum(axis=(1, 2))
    np.testing.assert_allclose(found.outward, charge / charge.sum(), atol=1e-12)
    at = cell.map(0, time=1.04 * pq.ms)
    now = -inward[:, :, 10].sum(axis=1)
    np.testing.assert_allclose(at.inward, now / now.sum(), atol=1e-12)
    parts = sum(cell.map(0, types=name).inward for name in cell.names)
    np.testing.assert_allclose(parts, found.inward, atol=1e-12)
    merged = cell.map("dend[0]")
    assert merged.inward.sum() == pytest.approx(1)
    assert merged.inward[1] / merged.inward[2] == pytest.approx(100 / 90)


def test_map_weighs_each_sample_with_its_time(shape):
    # Irregular steps: half the way to both neighbours, the trapezoidal rule.
    _, membrane, axial = balanced(shape, seed=4)
    voltage = balanced(shape, seed=4)[0].voltage()
    times = np.cumsum(np.random.default_rng(8).uniform(0.02, 1.5, 50) ** 2)
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, ["Na", "K", "leak"], times)
    weights = np.gradient(times)
    weights[1:-1] = (times[2:] - times[:-2]) / 2
    weights[[0, -1]] = np.diff(times)[[0, -1]] / 2
    by_hand = ncs.spatial.by_compartment(membrane, axial, shape.parent, 0)
    for direction, currents in zip(("outward", "inward"), by_hand, strict=True):
        charge = np.abs((currents * weights).sum(axis=(1, 2)))
        plain = np.abs(currents.sum(axis=(1, 2)))
        found = cell.map(0).of(direction)
        np.testing.assert_allclose(found, charge / charge.sum(), atol=1e-12)
        assert np.abs(found - plain / plain.sum()).max() > 1e-3


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


def test_missing_current_is_named_and_not_spread(shape):
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


def test_less_than_one_percent_is_not_said(shape):
    cell, membrane, _ = balanced(shape)
    membrane[4, 1] += 1e-3 * membrane[4, 2]
    again = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, cell.names, np.arange(50.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 1e-5 < again.balance.worst < 1e-2
    assert again.attribute(0).names == cell.names


def test_regions_by_sections_patterns_functions_and_lists(shape):
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


def test_currentscape_has_the_totals_and_shares_of_the_attribution(shape):
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


def test_a_slice_of_an_attribution_is_the_attribution_of_the_slice(shape):
    cell, _, _ = balanced(shape)
    cut = cell.attribute(1, by="region").currentscape().slice(1 * pq.ms, 3 * pq.ms)
    own = cell.attribute(1, by="region", t_start=1 * pq.ms, t_stop=3 * pq.ms)
    assert cut.attribution.rows == own.rows and len(cut.times) == 20
    np.testing.assert_array_equal(cut.attribution.inward, own.inward)
    np.testing.assert_array_equal(cut.shares("inward"), own.currentscape().shares("inward"))
    again = cut.slice(2 * pq.ms)
    assert again.attribution.rows == slice(20, 30)
    np.testing.assert_array_equal(again.attribution.outward, own.outward[:, 10:])


def test_top_bundles_and_keeps_the_sums(shape):
    cell, _, _ = balanced(shape)
    found = cell.attribute(0, by="site")
    fewer = found.top(2)
    assert len(fewer.names) == 3 and fewer.names[-1] == "other"
    np.testing.assert_allclose(fewer.outward.sum(axis=0), found.outward.sum(axis=0), atol=1e-14)


def test_bad_input(shape):
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
def test_trees_that_are_none(shape, parent, sentence):
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


def segment_of(cell, change=None):
    """The signals of a cell of arrays, as an adapter would write them; one of them may be changed."""
    import neo

    from neo_currentscape.conventions.annotations import signal_annotations

    segment, shape = neo.Segment(), cell.morphology
    voltage, membrane = cell.voltage(), cell.membrane()
    for n, site in enumerate(shape.sites):
        rows = [("v", voltage[n], "mV", "voltage", None)]
        rows += [(name, membrane[n, k], "nA", "current", "outward") for k, name in enumerate(cell.names)]
        for name, values, unit, role, positive in rows:
            given = {"values": values, "unit": unit, "period": 0.1 * pq.ms, "sign": positive}
            if change and (site, name) == change[0]:
                given.update(change[1](given))
            segment.analogsignals.append(
                neo.AnalogSignal(
                    given["values"][:, None],
                    units=given["unit"],
                    sampling_period=given["period"],
                    name=name,
                    **signal_annotations(role, given["sign"], site=site, area=given.get("area")),
                )
            )
    shape.annotate(segment)
    return segment


PLACE = ("dend[1](0.5)", "K")


def test_signals_of_any_sign_and_unit_are_the_same_cell(shape):
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
def test_signals_that_cannot_be_used(shape, change, sentence):
    cell, _, _ = balanced(shape)
    with pytest.raises(CurrentscapeError, match=sentence):
        ncs.CellRecording.from_segment(segment_of(cell, (PLACE, change)))


def test_a_compartment_that_was_not_recorded_is_named(shape):
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


def test_types_are_labels_without_numbers_or_what_the_caller_says(shape):
    cell, _, _ = balanced(shape)
    segment = segment_of(cell)
    found = ncs.CellRecording.from_segment(segment, types={"cations": ["Na", "K"], "pas": "le*"})
    assert found.names == ["cations", "pas"]
    whole = cell.membrane()
    np.testing.assert_allclose(found.membrane()[:, 0], whole[:, 0] + whole[:, 1], atol=1e-14)
    by_site = ncs.CellRecording.from_segment(segment, types=lambda label, site: f"{label} {site[:4]}")
    assert "Na dend" in by_site.names and by_site.balance.worst < 1e-10


GROUP = {"cations": ["Na", "K"]}


def test_currents_under_a_label_are_summed_in_every_compartment(shape):
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


def test_numbered_currents_are_summed_by_name_type_or_pattern(shape):
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
def test_sums_in_a_cell_that_are_none(shape, currents, sentence):
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


def test_a_sum_takes_neither_the_capacitive_current_nor_electrodes(shape):
    cell, membrane, _ = balanced(shape)
    names = ["Na", "capacitive", "leak"]
    cell = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, names, 0.1 * np.arange(50))
    assert cell.attribute(0, currents={"all": ["*"]}).names == ["all", "capacitive"]


def test_values_are_not_copied_and_not_changed(shape):
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
