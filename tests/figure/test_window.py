import gc
import os
import shutil
import subprocess
import sys
import textwrap
import types

import matplotlib
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg

import neo_currentscape as ncs
from neo_currentscape.figure import window


@pytest.fixture(autouse=True)
def no_earlier_figures():
    """Other tests of the process may have left figures with pyplot."""
    Gcf.destroy_all()


@pytest.fixture
def scape(make_scape):
    return make_scape(2, samples=50)


class WindowCanvas(FigureCanvasAgg):
    """Canvas of a backend that opens windows, as far as pyplot's bookkeeping goes."""

    required_interactive_framework = "test"


@pytest.fixture
def windows(monkeypatch):
    """Numbers of the windows that pyplot knows, with a backend that opens them."""
    import matplotlib.pyplot as plt

    monkeypatch.setattr(window, "backend", lambda: types.SimpleNamespace(FigureCanvas=WindowCanvas))
    monkeypatch.setattr(plt, "show", lambda *a, **k: None)
    monkeypatch.setattr(window, "_waiting", [])
    yield lambda: (gc.collect(), list(Gcf.figs))[1]
    Gcf.destroy_all()


def test_without_windows_pyplot_knows_nothing_of_a_figure(scape, monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.setattr(window, "backend", lambda: types.SimpleNamespace(FigureCanvas=FigureCanvasAgg))
    figure = scape.plot()
    assert not window.opens_windows()
    assert plt.get_fignums() == []
    assert figure.fig.canvas.manager is None


def test_a_backend_without_a_screen_does_not_keep_from_drawing(scape, monkeypatch, tmp_path):
    import matplotlib.pyplot  # noqa: F401

    def no_screen():
        raise ImportError("Cannot load backend 'TkAgg' ... as 'headless' is currently running")

    monkeypatch.setattr(window, "backend", no_screen)
    scape.plot().save(tmp_path / "figure.png", dpi=20)


def test_pyplot_shows_a_figure_that_nobody_refers_to(scape, windows):
    scape.plot()
    assert windows() == [1]
    assert Gcf.get_active().canvas.figure.axes


def test_a_saved_figure_goes_with_its_owner(scape, windows, tmp_path):
    figure = scape.plot()
    figure.save(tmp_path / "figure.png", dpi=20)
    assert windows() == [1]
    del figure
    assert windows() == []


def test_a_window_that_is_looked_at_stays(scape, windows, tmp_path):
    """As in interactive mode, where showing does not wait."""
    figure = scape.plot()
    figure.save(tmp_path / "figure.png", dpi=20)
    figure.show()
    del figure
    assert windows() == [1]


def test_a_closed_window_opens_again(scape, windows):
    figure = scape.plot()
    figure.show()
    Gcf.destroy_all()
    figure.show()
    assert windows() == [1]
    assert Gcf.get_active().canvas.figure is figure.fig


def test_many_figures_in_a_loop_do_not_pile_up(scape, windows):
    for _ in range(window.MOST_WAITING + 10):
        scape.plot()
    assert len(windows()) == window.MOST_WAITING


def test_figures_of_the_caller_are_left_to_the_caller(scape, windows):
    from matplotlib.figure import Figure

    scape.plot(on=Figure())
    assert windows() == []


def test_a_subfigure_shows_its_whole_figure(scape, windows):
    from matplotlib.figure import Figure

    root = Figure()
    left, _ = root.subfigures(1, 2)
    scape.plot(on=left).show()
    assert Gcf.get_active().canvas.figure is root


def test_current_in_pyplot_forgets_again_also_after_an_error(axes):
    import matplotlib.pyplot as plt

    with pytest.raises(RuntimeError), window.current_in_pyplot(axes.figure, axes):
        assert plt.gca() is axes
        raise RuntimeError
    assert plt.get_fignums() == []


def test_matplotlib_is_not_started_by_importing_the_package():
    code = "import neo_currentscape, sys; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_pyplot_is_not_imported_for_drawing_and_saving():
    code = """
        import sys, io, neo, quantities as pq, neo_currentscape as ncs
        currents = neo.AnalogSignal([[1, -2], [2, -3]], units="nA", sampling_period=1 * pq.ms,
                                    array_annotations={"name": ["K", "Na"]})
        ncs.Currentscape(ncs.Recording(currents)).plot(panels="all").save(io.BytesIO())
        assert "matplotlib.pyplot" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, timeout=60)


SCRIPT = """
    import matplotlib
    matplotlib.use("TkAgg")
    import matplotlib.pyplot as plt
    import neo, quantities as pq, neo_currentscape as ncs
    from matplotlib._pylab_helpers import Gcf

    currents = neo.AnalogSignal([[1, -2], [2, -3]], units="nA", sampling_period=1 * pq.ms,
                                array_annotations={"name": ["K", "Na"]})
    figure = ncs.Currentscape(ncs.Recording(currents)).plot()
    seen = []

    def look():
        for manager in list(Gcf.figs.values()):
            seen.append((manager.window.winfo_viewable(), manager.canvas.figure is figure.fig))
        plt.close("all")

    timer = figure.fig.canvas.new_timer(interval=1000, callbacks=[(look, (), {})])
    timer.single_shot = True
    timer.start()
    SHOW
    assert seen == [(1, True)], seen
    assert plt.get_fignums() == []
"""


@pytest.fixture
def display():
    """A screen: the one there is, or a virtual one."""
    pytest.importorskip("tkinter")
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no screen")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1000x800x24", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.parametrize("show", ["plt.show()", "figure.show()"])
def test_a_script_shows_a_real_window(show, display):
    code = textwrap.dedent(SCRIPT).replace("SHOW", show)
    environment = {**os.environ, "DISPLAY": display, "MPLBACKEND": "TkAgg"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_a_notebook_displays_the_figure(scape, monkeypatch):
    shown = []
    shell = types.SimpleNamespace(kernel=None)
    fake = types.ModuleType("IPython")
    fake.get_ipython = lambda: shell
    display = types.ModuleType("IPython.display")
    display.display = shown.append
    monkeypatch.setitem(sys.modules, "IPython", fake)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(window, "backend", lambda: types.SimpleNamespace(FigureCanvas=FigureCanvasAgg))
    figure = scape.plot()
    figure.show()
    assert shown == [figure]
    assert Gcf.figs == {}


def test_dpi_of_saved_and_notebook_pictures(scape, tmp_path):
    from matplotlib.image import imread

    figure = scape.plot(size=(2, 2), panels="shares", legend=False)
    figure.save(tmp_path / "figure.png")
    assert imread(tmp_path / "figure.png").shape[:2] == (600, 600)
    assert matplotlib.rcParams["savefig.dpi"] == "figure"
    assert isinstance(figure, ncs.Figure)
