"""What people type into a shell: values below zero, odd names, folders; and what they are told."""

import json
import os
import re
import shutil
import subprocess
import sys

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.cli.main import main, parser
from neo_currentscape.cli.options import as_options


def written(path, n_segments=1, name="run.nix", **odd):
    pytest.importorskip("nixio")
    block = neo.Block()
    for k in range(n_segments):
        segment = neo.Segment(dose=float(k))
        for name_of, unit in (("v", "mV"), ("ina", "nA"), ("ik", "nA")):
            values = (k + 1) * np.sin(np.arange(60) / (9 + len(name_of)))[:, None]
            values = odd.get(name_of, lambda values: values)(values)
            segment.analogsignals.append(
                neo.AnalogSignal(values, units=unit, sampling_period=0.5 * pq.ms, name=name_of)
            )
        block.segments.append(segment)
    with neo.io.NixIO(str(path / name), mode="ow") as writer:
        writer.write_block(block)
    return path / name


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(tmp_path):
    return written(tmp_path)


def ended(words):
    """The status with which a command ends, however."""
    try:
        return main(words)
    except SystemExit as end:
        return end.code


AFTER = ["-q", "-o", "x.png", "--dpi", "20"]


@pytest.mark.parametrize("value", ["-5ms", "-5 ms", "-1e-3s", "-.5 ms", "-0.1 ms", "-5"])
def test_a_value_below_zero_is_a_value(value, run, capsys):
    status = ended(["plot", str(run), *AFTER, "--t-start", value, "--t-stop", "20ms"])
    told = capsys.readouterr().err
    assert status == (2 if value == "-5" else 0)
    assert told == "" or "--t-start '-5' is not a number with a unit" in told


def test_two_values_below_zero(tmp_path, capsys):
    path = written(tmp_path, 2)
    ranges = [["-2 mV", "-1mV"], ["-5kg", "3 mV"]]
    told = []
    for low, high in ranges:
        status = ended(["perturb", str(path), "--by", "dose", "--voltages", low, high, *AFTER])
        told.append((status, capsys.readouterr().err))
    assert told[0][0] == 0
    assert told[1] == (2, "neo-currentscape: --voltages -5kg 3 mV: write two voltages, '-70 mV' '35 mV'.\n")


#: What is typed after `plot FILE -q -o x.png`, and a part of the sentence.
WRONG = [
    (["--neuron", "three"], "--neuron 'three' is no whole number"),
    (["--dpi", "abc"], "--dpi 'abc' is no number"),
    (["--dpi", "-3"], "--dpi -3.0 is no resolution"),
    (["--segment"], "--segment needs a value"),
    (["--currents"], "--currents needs one value or more"),
    (["--quiet=3"], "--quiet/-q takes no value, not '3'"),
    (["--segment", "-1"], "holds one segment, number 0, and there is no segment -1: leave --segment out"),
    (["--sign", "down"], "--sign 'down' is no direction of stored positive values: write --sign inward"),
    (["--area", "5 kg"], "--area is in kg, which is no area"),
    (["--area", "5"], "--area '5' is not a number with a unit: write e.g. '1000 um**2'"),
    (["--t-start", "5 kg"], "--t-start is in kg, which is no time"),
    (["--t-stop", "-infms"], "--t-stop is -inf ms: give a finite value"),
    (["--config", "none.json"], "--config 'none.json' cannot be read"),
    (["--neuron", "7"], "--neuron 7 was asked for"),
    (["--voltage", "ina"], "--voltage"),
    (["--currents", "nothing"], "--currents 'nothing' matches no signal"),
    (["--size", "-85mm"], "--size '-85mm' is no size"),
    (["--units", "ina"], "--units 'ina' has no '='"),
    (["--parts", "ina"], "--parts 'ina' has no '='"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=lambda given: " ".join(given))
def test_what_is_wrong_is_told_with_the_option(words, sentence, run, capsys):
    assert ended(["plot", str(run), *AFTER, *words]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    (line,) = [line for line in told.splitlines() if not line.startswith("usage")]
    # No keyword of Python is outside of what is somebody's words.
    assert not re.search(r"(?<![\w-])[a-z_]+=|\{name|pq\.|None", re.sub("'[^']*'", "", line))


@pytest.mark.parametrize("command", ["sweep", "perturb"])
def test_an_annotation_that_there_is_not(command, tmp_path, capsys):
    path = written(tmp_path, 2)
    assert main([command, str(path), "--by", "amplitude", *AFTER]) == 2
    told = capsys.readouterr().err
    assert "--by 'amplitude' is no annotation of the segments: write one of 'dose'" in told
    assert "annotate(" not in told


@pytest.mark.parametrize(
    ("command", "option", "example"),
    [
        ("events", "--threshold", "-20 mV"),
        ("events", "--before", "100 ms"),
        ("info", "--area", "1000 um**2"),
    ],
)
def test_the_example_is_one_of_the_option(command, option, example, run, capsys):
    more = ["--balance"] if command == "info" else AFTER
    assert main([command, str(run), *more, option, "20"]) == 2
    assert f"{option} '20' is not a number with a unit: write e.g. '{example}'." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("t_start is in kg, which is no time", "--t-start is in kg, which is no time"),
        ("area is 3 um**2", "--area is 3 um**2"),
        ("config 'x' cannot be read", "--config 'x' cannot be read"),
        ("voltage_bins=0 cannot be used", "--bins 0 cannot be used"),
        ("check t_start= and t_stop=, and area=", "check --t-start and --t-stop, and --area"),
        ("give t_start and t_stop", "give --t-start and --t-stop"),
        ("the area is in kg", "the area is in kg"),
        ("signal 't_start is' there", "signal 't_start is' there"),
    ],
)
def test_words_of_python_are_told_as_options(sentence, wanted):
    assert as_options(sentence, {"t_start", "t_stop", "area", "config", "bins"}) == wanted


NAMES = ["with blank.nix", "ümlaut µ.nix", "-dash.nix", "a'b.nix", "a;b&c.nix", "link.nix"]


@pytest.mark.parametrize("name", NAMES)
def test_files_of_odd_names(name, run, tmp_path, capsys):
    if name == "link.nix":
        os.symlink(run, name)
    else:
        shutil.copy(run, name)
    assert ended(["info", "--", name]) == 0
    assert capsys.readouterr().out.startswith(name)
    assert ended(["plot", *AFTER[:1], "--dpi", "20", "--", name]) == 0
    assert capsys.readouterr().out == f"wrote {name[:-4]}.png\n"
    assert (tmp_path / f"{name[:-4]}.png").stat().st_size
    assert ended(["info", f"./{name}"]) == 0


def test_a_file_that_is_taken_for_an_option(run, capsys):
    shutil.copy(run, "-dash.nix")
    assert ended(["info", "-dash.nix"]) == 2
    assert "-dash.nix is taken for an option: a file of that name is written ./-dash.nix" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("command", [["info"], ["plot", *AFTER], ["events", *AFTER], ["protocol", "clamp"]])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "The name of a file is empty: name one."),
        ("none.nix", "There is no file 'none.nix': check the name."),
        ("broken.nix", "There is no file 'broken.nix': check the name."),
        ("loop.nix", "File 'loop.nix' cannot be read (Too many levels of symbolic links)"),
        ("empty.nix", "'empty.nix' is empty: write the recording again."),
        ("folder", "'folder' is a folder in which no reader of Neo finds a recording"),
        (".", "'.' is a folder in which no reader of Neo finds a recording"),
        ("noise.nix", "'noise.nix' could not be read by NixIO"),
    ],
)
def test_what_is_no_recording_is_told_in_one_line(command, name, sentence, tmp_path, capsys):
    os.symlink("nothing", "broken.nix")
    os.symlink("loop.nix", "loop.nix")
    (tmp_path / "empty.nix").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "noise.nix").write_bytes(bytes(range(1, 250)) * 9)
    assert ended([*command, name]) == 2
    told = capsys.readouterr().err
    assert sentence in told and len(told.splitlines()) == 1


@pytest.mark.parametrize("words", [["-V"], ["--version"]])
def test_the_version(words, capsys):
    assert ended(words) == 0
    assert re.fullmatch(r"neo-currentscape \d+\.\d+.*\n", capsys.readouterr().out)


def test_help_as_a_command(capsys):
    assert ended(["help"]) == 2
    assert "did you mean --help?" in capsys.readouterr().err


def refused(constant):
    raise AssertionError(f"{constant} is no JSON")


KINDS = ["plain", "with NaN", "no voltage", "two segments", "with a warning"]


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_json_whatever_a_file_holds(kind, tmp_path, capsys):
    def endless(values):
        return np.where(np.arange(60)[:, None] == 9, np.inf, values)

    def gap(values):
        return np.where(np.arange(60)[:, None] == 9, np.nan, values)

    odd = {"with NaN": {"v": gap, "ina": gap}, "with a warning": {"ik": endless}}
    path = written(tmp_path, 2 if kind == "two segments" else 1, **odd.get(kind, {}))
    options = [[], ["--balance"], ["--balance", "--capacitance", "1 nF"], ["--balance", "--nan", "gap"]]
    for more in options:
        assert main(["info", "--json", str(path), *more]) == 0
        (told,) = json.loads(capsys.readouterr().out, parse_constant=refused)
        assert len(told["segments"]) == (2 if kind == "two segments" else 1)


def test_every_option_of_every_command_is_told_where_it_has_no_value(capsys):
    def parsers(found):
        yield found
        for action in found._actions:
            if isinstance(action.choices, dict):
                for below in action.choices.values():
                    yield from parsers(below)

    for found in parsers(parser()):
        for action in found._actions:
            if action.option_strings and action.nargs not in (0, "*"):
                with pytest.raises(SystemExit):
                    found.parse_args([action.option_strings[0]])
                told = capsys.readouterr().err.splitlines()[-1]
                assert action.option_strings[0] in told and "argument " not in told


LOADING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

class Finder:
    def find_spec(self, name, *more):
        if name == {!r}:
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder())
from neo_currentscape.cli import start
sys.argv = ["neo-currentscape", "info", "none.nix"]
sys.exit(start.main())
"""


@pytest.mark.parametrize("loaded", ["neo_currentscape.cli.main", "neo", "numpy", "quantities"])
def test_an_interrupt_while_the_command_is_loaded(loaded):
    words = [sys.executable, "-c", LOADING.replace("{!r}", repr(loaded))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, "neo-currentscape: interrupted\n")


@pytest.mark.skipif(shutil.which("script") is None, reason="there is no script(1)")
def test_on_a_terminal_nothing_but_the_words(run):
    command = f"{sys.executable} -m neo_currentscape plot '{run}' -o x.png --dpi 20"
    done = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, timeout=60)
    assert done.stdout.decode().replace("\r", "").splitlines()[-1] == "wrote x.png"
    assert "\x1b[3" not in done.stdout.decode()


def test_statuses_are_those_of_the_page(run):
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "command.rst").read_text()
    assert [int(code) for code in re.findall(r"^\* (\d+) ", page, re.M)] == [0, 2, 130, 141, 143]
    assert ended(["info", str(run)]) == 0 and ended(["info", "none.nix"]) == 2
