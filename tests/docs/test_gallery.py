"""Scripts of a gallery run in fresh processes, each in its environment; pages say what was not run."""

import ast
import json
import re
import subprocess
import sys

import pytest

CONF = """
import sys
sys.path.insert(0, {extensions!r})
project = "small"
extensions = ["sphinx_gallery.gen_gallery", "gallery_processes"]
exclude_patterns = ["gallery/index.rst"]
gallery_environments = {{"elsewhere": {environment!r}, "nowhere": "no such folder"}}
sphinx_gallery_conf = {{
    "examples_dirs": "../examples", "gallery_dirs": "gallery", "filename_pattern": r"\\.py",
    "backreferences_dir": "backreferences", "doc_module": ("neo_currentscape",),
    "write_computation_times": False,
}}
"""

SCRIPT = '''"""
{name}
=========

A script.
"""

{imports}

import neo_currentscape as ncs

print("left behind:", hasattr(ncs, "behind"))
ncs.behind = True
warnings.warn("be careful")
print("in", os.environ.get("ENVIRONMENT", "this one"))

# %%
# And a figure of no name.

times = np.arange(40) * 0.1
signals = [
    neo.AnalogSignal(values, units=unit, sampling_period=0.1 * pq.ms, name=name)
    for name, unit, values in (("ik", "nA", 2 + np.sin(times)), ("ina", "nA", -2 - np.cos(times)))
]
segment = neo.Segment()
segment.analogsignals.extend(signals)
scape = ncs.Currentscape.from_segment(segment, voltage=False)
print(scape.recording.slice(1 * pq.ms, 2 * pq.ms).n_samples if {fails} else "whole")
scape.plot(title="A figure")
'''

IMPORTS = "import os\nimport warnings\n\nimport neo\nimport numpy as np\nimport quantities as pq"


def script(name, imports=IMPORTS, fails=False):
    return SCRIPT.format(name=name, imports=imports, fails=fails)


@pytest.fixture
def small(tmp_path, tools):
    """A documentation of three scripts, one of them in an environment of its own; how it is built."""
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    python = environment / "bin" / "python"
    python.write_text(f'#!/bin/sh\nENVIRONMENT="its own" exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    examples, source = tmp_path / "examples", tmp_path / "docs"
    for folder in (examples, source):
        folder.mkdir()
    (examples / "README.rst").write_text("Scripts\n=======\n")
    for name in ("here", "elsewhere"):
        (examples / f"{name}.py").write_text(script(name))
    (examples / "nowhere.py").write_text(script("nowhere", "import no_such_simulator\n" + IMPORTS))
    conf = CONF.format(extensions=str(tools / "extensions"), environment=str(environment))
    (source / "conf.py").write_text(conf)
    (source / "index.rst").write_text("Small\n=====\n\n.. toctree::\n   :glob:\n\n   gallery/*\n")

    def build(*options):
        pages = tmp_path / "pages"
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", *options, str(source), str(pages)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300), pages

    return tmp_path, build


def test_each_script_runs_alone_where_it_belongs(small):
    folder, build = small
    done, pages = build()
    assert done.returncode == 0, done.stderr
    here, there, nowhere = (
        (folder / "docs/gallery" / f"{name}.rst").read_text() for name in ("here", "elsewhere", "nowhere")
    )
    for page, where in ((here, "in this one"), (there, "in its own")):
        assert "left behind: False" in page and where in page
        assert "    UserWarning: be careful\n" in page
    assert (pages / "_images/sphx_glr_here_001.png").exists()
    # The picture stands below what it is a picture of, and what was printed below that.
    places = [here.index(told) for told in ("left behind: False", "sphx_glr_here_001.png", "    whole\n")]
    assert places == sorted(places)
    assert "was not run" in nowhere and "no_such_simulator" in nowhere.split("was not run")[1]
    thumbs = folder / "docs/gallery/images/thumb"
    assert (thumbs / "sphx_glr_here_thumb.png").read_bytes() == (
        thumbs / "sphx_glr_elsewhere_thumb.png"
    ).read_bytes()
    used = json.loads((folder / "docs/backreferences/backreferences_all.json").read_text())
    of_plot = {example[0] for example in used["neo_currentscape.Currentscape.plot"]}
    assert of_plot == {"here.py", "elsewhere.py"}
    # Panels that nothing in the script names are in its figure.
    assert {example[0] for example in used["neo_currentscape.SharesPanel"]} == of_plot
    assert "SharesPanel" in here.split("Panels in these figures:")[1]
    # What is as it was is not run again.
    again, _ = build("-E")
    assert again.returncode == 0
    assert re.findall(r"(\w+)\.py ran in", again.stdout) == ["nowhere"]


def test_what_lacks_or_fails_is_an_error_where_all_is_asked_for(small):
    folder, build = small
    (folder / "examples/elsewhere.py").write_text(script("elsewhere", fails=True))
    done, _ = build("-D", "gallery_whole=1")
    assert done.returncode != 0
    assert "nowhere.py failed" in done.stderr and "No module named 'no_such_simulator'" in done.stderr
    assert "elsewhere.py failed" in done.stderr and "n_samples" in done.stderr
    assert not re.search(r"\bhere\.py failed", done.stderr)


CODE = """
scape.plot(title="a")
part = scape.recording.slice(a, b)
ncs.Figure(scape.names, ncs.SharesPanel(scape))
x = block.segments[0]
ncs.balance(scape).verdict
segment.analogsignals
"""


def test_names_that_are_told_are_those_that_are_looked_at(make_scape):
    import gallery_names
    import gallery_script
    import neo
    from sphinx_gallery.backreferences import NameFinder

    import neo_currentscape as ncs

    block = neo.Block()
    block.segments.append(neo.Segment())
    real = {"scape": make_scape(), "ncs": ncs, "block": block, "segment": block.segments[0]}
    names = gallery_names.names_in(CODE)
    known = {name: found for name in names if (found := gallery_script._known(name, real))}
    told = gallery_names.variables(json.loads(json.dumps(known)))
    assert set(told) == set(real)

    def mapped(variables):
        finder = NameFinder(variables)
        finder.visit(ast.parse(CODE))
        return {found for found in finder.get_mapping() if found[1].startswith(("neo_", "neo."))}

    of_methods = {name for name, *_ in mapped(real)}
    assert {"scape.plot", "scape.recording.slice", "ncs.SharesPanel"} <= of_methods
    assert mapped(told) == mapped(real)


def test_examples_have_the_order_of_the_gallery(tools):
    import gallery_order

    listed = re.findall(r"\.\./examples/(\w+\.py)", (tools / "examples.rst").read_text())
    assert sorted(reversed(listed), key=gallery_order.place) == listed
    assert gallery_order.place("/elsewhere/other.py") > len(listed)
