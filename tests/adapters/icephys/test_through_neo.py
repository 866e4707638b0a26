"""Formats that Neo reads: in mV and pA, each sweep with its own zero, roles told where they can be."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters import icephys
from neo_currentscape.adapters.icephys import through_neo
from neo_currentscape.conventions.errors import FileError


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read a file in which a reader of Neo finds given signals, (name, unit, value), in two sweeps."""

    def of(*channels):
        block = neo.Block()
        for k in range(2):
            segment = neo.Segment()
            for name, unit, value in channels:
                segment.analogsignals.append(
                    neo.AnalogSignal(
                        np.full((20, 1), value),
                        units=unit,
                        sampling_rate=5 * pq.kHz,
                        t_start=3 * k * pq.s,
                        name=name,
                    )
                )
            block.segments.append(segment)
        monkeypatch.setattr(through_neo, "first_that_reads", lambda path, reader: [block])
        path = tmp_path / "cell.wcp"
        path.write_bytes(b"WinWCP")
        return icephys.read(path)

    return of


def told(block):
    return [
        (s.name, s.dimensionality.string, round(float(s.magnitude[3, 0]), 6), s.annotations.get("role"))
        for s in block.segments[1].analogsignals
    ]


@pytest.mark.parametrize(
    ("channels", "expected", "clamp"),
    [
        ([("Vm", "V", -0.07)], [("Vm", "mV", -70.0, "voltage")], "current"),
        ([("Im", "A", 2e-11)], [("Im", "pA", 20.0, "membrane")], "voltage"),
        (
            [("Vm", "mV", -70.0), ("Im", "pA", 20.0)],
            [("Vm", "mV", -70.0, "voltage"), ("Im", "pA", 20.0, None)],
            None,
        ),
        (
            [("Im", "pA", 20.0), ("Vcmd", "mV", -80.0)],
            [("Im", "pA", 20.0, "membrane"), ("Vcmd", "mV", -80.0, "command")],
            "voltage",
        ),
    ],
)
def test_units_roles_and_clamp(read, channels, expected, clamp):
    block = read(*channels)
    assert told(block) == expected
    assert block.segments[0].annotations.get("clamp") == clamp


def test_each_sweep_has_its_own_zero(read):
    segments = read(("Vm", "mV", -70.0)).segments
    assert [float(segment.annotations["sweep_start"]) for segment in segments] == [0, 3]
    assert all(signal.t_start == 0 * pq.s for segment in segments for signal in segment.analogsignals)
    assert float(segments[1].analogsignals[0].sampling_rate.rescale("kHz")) == 5


def test_a_file_without_signals_is_a_sentence(read):
    with pytest.raises(FileError, match=r"cell\.wcp' holds no signal"):
        read()
