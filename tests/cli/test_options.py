import json

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.cli.main import main
from neo_currentscape.cli.options import as_options

OPTIONS = {"neuron", "voltage", "area", "t_start", "currents", "nan", "units"}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("leave neuron= out.", "leave --neuron out."),
        ("neuron=3 was asked for", "--neuron 3 was asked for"),
        ("give area=... to combine", "give --area ... to combine"),
        ("currents= 'Foo' matches none", "--currents 'Foo' matches none"),
        ("t_start=2 ms lies behind", "--t-start 2 ms lies behind"),
        ("or voltage=False for none", "or --voltage none for none"),
        ("write nan='gap'", "write --nan 'gap'"),
        ("write units={'I_K': 'pA'}.", "write --units I_K=pA."),
        ("write units={'a b': 'nA', 'I_h': 'nA', ...}; if", "write --units 'a b'=nA I_h=nA ...; if"),
        ("currents={'X': ...} holds none", "--currents X=... holds none"),
        ("currents={'X': ['a', 'b']} is", "--currents X=a,b is"),
        ("or {name: direction}, not 'up'", "or NAME=DIRECTION, not 'up'"),
        ("or write {label: None} for the rest", "or write LABEL=none for the rest"),
        ("give area=... (e.g. 20 * pq.um**2)", 'give --area ... (e.g. "20 um2")'),
        ("(e.g. 100 * pq.pF, or 1 * pq.uF / pq.cm**2)", '(e.g. "100 pF", or "1 uF/cm2")'),
        ("signal 'x={1: 2}' is there", "signal 'x={1: 2}' is there"),
        ("give looks={'a': 'b'}", "give looks={'a': 'b'}"),
        # what is somebody's words, or no option of the command
        ("signal 'neuron=3' is there", "signal 'neuron=3' is there"),
        ("give dpi=300", "give dpi=300"),
        ("read_options(neuron=3)", "read_options(neuron=3)"),
    ],
)
def test_keywords_are_told_as_options(sentence, wanted):
    assert as_options(sentence, OPTIONS) == wanted


@pytest.fixture
def path(tmp_path):
    pytest.importorskip("nixio")
    segment = neo.Segment()
    for name, sign in (("K", 1), ("Na", -1)):
        values = sign * np.ones((50, 1))
        segment.analogsignals.append(
            neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, name=name)
        )
    block = neo.Block()
    block.segments.append(segment)
    with neo.io.NixIO(str(tmp_path / "run.nix"), mode="ow") as writer:
        writer.write_block(block)
    return str(tmp_path / "run.nix")


def test_an_error_of_the_library_names_the_option(path, capsys):
    assert main(["plot", path, "--neuron", "7", "--voltage", "none", "-q"]) == 2
    told = capsys.readouterr().err
    assert "--neuron 7" in told and "neuron=" not in told


def test_an_option_that_is_given_twice_is_added_to(path, tmp_path, capsys):
    picture = str(tmp_path / "a.png")
    assert (
        main(
            ["plot", path, "-q", "-o", picture, "--voltage", "none", "--currents", "K", "--currents", "Na"]
        )
        == 0
    )
    assert (
        main(["plot", path, "-q", "-o", picture, "--voltage", "none", "--currents", "K", "--currents", "X"])
        == 2
    )
    assert "'X' matches no signal" in capsys.readouterr().err


def test_info_as_json(path, capsys):
    options = ["--json", "--balance", "--capacitance", "1 nF", "--currents", "K", "Na"]
    assert main(["info", path, *options]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["file"] == path
    (segment,) = told["segments"]
    assert [one["signal"] for one in segment["signals"]] == ["K", "Na"]
    assert segment["signals"][0] == {
        **{"signal": "K", "site": None, "neurons": None, "samples": 50, "unit": "nA"},
        **{"role": "current", "positive": "outward", "because": segment["signals"][0]["because"]},
    }
    assert "error" in told["balances"][0]  # there is no voltage


def test_info_as_json_and_as_text_tell_the_same(path, capsys):
    main(["info", path, "--json"])
    (told,) = json.loads(capsys.readouterr().out)
    main(["info", path])
    text = capsys.readouterr().out
    assert all(one["because"] in text for one in told["segments"][0]["signals"])


def test_the_reason_why_a_signal_is_left_out_names_the_option(tmp_path, capsys):
    pytest.importorskip("nixio")
    block = neo.Block()
    block.segments.append(neo.Segment())
    for name, unit in (("I_K", "dimensionless"), ("Na", "nA")):
        block.segments[0].analogsignals.append(
            neo.AnalogSignal(np.ones((50, 1)), units=unit, sampling_period=0.1 * pq.ms, name=name)
        )
    with neo.io.NixIO(str(tmp_path / "run.nix"), mode="ow") as writer:
        writer.write_block(block)
    assert main(["info", str(tmp_path / "run.nix")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "--units I_K=pA" in told and "units={" not in told


@pytest.mark.parametrize("seconds", ["-1", "0", "nan"])
def test_a_demo_that_lasts_no_time_names_the_option(seconds, tmp_path, capsys):
    assert main(["demo", "-q", "--seconds", seconds, "-o", str(tmp_path / "demo")]) == 2
    assert f"--seconds {seconds} is too short" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
