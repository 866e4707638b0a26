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
