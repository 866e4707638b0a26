"""A sweep from a live PyNN run with reset(annotations=...), on NEURON and NEST, to its table and panels."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import SelectionError

pytestmark = pytest.mark.pynn
HERE = Path(__file__).parent
NEEDS = {"neuron": "neuron", "nest": "nest"}
AMPLITUDES = [0.0, 100.0, 300.0]


@pytest.fixture(scope="module", params=NEEDS)
def folder(request, tmp_path_factory):
    """Where a run on one simulator left its sweep and its Blocks."""
    for name in ("pyNN", NEEDS[request.param], "pandas"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    found = tmp_path_factory.mktemp(request.param)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / "pynn_sweep.py"), request.param, str(found)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return found


def block(folder, name):
    return neo.io.PickleIO(str(folder / name)).read_block()


def test_values_keep_the_unit_of_the_annotations(folder):
    found = np.load(folder / "sweep.npz")
    assert found["values"].tolist() == AMPLITUDES and str(found["unit"]) == "pA"
    segments = block(folder, "block.pkl").segments
    assert [segment.annotations["amplitude"] for segment in segments] == [a * pq.pA for a in AMPLITUDES]


def test_charges_are_those_of_a_leaky_membrane(folder):
    found = np.load(folder / "sweep.npz")
    # 100 ms of a current I through R = 100 Mohm and tau = 20 ms: the leak carries I (1 - exp(-t/tau)).
    expected = np.array(AMPLITUDES) * 1e-3 * (100 - 20 * (1 - np.exp(-5)))
    leak = found["names"].tolist().index("leak")
    assert found["outward"][:, leak] == pytest.approx(expected, rel=2e-3, abs=1e-6)
    others = np.delete(found["outward"] + found["inward"], leak, axis=1)
    assert np.abs(others).max() == 0


def test_table_and_both_panels(folder):
    pandas = pytest.importorskip("pandas")
    found = np.load(folder / "sweep.npz")
    table = pandas.read_csv(folder / "sweep.csv", index_col=["amplitude", "current"])
    assert len(table) == 9 and table.loc[(100.0, "leak"), "contribution_outward"] == 1
    assert table["charge_outward"].to_numpy() == pytest.approx(found["outward"].ravel())
    assert found["panels"].tolist() == ["SweepPanel", "MultiplesPanel"]
    assert (folder / "sweep.png").stat().st_size > 1000


def test_what_pynn_returns_by_itself_is_derived_by_the_description_in_it(folder):
    found = ncs.sweep(block(folder, "plain.pkl"), by="amplitude", neuron=1)
    whole = np.load(folder / "sweep.npz")
    assert found.names == whole["names"].tolist()
    for direction in ("outward", "inward"):
        own = found.charge(direction).rescale("pC").magnitude
        np.testing.assert_allclose(own, whole[direction], rtol=1e-9, atol=1e-9)


def test_without_a_description_the_way_out_is_told(folder):
    plain = block(folder, "plain.pkl")
    for holder in (plain, *plain.segments):
        holder.annotations.pop("pynn_cells", None)
    with pytest.raises(SelectionError, match=r"adapters\.pynn\.to_segment\(data, population\), which"):
        ncs.sweep(plain, by="amplitude", neuron=1)


def test_a_native_cell_type_straight_from_get_data(folder):
    if not (folder / "native.pkl").exists():
        pytest.skip("only in NEURON")
    found = block(folder, "native.pkl")
    sweep = ncs.sweep(found, by="amplitude", neuron=1, area=400 * np.pi * pq.um**2)
    assert sweep.values.tolist() == AMPLITUDES and sweep.values.units == pq.pA
    assert set(sweep.names) == {"ik", "il_hh", "ina"}
    for k, segment in enumerate(found.segments):
        for name in sweep.names:
            signal = segment.filter(name=f"soma(0.5).{name}")[0][:, 1]
            # mA/cm2 on 400 pi um2, in nA, over ms: pC.
            wave = np.asarray(signal.magnitude[:, 0]) * 4 * np.pi
            for direction, sign in (("outward", 1), ("inward", -1)):
                part = np.clip(sign * wave, 0, None)
                charge = 0.025 * (part[1:] + part[:-1]).sum() / 2
                ours = float(sweep.charge(direction)[k, sweep.names.index(name)].rescale("pC"))
                assert ours == pytest.approx(charge, rel=1e-2, abs=1e-3), (name, direction)
    assert len(sweep.plot(multiples=True).axes) == 2
