"""The page in a real browser: what is shown, told, chosen, zoomed, typed and saved."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror="document.title=1">'

#: The inner frame of a plot, in pixels of the page: left, top, width and height.
FRAME = """name => {
    const views = [], walk = view => { views.push(view); (view.child_views || []).forEach(walk); };
    for (const root of Bokeh.index.roots) walk(root);
    const view = views.find(one => one.model.type === "Figure" && one.model.name === name);
    const box = view.frame.bbox, at = view.el.getBoundingClientRect();
    return [at.left + box.left, at.top + box.top, box.width, box.height];
}"""


@pytest.fixture
def page(browser, served):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
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
    until(page, "1000 columns of 20000 samples")
    typed(page, "150", "160 ms")
    until(page, "samples of 20000 samples")
    until_told(page, "K", "30 pC")
    page.get_by_text("Whole recording").click()
    until_told(page, "K", "9 nC")


@pytest.mark.parametrize(("start", "stop", "sentence"), [
    ("nonsense", "200", "From 'nonsense' is not a number with a unit"),
    ("5000", "6000", "The recording goes from 0 to 1999.9 ms"),
    ("300", "200", "holds no time"),
    ("100 mV", "200", "From is in mV, which is no time"),
    ("nan", "200", "is no time"),
])  # fmt: skip
def test_what_is_typed_wrong_is_said(page, start, stop, sentence):
    typed(page, start, stop)
    until(page, sentence)


def test_the_mouse_is_told_current_time_share_and_mean(page):
    left, top, width, height = page.evaluate(FRAME, "shares")
    for down, told in (
        (0.3, ("K", "60.0 %", "3 nA")),
        (0.8, ("Na", "100.0 %", "2 nA")),
        (0.01, (None, "10.0 %")),
    ):
        for step in (0, 1):
            page.mouse.move(left + 0.25 * width + step, top + down * height)
        tip = page.locator(".bk-tooltip-content, .bk-Tooltip").filter(has_text="share").last
        tip.wait_for(timeout=10_000)
        words = tip.inner_text()
        assert all(word in words for word in told if word), words
        page.mouse.move(left - 40, top)
        page.wait_for_timeout(200)


def test_the_wheel_zooms_and_what_is_seen_is_reduced_anew(page):
    left, top, width, height = page.evaluate(FRAME, "shares")
    page.mouse.move(left + 0.25 * width, top + 0.3 * height)
    for _ in range(5):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(150)
    until(page, "samples of 20000 samples")
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
    left, top, width, height = page.evaluate(FRAME, "shares")
    tip = page.locator(".bk-tooltip-content, .bk-Tooltip").filter(has_text=" pA").last
    for step in range(100):
        page.mouse.move(left + 0.25 * width + step % 2, top + 0.7 * height)
        page.wait_for_timeout(100)
        if tip.is_visible():
            break
    assert re.search(r"3e\+03 pA|3000 pA", tip.inner_text())


def test_without_a_current_a_sentence_says_so(page):
    chosen(page, "Currents", [])
    until(page, "No current is chosen")
    chosen(page, "Currents", ["K"])
    until_told(page, "K", "100.0%")


def test_the_window_is_saved_as_pdf(page, tmp_path):
    typed(page, "100", "200")
    until_told(page, "K", "300 pC")
    page.get_by_text("Save as PDF").click()
    page.locator("a[download]").wait_for(timeout=60_000)
    with page.expect_download() as waited:
        page.locator("a[download]").click()
    waited.value.save_as(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
