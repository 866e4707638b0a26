"""Cells as bmtool's tuners and its segregation leave them: balanced, and drawn."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

pytestmark = [pytest.mark.bmtool, pytest.mark.neuron]
pytest.importorskip("bmtool.synapses", exc_type=ImportError)
pytest.importorskip("bmtool.util.neuron.celltuner", exc_type=ImportError)

SCRIPT = Path(__file__).with_name("bmtool_run.py")


def ran(what, folder):
    """What the script found; bmtool and compiled mechanisms change NEURON for good."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), what, str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads((folder / "found.json").read_text())


def is_drawn(path):
    picture = matplotlib.image.imread(path)
    return picture.shape[0] > 300 and np.ptp(picture[..., :3]) > 0.9


def test_a_tuned_synapse(tmp_path):
    found = ran("synapse", tmp_path)
    for name in ("before", "after"):
        cell = found[name]
        assert set(cell["charges"]) == {"Exp2Syn[0]", "i_leak", "ik_kslow"}
        assert cell["unexplained"] < 1e-9, cell["verdict"]
        # The tuner records the current without its last step.
        assert cell["charges"]["Exp2Syn[0]"] == pytest.approx(cell["theirs"], rel=2e-3)
        assert cell["charges"]["Exp2Syn[0]"] < 0 and is_drawn(tmp_path / f"{name}.png")
    slower = found["after"]["charges"]["Exp2Syn[0]"] / found["before"]["charges"]["Exp2Syn[0]"]
    assert 2 < slower < 3


def test_cells_that_a_gap_junction_joins(tmp_path):
    found = ran("gap", tmp_path)
    assert 0.02 < found["weak coupling"] < 0.1 < found["strong coupling"] < 0.4
    for name in ("weak", "strong"):
        first, second = found[name]
        for cell in (first, second):
            assert cell["unexplained"] < 1e-9, cell["verdict"]
        # What leaves the one enters the other: the first is pulled down by its electrode.
        assert first["charges"]["Gap[0]"] < 0
        assert second["charges"]["Gap[1]"] == pytest.approx(-first["charges"]["Gap[0]"], rel=1e-3)
        assert is_drawn(tmp_path / f"{name}.png")
    weak, strong = (found[name][0]["charges"]["Gap[0]"] for name in ("weak", "strong"))
    assert strong / weak > 2


def test_a_segregated_channel(tmp_path):
    found = ran("segregation", tmp_path)
    assert found["mechanisms"] == ["kslow"] and found["template"] == "TunedSeg"
    plain, segregated, shifted = (found[name] for name in ("plain", "segregated", "shifted"))
    for cell in (plain, segregated, shifted):
        assert cell["unexplained"] < 1e-9, cell["verdict"]
    # The rewritten channel is the same until its segregation is set.
    assert segregated["charges"]["ik_kslowseg"] == pytest.approx(plain["charges"]["ik_kslow"], rel=1e-9)
    assert np.allclose(segregated["voltage"], plain["voltage"], rtol=0, atol=1e-9)
    # Below it the channel is shut: less of it flows, and the cell rests where its leak holds it.
    assert 0 < shifted["charges"]["ik_kslowseg"] < 0.8 * plain["charges"]["ik_kslow"]
    assert shifted["voltage"][19] > plain["voltage"][19] + 1
    assert is_drawn(tmp_path / "shifted.png")
