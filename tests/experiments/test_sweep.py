"""Sweeps: closed forms, units, PyNN's annotations, and refusals."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, UnitsError
from neo_currentscape.experiments.step_values import step_values


def run_of(amplitude, *, names=("I_K", "I_Na"), unit="nA", scale=1.0, n=100, **notes):
    """K carries the amplitude outwards, Na twice that inwards in the second half of the time."""
    segment = neo.Segment(amplitude=amplitude, **notes)
    number = float(amplitude.rescale("nA")) if isinstance(amplitude, pq.Quantity) else float(amplitude)
    half = np.arange(n) >= n // 2
    waves = (np.full(n, number), -2 * number * half)
    for name, wave in zip(names, waves, strict=True):
        segment.analogsignals.append(
            neo.AnalogSignal(scale * wave[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name)
        )
    return segment


def block_of(*segments):
    block = neo.Block()
    block.segments.extend(segments)
    return block


def test_charges_contributions_and_shares():
    block = block_of(*(run_of(a * pq.nA) for a in (0.1, 0.4, 0.2)))
    found = ncs.sweep(block, by="amplitude", voltage=False)
    assert found.values.tolist() == [0.1, 0.4, 0.2] and found.values.units == pq.nA
    charge = found.charge("outward")
    assert charge.dimensionality.string == "pC"
    np.testing.assert_allclose(charge.magnitude, [[1, 0], [4, 0], [2, 0]])
    np.testing.assert_allclose(found.charge("inward").magnitude, [[0, 1], [0, 4], [0, 2]])
    np.testing.assert_allclose(found.contributions("inward"), [[0, 1]] * 3)
    # For half of the time nothing flows inwards.
    np.testing.assert_allclose(found.shares("inward"), [[0, 0.5]] * 3)


def test_units_of_values_and_of_currents_are_brought_together():
    block = block_of(run_of(0.1 * pq.nA), run_of(200 * pq.pA, unit="pA", scale=1000.0))
    found = ncs.sweep(block, by="amplitude", voltage=False)
    np.testing.assert_allclose(found.values.magnitude, [0.1, 0.2])
    np.testing.assert_allclose(found.charge("outward").magnitude[:, 0], [1, 2])


def test_steps_that_hold_the_currents_in_another_order():
    other = run_of(0.2 * pq.nA)
    other.analogsignals[:] = other.analogsignals[::-1]
    found = ncs.sweep(block_of(run_of(0.1 * pq.nA), other), by="amplitude", voltage=False)
    np.testing.assert_allclose(found.charge("outward").magnitude, [[1, 0], [2, 0]])


def test_table():
    pandas = pytest.importorskip("pandas")
    found = ncs.sweep(block_of(run_of(0.1 * pq.nA), run_of(0.2 * pq.nA)), by="amplitude", voltage=False)
    frame = found.to_dataframe()
    assert isinstance(frame.index, pandas.MultiIndex) and frame.index.names == ["amplitude", "current"]
    assert frame.loc[(0.2, "I_K"), "charge_outward"] == pytest.approx(2.0)
    assert frame.attrs["units"] == {"charge_outward": "pC", "charge_inward": "pC", "amplitude": "nA"}


def test_conditions_with_names_and_values_that_are_given():
    runs = [run_of(0.1, condition="control"), run_of(0.3, condition="drug")]
    assert ncs.sweep(runs, by="condition", voltage=False).values.tolist() == ["control", "drug"]
    found = ncs.sweep(runs, by=[1, 2] * pq.mV, voltage=False)
    assert found.values.units == pq.mV and found.by == "step"


def test_pynn_annotates_the_segments_of_its_runs(tmp_path):
    """As PyNN's reset(annotations=...) writes them, also after a file."""
    pytest.importorskip("nixio")
    block = block_of(*(run_of(a * pq.nA) for a in (0.1, 0.2)))
    path = str(tmp_path / "runs.nix")
    writer = neo.io.NixIO(path, mode="ow")
    writer.write_block(block)
    writer.close()
    reader = neo.io.NixIO(path, mode="ro")
    back = reader.read_block()
    reader.close()
    found = ncs.sweep(back, by="amplitude", voltage=False)
    np.testing.assert_allclose(found.values.rescale("nA").magnitude, [0.1, 0.2])
    np.testing.assert_allclose(found.charge("outward").magnitude[:, 0], [1, 2])


def test_refusals():
    good = run_of(0.1 * pq.nA)
    bare = neo.Segment(name="third")
    bare.analogsignals.extend(good.analogsignals)
    with pytest.raises(
        SelectionError, match=r"Segment 1 \('third'\) has no annotation 'amplitude' .*annotate"
    ):
        ncs.sweep(block_of(good, bare), by="amplitude")
    with pytest.raises(UnitsError, match="'amplitude' is in nA in step 0 and in mV in step 1"):
        step_values([neo.Segment(amplitude=1 * pq.nA), neo.Segment(amplitude=1 * pq.mV)], "amplitude")
    with pytest.raises(UnitsError, match="nA in step 0 and in no unit in step 1"):
        step_values([neo.Segment(amplitude=1 * pq.nA), neo.Segment(amplitude=2)], "amplitude")
    with pytest.raises(ArgumentTypeError, match="no number"):
        step_values([neo.Segment(a=1), neo.Segment(a=None)], "a")
    with pytest.raises(ArgumentTypeError, match="has 2 values"):
        step_values([neo.Segment(a=[1, 2] * pq.nA)], "a")
    with pytest.raises(ArgumentTypeError, match="3 values for 1 Segments"):
        ncs.sweep(good, by=[1, 2, 3])
    with pytest.raises(SelectionError, match="Step 0 and step 1 differ in the currents 'I_Ca', 'I_Na'"):
        ncs.sweep(block_of(good, run_of(0.2 * pq.nA, names=("I_K", "I_Ca"))), by="amplitude", voltage=False)
    with pytest.raises(UnitsError, match="give area"):
        ncs.sweep(block_of(good, run_of(0.2 * pq.nA, unit="mA/cm**2")), by="amplitude", voltage=False)
    with pytest.raises(SelectionError, match="holds no Segment"):
        ncs.sweep(neo.Block(), by="amplitude")
    with pytest.raises(ArgumentTypeError, match="neo.Block"):
        ncs.sweep({"a": 1}, by="amplitude")
