"""A zoom by the messages that a notebook sends to ipympl's canvas, and the picture that it sends back."""

import io
import json

import matplotlib
import numpy as np
import pytest
from PIL import Image

import neo_currentscape as ncs

backend = pytest.importorskip("ipympl.backend_nbagg")
# To import it makes it the backend of pyplot, which the other tests are not to notice.
matplotlib.use("agg")


class Page:
    """A figure on ipympl's canvas, and what goes to the browser and comes from there."""

    def __init__(self, size):
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=size)
        self.canvas = backend.Canvas(self.figure)
        self.manager = backend.FigureManager(self.canvas, 1)
        self.sent = []
        self.receive("initialized")
        self.canvas.send = lambda content, buffers=None: self.sent.append((content, buffers))

    def receive(self, kind, **message):
        self.canvas._handle_message(self.canvas, {"type": kind, **message}, [])

    def mouse(self, kind, axes, x, y):
        """A place in fractions of an axes; the browser counts from the top."""
        box = axes.get_window_extent()
        place = {"x": box.x0 + x * box.width, "y": self.figure.bbox.height - box.y0 - y * box.height}
        self.receive(kind, **place, button=0, buttons=1, step=0, modifiers=[], guiEvent={})

    def picture(self):
        """The picture that goes over the wire when the browser asks for one, whole."""
        self.sent.clear()
        self.canvas.set_image_mode("full")
        self.canvas._force_full = True
        self.receive("draw")
        kinds = [json.loads(content["data"])["type"] for content, _ in self.sent if "data" in content]
        (buffers,) = (buffers for _, buffers in self.sent if buffers)
        assert "binary" in kinds
        return np.asarray(Image.open(io.BytesIO(bytes(buffers[0]))).convert("RGB"), dtype=float)


def test_a_zoom_draws_what_is_visible_and_home_the_whole(bursting):
    rec = bursting(40_000)
    page = Page((5, 5))
    figure = ncs.Currentscape(rec).plot(on=page.figure)
    whole = page.picture()
    axes, line = figure.axes[0], figure.artists[0][0]
    before = line.get_xydata().copy()
    page.receive("toolbar_button", name="zoom")
    page.mouse("button_press", axes, 0.40, 0.1)
    for x in (0.41, 0.42):
        page.mouse("motion_notify", axes, x, 0.9)
    page.mouse("button_release", axes, 0.42, 0.9)
    zoomed = page.picture()
    start, stop = axes.get_xlim()
    assert (start, stop) == pytest.approx((0.40 * 4000, 0.42 * 4000), abs=40)
    x = line.get_xdata()
    # So many samples are drawn one by one, and none but these.
    assert len(x) == pytest.approx((stop - start) / 0.1, abs=3)
    assert start - 0.2 < x.min() <= start
    assert stop <= x.max() < stop + 0.2
    # Every panel zooms along, and the picture is that of a figure drawn at every sample.
    assert np.abs(zoomed - whole).mean() > 10
    other = Page((5, 5))
    fine = ncs.Currentscape(rec).plot(on=other.figure, columns=40_000)
    for theirs, ours in zip(fine.axes, figure.axes, strict=True):
        theirs.set_xlim(start, stop)
        theirs.set_ylim(ours.get_ylim())
    assert np.abs(other.picture() - zoomed).mean() < 0.01 * 255
    page.receive("toolbar_button", name="home")
    assert np.abs(page.picture() - whole).max() <= 1
    np.testing.assert_array_equal(line.get_xydata(), before)


def test_a_pan_draws_what_comes_into_view(bursting):
    rec = bursting(60_000)
    page = Page((5, 5))
    figure = ncs.Currentscape(rec).plot(on=page.figure)
    axes, line = figure.axes[0], figure.artists[0][0]
    axes.set_xlim(1000, 1100)
    page.picture()
    page.receive("toolbar_button", name="pan")
    page.mouse("button_press", axes, 0.9, 0.5)
    page.mouse("motion_notify", axes, 0.4, 0.5)
    page.mouse("button_release", axes, 0.4, 0.5)
    page.picture()
    assert axes.get_xlim() == pytest.approx((1050, 1150), abs=2)
    assert line.get_xdata().max() == pytest.approx(axes.get_xlim()[1], abs=0.2)


@pytest.fixture
def as_in_a_notebook(monkeypatch):
    """ipympl as pyplot's backend; what was displayed."""
    import IPython.display
    import matplotlib.pyplot as plt

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    before = plt.get_backend()
    plt.switch_backend("module://ipympl.backend_nbagg")
    yield shown
    plt.switch_backend(before)


def in_compat(rec):
    return ncs.plot(rec.voltage, rec.currents)


@pytest.mark.parametrize(
    "draw", [lambda rec: ncs.Currentscape(rec).plot(), in_compat], ids=["plot", "compat"]
)
def test_a_figure_at_the_end_of_a_cell_is_a_widget(draw, bursting, as_in_a_notebook):
    import matplotlib.pyplot as plt

    figure = draw(bursting(40_000))
    figure._ipython_display_()
    (canvas,) = as_in_a_notebook
    assert isinstance(canvas, backend.Canvas)
    assert canvas.figure is getattr(figure, "fig", figure)
    # That of the other package's call is pyplot's, as it is there; ours is not.
    assert plt.get_fignums() == ([1] if draw is in_compat else [])
    line = max(canvas.figure.axes[0].lines, key=lambda line: len(line.get_xdata()))
    canvas.figure.axes[0].set_xlim(1600, 1680)
    canvas.draw()
    assert line.get_xdata().max() < 1700
    # Shown again it is the same widget, and it can be saved.
    figure._ipython_display_()
    assert as_in_a_notebook == [canvas, canvas]
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert canvas.figure.canvas is canvas
    plt.close("all")


def test_with_another_backend_a_notebook_shows_the_picture(bursting):
    from IPython.core.formatters import DisplayFormatter

    figure = ncs.Currentscape(bursting(400)).plot(size=(2, 3), legend=False)
    with pytest.raises(NotImplementedError):
        figure._ipython_display_()
    data, _ = DisplayFormatter().format(figure)
    assert set(data) >= {"image/png", "text/plain"}
