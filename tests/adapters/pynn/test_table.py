"""Some rows of the table of the standard cells: each right, and no recorded variable left out unnamed."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pynn

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def cells():
    """The module that makes the table."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("pynn_cells", BENCHMARKS / "pynn_cells.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


@pytest.mark.parametrize(
    "backend, cell",
    [
        ("neuron", "IF_cond_exp"),
        ("nest", "IF_cond_exp"),
        ("nest", "EIF_cond_exp_isfa_ista"),
        ("brian2", "LIF with currents"),
    ],
)
def test_a_row_is_right(cells, backend, cell):
    if cells.python_of(backend) is None:
        pytest.skip(f"{backend} is not installed")
    row = cells.judged(backend, cell, cells.run(backend, cell))
    assert row[-1] == "right" and not cells.is_wrong(row), row


def test_what_nothing_explains_is_wrong(cells):
    found = {
        "spikes": [[1.0], [1.0]],
        "charges": [{"leak outward": 1.1}, {"leak outward": 1.0}],
        "verdict": "complete: 1 %",
        "unexplained": 0.01,
        "warnings": [[], []],
        "unnamed": [],
    }
    assert cells.is_wrong(cells.judged("nest", "IF_cond_exp", found))
    good = {**found, "charges": [{"leak outward": 1.0}] * 2}
    assert not cells.is_wrong(cells.judged("nest", "IF_cond_exp", good))
    assert cells.is_wrong(cells.judged("nest", "IF_cond_exp", {**good, "unnamed": ["gsyn_inh"]}))
    assert cells.is_wrong(cells.judged("nest", "IF_cond_exp", {**good, "verdict": "a current is missing"}))
    assert cells.is_wrong(cells.judged("nest", "IF_cond_exp", None))


def test_a_known_reason_explains_so_much_and_no_more(cells):
    row = ("brian2", "EIF_cond_alpha_isfa_ista")
    found = {
        "spikes": [[1.0], [1.0]],
        "charges": [{"spike inward": 1.021}, {"spike inward": 1.0}],
        "verdict": "complete: 0.03 %",
        "unexplained": 3e-4,
        "warnings": [[], []],
        "unnamed": [],
    }
    assert cells.judged(*row, found)[-1] == cells.REASONS[row]
    worse = {**found, "charges": [{"spike inward": 1.2}, {"spike inward": 1.0}]}
    assert cells.judged(*row, worse)[-1] == "WRONG" and cells.is_wrong(cells.judged(*row, worse))
    accused = {**found, "verdict": "a current is missing: it is constant"}
    assert cells.is_wrong(cells.judged(*row, accused))
