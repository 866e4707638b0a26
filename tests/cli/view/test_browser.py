"""The page in a real browser: what is shown, told, chosen, zoomed, typed and saved."""

import re

import neo
import numpy as np
import pytest
import quantities as pq

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror="document.title=1">'

#: The inner frame of a plot, in pixels of the page: left, top, width and height.
FRAME = """name => {
    const views = [], walk = view => { views.push(view); (view.child_views || []).forEach(walk); };
    for (const root of Bokeh.index.roots) walk(root);
    const plots = views.filter(one => one.model.type === "Figure");
    const names = [...document.querySelectorAll("*")].flatMap(function inside(one) {
        return [one, ...[...(one.shadowRoot?.querySelectorAll("*") || [])].flatMap(inside)];
    }).filter(one => one.tagName === "SELECT" && [...one.options].some(option => option.value === "shares"))
      .flatMap(one => [...one.selectedOptions].map(option => option.value));
    const view = plots.length === names.length && plots[names.indexOf(name)];
    if (!view || !view.frame.bbox.width) return null;
    const box = view.frame.bbox, at = view.el.getBoundingClientRect();
    return [at.left + box.left, at.top + box.top, box.width, box.height];
}"""


#: The ends of the axis of the currents.
AXIS = """() => {
    const plots = [...Bokeh.documents[0]._all_models.values()].filter(model => model.type === "Figure");
    const axis = plots.find(plot => plot.left[0].axis_label?.startsWith("Current")).y_range;
    return [axis.start, axis.end];
}"""


@pytest.fixture
def page(browser, served):
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    page, asked, failed = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.goto(served)
    until(page, "20000 samples")
    yield page
    assert page.title().endswith("two.nix - neo-currentscape")  # no name of a signal has run as code
    context.close()
    assert not failed
    own = re.compile(r"(http|ws)://127\.0\.0\.1:\d+/|data:|blob:")
    assert all(own.match(address) for address in asked), asked


def until(page, words):
    page.get_by_text(words).first.wait_for(timeout=30_000)


def rows(page):
    """The table of contributions: name, outward, charge, inward, charge."""
    found = page.locator("table tr").all()[1:]
    return {cells[1]: cells[2:] for cells in (row.locator("td").all_inner_texts() for row in found)}


def until_told(page, name, cell):
    page.locator("tr", has_text=name).filter(has_text=cell).first.wait_for(timeout=30_000)


def until_rows(page, expected):
    for _ in range(100):
        if rows(page) == expected:
            return
        page.wait_for_timeout(100)
    assert rows(page) == expected


def typed(page, start, stop):
    for label, text in (("From (", start), ("To (", stop)):
        box = page.get_by_label(label)
        box.fill(text)
        box.press("Enter")


def chosen(page, label, value):
    page.get_by_label(label, exact=True).select_option(value)


def test_the_table_tells_what_each_current_carries(page):
    # 3 nA in the first second, twice as much in the next: 9 nC.
    assert rows(page) == {
        "K": ["60.0%", "9 nC", "0.0%", "0 pC"],
        "Na": ["0.0%", "0 pC", "100.0%", "6 nC"],
        "leak": ["20.0%", "3 nC", "0.0%", "0 pC"],
        NASTY: ["10.0%", "1.5 nC", "0.0%", "0 pC"],
        "$$x^2$$": ["10.0%", "1.5 nC", "0.0%", "0 pC"],
    }


def test_typed_times_are_seen_and_tabled(page):
    typed(page, "100", "0.2 s")
    until_told(page, "K", "300 pC")
    assert rows(page)["Na"] == ["0.0%", "0 pC", "100.0%", "200 pC"]
    until(page, "drawn in 1000 columns")
    # What is seen fills the axis: -2 to 3 nA, of -4 to 6 in the whole.
    assert page.evaluate(AXIS) == pytest.approx([-2.25, 3.25])
    typed(page, "150", "160 ms")
    until(page, "in the window is drawn")
    until_told(page, "K", "30 pC")
    page.get_by_text("Whole recording").click()
    until_told(page, "K", "9 nC")
    typed(page, "", "0,2 s")
    until_told(page, "K", "600 pC")


@pytest.mark.parametrize(("start", "stop", "sentence"), [
    ("nonsense", "200", "From 'nonsense' is no time: write e.g. 100"),
    ("5000", "6000", "The recording goes from 0 to 2000 ms"),
    ("300", "200", "to 200 ms holds no time: swap the two"),
    ("100", "100", "From and To are both 100 ms"),
    ("100 mV", "200", "From is in mV, which is no time"),
    ("nan", "200", "is no time"),
])  # fmt: skip
def test_what_is_typed_wrong_is_said(page, start, stop, sentence):
    typed(page, start, stop)
    until(page, sentence)


def frame(page, panel):
    return page.wait_for_function(FRAME, arg=panel, timeout=30_000).json_value()


def tell(page, panel, across, down):
    """What is told at parts of the width and height of a panel."""
    left, top, width, height = frame(page, panel)
    page.evaluate("() => { document.getElementById('tip').textContent = ''; }")
    for step in (0.0, 0.5):
        page.mouse.move(left + across * width + step, top + down * height)
    page.wait_for_function("() => document.getElementById('tip').textContent !== ''")
    where, told = page.text_content("#tip").split(", ", 1)
    assert where.endswith(" ms")
    return told


def test_every_panel_tells_what_is_below_the_mouse(page):
    assert tell(page, "voltage", 0.25, 0.5) == "−61 mV"
    assert tell(page, "electrode", 0.25, 0.5) == "clamp 0.1 nA"
    assert tell(page, "outward", 0.25, 0.5) == "outward total 5 nA"
    assert tell(page, "shares", 0.25, 0.3) == "K outward 60 %, 3 nA"
    assert tell(page, "shares", 0.25, 0.8) == "Na inward 100 %, 2 nA"
    assert tell(page, "shares", 0.25, 0.01).endswith("outward 10 %, 0.5 nA")
    assert tell(page, "currents", 0.25, 0.95) == "Na inward 2 nA, 100 %"
    assert tell(page, "ions", 0.25, 0.1) == "ki 140 mM"
    assert tell(page, "ions", 0.25, 0.9) == "cai 2 mM"


def until_seen(page, told, *place):
    for _ in range(100):
        if tell(page, *place) == told:
            return
        page.wait_for_timeout(100)
    assert tell(page, *place) == told


def test_the_wheel_zooms_and_what_is_seen_is_reduced_anew(page):
    left, top, width, height = frame(page, "shares")
    page.mouse.move(left + 0.25 * width, top + 0.3 * height)
    for _ in range(5):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(150)
    until(page, "in the window is drawn")
    start, stop = (float(page.get_by_label(label).input_value()) for label in ("From (", "To ("))
    assert start < 500 < stop
    assert stop - start < 100
    # 3 nA for so many ms.
    n_samples = np.floor(stop / 0.1) - np.ceil(start / 0.1) + 1
    told = float(rows(page)["K"][1].removesuffix(" pC"))
    assert told == pytest.approx(0.3 * n_samples, rel=0.01)


def test_segment_neuron_and_site_are_chosen(page):
    chosen(page, "Neuron", "7")
    until_told(page, "K", "90 nC")
    chosen(page, "Site", "dend")
    until_told(page, "K", "180 nC")
    page.get_by_label("Segment", exact=True).select_option(index=1)
    # There it begins with the place that the command named, and the first neuron.
    until_told(page, "K", "45 nC")


def test_currents_top_sign_and_unit_are_chosen(page):
    chosen(page, "Currents", ["K", "leak", "Na"])
    until_told(page, "K", "75.0%")
    page.get_by_label("Told apart (top)").fill("1")
    page.get_by_label("Told apart (top)").press("Enter")
    until_told(page, "other", "25.0%")
    assert set(rows(page)) == {"K", "other"}
    chosen(page, "Stored values are", "inward")
    # What was outward is inward.
    until_rows(page, {"K": ["0.0%", "0 pC", "75.0%", "9 nC"], "other": ["100.0%", "6 nC", "25.0%", "3 nC"]})
    chosen(page, "Unit", "pA")
    until_seen(page, "K inward 75 %, 3000 pA", "shares", 0.25, 0.7)
    assert "pA" in tell(page, "outward", 0.25, 0.5)
    assert tell(page, "currents", 0.25, 0.9).endswith("K inward 3000 pA, 75 %")


def test_currents_stay_chosen_where_another_neuron_has_them(page):
    chosen(page, "Currents", ["K", "leak"])
    until_told(page, "K", "75.0%")
    chosen(page, "Neuron", "7")
    until_told(page, "K", "90 nC")
    assert set(rows(page)) == {"K", "leak"}


@pytest.fixture
def small(browser, start, tmp_path):
    """A page of a file that names one neuron and one site, and has little else."""
    segment, told = neo.Segment(), {"array_annotations": {"channel_index": [3]}}
    for name, value in (("K", 3.0), ("Na", -2.0), ("leak", 1.0)):
        numbers = np.full((50, 1), value)
        signal = neo.AnalogSignal(numbers, units="nA", sampling_period=1 * pq.ms, name=name, **told)
        signal.annotate(role="current", positive="outward", site="soma")
        segment.analogsignals.append(signal)
    block = neo.Block()
    block.segments.append(segment)
    with neo.NixIO(str(tmp_path / "one.nix"), "ow") as file:
        file.write_block(block)
    context = browser.new_context(viewport={"width": 1280, "height": 1200})
    page = context.new_page()
    page.goto(start(tmp_path / "one.nix", "--voltage", "none").stdout.readline().strip())
    until(page, "50 samples")
    yield page
    context.close()


def test_of_one_site_the_first_choice_stays_and_panels_without_colours_are_told(small):
    chosen(small, "Currents", ["K"])
    until_told(small, "K", "100.0%")
    small.wait_for_timeout(1000)
    assert set(rows(small)) == {"K"}
    chosen(small, "Panels", ["outward", "inward"])
    until_seen(small, "outward total 3 nA", "outward", 0.25, 0.5)
    assert small.locator("#message").inner_text().strip() == ""
    assert set(rows(small)) == {"K"}


def test_without_a_current_a_sentence_says_so(page):
    chosen(page, "Currents", [])
    until(page, "No current is chosen")
    chosen(page, "Currents", ["K"])
    until_told(page, "K", "100.0%")


def test_panels_are_chosen_and_stay_left_out_elsewhere(page):
    chosen(page, "Panels", ["shares", "ions"])
    until_seen(page, "ki 140 mM", "ions", 0.25, 0.1)
    chosen(page, "Site", "dend")
    until_told(page, "K", "18 nC")
    assert page.get_by_label("Panels", exact=True).input_value() == "shares"
    chosen(page, "Panels", [])
    until(page, "No panel is chosen: choose one or more.")
    page.wait_for_function("() => !document.getElementById('legend').children.length")
    chosen(page, "Panels", ["voltage", "shares"])
    until_seen(page, "−61 mV", "voltage", 0.25, 0.5)


LOOKS = """() => Object.fromEntries([...Bokeh.documents[0]._all_models.values()]
    .filter(model => model.type === "GlyphRenderer" && typeof model.tags[0] === "number")
    .map(model => [model.tags[0], [model.muted, model.visible]]))"""


def test_the_legend_hides_mutes_and_brings_out_and_stays_so_after_another_choice(page):
    page.click("[aria-label='hide leak']")
    page.click("[aria-label='mute Na']")
    names = page.locator("#legend .name").all_inner_texts()
    looks = page.evaluate(LOOKS)
    assert looks[str(names.index("leak"))][1] is False
    assert looks[str(names.index("Na"))] == [True, True]
    assert looks[str(names.index("K"))] == [False, True]
    chosen(page, "Currents", ["leak", "Na"])
    until_told(page, "leak", "100.0%")
    page.wait_for_function("() => document.querySelectorAll('#legend li').length === 2")
    assert page.get_attribute("[aria-label='hide leak']", "aria-pressed") == "true"
    names = page.locator("#legend .name").all_inner_texts()
    looks = page.evaluate(LOOKS)
    assert looks[str(names.index("leak"))][1] is False
    assert looks[str(names.index("Na"))] == [True, True]
    page.get_by_role("button", name="bring out Na").press("Enter")
    assert page.get_attribute("[aria-label='bring out Na']", "aria-pressed") == "true"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_light_or_dark_and_never_wider_than_the_window(browser, served, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(served)
    until(page, "20000 samples")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    paper = "() => getComputedStyle(document.body).backgroundColor"
    expected = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}[scheme]
    assert page.evaluate(paper) == expected
    field = page.get_by_label("Unit", exact=True)
    assert field.evaluate("one => getComputedStyle(one).backgroundColor") == expected
    page.click("#theme")
    assert page.evaluate(paper) != expected
    context.close()


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "abc"])
def test_a_number_of_currents_that_is_none_is_one_sentence(page, text):
    field = page.get_by_label("Told apart (top)")
    field.fill(text)
    field.press("Enter")
    told = repr(text) if text == "abc" else text
    until(page, f"{told} currents cannot be told apart: write 1 or more")
    assert len(rows(page)) == 5
    field.fill("2")
    field.press("Enter")
    until_told(page, "other", "nC")
    assert page.locator("#message").inner_text().strip() == ""


def test_a_window_between_two_samples_is_one_sentence_and_the_page_lives_on(page):
    typed(page, "100.01", "100.02")
    until(page, "holds 0 of the 20000 samples")
    typed(page, "100", "200")
    until_told(page, "K", "300 pC")
    assert page.locator("#message").inner_text().strip() == ""


def test_the_window_is_saved_as_pdf(page, tmp_path):
    typed(page, "100", "200")
    until_told(page, "K", "300 pC")
    with page.expect_download(timeout=60_000) as waited:
        page.get_by_text("Save as PDF").click()
    assert waited.value.suggested_filename == "two_100-200ms.pdf"
    waited.value.save_as(tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    # A link stays until something else is seen, and what cannot be seen is not saved.
    page.locator("a[download='two_100-200ms.pdf']").wait_for()
    page.get_by_label("From (").fill("300")
    page.get_by_text("Save as PDF").click()
    until(page, "holds no time")
    page.wait_for_timeout(300)
    assert page.locator("a[download]").count() == 0
