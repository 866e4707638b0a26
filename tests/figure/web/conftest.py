"""Recordings whose numbers are known, as pages that a browser shows."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def made(n_samples=200_000, names=("Kd", "leak", "Na"), **more):
    """Currents of 3, 1 and -2 nA; a spike of one sample, and a gap where asked for."""
    values = np.tile([3.0, 1.0, -2.0], (n_samples, 1))
    values[n_samples // 2, 0] = 96.0
    sampled = {"sampling_period": 0.1 * pq.ms}
    voltage = neo.AnalogSignal(np.full((n_samples, 1), -61.0), units="mV", **sampled)
    ions = neo.AnalogSignal(np.full((n_samples, 1), 140.0), units="mM", name="ki", **sampled)
    signal = neo.AnalogSignal(values, units="nA", array_annotations={"name": list(names)}, **sampled)
    return ncs.Currentscape(ncs.Recording(signal, voltage=voltage, ions=ions, **more))


@pytest.fixture
def shown(browser, tmp_path):
    """Save a figure as a page, and open that; nothing but the file may be asked for."""
    opened, asked, failed = [], [], []

    def show(figure, width=1200, height=1300, scheme="light"):
        path = tmp_path / "scape.html"
        figure.save(path)
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = context.new_page()
        opened.append(context)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
        page.wait_for_timeout(300)
        return page

    yield show
    for context in opened:
        context.close()
    assert not failed
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)


@pytest.fixture
def scape():
    """Make a currentscape; see `made`."""
    return made


@pytest.fixture
def average():
    """Five windows of 10 ms around a jump, whose currents and voltages differ from window to window."""
    n, period = 5000, 0.1
    time = np.arange(n) * period
    turn = (time // 100).astype(int) % 5
    after = (time % 100) >= 50
    values = np.column_stack([1.0 + turn + 4.0 * after, np.full(n, 1.0), -2.0 - after])
    voltage = -60.0 + 2.0 * turn + 20.0 * after
    sampled = {"sampling_period": period * pq.ms}
    recording = ncs.Recording(
        neo.AnalogSignal(values, units="nA", array_annotations={"name": ["K", "leak", "Na"]}, **sampled),
        neo.AnalogSignal(voltage[:, None], units="mV", **sampled),
    )
    events = np.arange(50.0, 500.0, 100.0) * pq.ms
    return ncs.event_average(recording, events, before=5 * pq.ms, after=5 * pq.ms, bins=10)
