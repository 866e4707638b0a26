"""Configuration files that use every key, read by both packages, and drawn by both side by side."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from compat_data import T, currents, ions, voltage

import neo_currentscape as ncs
from neo_currentscape.compat.config import read_config
from neo_currentscape.compat.keys import KEYS, OLDER

FILES = sorted((Path(__file__).parent / "configs").glob("*.json"))


def names(config: dict, before: str = "") -> set[str]:
    found = set()
    for key, value in config.items():
        if not key.startswith("_comment"):
            found |= names(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
    return found


def test_the_files_use_every_key():
    used = set().union(*(names(json.loads(path.read_text())) for path in FILES))
    assert used >= set(KEYS) | set(OLDER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_is_drawn(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = read_config(path)
    figure = ncs.plot(voltage(), currents(), path, ions(), T)
    assert tuple(figure.get_size_inches()) == config["figsize"]
    if config["output.savefig"]:
        assert (tmp_path / "output" / "example.png").exists()


def painted(figure, axes) -> np.ndarray:
    """The picture of an axes, in a fixed size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())[..., :3]
    box = axes.get_window_extent()
    rows = np.linspace(image.shape[0] - box.y1 + 2, image.shape[0] - box.y0 - 8, 60).astype(int)
    columns = np.linspace(box.x0 + 3, box.x1 - 4, 150).astype(int)
    return image[np.ix_(rows, columns)].astype(int)


@pytest.mark.parametrize("name", ["minimal", "time_axis", "viridis", "own_limits"])
def test_the_shares_look_as_in_the_other_package(name, tmp_path, monkeypatch):
    peer = pytest.importorskip("currentscape")
    import matplotlib.pyplot as plt

    monkeypatch.chdir(tmp_path)
    path = Path(__file__).parent / "configs" / f"{name}.json"
    arguments = (voltage(), currents(), str(path), ions(), T)
    with matplotlib.rc_context():
        theirs = peer.plot(*arguments)
    ours = ncs.plot(*arguments)
    plt.close("all")
    assert [a.get_ylabel() for a in ours.axes if a.get_ylabel()] == [
        a.get_ylabel().replace("-", "\N{MINUS SIGN}") for a in theirs.axes if a.get_ylabel()
    ]
    first = next(k for k, axes in enumerate(theirs.axes) if axes.get_ylabel().startswith("out"))
    own = next(k for k, axes in enumerate(ours.axes) if axes.get_ylabel().startswith("out"))
    for half in (0, 1):
        a = painted(ours, ours.axes[own + half])
        b = painted(theirs, theirs.axes[first + half])
        # Edges are smoothed at other places of the grid of pixels; the areas are the same.
        assert (np.abs(a - b).max(axis=-1) > 60).mean() < 0.06


@pytest.mark.parametrize("name", ["minimal", "own_limits", "bare"])
def test_limits_and_ticks_are_those_of_the_other_package(name):
    peer = pytest.importorskip("currentscape")
    import matplotlib.pyplot as plt

    path = str(Path(__file__).parent / "configs" / f"{name}.json")
    arguments = (voltage(), currents(), path, ions(), T)
    with matplotlib.rc_context():
        theirs = peer.plot(*arguments)
    ours = ncs.plot(*arguments)
    plt.close("all")
    assert len(ours.axes) == len(theirs.axes)
    for a, b in zip(ours.axes, theirs.axes, strict=True):
        assert np.allclose(a.get_xlim(), b.get_xlim())
        assert np.allclose(a.get_ylim(), b.get_ylim(), rtol=1e-9)
        if name != "bare" and a.get_yscale() == "log":
            assert np.allclose(a.get_yticks(), b.get_yticks(), rtol=1e-9)
