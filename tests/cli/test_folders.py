"""A run that was written as a folder of Zarr is a file as any other."""

import numpy as np
import pytest
import quantities as pq
from neo import AnalogSignal, Segment

from neo_currentscape.cli.main import main
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.recording.columns_store import write_segment


@pytest.fixture
def folder(tmp_path):
    """A step into a leaky membrane of 20 ms, 100 Mohm, as a recorder of whole cells writes it."""
    times = np.arange(0, 400, 0.5)
    on = (times >= 100) & (times < 300)
    charged = 1 - np.exp(-np.clip(times - 100, 0, 200) / 20)
    voltage = -70 - 5 * charged * np.exp(-np.clip(times - 300, 0, None) / 20)
    segment = Segment()
    for name, values, unit, role, positive in (
        ("v", voltage, "mV", "voltage", None),
        ("i_pas", (voltage + 70) / 100, "nA", "current", "outward"),
        ("IClamp[0]", -0.05 * on, "nA", "electrode", "inward"),
    ):
        notes = signal_annotations(role, positive, site="soma(0.5)")
        made = AnalogSignal(values[:, None], units=unit, sampling_period=0.5 * pq.ms, name=name, **notes)
        segment.analogsignals.append(made)
    where = tmp_path / "run.zarr"
    where.mkdir()
    write_segment(segment, where)
    return where


def test_what_is_in_it(folder, capsys):
    for path in (str(folder), f"{folder}/"):
        assert main(["info", path]) == 0
        told = capsys.readouterr().out
        assert "i_pas" in told and "soma(0.5)" in told and "800" in told


def test_it_is_read_whole_where_all_values_are_needed(folder, tmp_path, capsys):
    assert main(["protocol", "passive", str(folder), "-o", str(tmp_path / "passive.png")]) == 0
    assert "100 Mohm" in capsys.readouterr().out.replace("MOhm", "Mohm")
    assert (tmp_path / "passive.png").stat().st_size > 1000


def test_it_is_drawn(folder, tmp_path):
    assert main(["plot", str(folder), "--site", "soma(0.5)", "-o", str(tmp_path / "scape.png")]) == 0
    assert (tmp_path / "scape.png").exists()
