"""A short list of the table of all models: charges, verdicts at three intervals, and what is named."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.nest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def harness():
    """The module that makes the table."""
    pytest.importorskip("nest")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("nest_models", BENCHMARKS / "nest_models.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["nest_models"] = module
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(BENCHMARKS))
        for name in ("nest_models", "nest_cases"):
            sys.modules.pop(name, None)


def test_every_model_with_a_membrane_has_a_case(kernel, harness):
    assert set(harness.cases.CASES) == set(harness.cases.membranes(kernel))


@pytest.mark.parametrize(
    "model",
    [
        "aeif_cond_exp",
        "gif_cond_exp",
        "glif_cond",
        "hh_psc_alpha",
        "ht_neuron",
        "iaf_cond_alpha_mc",
        "iaf_cond_exp_sfa_rr",
        "iaf_psc_delta",
        "iaf_psc_exp_multisynapse",
    ],
)
def test_charges_verdicts_and_names(kernel, harness, model):
    row = harness.row(kernel, model)
    assert row.spikes[0] == row.spikes[1]
    assert row.charge < 0.02
    assert row.is_true, row.verdicts
    assert row.unnamed == ()
