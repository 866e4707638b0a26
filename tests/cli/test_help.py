"""Every command of experiments, protocols and networks shows examples that can be copied and run."""

import shlex

import pytest

from neo_currentscape.cli.main import main, parser

COMMANDS = ["sweep", "perturb", "events", "compare", "protocol", "network"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", ["40", "80"])
def test_examples_of_the_help_are_whole_lines_that_parse(command, columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    below = capsys.readouterr().out.split("\nexample")[1]
    lines = [line.strip() for line in below.splitlines()[1:]]
    assert lines and all(line.startswith(f"neo-currentscape {command} ") for line in lines)
    for line in lines:
        assert parser().parse_args(shlex.split(line)[1:]).command == command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plto", "a.nix"], "there is no command 'plto': did you mean plot?"),
        (["plot", "a.nix", "--nueron", "3"], "there is no option --nueron: did you mean --neuron?"),
        (["plot", "--nueron=3"], "there is no option --nueron: did you mean --neuron?"),
        (["--verson"], "there is no option --verson: did you mean --version?"),
        (["protocol", "pasive", "a.nix"], "there is no protocol 'pasive': did you mean passive?"),
        (["plot", "a.nix", "--nan", "gp"], "there is no --nan 'gp': did you mean gap?"),
        (["plot", "a.nix", "--nan", "7"], "there is no --nan '7': write error or gap"),
        (["plot", "a.nix", "-x"], "there is no option -x "),
        (["plot"], "the following arguments are required: file"),
    ],
)
def test_what_is_misspelt_is_told_with_the_nearest_in_three_lines(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    usage, *_ = told.splitlines()
    assert usage.startswith("usage: neo-currentscape") and "[options]" in usage
    assert len(told.splitlines()) <= 3 and "--help" in told


def test_options_may_be_shortened(tmp_path, capsys):
    assert main(["plot", str(tmp_path / "none.nix"), "--neur", "3"]) == 2
    assert "none.nix" in capsys.readouterr().err


def test_the_statuses_are_told_by_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(f"{status} " in told for status in (0, 2, 130, 141, 143)) and "exit status" in told
