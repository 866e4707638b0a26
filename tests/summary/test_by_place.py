"""Places of a Segment: the same ones in every layout, found without looking at all for each."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.recording.inventory import inventory
from neo_currentscape.recording.select import choose, column_of
from neo_currentscape.summary import recorded_sites
from neo_currentscape.summary.by_place import BySite, by_neuron

NAMES = ("ina", "ik", "il")
SITES = [f"dend[{k}](0.5)" for k in range(40)]


def signal(name, columns, **notes):
    """A signal of which each channel has a value of its own."""
    values = np.outer(np.ones(20), columns)
    return neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, name=name, **notes)


def value(name, place):
    return 1.0 + NAMES.index(name) + 10 * place


def one_signal_each():
    return [signal(f"{s}.{n}", [value(n, k)]) for k, s in enumerate(SITES) for n in NAMES]


def annotated():
    return [
        signal(n, [value(n, k)], site=s, role="current", positive="outward")
        for k, s in enumerate(SITES)
        for n in NAMES
    ]


def one_signal_a_site():
    arrays = {"name": list(NAMES)}
    return [
        signal("m", [value(n, k) for n in NAMES], array_annotations=arrays, site=s, role="current")
        for k, s in enumerate(SITES)
    ]


def one_signal_a_variable():
    arrays = {"site": SITES}
    return [
        signal(n, [value(n, k) for k in range(len(SITES))], array_annotations=arrays, role="current")
        for n in NAMES
    ]


def one_signal():
    pairs = [(n, k) for k in range(len(SITES)) for n in NAMES]
    arrays = {"name": [f"{SITES[k]}.{n}" for n, k in pairs]}
    return [signal("all", [value(n, k) for n, k in pairs], array_annotations=arrays)]


LAYOUTS = (one_signal_each, annotated, one_signal_a_site, one_signal_a_variable, one_signal)


def segment_of(signals):
    segment = neo.Segment()
    segment.analogsignals.extend(signals)
    return segment


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.__name__)
def test_each_layout_gives_the_same_table(layout, monkeypatch):
    looked_at, real = [], choose

    def counted(variables, **options):
        looked_at.append(len(variables))
        return real(variables, **options)

    monkeypatch.setattr(recorded_sites, "choose", counted)
    table = ncs.summarise(segment_of(layout())).table
    assert sorted(set(table["site"])) == sorted(SITES) and len(table["site"]) == 3 * len(SITES)
    for site, name, charge in zip(table["site"], table["current"], table["charge_outward"], strict=True):
        assert charge == pytest.approx(20 * 0.1 * value(name, SITES.index(site)))
    # three for each of the sites, and not those of all
    assert looked_at == [3] * len(SITES)


def test_what_is_near_a_site_is_all_that_can_be_chosen_there():
    signals = [
        *(signal(f"{s}.ina", [1]) for s in ("soma", "soma(0.5)", "dend[1](0.2)", "axon", "soma2(0.5)")),
        *(signal(f"{s}.ik", [1], site=p) for s, p in (("soma", "dend[1](0.2)"), ("x", "soma(0.5)"))),
        signal("icommon", [1]),
        neo.AnalogSignal(np.ones((20, 1)), units="mV", sampling_period=0.1 * pq.ms, name="soma.v"),
    ]
    variables = inventory(segment_of(signals))
    options = {"neuron": None, "voltage": False, "ions": False, "electrode": False}
    for named in (None, ["*ina"]):
        for site in {v.site for v in variables} - {None}:
            wanted = choose(variables, site=site, currents=named, **options)
            assert (
                choose(BySite(variables, named).near(site), site=site, currents=named, **options) == wanted
            )
        assert BySite(variables, named).near("elsewhere") == variables


@pytest.mark.parametrize("seed", range(5))
def test_by_neuron_is_what_each_choice_says(seed):
    random = np.random.default_rng(seed)
    signals = []
    for name in ("ina", "ik", "il", "ih"):
        # some neurons of which there are two channels, which belong to none
        numbers = random.integers(0, 12, random.integers(1, 9))
        signals.append(signal(name, numbers + 1.0, array_annotations={"channel_index": numbers}))
    signals.append(signal("ipump", [1]))
    found = {"neuron": 0, "site": None, "voltage": False, "currents": None, "ions": False}
    choices = choose(inventory(segment_of(signals)), electrode=False, **found)[0]["currents"]
    numbers = sorted(
        {int(n) for c in choices if c.variable.neurons is not None for n in c.variable.neurons}
    )
    assert by_neuron(choices) == {n: [c for c in choices if column_of(c, n) is not None] for n in numbers}


def test_many_neurons_of_one_signal_each():
    signals = [
        signal(n, [value(n, k)], array_annotations={"channel_index": [k]}) for k in range(30) for n in NAMES
    ]
    summary = ncs.summarise(segment_of(signals))
    assert summary.table["neuron"].tolist() == np.repeat(np.arange(30), 3).tolist()
    charges = [2 * value(n, k) for k in range(30) for n in sorted(NAMES)]
    assert summary.table["charge_outward"] == pytest.approx(np.array(charges))


def test_a_name_that_begins_with_a_dot_names_no_site():
    signals = [signal(".ik", [1]), signal(".ina", [2])]
    signals.append(neo.AnalogSignal(np.ones((20, 1)), units="mV", sampling_period=0.1 * pq.ms, name=".v"))
    recording = ncs.Recording.from_segment(segment_of(signals))
    assert recording.site is None and recording.names == [".ik", ".ina"]
    assert set(ncs.summarise(segment_of(signals)).table["site"]) == {None}


def test_no_site_no_neuron_and_no_sample_are_said():
    segment = segment_of([signal("ik", [1])])
    for options in ({"sites": []}, {"neurons": []}, {"sites": "soma"}, {"neurons": 3}):
        with pytest.raises(ArgumentError, match=r"is no list of (sites|neurons): list one or more"):
            ncs.summarise(segment, **options)
    empty = segment_of(
        [neo.AnalogSignal(np.ones((0, 1)), units="nA", sampling_period=1 * pq.ms, name="ik")]
    )
    with pytest.raises(SignalError, match="'ik' has 0 samples"):
        ncs.summarise(empty)
    assert len(ncs.summarise([empty, segment], errors="skip").failures) == 1


def test_amperes_are_told_in_the_unit_of_a_recording():
    segment = neo.Segment()
    for name, size in (("I_Na", -2e-9), ("I_K", 3e-9)):
        values = np.full((100, 1), size)
        segment.analogsignals.append(
            neo.AnalogSignal(values, units="A", sampling_period=1 * pq.ms, name=name)
        )
    recording = ncs.Recording.from_segment(segment, voltage=False)
    assert recording.currents.units == pq.pA
    assert ncs.summarise([segment]).table["peak_outward"] == pytest.approx([3000.0, 0.0])
