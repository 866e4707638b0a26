"""The protocols of voltage clamp on the command line."""

import csv

import neo
import numpy as np
import pytest

from neo_currentscape.cli.main import main
from neo_currentscape.protocols import Sweeps

pytest.importorskip("scipy")

T = np.arange(0, 60, 0.1)
LEVELS = np.arange(-100.0, 61.0, 10.0)


def family(levels=LEVELS, opened=True):
    """A potassium current beside a leak of 2 nS from -70 mV."""
    on = (T >= 10) & (T < 40)
    command = np.where(on, np.asarray(levels)[:, None], -90.0)
    gate = 1 / (1 + np.exp((-20 - command) / 8)) * -np.expm1(-np.clip(T - 10, 0, None) / 2) * on
    current = 2 * (command + 70) + opened * 10 * gate * (command + 85)
    noise = np.random.default_rng(0).normal(size=current.shape)
    return Sweeps(T, current + noise, command).to_block()


def saved(path, block):
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return str(path)


def test_iv_with_its_leak_taken_off_and_a_table(tmp_path, capsys):
    path, table = saved(tmp_path / "steps.nix", family()), tmp_path / "iv.csv"
    small = saved(tmp_path / "p4.nix", family(-90 + (LEVELS + 90) / 4, opened=False))
    given = ["protocol", "iv", path, "--leak", small, "--of", "steady", "--reversal", "-85 mV"]
    assert main([*given, "--table", str(table), "--dpi", "40"]) == 0
    said = dict(line.rsplit("  ", 1) for line in capsys.readouterr().out.splitlines() if "  " in line)
    said = {key.strip(): value.strip() for key, value in said.items()}
    assert float(said["half activation"].split()[0]) == pytest.approx(-20, abs=0.5)
    assert (tmp_path / "steps.iv.png").read_bytes()[:4] == b"\x89PNG"
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["level (mV)"]) for row in rows] == LEVELS.tolist()
    assert float(rows[-1]["steady (pA)"]) == pytest.approx(10 * 145, rel=0.01)


def test_an_ohmic_leak_between_two_voltages(tmp_path, capsys):
    path = saved(tmp_path / "steps.nix", family())
    given = ["protocol", "iv", path, "--between", "-101 mV", "-65 mV", "--of", "steady", "--dpi", "40"]
    assert main(given) == 0
    assert "reversal" in capsys.readouterr().out


@pytest.mark.parametrize("protocol", ["inactivation", "tails"])
def test_other_protocols(tmp_path, capsys, protocol):
    path = saved(tmp_path / "steps.nix", family())
    assert main(["protocol", protocol, path, "--dpi", "40", "--skip", "0.5 ms"]) == 0
    assert "levels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--amplitude", "3 pA"], "--amplitude is of current clamp"),
        (["--site", "dend"], "holds nothing of site 'dend'"),
        (["--smooth", "3"], "--smooth is for zap"),
        (["--current", "nothing"], "nothing"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, capsys, options, words):
    path = saved(tmp_path / "steps.nix", family())
    assert main(["protocol", "iv", path, *options]) != 0
    assert words in capsys.readouterr().err


def test_what_is_of_voltage_clamp_is_not_of_current_clamp(tmp_path, capsys):
    path = saved(tmp_path / "steps.nix", family())
    assert main(["protocol", "fi", path, "--of", "steady"]) != 0
    assert "--of is for iv, not for fi" in capsys.readouterr().err


@pytest.mark.parametrize("ends", [("-101mV", "-65mV"), ("-101 mV", "-65 mV")])
def test_negative_values_are_no_options(tmp_path, ends):
    path = saved(tmp_path / "steps.nix", family())
    assert main(["protocol", "iv", path, "--between", *ends, "--reversal", "-85mV", "--dpi", "40"]) == 0
