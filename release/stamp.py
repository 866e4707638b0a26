"""Write the version, or the address of the repository, into every file that holds it.

``python release/stamp.py version 1.0.0`` names the release of today; ``check v1.0.0`` compares a tag with
it; ``repository https://host/owner/name`` adds where the sources are, which only their host knows.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import re
from collections.abc import Callable

ROOT = pathlib.Path(__file__).parents[1]
STATUS = {True: "5 - Production/Stable", False: "4 - Beta"}


def edit(name: str, pattern: str, text: str | Callable[[re.Match[str]], str]) -> None:
    """Replace the one place in a file that matches."""
    path = ROOT / name
    made, found = re.subn(pattern, text, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if found != 1:
        raise SystemExit(f"{name} has {found} lines that match {pattern!r}: it should have one.")
    path.write_text(made, encoding="utf-8")


def version_of() -> str:
    """The version of the package, read without importing it."""
    text = (ROOT / "neo_currentscape" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)[1]  # type: ignore[index]


def stamp_version(version: str, date: str) -> None:
    """Name a release and its day."""
    if not re.fullmatch(r"\d+\.\d+\.\d+(rc\d+)?", version):
        raise SystemExit(f"The version is like 1.0.0 or 1.0.0rc1, not {version!r}.")
    edit("neo_currentscape/__init__.py", r'^__version__ = ".+"$', f'__version__ = "{version}"')
    edit(
        "CITATION.cff",
        r"^version: .+\n(date-released: .+\n)?",
        f"version: {version}\ndate-released: {date}\n",
    )
    edit("recipe/recipe.yaml", r'^  version: ".+"$', f'  version: "{version}"')
    edit("docs/citing.rst", r"^     version = \{.+\},$", f"     version = {{{version}}},")
    edit("CHANGELOG.md", r"^## .+ \(unreleased\)$", f"## {version} ({date})")
    stable = not version.startswith("0.") and "rc" not in version
    edit("setup.cfg", r"Development Status :: .+$", f"Development Status :: {STATUS[stable]}")


def check_tag(tag: str) -> None:
    """Refuse a tag that is not the version, and changes that are not dated."""
    version = version_of()
    if tag != f"v{version}":
        raise SystemExit(
            f"The tag is {tag}, the version {version}: tag v{version}, or stamp another version."
        )
    if f"## {version} (unreleased)" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        raise SystemExit(
            f"CHANGELOG.md calls {version} unreleased: python release/stamp.py version {version}"
        )


def stamp_repository(address: str) -> None:
    """Tell indexes and readers where the sources and the issues are."""
    address = address.rstrip("/")
    lines = f"project_urls =\n    Source = {address}\n    Issues = {address}/issues\n"
    edit("setup.cfg", r"^project_urls = ?\n([ \t]+(Source|Issues) = .+\n)*", lines)
    edit("CITATION.cff", r"^url: (.+)\n(repository-code: .+\n)?", rf"url: \1\nrepository-code: {address}\n")
    edit(
        "recipe/recipe.yaml",
        r"^  homepage: (.+)\n(  repository: .+\n)?",
        rf"  homepage: \1\n  repository: {address}\n",
    )


def main() -> None:
    """Read what to write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    commands = parser.add_subparsers(dest="command", required=True)
    version = commands.add_parser("version")
    version.add_argument("version")
    version.add_argument("--date", default=datetime.datetime.now(datetime.timezone.utc).date().isoformat())
    commands.add_parser("check").add_argument("tag")
    commands.add_parser("repository").add_argument("address")
    given = parser.parse_args()
    if given.command == "version":
        stamp_version(given.version, given.date)
    elif given.command == "check":
        check_tag(given.tag)
    else:
        stamp_repository(given.address)


if __name__ == "__main__":
    main()
