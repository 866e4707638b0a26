"""The dipole moment by current: closed forms, the moment of what flows inside, and other packages' own."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SignalError,
)
from neo_currentscape.recording.morphology import Morphology


def random_cell(seed=3, nodes=9, kinds=3, samples=20, closed=True):
    """A random tree in space whose currents sum to zero, and what flows from each parent, (node, time)."""
    random = np.random.default_rng(seed)
    parent = np.array([-1, *(random.integers(0, node) for node in range(1, nodes))])
    ends = random.normal(0, 80, (nodes, 2, 3))
    points = [np.column_stack([end, [1.0, 1.0]]) for end in ends]
    membrane = random.normal(0, 1, (nodes, kinds, samples))
    if closed:
        membrane[0, -1] -= membrane.sum(axis=(0, 1))
    flow = membrane.sum(axis=1)
    for node in range(nodes - 1, 0, -1):
        flow[parent[node]] += flow[node]
    sites = [f"s{node}(0.5)" for node in range(nodes)]
    # The voltages are those that drive these flows, through 1 megohm each.
    voltage = np.zeros((nodes, samples))
    for node in range(1, nodes):
        voltage[node] = voltage[parent[node]] - flow[node]
    shape = Morphology(
        sites, parent, np.ones(nodes), random.uniform(50, 500, nodes), np.arange(nodes) * 10.0,
        points=points, capacitance=random.uniform(0.5, 2, nodes),
    )  # fmt: skip
    names = [f"i{k}" for k in range(kinds)]
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, names, np.arange(samples) * 0.1)
    flow[0] = 0
    return cell, membrane, flow, ends.mean(axis=1)


@pytest.mark.parametrize("origin", ["membrane", "root", (10.0, -20.0, 700.0)])
def test_the_whole_is_the_moment_of_what_flows_inside_wherever_the_origin_is(origin):
    cell, _, flow, places = random_cell()
    field = extracellular.dipole(cell, origin=origin)
    steps = places - places[np.maximum(cell.morphology.parent, 0)]
    np.testing.assert_allclose(field.total, steps.T @ flow, atol=1e-9)
    assert (field.contacts, field.unit, field.net < 1e-9) == (["p_x", "p_y", "p_z"], "nA*um", True)


def test_each_part_is_that_current_with_its_return_at_the_origin():
    cell, membrane, _, places = random_cell()
    weights = cell.morphology.area * cell.morphology.capacitance
    for origin, at in (
        ("membrane", weights @ places / weights.sum()),
        ("root", places[0]),
        ((1.0, 2.0, 3.0), np.array([1.0, 2.0, 3.0])),
    ):
        wanted = np.einsum("nkt,nc->ckt", membrane, places - at)
        field = extracellular.dipole(cell, origin=origin)
        np.testing.assert_allclose(field.parts, wanted, atol=1e-9)


def test_an_even_charging_current_has_no_part_when_it_returns_through_the_membrane():
    cell, *_ = random_cell()
    weights = cell.morphology.area * cell.morphology.capacitance
    even = np.repeat((weights / weights.sum())[:, None, None], 4, axis=2)
    point = np.zeros_like(even)
    point[3] = -1.0
    both = np.concatenate([even, point], axis=1)
    made = ncs.CellRecording.from_arrays(
        both, np.zeros((len(even), 4)), cell.morphology, ["even", "point"], np.arange(4.0)
    )
    with pytest.warns(CurrentscapeWarning, match="unexplained|of the current"):
        field = extracellular.dipole(made, by=lambda site, kind: kind)
    assert np.abs(field.parts[:, field.names.index("even")]).max(initial=0) < 1e-12


def test_along_a_direction_it_is_the_projection():
    cell, *_ = random_cell()
    every = extracellular.dipole(cell)
    for axis, vector in (("y", (0, 1, 0)), ((3, 0, -4), (0.6, 0, -0.8))):
        along = extracellular.dipole(cell, axis)
        np.testing.assert_allclose(along.parts[0], np.einsum("c,ckt->kt", vector, every.parts), atol=1e-9)
    assert extracellular.dipole(cell, "y").contacts == ["p_y"]
    assert extracellular.dipole(cell, (3, 0, -4)).contacts == ["p"]


def test_windows_and_groups_are_those_of_every_field():
    cell, *_ = random_cell()
    whole = extracellular.dipole(cell, "z", by="section")
    cut = extracellular.dipole(cell, "z", by="section", t_start=0.5 * pq.ms, t_stop=1 * pq.ms)
    np.testing.assert_allclose(cut.parts, whole.parts[:, :, 5:10])
    assert set(whole.names) == {f"s{node}" for node in range(9)}


def test_a_current_that_is_missing_is_said():
    cell, *_ = random_cell(closed=False)
    # What is lacking at the root flows nowhere: the balance names it, and it is no source.
    with pytest.warns(CurrentscapeWarning):
        assert "unexplained" in extracellular.dipole(cell, "z").names


@pytest.mark.neuron
def test_a_sealed_cable_has_the_moment_of_cable_theory():
    """A current I into one end of a passive cable makes I lambda tanh(length / 2 lambda), steadily."""
    from neo_currentscape.adapters import neuron

    h = pytest.importorskip("neuron").h
    h.load_file("stdrun.hoc")
    h.CVode().active(False)
    h.dt = 0.1
    cable = h.Section(name="cable")
    for z in (0, 800):
        cable.pt3dadd(0, 0, z, 2)
    cable.nseg, cable.Ra = 301, 100
    cable.insert("pas")
    cable.g_pas, cable.e_pas = 1e-3, -65
    electrode = h.IClamp(cable(0))
    electrode.amp, electrode.dur = 0.1, 1e9
    recorder = neuron.CellRecorder(cable)
    h.finitialize(-65)
    h.continuerun(30)
    cell = ncs.CellRecording.from_segment(recorder.to_segment())
    constant = 1e4 * np.sqrt(2e-4 / 4 / (100 * 1e-3))  # lambda in um: sqrt(d R_m / 4 R_a), in cm
    wanted = 0.1 * constant * np.tanh(800 / (2 * constant))
    # The electrode at the end counts in the first compartment, whose middle is half its length away.
    field, half = extracellular.dipole(cell, "z"), 800 / 301 / 2
    assert field.total[0, -1] == pytest.approx(wanted - 0.1 * half, rel=1e-4)
    assert {"i_pas", "IClamp"} <= set(field.names)
    with pytest.warns(CurrentscapeWarning, match="electrodes=True"):
        lone = extracellular.dipole(cell, "z", electrodes=False)
    assert "IClamp" not in lone.names


@pytest.mark.lfpy
def test_it_is_lfpykits_own_moment():
    kit = pytest.importorskip("lfpykit")
    cell, membrane, *_ = random_cell()
    model = kit.CurrentDipoleMoment(extracellular.geometry(cell.morphology))
    wanted = model.get_transformation_matrix() @ membrane.sum(axis=1)
    np.testing.assert_allclose(extracellular.dipole(cell).total, wanted, atol=1e-9)


def test_cells_are_added_current_by_current_or_type_by_type():
    cells = [random_cell(seed, kinds=kinds)[0] for seed, kinds in ((1, 2), (2, 3), (3, 1))]
    fields = [extracellular.dipole(cell, "z") for cell in cells]
    whole = extracellular.add(fields)
    assert whole.names == ["i0", "i1", "i2"]
    np.testing.assert_allclose(whole.total, sum(field.total for field in fields))
    np.testing.assert_allclose(whole.parts[0, 2], fields[1].parts[0, 2])
    layers = extracellular.add({"upper": fields[0], "lower": fields[1:]})
    assert layers.names == ["upper", "lower"]
    np.testing.assert_allclose(layers.parts[0, 1], (fields[1].total + fields[2].total)[0])


def test_fields_that_do_not_fit_are_not_added():
    cell, *_ = random_cell()
    along, across = extracellular.dipole(cell, "z"), extracellular.dipole(cell, "x")
    with pytest.raises(ArgumentError, match="contacts"):
        extracellular.add([along, across])
    with pytest.raises(ArgumentError, match="unit"):
        extracellular.add([along, along.rescale("pA*um")])
    with pytest.raises(SignalError, match="times"):
        extracellular.add([along, extracellular.dipole(cell, "z", t_start=0.5 * pq.ms)])
    with pytest.raises(ArgumentError, match="no field to add"):
        extracellular.add({})
    with pytest.raises(ArgumentTypeError, match="no Field"):
        extracellular.add([along, 3])


@pytest.mark.parametrize(
    "options",
    [{"axis": "up"}, {"axis": (0, 0)}, {"axis": (0, 0, 0)}, {"axis": 3}, {"origin": "soma"},
     {"origin": (0, np.nan, 1)}],
)  # fmt: skip
def test_axes_and_origins_that_are_none_are_named(options):
    cell, *_ = random_cell()
    with pytest.raises(ArgumentError, match="axis=|origin="):
        extracellular.dipole(cell, **options)


def test_a_cell_without_points_is_told_how_to_get_them():
    cell, membrane, *_ = random_cell()
    shape = cell.morphology.with_points(None)
    bare = ncs.CellRecording.from_arrays(membrane, cell.voltage(), shape, cell.names, cell.times)
    with pytest.raises(ArgumentError, match="define_shape"):
        extracellular.dipole(bare)


def test_the_table_has_the_means_of_both_directions():
    pytest.importorskip("pandas")
    cell, *_ = random_cell()
    field = extracellular.dipole(cell, "z")
    table = field.to_dataframe()
    assert list(table.index) == [("p_z", name) for name in field.names]
    np.testing.assert_allclose(table["positive"] - table["negative"], field.parts[0].mean(axis=1))
    np.testing.assert_allclose(table[["share_positive", "share_negative"]].sum(), 1)
    assert table.attrs["units"]["peak"] == "nA*um"


def test_the_figure_shows_the_moment_and_the_shares():
    cell, *_ = random_cell()
    figure = extracellular.dipole(cell, "z").plot(title="Dipole", size="column")
    upper, lower = figure.axes[:2]
    assert upper.get_ylabel().startswith("p_z")
    line = upper.get_lines()[-1]
    np.testing.assert_allclose(line.get_ydata(), extracellular.dipole(cell, "z").total[0], atol=1e-9)
    assert lower.get_ylim() == (-1, 1) or lower.get_ylabel()
