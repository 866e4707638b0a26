"""Signals by current: stacked parts, the signal itself as a line, shares, and many contacts."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import CurrentscapeError
from neo_currentscape.extracellular import split_field
from neo_currentscape.spatial import Morphology


@pytest.fixture
def field():
    shape = Morphology(["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [1000, 200], [0, 60])
    phase = np.sin(np.linspace(0, 6, 30))
    membrane = np.zeros((2, 2, 30))
    membrane[0, 0], membrane[1, 1] = phase, -phase
    voltage = np.stack([np.full(30, -70.0), -70 + 2 * phase])
    cell = ncs.CellRecording.from_arrays(membrane, voltage, shape, ["leak", "AMPA"], np.arange(30.0))
    return split_field(cell, np.array([[0.02, 0.01], [0.01, 0.03]])), phase


def test_line_is_the_signal_and_areas_are_its_parts(field):
    found, phase = field
    axes = Figure().add_subplot()
    artists = {a.get_label(): a for a in ncs.FieldPanel(found, 0, legend=False).plot(axes)}
    np.testing.assert_allclose(artists["signal"].get_ydata(), 0.01 * phase, atol=1e-12)
    tops = artists["leak positive"].get_paths()[0].vertices[:, 1]
    assert tops.max() == pytest.approx(0.02 * phase.max())
    bottoms = artists["leak negative"].get_paths()[0].vertices[:, 1]
    assert bottoms.min() == pytest.approx(0.02 * phase.min())
    assert axes.get_ylabel() == "Contact 0\n(mV)"


def test_shares_are_of_the_positive_and_the_negative_parts(field):
    found, phase = field
    panel = ncs.FieldSharesPanel(found, 1)
    axes = Figure().add_subplot()
    panel.plot(axes)
    assert "negative" in axes.get_ylabel()
    shares = panel.scape.shares("outward").magnitude
    np.testing.assert_allclose(shares[phase > 0], [[1, 0]] * int((phase > 0).sum()))
    np.testing.assert_allclose(shares[phase < 0], [[0, 1]] * int((phase < 0).sum()))


def test_contacts_are_drawn_one_above_the_other(field):
    found, phase = field
    panel = ncs.ContactsPanel(found, parts=["AMPA"], labels=["top", "bottom"], distance=0.05)
    axes = Figure().add_subplot()
    panel.plot(axes)
    drawn = [line.get_ydata() for line in axes.lines]
    for wanted in (0.01 * phase + 0.05, -0.02 * phase, -0.01 * phase + 0.05, -0.03 * phase):
        assert any(len(d) == 30 and np.allclose(d, wanted, atol=1e-12) for d in drawn)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["top", "bottom"]
    assert [h.get_label() for h in panel.handles()] == ["signal", "AMPA"]


def test_a_current_has_one_colour_in_all_panels_of_a_figure(field):
    found, _ = field
    figure = ncs.Figure(ncs.FieldPanel(found), ncs.FieldSharesPanel(found), ncs.ContactsPanel(found))
    figure.fig.canvas.draw()
    assert {"leak", "AMPA"} <= {t.get_text() for t in figure.legend.get_texts()}


def test_bad_sources(field):
    found, _ = field
    for kind in (ncs.FieldPanel, ncs.FieldSharesPanel, ncs.ContactsPanel):
        with pytest.raises(CurrentscapeError, match="shows a Field"):
            kind(3)
    with pytest.raises(CurrentscapeError, match="Unknown current"):
        ncs.ContactsPanel(found, parts=["Na"])
    with pytest.raises(CurrentscapeError, match="contact=5"):
        ncs.FieldPanel(found, 5)
