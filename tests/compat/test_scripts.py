"""Whole scripts written for `currentscape`: with another import, and unchanged through the stand-in."""

from __future__ import annotations

import json
import runpy

import matplotlib.pyplot as plt
import numpy as np
import pytest

from neo_currentscape.compat import stand_in

#: Three ways in which scripts take the function, and what stands there instead.
IMPORTS = {
    "import currentscape\n": "import neo_currentscape as currentscape\n",
    "from currentscape import": "from neo_currentscape import",
    "from currentscape.currentscape import": "from neo_currentscape import",
}

#: A cell of NEURON, drawn and written by the configuration, then shown.
CELL = """
import currentscape
import numpy as np
from neuron import h

h.load_file("stdrun.hoc")
body = h.Section(name="body")
body.L = body.diam = 15
body.insert("hh")
clamp = h.IClamp(body(0.5))
clamp.delay, clamp.dur, clamp.amp = 3, 12, 0.15
read = {name: h.Vector().record(getattr(body(0.5), f"_ref_{name}")) for name in ("v", "ik", "ina", "il_hh")}
h.finitialize(-65)
h.continuerun(20)
to_pA = 10 * body(0.5).area()
rows = [np.array(read[name]) * to_pA for name in ("ik", "ina", "il_hh")]
figure = currentscape.plot(
    read["v"].as_numpy(),
    rows,
    {
        "output": {"savefig": True, "dir": "out", "fname": "cell", "extension": "png", "dpi": 150},
        "current": {"names": ["delayed rectifier", "sodium", "leak"]},
        "voltage": {"ylim": [-80, 60]},
        "legendtextsize": 5,
        "adjust": {"left": 0.2, "right": 0.75, "top": 1.0, "bottom": 0.0},
    },
)
figure.show()
"""

#: Columns of an integration, and a configuration in a file with remarks in it.
MODEL = """
import numpy as np
from currentscape import plot

t = np.arange(0.0, 300.0, 0.5)
solution = np.c_[-50 + 20 * np.sin(t / 30), np.cos(t / 20), np.sin(t / 11)]


def currents_of(rows):
    return np.array([30 * rows[:, 1], -12 * rows[:, 2] - 3, 5 + 0 * rows[:, 0], 0 * rows[:, 0]])


if __name__ == "__main__":
    figure = plot(solution[:, 0], currents_of(solution), "model.json")
"""
MODEL_CONFIG = {
    "_comment1": "all of it",
    "show": {
        "_comment2": "none of these are needed",
        "currentscape": True,
        "xgridlines": True,
        "total_contribution": True,
        "all_currents": True,
    },
    "current": {"names": ["A", "Ca", "leak", "never"], "reorder": True, "units": "[nA]"},
    "currentscape": {"in_label": "in %", "out_label": "out %"},
    "colormap": {"name": "cartocolors.qualitative.Safe_8"},
    "output": {"savefig": True, "dir": "out", "fname": "model", "extension": "png", "dpi": 100},
    "figsize": [4, 7],
    "title": None,
}

#: A file for each variable, in which time stands first.
FILES = """
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from currentscape.currentscape import plot_currentscape


def column(name):
    return np.loadtxt(Path("recorded") / f"{name}.dat")[:, 1]


def draw():
    rows = np.array([column(name) for name in ("ina_a", "ik_b", "i_c")])
    ions = np.array([column(name) for name in ("ki", "cai")])
    config = {"current": {"names": ["a", "b", "c"]}, "ions": {"names": ["k", "ca"]}, "legendtextsize": 5}
    return plot_currentscape(column("v"), rows, config, ions, time=np.loadtxt("recorded/v.dat")[:, 0])


if __name__ == "__main__":
    figure = draw()
    assert figure is plt.gcf()
    plt.savefig("files.png", dpi=120)
"""
SCRIPTS = {"cell": CELL, "model": MODEL, "files": FILES}
AXES = {"cell": 5, "model": 8, "files": 6}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a script runs, with what it reads."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.json").write_text(json.dumps(MODEL_CONFIG))
    (tmp_path / "recorded").mkdir()
    t = np.arange(0.0, 50.0, 0.1)
    wave = np.sin(t / 4)
    rows = {"v": -60 + 9 * wave, "ina_a": -4 - wave, "ik_b": 3 + wave, "i_c": wave, "ki": 54 + 0 * t}
    for name, values in {**rows, "cai": 1e-4 * (2 + wave)}.items():
        np.savetxt(tmp_path / "recorded" / f"{name}.dat", np.c_[t, values])
    return tmp_path


def run(script, folder):
    """The figure that a script made, and the picture that it wrote."""
    path = folder / "script.py"
    path.write_text(script)
    figure = runpy.run_path(str(path), run_name="__main__")["figure"]
    written = [path for path in folder.rglob("*.png")]
    assert len(written) == 1
    picture = plt.imread(written[0])
    written[0].unlink()
    return figure, picture


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_runs_with_another_import_and_unchanged(name, folder):
    if name == "cell":
        pytest.importorskip("neuron")
    script, changed = SCRIPTS[name], SCRIPTS[name]
    for theirs, ours in IMPORTS.items():
        changed = changed.replace(theirs, ours)
    assert changed != script
    figure, picture = run(changed, folder)
    assert len(figure.axes) == AXES[name]
    with stand_in():
        again, same = run(script, folder)
    assert len(again.axes) == AXES[name]
    np.testing.assert_array_equal(picture, same)
    assert (picture[..., :3] < 0.8).any(axis=-1).mean() > 0.05
