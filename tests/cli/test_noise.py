"""The noise of measured currents on the command line."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli import selection
from neo_currentscape.cli.main import main


@pytest.fixture(name="path")
def _path(tmp_path):
    t = np.arange(0, 40, 0.05)
    noise = 5 * np.random.default_rng(0).normal(size=(len(t), 2))
    numbers = noise + np.column_stack(
        [-300 * np.exp(-((t - 20) ** 2)), 200 * np.exp(-(((t - 22) / 2) ** 2))]
    )
    segment = neo.Segment()
    for k, name in enumerate(("Na", "K")):
        segment.analogsignals.append(
            neo.AnalogSignal(
                numbers[:, [k]], units="pA", sampling_period=0.05 * pq.ms, name=name, role="current"
            )
        )
    block = neo.Block()
    block.segments.append(segment)
    writer = neo.io.NixIO(str(tmp_path / "measured.nix"), mode="ow")
    writer.write_block(block)
    writer.close()
    return str(tmp_path / "measured.nix")


def test_it_is_drawn_and_told(path, tmp_path, capsys):
    out = str(tmp_path / "out.png")
    given = ["plot", path, "--voltage", "none", "-o", out, "--dpi", "40"]
    assert main([*given, "--noise", "5 pA"]) == 0
    assert main([*given, "--noise", "5"]) != 0
    assert "--noise '5' is not a number with a unit" in capsys.readouterr().err
    assert main([*given, "--noise", "5 mV"]) != 0
    assert "The noise is in mV" in capsys.readouterr().err


def test_it_goes_to_the_recording(path):
    import argparse

    parser = argparse.ArgumentParser()
    selection.add_to(parser)
    given = parser.parse_args(["--voltage", "none", "--noise", "5 pA"])
    segment = ncs.read_lazy(path)[0].segments[0]
    rec = ncs.Recording.from_segment(segment, **selection.keywords(given))
    assert rec.noise.magnitude[0] == pytest.approx([5, 5])
