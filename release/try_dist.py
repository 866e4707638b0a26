"""Try what was built: the sources are whole, and the wheel works where nothing else is installed."""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import venv

ROOT = pathlib.Path(__file__).parents[1]
# What an index shows of a wheel that was only just installed has to hold without its extras.
USE = """
import pathlib
import sys

import neo_currentscape as ncs

assert "site-packages" in ncs.__file__, ncs.__file__
assert (pathlib.Path(ncs.__file__).parent / "py.typed").exists()
for name in ncs.__all__:
    getattr(ncs, name)
assert ncs.__version__ == sys.argv[1], ncs.__version__
"""


def missing_from(sdist: pathlib.Path) -> set[str]:
    """The files under version control that a source distribution lacks."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    return {name for name in tracked.stdout.split("\0") if name and (ROOT / name).exists()} - held


def try_wheel(wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """Install a wheel in an environment of its own, import all, ask the command, draw the demo."""
    venv.create(folder / "bare", with_pip=True)
    scripts = folder / "bare" / ("Scripts" if os.name == "nt" else "bin")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["MPLBACKEND"] = "agg"

    def run(*command: str) -> None:
        print("$", *command[:4], flush=True)
        subprocess.run([str(scripts / command[0]), *command[1:]], cwd=folder, env=environment, check=True)

    install = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    version = wheel.name.split("-")[1]
    run(*install, str(wheel))
    run("python", "-c", USE, version)
    run("neo-currentscape", "--version")
    run("neo-currentscape", "--help")
    run(*install, f"{wheel}[demo]")
    run("neo-currentscape", "demo")
    if not (folder / "demo_output" / "currentscape.png").exists():
        raise SystemExit("The demo of the wheel drew nothing.")


def main() -> None:
    """Try the files that are given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    for path in parser.parse_args().files:
        if path.suffix == ".whl":
            with tempfile.TemporaryDirectory() as folder:
                try_wheel(path.resolve(), pathlib.Path(folder))
        elif missing := missing_from(path):
            raise SystemExit(f"{path.name} lacks {len(missing)} files: {', '.join(sorted(missing))}.")


if __name__ == "__main__":
    sys.exit(main())
