"""Warnings point at the line that called the package, from wherever in it they are given.

Those of this file need no simulator; for all others `warnings_point_at_the_caller` of the conftest looks
where they point, in whatever test they are provoked.
"""

import ast
import contextlib
import functools
import inspect
import subprocess
import sys
import threading
import types
import warnings
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions import errors

PACKAGE = Path(inspect.getfile(errors)).parents[1]


def signal(name, unit="nA", **notes):
    values = np.cos(np.linspace(0, 9, 90) + len(name))[:, None]
    return neo.AnalogSignal(values, units=unit, name=name, sampling_period=0.2 * pq.ms, **notes)


def segment(*names, **notes):
    made = neo.Segment()
    made.analogsignals += [signal("v", "mV"), *(signal(name, **notes) for name in names)]
    return made


def scape():
    return ncs.Currentscape.from_segment(segment("ik", "ina"))


def used_figure():
    figure = Figure()
    figure.add_subplot()
    return figure


def two_voltages():
    made = segment("ik")
    made.analogsignals.append(signal("vdend", "mV"))
    return made


#: Module -> what makes it warn, called at a line of this file.
PLACES = {
    "analysis/standard.py": lambda: scape().plot(panels=["shares"], voltage={"levels": [-50]}),
    "compat/colors.py": lambda: ncs.plot(
        np.linspace(-60, 0, 50),
        np.ones((30, 50)),
        {"colormap": {"name": "Set1"}, "pattern": {"use": False}},
    ),
    "compat/config.py": lambda: ncs.plot(
        [-6, -5, -4], [[1, 2, 1], [-2, -1, 0]], {"legendtextsize": 5, "legend": {"textsize": 4}}
    ),
    "compat/intake.py": lambda: ncs.plot(
        [-6, -5, -4], [[1, 2, 1], [-2, -1, 0]], {"current": {"names": ["Na", "Na"]}}
    ),
    "compat/looks.py": lambda: ncs.plot(
        [-6, -5, -4],
        [[1, 2, 1], [-2, -1, 0]],
        {"pattern": {"use": True}, "show": {"all_currents": True}, "line": {"styles": ["-", "--"]}},
    ),
    "experiments/events.py": lambda: ncs.event_average(
        scape(), [9] * pq.ms, before=2 * pq.ms, after=2 * pq.ms
    ),
    "experiments/phase.py": lambda: ncs.phase_average(scape(), [2, 9] * pq.ms),
    "figure/canvas.py": lambda: scape().plot(on=used_figure()),
    "figure/figure.py": lambda: ncs.Figure(
        ncs.SharesPanel(scape()), ncs.TotalPanel(scape()), size=(3, 0.4)
    ),
    "recording/doubts.py": lambda: ncs.sweep([segment("ik", "I_syn_ex")] * 2, by=[1, 2]),
    "recording/select.py": lambda: ncs.Recording.from_segment(segment("soma.ik", "tree.ica"), site="soma"),
    "recording/voltages.py": lambda: ncs.Currentscape.from_segment(two_voltages()),
}


def given(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return [one for one in found if issubclass(one.category, errors.CurrentscapeWarning)]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_points_here(place, monkeypatch):
    by = []
    real = errors._caller
    monkeypatch.setattr(errors, "_caller", lambda frame: by.append(frame.f_code.co_filename) or real(frame))
    found = given(PLACES[place])
    assert str(PACKAGE / place) in by
    assert {one.filename for one in found} == {__file__}


def test_nothing_warns_by_itself_and_counts_frames():
    for path in PACKAGE.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        assert "warnings.warn" not in {ast.unparse(node.func) for node in calls}, path
        assert "stacklevel" not in {word.arg for node in calls for word in node.keywords}, path


def test_a_line_of_a_library_is_skipped_and_code_of_others_is_not():
    with pytest.warns(errors.CurrentscapeWarning) as said:
        functools.partial(functools.reduce, lambda a, b: a)([1, 2])
        errors.warn("once")
        functools.singledispatch(lambda text: errors.warn(text))("twice")
    assert {one.filename for one in said} == {__file__}


def test_what_a_dataclass_writes_is_of_its_module():
    ours, theirs = types.ModuleType("neo_currentscape.recording.made"), types.ModuleType("made")
    for module, expected in ((ours, __file__), (theirs, "<string>")):
        module.warn = errors.warn
        exec("def __init__(): warn('a sentence')", module.__dict__)
        (one,) = given(module.__init__)
        assert one.filename == expected


def test_a_line_warns_once_and_can_be_filtered_by_its_module():
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        for _ in range(3):
            errors.warn("said at one line")
    assert len(found) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", module=__name__.replace(".", r"\."))
        errors.warn("ignored")


def test_a_thread_has_no_caller():
    with pytest.warns(errors.CurrentscapeWarning, match="in a thread"):
        thread = threading.Thread(target=errors.warn, args=("in a thread",))
        thread.start()
        thread.join()


def test_a_script_and_a_program(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(
        "import neo_currentscape as ncs\n"
        "legend = {'legendtextsize': 5, 'legend': {'textsize': 4}}\n"
        "ncs.plot([-6, -5, -4], [[1, 2, 1], [-2, -1, 0]], legend)\n"
    )
    said = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stderr
    assert f"{script}:3: CurrentscapeWarning: Configuration keys" in said


def test_the_interpreter_has_the_frames_that_are_skipped():
    with contextlib.ExitStack() as stack:
        stack.callback(errors.warn, "on the way out")
        assert given(stack.close)[0].filename == __file__
