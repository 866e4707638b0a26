"""A whole cell of BMTK, from its run to the attribution, against NEURON in the same run."""

import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import sonata
from neo_currentscape.conventions.errors import CurrentscapeError

pytest.importorskip("bmtk")
pytest.importorskip("neuron")
pytest.importorskip("h5py")
pytestmark = [pytest.mark.sonata, pytest.mark.neuron]

#: BMTK changes NEURON's global state, so it gets a process of its own.
SCRIPT = pathlib.Path(__file__).with_name("whole_cell_run.py")
UNITS = {"v": "mV", "synapses": "nA"} | dict.fromkeys(("ina", "ik", "il_hh", "i_pas"), "mA/cm**2")
REVERSAL = {
    "ina": 50 * pq.mV,
    "ik": -77 * pq.mV,
    "il_hh": -54.3 * pq.mV,
    "i_pas": -65 * pq.mV,
    "synapses": 0 * pq.mV,
}
SOMA = "Whole[0].soma[0](0.5)"
TIMES = 0.025 * np.arange(1, 1201)
CLAMP = 0.3 * ((TIMES > 18.01) & (TIMES < 24.01)) * pq.nA
NAMES = {
    "ina": "ina_hh",
    "ik": "ik_hh",
    "il_hh": "il_hh",
    "i_pas": "i_pas",
    "synapses": "Exp2Syn",
    "electrode": "IClamp",
    "capacitive": "capacitive",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The reports, and what CellRecorder found in the same run."""
    folder = tmp_path_factory.mktemp("whole_cell")
    command = [sys.executable, str(SCRIPT), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = pickle.loads((folder / "found.pkl").read_bytes())
    return {name: folder / "output" / f"{name}.h5" for name in UNITS}, found


def read(run, **changes):
    reports, found = run
    options = {
        "sections": found["sections"],
        "units": UNITS,
        "capacitance": 1 * pq.uF / pq.cm**2,
        "reversal": REVERSAL,
        "electrodes": {SOMA: CLAMP},
    }
    segment = sonata.cell_segment(reports, found["morphology"], **(options | changes))
    return ncs.CellRecording.from_segment(segment)


def test_every_compartment_balances_and_has_the_currents_of_neuron(run):
    cell, own = read(run), ncs.CellRecording.from_segment(run[1]["segment"])
    assert cell.sites == own.sites and int((~cell.morphology.is_joint).sum()) == 20
    assert cell.balance.worst < 1e-9 and own.balance.worst < 1e-9
    assert set(cell.names) == set(NAMES)
    # The first sample is lost to the difference quotient of the capacitive current.
    assert len(cell) == len(own) - 1
    np.testing.assert_allclose(cell.times.magnitude, own.times.magnitude[1:], atol=1e-9)
    membrane = own.membrane()[:, :, 1:]
    for number, name in enumerate(cell.names):
        wanted = membrane[:, own.names.index(NAMES[name])]
        assert np.abs(wanted).max() > 1e-3
        np.testing.assert_allclose(cell.membrane()[:, number], wanted, rtol=0, atol=1e-9)


def test_attribution_is_that_of_the_recorder(run):
    cell, own = read(run), ncs.CellRecording.from_segment(run[1]["segment"])
    for target in (SOMA, "Whole[0].apic[1]"):
        found, wanted = cell.attribute(target), own.attribute(target)
        rows = [wanted.names.index(NAMES[name]) for name in found.names]
        np.testing.assert_allclose(found.inward, wanted.inward[rows][:, 1:], rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.outward, wanted.outward[rows][:, 1:], rtol=0, atol=1e-9)
    figure = cell.attribute(SOMA).plot()
    figure.fig.canvas.draw()
    assert {text.get_text() for text in figure.legend.get_texts()} == set(cell.names)


def test_synapses_at_one_place_are_summed(run):
    cell = read(run)
    at = [trace for trace in cell.traces.currents if cell.names[trace.kind] == "synapses"]
    sites = [cell.sites[trace.node] for trace in at]
    assert sorted(sites) == [
        "Whole[0].apic[1](0.7)", "Whole[0].apic[1](0.7)", "Whole[0].apic[2](0.166667)",
        "Whole[0].dend[0](0.5)",
    ]  # fmt: skip


def test_the_clamp_that_bmtk_does_not_report_is_named(run):
    cell = read(run, electrodes=None)
    with pytest.warns(ncs.CurrentscapeWarning, match=r"soma\[0\]\(0.5\) is unexplained"):
        said = cell.balance.verdict
    assert "constant but for 2 jumps, as that of a current clamp" in said
    # The site may be named as in the reports.
    assert read(run, electrodes={"sec[0](0.5)": CLAMP}).balance.worst < 1e-9


@pytest.mark.parametrize(
    ("electrodes", "sentence"),
    [
        ({SOMA: CLAMP[:-1]}, "1199 samples, and the reports 1200"),
        ({SOMA: CLAMP.magnitude}, "is no current"),
        ({SOMA: CLAMP.magnitude * pq.mV}, "is no current"),
        ({"Whole[0].axon[0](0.5)": CLAMP}, "Unknown site in electrodes="),
    ],
)
def test_electrodes_that_are_none(run, electrodes, sentence):
    with pytest.raises(CurrentscapeError, match=sentence):
        read(run, electrodes=electrodes)
