"""Pages in a real browser: what is shown, told, zoomed and typed."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.figure.web.looks import DARK_PAPER
from neo_currentscape.style.paper import filled_on

pytestmark = pytest.mark.browser

NASTY = '</script><img src=x onerror="document.title=1">'


def frame(page, row):
    """The inner frame of a plot, in pixels of the page: left, top, width and height."""
    return page.evaluate(
        """row => {
            const views = [], walk = view => { views.push(view); (view.child_views || []).forEach(walk); };
            for (const root of Bokeh.index.roots) walk(root);
            const plots = views.filter(view => view.model.type === "Figure");
            const view = plots[row], box = view.frame.bbox, at = view.el.getBoundingClientRect();
            return [at.left + box.left, at.top + box.top, box.width, box.height];
        }""",
        row,
    )


def tell(page, row, across, down):
    """What is told at parts of the width and height of a plot."""
    left, top, width, height = frame(page, row)
    page.evaluate("() => { document.getElementById('tip').textContent = ''; }")
    for part in (0.45, 0.5):
        page.mouse.move(left + across * width + part - 0.5, top + down * height)
    page.wait_for_function("() => document.getElementById('tip').textContent !== ''")
    page.wait_for_timeout(100)
    return page.text_content("#tip")


def until(page, words):
    """Wait until the page says what it shows."""
    page.wait_for_function(
        "words => document.getElementById('status').textContent.includes(words)", arg=words, timeout=30_000
    )


def test_every_panel_tells_what_is_below_the_mouse(shown, scape):
    page = shown(scape().plot(panels="all"))
    assert tell(page, 0, 0.25, 0.5) == "5 s, −61 mV"
    assert tell(page, 1, 0.25, 0.5).endswith("outward total 4 nA")
    assert tell(page, 2, 0.25, 0.3).endswith("Kd outward 75 %, 3 nA")
    assert tell(page, 2, 0.25, 0.05).endswith("leak outward 25 %, 1 nA")
    assert tell(page, 2, 0.25, 0.8).endswith("Na inward 100 %, 2 nA")
    assert tell(page, 3, 0.25, 0.5).endswith("inward total 2 nA")
    assert "Na inward 2 nA, 100 %" in tell(page, 4, 0.25, 0.98)
    assert tell(page, 5, 0.25, 0.5).endswith("140 mM")


def test_zoom_goes_down_to_the_finest_level_and_all_panels_follow(shown, scape):
    page = shown(scape(20_000).plot())
    assert "columns of 1 ms" in page.text_content("#status")
    left, top, width, height = frame(page, 2)
    page.mouse.move(left + width / 2, top + height / 4)
    for _ in range(8):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(120)
    until(page, " samples")
    page.wait_for_timeout(300)
    start, stop = (float(page.input_value(f"#{end}")) for end in ("from", "to"))
    assert start < 1000 < stop < start + 60
    # The spike of one sample stands where it was, with its height.
    across = (1000 - start) / (stop - start)
    assert "outward total 97 nA" in tell(page, 1, across, 0.5)


def test_a_window_is_typed_and_the_whole_comes_back(shown, scape):
    page = shown(scape(20_000).plot())
    page.fill("#from", "500")
    page.fill("#to", "520")
    page.press("#to", "Enter")
    until(page, " samples")
    assert page.text_content("#status") in ("201 samples", "202 samples", "203 samples")
    assert tell(page, 2, 0.5, 0.3) == "510 ms, Kd outward 75 %, 3 nA"
    page.fill("#from", "nonsense")
    page.press("#from", "Enter")
    assert page.text_content("#status").startswith("Write two times between 0 and 2000 ms")
    page.fill("#from", "2000")
    page.fill("#to", "100")
    page.press("#from", "Enter")
    assert page.text_content("#status").endswith("swap the two.")
    page.fill("#from", "0,5 s")
    page.fill("#to", "")
    page.press("#from", "Enter")
    page.wait_for_function("() => document.getElementById('to').value === '2000'")
    assert float(page.input_value("#from")) == 500
    page.click("#whole")
    until(page, "columns of 1 ms")
    assert page.input_value("#to") == "2000"


def test_a_stretch_that_is_drawn_over_is_shown(shown, scape):
    page = shown(scape(20_000).plot())
    left, top, width, height = frame(page, 0)
    page.mouse.move(left + 0.25 * width, top + height / 2)
    page.mouse.down()
    page.mouse.move(left + 0.5 * width, top + height / 2, steps=5)
    page.mouse.up()
    page.wait_for_function("() => document.getElementById('from').value !== '0'")
    assert float(page.input_value("#from")) == pytest.approx(500, abs=6)
    assert float(page.input_value("#to")) == pytest.approx(1000, abs=6)


LOOKS = """() => Object.fromEntries(Bokeh.documents[0].roots().flatMap(root => [...root.references()])
    .filter(model => model.type === "GlyphRenderer" && typeof model.tags[0] === "number")
    .map(model => [model.tags[0], [model.muted, model.visible]]))"""


def test_the_legend_brings_out_mutes_and_hides(shown, scape):
    page = shown(scape().plot())
    page.click("text=Kd")
    assert page.evaluate(LOOKS) == {"0": [False, True], "1": [True, True], "2": [True, True]}
    page.click("text=Kd")
    page.click("[aria-label='hide leak']")
    page.click("[aria-label='mute Na']")
    assert page.evaluate(LOOKS) == {"0": [False, True], "1": [True, True], "2": [False, False]}
    assert page.get_attribute("[aria-label='hide leak']", "aria-pressed") == "true"


@pytest.mark.parametrize("scheme, paper", [("light", "rgb(255, 255, 255)"), ("dark", "rgb(22, 24, 28)")])
def test_it_is_light_or_dark_as_preferred_and_as_asked(shown, scheme, paper, scape):
    page = shown(scape().plot(), scheme=scheme)
    now = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(now) == paper
    page.click("#theme")
    assert page.evaluate(now) != paper


AREAS = """() => Object.fromEntries(Bokeh.documents[0].roots().flatMap(root => [...root.references()])
    .filter(model => model.type === "GlyphRenderer" && typeof model.tags[0] === "number")
    .map(model => [model.tags[0], [model.glyph.fill_color.value, model.muted_glyph.fill_color.value]]))"""

SWATCHES = """() => [...document.querySelectorAll("#legend canvas")].map(one =>
  "#" + [...one.getContext("2d").getImageData(16, 16, 1, 1).data].slice(0, 3)
    .map(part => part.toString(16).padStart(2, "0")).join(""))"""


def test_areas_and_swatches_are_lighter_on_a_dark_page_and_change_with_it(shown, scape):
    page = shown(scape().plot(panels=["shares"]))
    light = page.evaluate(SWATCHES)
    assert page.evaluate(AREAS) == {str(k): [light[k]] * 2 for k in range(3)}
    page.click("#theme")
    dark = page.evaluate(SWATCHES)
    assert page.evaluate(AREAS) == {str(k): [dark[k]] * 2 for k in range(3)}
    assert light[0] == "#001585" and dark[0] == filled_on("#001585", DARK_PAPER) != light[0]
    page.click("#theme")
    assert page.evaluate(SWATCHES) == light
    assert page.evaluate(AREAS) == {str(k): [light[k]] * 2 for k in range(3)}


def test_names_are_text_whatever_they_hold(shown, scape):
    names = (NASTY, "Iñ_ö 'single' \"double\" 电流 @@title@@", "$$x$$ & <b>")
    page = shown(scape(names=names).plot(title=NASTY))
    assert page.text_content("#title") == NASTY
    assert page.title() == NASTY
    listed = [one.text_content() for one in page.query_selector_all("#legend .name")]
    assert listed == [names[0], names[2], names[1]]
    assert tell(page, 2, 0.25, 0.3).split(", ")[1].startswith(NASTY)
    assert page.query_selector("img") is None


def test_a_gap_is_a_gap(shown, scape):
    values = np.tile([3.0, -2.0], (1000, 1))
    values[400:600] = np.nan
    named = {"name": ["K", "Na"]}
    signal = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, array_annotations=named)
    page = shown(ncs.Currentscape(ncs.Recording(signal, nan="gap")).plot())
    assert tell(page, 1, 0.5, 0.3) == "50 ms, nothing recorded here"
    assert tell(page, 1, 0.25, 0.3) == "25 ms, K outward 100 %, 3 nA"


def test_nothing_is_wider_than_a_telephone(shown, scape):
    page = shown(scape().plot(), width=390, height=1000)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.is_visible("#legend")


def test_between_two_samples_the_numbers_are_as_straight_as_the_borders(shown):
    values = [[4.0, 0.0], [2.0, 2.0], [2.0, 2.0]]
    named = {"name": ["K", "leak"]}
    signal = neo.AnalogSignal(values, units="nA", sampling_period=10 * pq.ms, array_annotations=named)
    page = shown(ncs.Figure(ncs.SharesPanel(ncs.Currentscape(ncs.Recording(signal)), order="recorded")))
    assert tell(page, 0, 0.25, 0.25).split(", ", 1)[1] == "K outward 75 %, 3 nA"
    assert tell(page, 0, 0.25, 0.05).split(", ", 1)[1] == "leak outward 25 %, 1 nA"


def test_means_and_spreads_are_told(shown, average):
    page = shown(average.plot(title="Five"))
    assert page.text_content("#status") == "10 bins of 5 windows, mean and standard deviation"
    # 2.5 ms before the event: K carries (1 + turn) of (2 + turn) nA.
    before = np.arange(1.0, 6.0) / np.arange(2.0, 7.0)
    mean, spread = 100 * before.mean(), 100 * before.std(ddof=1)
    steps = 2.0 * np.arange(5)
    assert tell(page, 0, 0.25, 0.9).endswith(f", \u221256 \u00b1 {steps.std(ddof=1):.3g} mV")
    assert tell(page, 1, 0.25, 0.5).endswith("outward total 4 nA")
    assert tell(page, 2, 0.25, 0.3).endswith(f"K outward {mean:.0f} %")
    assert tell(page, 2, 0.25, 0.8).endswith("Na inward 100 %")
    assert tell(page, 4, 0.25, 0.25).endswith(f"K outward {mean:.3g} \u00b1 {spread:.3g} %")
    page.fill("#from", "0")
    page.press("#from", "Enter")
    assert tell(page, 3, 0.5, 0.5).endswith("inward total 3 nA")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1200


def test_lines_that_a_dark_page_would_swallow_are_lighter_there(shown, average):
    own = """() => [...Bokeh.documents[0]._all_models.values()].filter(one => one.tags.includes("on")
        && one.glyph?.type === "Line").map(one => [one.glyph.line_color.value, one.tags])"""
    for scheme, place in (("light", 1), ("dark", 2)):
        found = shown(average.plot(), scheme=scheme).evaluate(own)
        assert found
        for colour, tags in found:
            assert colour == tags[tags.index("on") + place]
