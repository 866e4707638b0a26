"""The extended currentscape: areas are the attribution's shares, and what is unexplained is said."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, CurrentscapeWarning
from neo_currentscape.spatial import Morphology


def make(lost=False, points=True):
    """A soma and a dendrite; the dendrite's synapse leaves the cell at the soma, unless it is lost."""
    line = [np.array([[0, 0, 0, 20.0], [0, 20, 0, 20]]), np.array([[0, 20, 0, 2.0], [0, 120, 30, 1]])]
    shape = Morphology(
        ["soma(0.5)", "dend(0.5)"], [-1, 0], [0, 2], [1000, 200], [0, 60], points=line if points else None
    )
    membrane = np.zeros((2, 2, 40))
    membrane[0, 0], membrane[1, 1] = 1.0, 0.0 if lost else -1.0
    voltage = np.array([[-70.0] * 40, [-68.0] * 40])
    return ncs.CellRecording.from_arrays(membrane, voltage, shape, ["leak", "AMPA"], np.arange(40.0))


def test_areas_are_the_shares_of_the_attribution():
    panel = ncs.AttributionPanel(make().attribute("soma"), legend=False)
    artists = {a.get_label(): a for a in panel.plot(Figure().add_subplot())}
    heights = {
        name: np.ptp(artist.get_paths()[0].vertices[:, 1])
        for name, artist in artists.items()
        if len(artist.get_paths()) and len(artist.get_paths()[0].vertices)
    }
    assert heights["leak outward"] == pytest.approx(1)
    assert heights["AMPA inward"] == pytest.approx(1)
    assert heights["AMPA outward"] == pytest.approx(0)


def test_a_cell_stands_for_its_root_by_type():
    assert ncs.AttributionPanel(make()).scape.names == ["leak", "AMPA"]
    with pytest.raises(ArgumentTypeError, match="shows an attribution"):
        ncs.AttributionPanel(3)


def test_what_is_unexplained_is_written_into_the_figure():
    with pytest.warns(CurrentscapeWarning, match=r"dend\(0.5\) is unexplained"):
        found = make(lost=True).attribute("dend")
    assert "unexplained" in found.names
    axes = Figure().add_subplot()
    ncs.AttributionPanel(found).plot(axes)
    assert [t.get_text() for t in axes.texts] == ["100% of the current at dend(0.5) is unexplained"]
    plain = Figure().add_subplot()
    ncs.AttributionPanel(found, note=False).plot(plain)
    assert not plain.texts
    looks = ncs.AttributionPanel(found).looks()
    assert looks["unexplained"].color == "#555555"
    assert ncs.AttributionPanel(found, palette={"unexplained": "red"}).looks()["unexplained"].color == "red"


def test_standard_figure_has_voltage_totals_and_shares():
    figure = make().attribute("soma").plot()
    kinds = [type(panel).__name__ for panel in figure.panels]
    assert kinds == ["VoltagePanel", "TotalPanel", "AttributionPanel", "TotalPanel"]
    figure.fig.canvas.draw()
    assert {t.get_text() for t in figure.legend.get_texts()} == {"leak", "AMPA"}
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), -70)


def test_a_current_has_one_colour_at_every_target_and_before_attribution():
    cell = make()
    kinds = [cell.attribute("soma"), cell.attribute("dend"), cell.attribute("soma", axial=True)]
    looks = [ncs.AttributionPanel(found).looks() for found in kinds]
    assert "AMPA" not in looks[2] and looks[2]["axial"].color == "#8C8C8C"
    assert looks[0]["leak"] == looks[1]["leak"] == looks[2]["leak"]
    assert looks[0]["AMPA"] == looks[1]["AMPA"] != looks[0]["leak"]
    blue = ncs.AttributionPanel(kinds[2], palette={"axial": "blue"}).looks()
    assert blue["axial"].color == "blue" and blue["leak"] == looks[0]["leak"]


def test_colours_of_path_distances_are_in_their_order():
    found = make().attribute("soma", by="distance", bins=20)
    looks = ncs.AttributionPanel(found).looks()
    assert list(looks) == found.names == ["0–20 µm", "60–80 µm"]
    light = [sum(matplotlib.colors.to_rgb(look.color)) for look in looks.values()]
    assert light == sorted(light) and len(set(light)) == 2
    assert ncs.AttributionPanel(found, palette={"0–20 µm": "red"}).looks()["0–20 µm"].color == "red"
