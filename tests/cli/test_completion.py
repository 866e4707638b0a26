import shutil
import subprocess

import pytest

from neo_currentscape.cli.main import main

pytest.importorskip("shtab")


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_scripts_name_commands_and_options(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("perturb", "palette", "trust-pickle"))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (["neo-currentscape", "pl"], "plot"),
        (["neo-currentscape", "plot", "--neur"], "--neuron"),
        (["neo-currentscape", "protocol", "pas"], "passive"),
        (["neo-currentscape", "plot", "record"], "recording.nix"),
    ],
)
def test_bash_completes(typed, wanted, tmp_path, capsys):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    main(["completion", "bash"])
    (tmp_path / "script.sh").write_text(capsys.readouterr().out)
    (tmp_path / "recording.nix").touch()
    words = " ".join(typed)
    ask = (
        f"source script.sh; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; "
        f'_shtab_neo_currentscape neo-currentscape {typed[-1]} {typed[-2]}; echo "${{COMPREPLY[@]}}"'
    )
    run = subprocess.run([bash, "-c", ask], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert wanted in run.stdout.split()
