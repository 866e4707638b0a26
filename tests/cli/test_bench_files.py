"""Commands on patch-clamp files: equal sweeps in a line, and no currentscape of an amplifier's current."""

import numpy as np
import pytest

from neo_currentscape.cli.main import main

with np.printoptions():  # which pyABF changes
    writer = pytest.importorskip("pyabf.abfWriter")


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "cell.abf"
    writer.writeABF1(np.full((6, 4000), 25.0), str(path), 10_000, units="pA")
    return path


def test_info_tells_equal_sweeps_together(recorded, capsys):
    assert main(["info", str(recorded)]) == 0
    out = capsys.readouterr().out
    assert "segments 0-5, 6 alike, voltage clamp" in out
    assert out.count("membrane") == 1 and " 4000 " in out


def test_plot_says_why_there_is_no_currentscape_before_it_asks_for_a_sweep(recorded, capsys):
    assert main(["plot", str(recorded)]) == 2
    told = capsys.readouterr().err
    assert "the total of the membrane, as measured in voltage clamp" in told and "--segment" not in told
    assert not recorded.with_suffix(".png").exists()


def test_info_of_a_table_of_a_german_program(tmp_path, capsys):
    path = tmp_path / "cell.csv"
    path.write_text("Zeit (ms);Vm (mV);I_K (pA)\n" + "".join(f"{k},5;-60,25;{k},5\n" for k in range(20)))
    assert main(["info", str(path)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {row[0]: (row[4], row[5]) for row in rows if row and row[0] in ("Vm", "I_K")} == {
        "Vm": ("mV", "voltage"),
        "I_K": ("pA", "current"),
    }
