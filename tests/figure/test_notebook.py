"""Notebooks that a real kernel runs: each figure is shown once, as a picture or as a widget."""

from __future__ import annotations

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

#: What every notebook begins with.
FIRST = """
import matplotlib.pyplot as plt
from IPython.display import display
import neo, numpy as np, quantities as pq
import neo_currentscape as ncs

wave = np.sin(np.arange(40) / 5)
rows = [3 * wave, -2 - wave]
config = {"current": {"names": ["K", "Na"]}, "figsize": [2, 2.5]}


def draw():
    return ncs.plot(-60 + wave, rows, config)


def scape():
    signal = neo.AnalogSignal(rows[0][:, None], units="nA", sampling_period=0.1 * pq.ms, name="K")
    return ncs.Currentscape(ncs.Recording(signal)).plot(size=(2, 3), legend=False)
"""

#: Cells, and how many figures each shows.
CELLS = {
    "for k in range(3):\n    draw()": 3,
    "draw()": 1,
    "draw();": 1,
    "fig = draw()": 1,
    "fig": 1,
    "fig = draw()\nfig": 1,
    "fig = draw()\nfig.show()": 1,
    "fig = draw()\ndisplay(fig)": 1,
    "fig = draw()\nplt.show()": 1,
    "for k in range(2):\n    draw()\n    plt.show()": 2,
    "both = [draw(), draw()]\nboth[0]": 2,
    "fig = draw()\nfig.suptitle('mine')": 1,
    "plt.close(draw())": 0,
    "fig = draw()\nplt.close(fig)\nfig": 1,
    "scape()": 1,
    "fig = scape()": 0,
    "fig = scape()\nfig.show()": 1,
}

WIDGET = "application/vnd.jupyter.widget-view+json"


def run(*cells, **environment):
    """The outputs of each cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute(env=environment)
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture
def environment(monkeypatch):
    """Without a backend chosen from outside, as in a notebook."""
    monkeypatch.delenv("MPLBACKEND", raising=False)


@pytest.mark.parametrize("magic", ["", "%matplotlib inline", "%matplotlib widget"])
def test_each_figure_is_shown_once(magic, environment):
    if "widget" in magic:
        pytest.importorskip("ipympl")
    outputs = run(f"{magic}\n{FIRST}", *CELLS)[1:]
    kind = WIDGET if "widget" in magic else "image/png"
    shown = {
        cell: [set(o.get("data", ())) for o in found] for cell, found in zip(CELLS, outputs, strict=True)
    }
    counts = {cell: sum("image/png" in data for data in found) for cell, found in shown.items()}
    assert counts == CELLS
    closed = "fig = draw()\nplt.close(fig)\nfig"
    for cell, found in shown.items():
        if cell != closed:
            assert all(kind in data for data in found if "image/png" in data), cell
    # What was closed has no widget any more.
    assert not any(WIDGET in data for data in shown[closed])


def test_a_picture_shows_the_figure(environment):
    import base64
    import io

    import numpy as np
    from matplotlib.image import imread

    (_, (output,)) = run(FIRST, "draw()")
    picture = imread(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
    assert (picture[..., :3] < 0.8).any(axis=-1).mean() > 0.1
    assert np.ptp(picture[..., :3], axis=-1).max() > 0.3
