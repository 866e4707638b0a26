"""What a file holds does not act on the terminal, whichever command shows it; and how a command speaks."""

import ast
import io
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape
from neo_currentscape.cli import terminal
from neo_currentscape.cli.main import main
from neo_currentscape.conventions import plain_text

#: Sets the title, rings, colours, moves, erases, turns the direction, hides, ends a line; of 8 bits too.
HOSTILE = "\x1b]0;t\x07\x1b[31m\x9b2J\x9d\u202e\u2066\u200b\u200f\ufeff\u2028\x85\r\b\x7f\x00\nfake: ok\t"
#: What NIX files can hold of it.
STORED = HOSTILE.replace("\x00", "")


def acting(text):
    """The characters of a text that act on a terminal."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")} - {"\n"}


def hostile_segment(k=0):
    segment = neo.Segment(name=f"segment{STORED}")
    rng = np.random.default_rng(k)
    for name, unit, role in (("v", "mV", "voltage"), ("ina", "nA", "current"), ("ik", "nA", "current")):
        signal = neo.AnalogSignal(
            rng.standard_normal((80, 1)) * (40 if unit == "mV" else 1),
            units=unit,
            sampling_period=0.25 * pq.ms,
            name=f"{name}{STORED}",
            role=role,
            site=f"soma{STORED}",
        )
        segment.analogsignals.append(signal)
    segment.spiketrains.append(neo.SpikeTrain([5.0, 9.0], units="ms", t_stop=20, name=f"spikes{STORED}"))
    segment.events.append(neo.Event([6.0, 9.0] * pq.ms, labels=["a", STORED], name=f"drug{STORED}"))
    segment.annotate(dose=float(k), **{"label": STORED})
    return segment


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "run.nix"
    block = neo.Block(name=f"block{STORED}")
    block.segments.extend([hostile_segment(k) for k in range(2)])
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return str(path)


ONE = ["--segment", "0"]
AFTER = ["-o", "x.png", "--dpi", "30", "-q"]
HIGH = ["--threshold", "90 mV"]
COMMANDS = [
    ["info"],
    ["info", "--balance", "--capacitance", "1 nF"],
    ["info", "--sign", "ina=inward"],
    ["info", "--units", "none=nA"],
    ["plot", *AFTER, *ONE],
    ["plot", *AFTER],
    ["plot", *AFTER, *ONE, "--currents", "nothing"],
    ["plot", *AFTER, *ONE, "--site", "dend"],
    ["plot", *AFTER, *ONE, "--voltage", "none such"],
    ["plot", *AFTER, *ONE, "--order", "size"],
    ["sweep", *AFTER, "--by", "dose"],
    ["sweep", *AFTER, "--by", "label"],
    ["sweep", *AFTER, "--by", "nothing"],
    ["perturb", *AFTER, "--by", "dose"],
    ["events", *AFTER, *ONE, "--threshold", "0 mV", "--before", "1 ms", "--after", "1 ms"],
    ["events", *AFTER, *ONE, "--events", "nothing"],
    ["events", *AFTER, *ONE, "--show", "dominant"],
    ["events", *AFTER, *ONE, "--show", "phases"],
    ["compare", *AFTER],
    ["compare", *AFTER, "--by", "spike", "--threshold", "0 mV", "--before", "1 ms", "--after", "1 ms"],
    ["protocol", "clamp", *AFTER, *ONE],
    ["protocol", "clamp", *AFTER, *ONE, "--voltage", "nothing"],
    ["protocol", "clamp", *AFTER, *ONE, "--amplitude=1 nA", "--onset", "1 ms", "--duration", "9 ms", *HIGH],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_lets_names_act(words, hostile, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = 2 if words[0] == "protocol" else 1
    status = main([*words[:where], hostile, *words[where:]])
    said = capsys.readouterr()
    assert status in (0, 2)
    assert not acting(said.out + said.err)
    # No line begins with what a name says.
    assert not any(line.startswith("fake") for line in (said.out + said.err).splitlines())
    assert status == 0 or len(said.err.splitlines()) == 1
    if words[0] == "info" and status == 0:
        assert "ina\\x1b]0;t\\x07\\x1b[31m\\x9b2J\\x9d\\u202e" in said.out


@pytest.mark.parametrize("name", ["a\x1b[31m.nix", "a\u202exin.png", "a\nneo-currentscape: fake.nix"])
def test_names_of_files_do_not_act(name, hostile, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["info", name]) == 2
    (tmp_path / name).write_bytes(b"nothing")
    assert main(["info", name]) == 2
    assert main(["plot", hostile, "--segment", "0", "-o", f"{name}.png", "--dpi", "30", "-q"]) == 0
    (tmp_path / name).write_bytes(Path(hostile).read_bytes())
    main(["info", name])
    with pytest.raises(SystemExit):
        main(["info", "x.nix", "--" + name.replace(" ", "")])
    with pytest.raises(SystemExit):
        main([name])
    said = capsys.readouterr()
    assert not acting(said.out + said.err)
    lines = (said.out + said.err).replace(" ", "").splitlines()
    assert not any(line.startswith("neo-currentscape:fake") for line in lines)


WARNING = """
import warnings
from neo_currentscape.cli import info, main
from neo_currentscape.conventions.errors import warn

def run(given):
    warn(f"a name {given.file[0]} of a file")
    warnings.warn(f"another {given.file[0]}")

info.run = run
main.main(["info", {!r}])
"""


def test_warnings_do_not_act():
    code = WARNING.replace("{!r}", repr(HOSTILE))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120)
    said = done.stderr.decode()
    assert done.returncode == 0 and not acting(said)
    assert said.count("\\x1b[31m") == 2
    assert (
        said.splitlines()[0].startswith("neo-currentscape: a name") and "of a file" in said.splitlines()[0]
    )


BOMB = "9**9**9"


@pytest.mark.parametrize("place", ["data", "dimensions", "properties"])
@pytest.mark.parametrize("unit", [STORED, BOMB, "(" * 80 + "nA" + ")" * 80 + "**9**9", "n" * 100_000])
def test_units_of_files_end_at_once_and_do_not_act(place, unit, hostile, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.nix"
    path.write_bytes(Path(hostile).read_bytes())

    def change(name, found):
        inside = next((p for p in ("dimensions", "properties") if f"/{p}/" in name), "data")
        if "unit" in found.attrs and inside == place:
            found.attrs["unit"] = unit

    with h5py.File(path, "r+") as file:
        file.visititems(change)
    for command in (["info"], ["protocol", "clamp", "--segment", "0"], ["plot", "-q", "--segment", "0"]):
        begin = time.perf_counter()
        assert main([*command, str(path)]) in (0, 2)
        assert time.perf_counter() - begin < 20
        out, err = capsys.readouterr()
        assert not acting(out + err)
        assert not any(line.startswith("fake") for line in (out + err).splitlines())


def test_all_that_acts_is_escaped_and_nothing_else():
    for code in range(sys.maxunicode + 1):
        one = chr(code)
        shown = plain_text.escaped(one)
        if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
            assert shown.isascii() and shown.isprintable() and ast.literal_eval(f"'{shown}'") == one
        else:
            assert shown == one
    assert plain_text.escaped("a\nb\tc", keep="\n") == "a\nb\\tc"
    assert plain_text.table([["a\nb", "\x1b"]]) == "a\\nb  \\x1b"


def test_what_a_stream_cannot_write_is_escaped():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    terminal.say("µA of \udcff", stream=stream)
    stream.flush()
    assert stream.buffer.getvalue() == b"\\xb5A of \\udcff\n"


def test_only_the_terminal_is_printed_to():
    package = Path(neo_currentscape.__file__).parent
    found = []
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                found.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "sys.stdout.write",
                "sys.stderr.write",
            ):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_a_process_without_standard_output_works(hostile):
    words = [sys.executable, "-m", "neo_currentscape", "info", hostile]
    shell = " ".join(f"'{word}'" for word in words)
    done = subprocess.run(["sh", "-c", f"{shell} >&-"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == ""


@pytest.mark.parametrize("on_terminal", [True, False])
def test_a_table_on_the_terminal_does_not_act(on_terminal, hostile, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)

    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return on_terminal

    out = Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["sweep", hostile, "--by", "dose", "-o", "x.png", "--dpi", "30", "-q", "--table", "-"]) == 0
    written = out.buffer.getvalue().decode()
    assert written.startswith("dose,current")
    assert bool(acting(written) - {"\r"}) != on_terminal
