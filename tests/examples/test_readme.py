"""The snippets of the README and the quick start run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICKSTART = (ROOT / "docs" / "quickstart.rst").read_text(encoding="utf-8")


def readme_snippet(word):
    (found,) = [code for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if word in code]
    return found


def quickstart_snippets():
    blocks = re.findall(r"\.\. code-block:: python\n\n((?:(?:   .*)?\n)+)", QUICKSTART)
    return [re.sub(r"(?m)^   ", "", block) for block in blocks]


def run(code, folder, path):
    env = {**os.environ, "PATH": path, "MPLBACKEND": "agg"}  # PyNN compiles mechanisms with nrnivmodl
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.pynn
def test_the_snippet_for_pynn(tmp_path, tool_path):
    pytest.importorskip("pyNN.neuron")
    run(readme_snippet("pyNN"), tmp_path, tool_path)
    assert (tmp_path / "hh.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.nest
def test_the_snippet_for_nest(tmp_path, tool_path):
    pytest.importorskip("nest")
    run(readme_snippet("nest.Create"), tmp_path, tool_path)
    assert (tmp_path / "ht.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.fixture
def block():
    """Densities under the names that the documents use, of neurons 0 and 3, at the soma."""
    random = np.random.default_rng(1)
    made = neo.Block()
    made.segments.append(neo.Segment())
    for name, unit in (
        ("soma.v", "mV"),
        *((f"soma.{n}", "mA/cm**2") for n in ("na.ina", "kdr.ik", "pas.i")),
    ):
        made.segments[0].analogsignals.append(
            neo.AnalogSignal(
                random.standard_normal((300, 2)),
                units=unit,
                sampling_period=0.1 * pq.ms,
                name=name,
                array_annotations={"channel_index": [0, 3]},
            )
        )
    made.segments[0].spiketrains.append(neo.SpikeTrain([5.0, 18.0], units="ms", t_stop=30))
    return made


def test_the_snippet_for_everybody_else(block):
    pytest.importorskip("pandas")
    import neo_currentscape as ncs

    names = {"block": block, "ncs": ncs}
    exec(readme_snippet("to_dataframe"), names)
    assert names["scape"].recording.site == "soma" and len(names["scape"].names) == 3


def test_the_quick_start(tmp_path, monkeypatch):
    """Pasted block by block into an empty session."""
    pytest.importorskip("pandas")
    pytest.importorskip("pyNN.utility.plotting")
    monkeypatch.chdir(tmp_path)
    codes, names = quickstart_snippets(), {}
    assert len(codes) == 8
    for code in codes:
        exec(code, names)
    assert names["scape"].names == ["Na", "K", "Ca", "leak"]
    assert len(names["segment"].spiketrains[0]) > 1 and len(names["fig"].panels) == 4
    lowest, highest = names["spike"].recording.voltage.min(), names["spike"].recording.voltage.max()
    assert lowest < -20 * pq.mV < highest, "the stretch that is cut out holds a spike"
    assert (tmp_path / "currentscape.pdf").exists() and (tmp_path / "spike.svg").exists()


def test_every_command_that_the_readme_shows():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / link).exists(), link
