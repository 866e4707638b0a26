"""Mechanisms of our own: several writers of one ion, hidden ones, and what cannot be told."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("LFPy")
pytestmark = [pytest.mark.lfpy, pytest.mark.slow]

#: Compiled mechanisms cannot be unloaded, so they get a process of their own.
SCRIPT = pathlib.Path(__file__).with_name("compiled_run.py")
EXACT = 1e-9


@pytest.fixture(scope="module")
def found(tmp_path_factory, tool_path):
    if shutil.which("gcc") is None or shutil.which("make") is None:
        pytest.skip("compiling NEURON's mechanisms needs gcc and make")
    folder = tmp_path_factory.mktemp("mechanisms")
    command = [sys.executable, str(SCRIPT), str(folder)]
    environment = {**os.environ, "PATH": tool_path}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return json.loads(line.removeprefix("RESULT "))


def test_parts_of_an_ion_are_split_and_the_rest_is_kept(found):
    case = found["parts"]
    assert case["names"] == ["ik", "il_hh", "ina_nafast", "ina_naslow", "ina_rest"]
    assert {"g_nafast", "g_naslow", "dina_dv_"} <= set(case["recorded"])
    assert case["worst"] < EXACT
    assert case["warnings"] == []


def test_a_part_that_cannot_be_recorded_stays_in_the_rest(found):
    case = found["hidden"]
    assert case["names"] == ["ik", "il_hh", "ina_naslow", "ina_rest"]
    assert case["worst"] < EXACT


def test_totals_alone_are_enough_for_the_balance(found):
    case = found["total"]
    assert case["names"] == ["ik", "il_hh", "ina"]
    assert case["worst"] < EXACT


def test_a_slope_that_nothing_tells_is_said_so(found):
    case = found["blocked"]
    assert 1e-4 < case["worst"] < 0.1
    (said,) = case["warnings"]
    assert said.startswith("Current 'i_blocked' was evaluated one time step before the voltage")
    assert "variable_dt=True" in said


def test_a_synapse_that_the_total_of_an_ion_includes(found):
    assert found["synapse"].startswith(
        "cell.rec_variables['ina'] at dend(0.5) includes the ina of its NaSyn, which would count twice"
    )
    assert "adapters.neuron" in found["synapse"]


@pytest.mark.parametrize(
    "spelling", ["gated", "turned", "literal", "scaled", "nested", "hinted", "steady", "constant", "slow"]
)
def test_a_current_is_aligned_however_its_equation_is_written(found, spelling):
    case = found[spelling]
    assert case["names"] == sorted([f"i_{spelling}", "ik", "il_hh", "ina"], key=case["names"].index)
    assert case["worst"] < EXACT
    assert case["warnings"] == []


def test_a_reversal_potential_of_its_own_is_not_that_of_the_ion(found):
    case = found["own"]
    assert "ik_own" in case["names"]
    # The total of the ion is exact in any case; the part is to be exact by itself.
    assert case["apart"] < EXACT
    assert case["worst"] < EXACT
    assert case["warnings"] == []


def test_a_reversal_potential_that_moves_is_recorded(found):
    case = found["moving"]
    assert "eca" in case["recorded"] and {"ica_caone", "ica_catwo"} <= set(case["names"])
    assert case["worst"] < EXACT
    assert case["warnings"] == []
