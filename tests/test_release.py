"""What a release is made of agrees: versions, addresses, requirements, public names, files."""

import ast
import configparser
import pathlib
import re
import runpy
import subprocess
import sys

import pytest

import neo_currentscape as ncs

ROOT = pathlib.Path(__file__).parents[1]
STAMPED = [
    "neo_currentscape/__init__.py",
    "CITATION.cff",
    "recipe/recipe.yaml",
    "CHANGELOG.md",
    "setup.cfg",
    "docs/citing.rst",
]
SITE = "https://neo-currentscape.readthedocs.io"
# Names in conda-forge that are not those of the index.
CONDA = {"neo": "python-neo", "matplotlib": "matplotlib-base"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def setup():
    parser = configparser.ConfigParser()
    parser.read_string(read("setup.cfg"))
    return parser


def requirements(text):
    found = (re.match(r"([\w.-]+)\s*(.*)", line) for line in text.split("\n") if line)
    return {match[1].lower(): match[2] for match in found}


def in_list(module):
    tree = ast.parse((ROOT / "neo_currentscape" / module / "__init__.py").read_text(encoding="utf-8"))
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    return [f"{module.replace('/', '.')}.{name}" for value in values for name in ast.literal_eval(value)]


def public_names():
    packages = ["extracellular", "network", "protocols", "spatial", "synaptic"]
    packages += [
        f"adapters/{path.parent.name}"
        for path in (ROOT / "neo_currentscape/adapters").glob("*/__init__.py")
    ]
    named = [name for package in packages for name in in_list(package)]
    return {name for name in ncs.__all__ if not name.startswith("_")} | set(named)


def test_the_version_is_the_same_everywhere():
    assert setup()["metadata"]["version"] == "attr: neo_currentscape.__version__"
    version = ncs.__version__
    assert f"\nversion: {version}\n" in read("CITATION.cff")
    assert f'\n  version: "{version}"\n' in read("recipe/recipe.yaml")
    assert f"\n     version = {{{version}}},\n" in read("docs/citing.rst")
    assert re.search(r"^## (\S+) \(.+\)$", read("CHANGELOG.md"), re.MULTILINE)[1] == version


def test_a_release_is_dated_in_the_citation_as_in_the_changes():
    when = re.search(r"^## \S+ \((.+)\)$", read("CHANGELOG.md"), re.MULTILINE)[1]
    cited = re.search(r"^date-released: (.+)$", read("CITATION.cff"), re.MULTILINE)
    assert (cited is None) if when == "unreleased" else (cited and cited[1] == when)


def test_one_command_names_a_release_everywhere(tmp_path):
    for name in [*STAMPED, "release/stamp.py"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(read(name), encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 0.9.0 (unreleased)\n", encoding="utf-8")

    def stamp(*words):
        done = subprocess.run(
            [sys.executable, "release/stamp.py", *words], cwd=tmp_path, capture_output=True, text=True
        )
        return done.stderr.strip()

    assert stamp("version", "7.1.0", "--date", "2031-02-03") == ""
    held = {name: (tmp_path / name).read_text(encoding="utf-8") for name in STAMPED}
    assert '__version__ = "7.1.0"' in held["neo_currentscape/__init__.py"]
    assert "version: 7.1.0\ndate-released: 2031-02-03\n" in held["CITATION.cff"]
    assert 'version: "7.1.0"' in held["recipe/recipe.yaml"]
    assert "version = {7.1.0}," in held["docs/citing.rst"]
    assert held["CHANGELOG.md"] == "# Changes\n\n## 7.1.0 (2031-02-03)\n"
    assert "5 - Production/Stable" in held["setup.cfg"]

    assert stamp("check", "v7.1.0") == ""
    assert stamp("check", "v7.1.1").startswith("The tag is v7.1.1, the version 7.1.0")
    assert stamp("version", "7.1") == "The version is like 1.0.0 or 1.0.0rc1, not '7.1'."

    for address in ("https://host.example/one/name", "https://host.example/two/name/"):
        assert stamp("repository", address) == ""
    metadata = (tmp_path / "setup.cfg").read_text(encoding="utf-8")
    assert metadata.count("Source = https://host.example/two/name\n") == 1 and "/one/" not in metadata
    for name in ("CITATION.cff", "recipe/recipe.yaml"):
        assert (tmp_path / name).read_text(encoding="utf-8").count("https://host.example/two/name\n") == 1


def test_a_stable_version_is_called_stable():
    stable = not ncs.__version__.startswith("0.") and "rc" not in ncs.__version__
    assert ("Development Status :: 5" in setup()["metadata"]["classifiers"]) == stable


def test_conda_requires_what_the_index_does():
    recipe = read("recipe/recipe.yaml")
    run = re.search(r"\n  run:\n((?:    - .+\n)+)", recipe)[1]
    theirs = requirements(re.sub(r"^    - ", "", run, flags=re.MULTILINE))
    assert theirs.pop("python") == ">=${{ python_min }}"
    ours = requirements(setup()["options"]["install_requires"])
    assert theirs == {CONDA.get(name, name): bound for name, bound in ours.items()}
    assert setup()["options.entry_points"]["console_scripts"].strip() in recipe
    assert setup()["metadata"]["description"].startswith(re.search(r"  summary: (.+)", recipe)[1])


def test_the_oldest_python_is_the_same_everywhere():
    oldest = setup()["options"]["python_requires"].removeprefix(">=")
    checked = read("pyproject.toml")
    assert f'python_version = "{oldest}"' in checked
    assert f'target-version = "py{oldest.replace(".", "")}"' in checked
    named = re.findall(r"Python :: (3\.\d+)$", setup()["metadata"]["classifiers"], re.MULTILINE)
    assert named[0] == oldest and f"Python {oldest}" in read("README.md")
    tried = re.search(r"python: (\[.+\])", read(".github/workflows/test.yml"))[1]
    assert ast.literal_eval(tried) == named


def test_the_oldest_versions_that_are_allowed_are_tested():
    pinned = requirements(re.sub(r" *#.*", "", read("tests/oldest.txt")))
    allowed = requirements(setup()["options"]["install_requires"])
    for name, bound in allowed.items():
        assert (pinned[name] + ".0.0").startswith(bound.replace(">=", "==")), name


@pytest.mark.parametrize("name", ["release", "test"])
def test_workflows_are_yaml_and_run_what_is_there(name):
    yaml = pytest.importorskip("yaml")
    jobs = yaml.safe_load(read(f".github/workflows/{name}.yml"))["jobs"]
    assert all({"runs-on", "steps"} <= set(job) for job in jobs.values())
    for job in jobs.values():
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs) <= set(jobs)
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            run = step.get("run", "")
            for path in re.findall(r"(?<![\w/])((?:tests|release|\.ci)(?:/[\w.]+)+)", run):
                assert (ROOT / path).exists(), path
            for target in re.findall(r"^make (\w+)", run, re.MULTILINE):
                assert f"\n{target}:" in read("Makefile")


def test_the_recipe_is_yaml_with_the_parts_that_a_recipe_has():
    yaml = pytest.importorskip("yaml")
    made = yaml.safe_load(read("recipe/recipe.yaml"))
    assert made["schema_version"] == 1 and made["context"]["version"] == ncs.__version__
    parts = {"package", "source", "build", "requirements", "tests", "about"}
    assert set(made) == {"schema_version", "context"} | parts
    assert made["build"]["noarch"] == "python"
    (point,) = made["build"]["python"]["entry_points"]
    assert point == setup()["options.entry_points"]["console_scripts"].strip()
    assert made["about"]["license"] == setup()["metadata"]["license"]
    assert (ROOT / made["about"]["license_file"]).exists()
    assert len(made["source"]["sha256"]) == 64


def test_what_checks_a_release_is_an_extra():
    listed = requirements(setup()["options.extras_require"]["release"])
    made = re.search(r"\$\(RELEASE\)/bin/python \$\(PIP\) (.+)", read("Makefile"))[1]
    assert listed == requirements(made.replace('"', "").replace(" ", "\n"))


def test_the_readme_has_whole_addresses_only():
    for target in re.findall(r"\]\(([^)]+)\)", read("README.md")):
        assert target.startswith("https://"), target


@pytest.mark.parametrize("name", ["README.md", "setup.cfg", "CITATION.cff", "recipe/recipe.yaml"])
def test_addresses_of_the_documentation_are_its_pages(name):
    text = read(name)
    for page in re.findall(re.escape(SITE) + r"/en/latest/([\w/]+)\.html", text):
        assert (ROOT / "docs" / f"{page}.rst").exists(), page
    for picture in re.findall(re.escape(SITE) + r"/en/latest/_images/([\w.]+)", text):
        pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.rst")]
        assert any(f"figures/{picture}" in page for page in pages), picture


def test_the_sources_that_are_given_away_are_all():
    if not (ROOT / ".git").exists():
        pytest.skip("not under version control")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    top = {name.partition("/")[0] for name in listed.stdout.split("\n") if name}
    rules = [line.split() for line in read("MANIFEST.in").split("\n") if line and line[0] != "#"]
    taken = {name for rule, *names in rules if rule in ("include", "graft") for name in names}
    # What builds a distribution takes these by itself.
    assert top - taken - {"pyproject.toml", "setup.cfg", "MANIFEST.in"} == set()


def test_public_names_are_only_added():
    # A name leaves this list in the steps of docs/public.rst only.
    promised = set(read("tests/public_names.txt").split())
    assert promised - public_names() == set()
    assert public_names() - promised == set(), "add these to tests/public_names.txt"


def test_the_paper_is_short_and_whole():
    head, text = read("paper/paper.md").split("---\n", 2)[1:]
    # The journal asks for so many words, and for these sections.
    assert 750 <= len(re.sub(r"[][#!()@$\\{}]", " ", text).split()) <= 1750
    assert re.findall(r"^# (.+)$", text, re.MULTILINE) == [
        "Summary",
        "Statement of need",
        "State of the field",
        "Software design",
        "Research impact statement",
        "AI usage disclosure",
        "Acknowledgements",
        "References",
    ]
    cited = set(re.findall(r"@([a-z]+\d*)", text))
    assert cited == set(re.findall(r"^@\w+\{(\w+),", read("paper/paper.bib"), re.MULTILINE))
    pictures = set(re.findall(r"\]\(([\w.]+\.png)\)", text))
    assert pictures == {path.name for path in (ROOT / "paper").glob("*.png")}
    authors = re.findall(r"^ *- name: (.+)$", read("CITATION.cff"), re.MULTILINE)
    assert all(f"- name: {author}\n" in head for author in authors)


def test_the_tools_of_a_release_are_importable():
    assert callable(runpy.run_path(str(ROOT / "release/try_dist.py"))["missing_from"])
