"""In which state the file is, and what is said when it is another by then."""

from pathlib import Path

import h5py
import neo
import numpy as np
import pytest

from neo_currentscape.cli.view import source as module
from neo_currentscape.cli.view.source import Choice, Source, State
from neo_currentscape.conventions.errors import CurrentscapeWarning, FileError
from neo_currentscape.reduction.blocks import Blocks

SELECTION = dict.fromkeys(
    (
        "neuron",
        "site",
        "voltage",
        "currents",
        "parts",
        "ions",
        "electrode",
        "units",
        "sign",
        "area",
        "noise",
    )
) | {"nan": "error"}


@pytest.fixture
def copied(path, tmp_path):
    (tmp_path / "run.nix").write_bytes(path.read_bytes())
    return str(tmp_path / "run.nix")


@pytest.fixture
def opened(copied, monkeypatch):
    monkeypatch.setattr(module, "SHORT", 10)
    return Source.opened(copied, False, {**SELECTION, "site": "soma"})


def test_a_file_that_holds_all_that_belongs_to_it_has_a_fingerprint(copied, tmp_path):
    assert State.of(copied).fingerprint
    assert State.of(str(tmp_path)).fingerprint


def test_what_may_have_parts_elsewhere_has_none_and_the_reason_is_said(copied, tmp_path, monkeypatch):
    (tmp_path / "a.vhdr").write_text("")
    assert State.of(str(tmp_path / "a.vhdr")).why == "more files may belong to it"
    assert State.of(str(tmp_path / "of_ranks.nix")).fingerprint is None
    with h5py.File(copied, "r+") as file:
        file["other"] = h5py.ExternalLink("other.h5", "/")
    assert State.of(copied).why == "it takes values from 'other.h5'"
    monkeypatch.setattr(module, "SHORT", 10)
    source = Source.opened(copied, False, {**SELECTION, "site": "soma"})
    with pytest.warns(CurrentscapeWarning, match="is not kept, as it takes values from 'other.h5'"):
        source.seen(source.first(0, None))
    assert not list(tmp_path.glob(".*ncs-blocks"))


def test_the_same_file_is_reduced_once(opened, copied, monkeypatch):
    made, of = [], Blocks.of
    monkeypatch.setattr(Blocks, "of", lambda *given, **named: made.append(1) or of(*given, **named))
    for source in (opened, Source.opened(copied, False, {**SELECTION, "site": "soma"})):
        seen = source.seen(source.first(0, None))
        assert seen.charge("outward").sum() == pytest.approx(15e3)  # 5 nA, then 10 nA, for a second each
    assert len(made) == 1


@pytest.mark.parametrize("change", ["written", "replaced", "removed"])
def test_another_choice_of_a_file_that_was_changed_is_refused(opened, copied, tmp_path, change):
    choice = opened.first(0, None)
    opened.seen(choice)
    block = neo.Block()
    with neo.NixIO(str(tmp_path / "other.nix"), "ow") as file:
        file.write_block(block)
    if change == "written":
        with open(copied, "ab") as file:
            file.write(b"\0")
    elif change == "replaced":
        (tmp_path / "other.nix").replace(copied)
    else:
        (tmp_path / "run.nix").unlink()
    opened.seen(choice)  # what is in memory is right
    with pytest.raises(FileError, match="was changed since it was opened: start the command anew"):
        opened.seen(Choice(site="dend", neuron=0))


def test_the_page_says_what_goes_wrong_and_goes_on(opened, monkeypatch):
    pytest.importorskip("bokeh")
    from neo_currentscape.cli.view.page import Page

    page = Page(opened, opened.first(0, None), str)
    assert page.message.text == ""
    assert "20000 samples" in page.status.text

    def broken(*given):
        raise RuntimeError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(type(opened), "check_unchanged", broken)
        page._look()
        told = "This cannot be shown (RuntimeError: the disk is gone): choose something else"
        assert page.message.text.startswith(told)
        page.choices.site.value = "dend"
        assert page.message.text.startswith(told)
        assert page.area.children == []
    page.choices.site.value = "soma"
    assert page.message.text == ""
    assert len(page.area.children) == 1


def test_a_saved_picture_has_the_window_the_unit_and_the_panels(opened, monkeypatch):
    pytest.importorskip("bokeh")
    from neo_currentscape.analysis.currentscape import Currentscape
    from neo_currentscape.cli.view.page import Page

    kept, drawn, plot = [], [], Currentscape.plot
    page = Page(opened, opened.first(0, 2), lambda content: kept.append(content) or "there")
    page.choices.unit.value = "pA"
    page.choices.panels.value = ["shares", "currents"]
    page.plots.range.update(start=100.0, end=200.0)
    monkeypatch.setattr(
        Currentscape, "plot", lambda *given, **named: drawn.append(plot(*given, **named)) or drawn[-1]
    )
    page._save()
    assert (page.choices.link.text, kept) == ("drawing …", [])
    page._picture()
    (figure,) = drawn
    assert kept[0].startswith(b"%PDF")
    assert "there" in page.choices.link.text
    assert page.choices.link.tags == ["there", f"{Path(opened.path).stem}_100-200ms.pdf"]
    assert [type(panel).__name__ for panel in figure.panels] == ["SharesPanel", "CurrentsPanel"]
    np.testing.assert_allclose(figure.axes[0].get_xlim(), (100.0, 200.0), atol=0.2)
    assert "pA" in figure.axes[1].get_ylabel()
    assert [text.get_text() for text in figure.legend.get_texts()] == list(page.plots.shown)


def test_the_page_warns_as_the_command_does_in_its_words(opened):
    pytest.importorskip("bokeh")
    from neo_currentscape.cli.view.page import Page

    page = Page(opened, opened.first(0, None), lambda content: "there")
    assert page.notes.text == ""
    with pytest.warns(CurrentscapeWarning, match="annotated positive='outward'"):
        page.choices.sign.value = "inward"
    assert page.notes.text.startswith("--sign says 'inward' of ")
    page.choices.sign.value = "outward"
    assert page.notes.text == ""
