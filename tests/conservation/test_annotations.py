"""What annotations tell the balance: a current that is its remainder, the step of the simulation."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conservation.gathering import collect
from neo_currentscape.conventions.errors import UnitsError

C, G, E = 0.2, 0.01, -65.0  # nF, uS, mV


def make(marks=None, arrays=None, **voltage):
    """A leak and another current in one signal, which together let V decay."""
    t = np.arange(0, 60, 0.1)
    v = E + 12 * np.exp(-t * G / C)
    currents = np.column_stack([0.7 * G * (v - E), 0.3 * G * (v - E)])
    names = {"name": np.array(["leak", "rest"]), **(arrays or {})}
    segment = neo.Segment()
    segment.analogsignals = [
        neo.AnalogSignal(
            v[:, None],
            units="mV",
            name="v",
            sampling_period=0.1 * pq.ms,
            capacitance=C * pq.nF,
            **voltage,
        ),
        neo.AnalogSignal(
            currents,
            units="nA",
            name="i",
            sampling_period=0.1 * pq.ms,
            array_annotations=names,
            role="current",
            **(marks or {}),
        ),
    ]
    return segment


def test_a_site_that_was_solved_for_a_current_cannot_be_checked():
    segment = make(arrays={"remainder": np.array([False, True])})
    found = ncs.balance(ncs.Recording.from_segment(segment))
    assert found.diagnosis.kind == "unchecked"
    assert found.verdict.startswith("cannot be checked here: 'rest' is what the balance leaves")
    assert not found.verdict.startswith("complete")


def test_a_mark_of_the_whole_signal_is_one_of_each_of_its_channels():
    found = ncs.balance(ncs.Recording.from_segment(make({"remainder": True})))
    assert found.terms.remainder == ("leak", "rest")
    assert "'leak' and 'rest' are what the balance leaves" in found.verdict


@pytest.mark.parametrize("mark", [False, "MERGE CONFLICT", "yes"])
def test_other_marks_are_none(mark):
    assert ncs.balance(ncs.Recording.from_segment(make({"remainder": mark}))).diagnosis.kind == "complete"


def test_what_was_done_to_the_others_since_is_still_found():
    segment = make(arrays={"remainder": np.array([False, True])})
    segment.analogsignals[1][:, 0] *= -1
    found = ncs.balance(ncs.Recording.from_segment(segment))
    assert found.diagnosis.inverted == ("leak",)


@pytest.mark.parametrize("through", ["recording", "file"])
def test_the_marks_are_kept(tmp_path, through):
    segment = make(arrays={"remainder": np.array([False, True])}, resolution=0.025 * pq.ms, unaligned="go")
    if through == "file":
        block = neo.Block()
        block.segments.append(segment)
        path = str(tmp_path / "one.nix")
        pytest.importorskip("nixio")
        with neo.NixIO(path, "ow") as io:
            io.write(block)
        with neo.NixIO(path, "ro") as io:
            segment = io.read_block().segments[0]
    again = ncs.Recording.from_segment(segment).to_segment()
    terms = collect(ncs.Recording.from_segment(again))
    assert terms.remainder == ("rest",) and terms.unaligned == "go"
    assert terms.resolution == pytest.approx(0.025)
    picked = ncs.Recording.from_segment(again, currents=["leak"])
    assert collect(picked).remainder == ()


def test_a_resolution_has_units():
    with pytest.raises(UnitsError, match="annotation resolution of the voltage"):
        ncs.balance(ncs.Recording.from_segment(make(resolution=0.1)))


def relaxing(noise=0.0, step=0.1, **voltage):
    """V relaxes after kicks; the current is the mean over each step, but for a part that is left out."""
    t = np.arange(0, 400, step)
    v = np.full(len(t), E)
    for at in range(20, 380, 40):
        v += np.where(t >= at, 15 * np.exp(-(t - at) * G / C), 0.0)
    kick = -C * np.diff(v, append=v[-1]) / step
    leak = G * ((v + np.append(v[1:], v[-1])) / 2 - E)
    rest = kick - leak
    currents = np.column_stack([leak, rest - noise])
    segment = neo.Segment()
    segment.analogsignals = [
        neo.AnalogSignal(
            v[:, None], units="mV", name="v", sampling_period=step * pq.ms, capacitance=C * pq.nF, **voltage
        ),
        neo.AnalogSignal(
            currents,
            units="nA",
            name="i",
            sampling_period=step * pq.ms,
            array_annotations={"name": np.array(["leak", "kicks"])},
            role="current",
        ),
    ]
    return ncs.balance(ncs.Recording.from_segment(segment))


def test_means_over_the_step_leave_no_room_for_a_small_current():
    for missing, kind in ((0.0, "complete"), (0.004, "missing")):
        found = relaxing(missing, derivative="forward", means=True)
        assert found.diagnosis.kind == kind
        assert found.sampling_error < relaxing(missing, derivative="forward").sampling_error / 3


def test_what_skips_steps_has_the_scatter_of_its_currents_as_error():
    plain, told = relaxing(derivative="forward"), relaxing(derivative="forward", resolution=0.01 * pq.ms)
    assert told.terms.skips_steps and not plain.terms.skips_steps
    assert (told.terms.error >= plain.terms.error).all() and told.sampling_error > plain.sampling_error
