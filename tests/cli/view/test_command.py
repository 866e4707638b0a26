"""The command itself: where it says what, and how it ends."""

import builtins
import signal

import pytest

from neo_currentscape.cli.main import main

pytest.importorskip("bokeh")


@pytest.mark.parametrize(("number", "status", "word"), [
    (signal.SIGINT, 130, "interrupted"),
    (signal.SIGTERM, 143, "terminated"),
])  # fmt: skip
def test_it_ends_when_told_and_says_so_in_one_line(start, path, number, status, word):
    process = start(path, "--site", "soma")
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    assert process.stdout.readline() == "Interrupt (Ctrl-C) to end.\n"
    process.send_signal(number)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == status
    assert errors.splitlines() == [f"neo-currentscape: {word}"]


@pytest.mark.parametrize(("options", "sentence"), [
    (["--port", "70000"], "--port 70000 is no port"),
    (["--port", "-3"], "--port -3 is no port"),
    (["--segment", "9"], "write --segment with a number from 0 to 1"),
    (["--neuron", "3", "--site", "soma"], "not neuron 3"),
    (["--site", "axon"], "axon"),
    (["--site", "soma", "--top", "0"], "write 1 or more"),
    (["--site", "soma", "--currents", "Kv"], "Kv"),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(path, capsys, options, sentence):
    assert main(["view", str(path), "--no-browser", *options]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert sentence in said


def test_no_such_file(tmp_path, capsys):
    assert main(["view", str(tmp_path / "no.nix")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_without_bokeh_the_extra_is_named(path, capsys, monkeypatch):
    plain = builtins.__import__

    def missing(name, *given, **named):
        if name.split(".")[0] == "bokeh":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return plain(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    monkeypatch.setattr("importlib.import_module", missing)
    assert main(["view", str(path), "--no-browser"]) == 2
    assert "[web]" in capsys.readouterr().err
