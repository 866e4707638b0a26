"""Pages as files: their size, what they hold, and what is refused."""

import base64
import gzip
import io
import json
import re
import subprocess
import sys
import warnings

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.figure.web import averages

NASTY = '</script><img src=x onerror="document.title=1">'


def saved(figure, **options):
    buffer = io.BytesIO()
    figure.save(buffer, format="html", **options)
    return buffer.getvalue().decode()


def block(page, name):
    text = re.search(rf'id="{name}">([^<]*)</script>', page)[1]
    return gzip.decompress(base64.b64decode(text))


def test_one_file_without_any_address_or_name_in_its_markup(tmp_path, scape):
    names = (NASTY, "a' \" & b", "plain")
    page = saved(scape(names=names).plot(title=NASTY))
    assert "http:" not in page and "https:" not in page and "//cdn" not in page
    assert NASTY not in page
    assert not re.search(r"<(link|img|iframe)\b", page)
    assert not re.search(r"<[^>]* src\s*=|@import|\bfetch\(|XMLHttpRequest", page)
    assert "default-src 'none'" in page
    assert json.loads(block(page, "spec"))["names"] == [NASTY, "plain", "a' \" & b"]


@pytest.mark.parametrize("n_samples", [10_000, 1_000_000])
def test_it_stays_below_three_megabytes_and_keeps_several_levels(n_samples, scape):
    rng = np.random.default_rng(2)
    values = rng.normal(size=(n_samples, 12))
    signal = neo.AnalogSignal(
        values,
        units="nA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": [f"I{k}" for k in range(12)]},
    )
    page = saved(ncs.Currentscape(ncs.Recording(signal)).plot())
    assert len(page) < 3_000_000
    (one,) = json.loads(block(page, "spec"))["sets"]
    assert len(one["levels"]) >= 2
    # The largest current of all is in each level.
    numbers = block(page, "numbers")
    for level in one["levels"]:
        where = level["rows"].get("currents.high", level["rows"]["currents.low"])
        size = int(np.prod(where["shape"]))
        raw = np.frombuffer(numbers, np.uint8, 4 * size, where["at"]).reshape(4, size).T.copy()
        assert raw.view("<f4").max() == pytest.approx(values.max(), rel=2e-4)


def test_panels_that_a_page_cannot_show_are_named_and_left_out(scape):
    rec = scape(2000)
    figure = ncs.Figure(ncs.SharesPanel(rec), ncs.CurrentsPanel(rec, scale="symlog"))
    with pytest.warns(ncs.CurrentscapeWarning, match="CurrentsPanel on a linear axis"):
        saved(figure)

    class Other:
        def plot(self, axes):
            return []

    with pytest.warns(ncs.CurrentscapeWarning, match="leaves out Other, which it cannot show"):
        page = saved(ncs.Figure(ncs.SharesPanel(rec), Other()))
    assert len(json.loads(block(page, "spec"))["panels"]) == 1
    with pytest.raises(ArgumentError, match="cannot show Other: write"):
        saved(ncs.Figure(Other()))


def test_without_bokeh_one_sentence_says_how_to_get_it(monkeypatch, tmp_path, scape):
    monkeypatch.setitem(sys.modules, "bokeh", None)
    with pytest.raises(ImportError, match=r'pip install "neo-currentscape\[web\]"'):
        scape(1000).plot().save(tmp_path / "scape.html")
    assert not (tmp_path / "scape.html").exists()


def test_bokeh_is_not_imported_before_it_is_asked_for(scape):
    code = "import sys, neo_currentscape as ncs; ncs.Figure; sys.exit('bokeh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_options_of_pictures_are_refused_and_the_picture_stays_what_it_was(tmp_path, scape):
    figure = scape(2000).plot()
    with pytest.raises(ArgumentError, match="has no transparent="):
        figure.save(tmp_path / "a.html", transparent=True)
    before = figure._repr_png_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.save(tmp_path / "a.HTML")
    assert figure._repr_png_() == before


def test_two_recordings_in_one_page(scape):
    one, other = scape(5000), scape(3000, names=("Kd", "leak", "h"))
    page = saved(
        ncs.Figure(ncs.SharesPanel(one), ncs.SharesPanel(other), ncs.CurrentsPanel(one, stacked=True))
    )
    spec = json.loads(block(page, "spec"))
    assert [panel["set"] for panel in spec["panels"]] == [0, 1, 0]
    assert set(spec["names"]) == {"Kd", "leak", "Na", "h"}


def test_the_command_writes_it(tmp_path, scape):
    block_ = neo.Block()
    block_.segments.append(scape(2000).recording.to_segment())
    neo.PickleIO(str(tmp_path / "run.pkl")).write_block(block_)
    assert not main(
        ["plot", str(tmp_path / "run.pkl"), "-o", str(tmp_path / "scape.html"), "-q", "--trust-pickle"]
    )
    assert (tmp_path / "scape.html").read_text().startswith("<!DOCTYPE html>")


def test_figures_that_are_only_matplotlibs_say_so(tmp_path, capsys, scape):
    figure = scape(2000).plot()
    with pytest.raises(ArgumentError, match="by the Figure of this package"):
        figure.fig.savefig(tmp_path / "scape.html")
    (tmp_path / "looks.json").write_text("{}")
    (tmp_path / "run.nix").touch()
    told = ["plot", str(tmp_path / "run.nix"), "--config", str(tmp_path / "looks.json")]
    assert main([*told, "-o", str(tmp_path / "scape.html")]) != 0
    assert "which no figure by --config is" in capsys.readouterr().err


def test_a_figure_of_something_beside_an_average_is_no_page_of_one(average):
    figure = average.plot()
    assert averages.is_average(figure.panels)
    scape = ncs.Currentscape(average.recording)
    assert not averages.is_average([*figure.panels, ncs.VoltagePanel(scape)])
    other = ncs.Figure(ncs.SharesPanel(scape), *figure.panels)
    with pytest.warns(ncs.CurrentscapeWarning, match="leaves out AverageVoltagePanel and"):
        other.save(io.BytesIO(), format="html")
