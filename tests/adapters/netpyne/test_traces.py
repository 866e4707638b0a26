"""What a trace is, what is counted once, and the geometry that NetPyNE describes."""

import numpy as np
import pytest

from neo_currentscape.adapters.netpyne.geometry import compartment
from neo_currentscape.adapters.netpyne.meaning import meaning_of
from neo_currentscape.adapters.netpyne.traces import Data, segments_of
from neo_currentscape.conventions.errors import CurrentscapeWarning

PARAMS = {
    "synMechParams": {"AMPA": {"mod": "Exp2Syn"}, "own": {"mod": "NoSuchSynapse"}},
    "stimSourceParams": {"step": {"type": "IClamp"}, "alpha": {"type": "AlphaSynapse"}},
    "stimTargetParams": {"step->E": {"source": "step"}, "alpha->E": {"source": "alpha"}},
}


@pytest.mark.parametrize(
    ("trace", "unit", "role", "positive"),
    [
        ({"var": "i_cap"}, "mA/cm**2", "capacitive", "outward"),
        ({"var": "i_membrane_"}, "nA", "membrane", "outward"),
        ({"var": "ica"}, "mA/cm**2", "current", "outward"),
        ({"var": "cai"}, "mM", "ion", None),
        ({"var": "ek"}, "mV", "other", None),
        ({"var": "il_hh"}, "mA/cm**2", "current", "outward"),
        ({"var": "gnabar_nosuch"}, "", "", None),
        ({"mech": "nosuch", "var": "ik"}, "mA/cm**2", "current", "outward"),
        ({"mech": "nosuch", "var": "ninf"}, "", "", None),
        ({"synMech": "AMPA", "var": "i"}, "nA", "current", "outward"),
        ({"synMech": "own", "var": "i"}, "nA", "current", "outward"),
        ({"synMech": "own", "var": "i_part"}, "", "", None),
        ({"stim": "step->E", "var": "i"}, "nA", "electrode", "inward"),
        ({"stim": "alpha->E", "var": "i"}, "nA", "current", "outward"),
        ({"stim": "unknown", "var": "i"}, "nA", "other", None),
        ({"pointp": "none", "var": "u"}, "", "", None),
    ],
)
def test_unit_role_and_sign_of_a_trace(trace, unit, role, positive):
    found = meaning_of({"sec": "soma", "loc": 0.5, **trace}, {}, PARAMS)
    assert (found.unit, found.role, found.positive) == (unit, role, positive)


def _data(traces):
    times = np.arange(5) * 0.1
    recorded = {name: {"cell_3": np.full(5, float(k))} for k, name in enumerate(traces)}
    cells = {3: {"tags": {"pop": "E"}, "secs": {"soma": {"geom": {"L": 10.0, "diam": 10.0}}}}}
    return Data({"t": times, **recorded}, {"recordTraces": traces}, PARAMS, cells)


def _roles(segment):
    return {s.name: s.annotations.get("role") for s in segment.analogsignals}


def test_the_total_of_an_ion_is_no_current_beside_one_of_its_parts():
    soma = {"sec": "soma", "loc": 0.5}
    traces = {
        "total": {**soma, "var": "ik"},
        "part": {**soma, "mech": "nosuch", "var": "ik"},
        "other": {**soma, "var": "ina"},
        "elsewhere": {"sec": "dend", "loc": 0.5, "var": "ik"},
    }
    with pytest.warns(CurrentscapeWarning, match=r"'total' of cell 3 at soma\(0\.5\) holds what other "):
        (found,) = segments_of(_data(traces), [3])
    assert _roles(found) == {
        "total": "other", "part": "current", "other": "current", "elsewhere": "current"
    }  # fmt: skip


def test_what_was_recorded_twice_is_counted_once():
    traces = {
        name: {"sec": "soma", "loc": loc, "mech": "nosuch", "var": "ik"}
        for name, loc in (("a", 0.5), ("b", 0.4))
    }
    with pytest.warns(CurrentscapeWarning, match="'b' of cell 3"):
        (found,) = segments_of(_data(traces), [3])
    assert _roles(found) == {"a": "current", "b": "other"}


def test_one_of_several_synapses_is_told_once_for_all_cells():
    data = _data({"in": {"sec": "soma", "loc": 0.5, "synMech": "AMPA", "var": "i"}})
    synapses = [{"label": "AMPA", "loc": 0.5}, {"label": "AMPA", "loc": 0.1}]
    data.cells[3]["secs"]["soma"]["synMechs"] = synapses
    data.cells[4] = data.cells[3]
    data.traces["in"]["cell_4"] = data.traces["in"]["cell_3"]
    with pytest.warns(CurrentscapeWarning) as told:
        segments_of(data, data.gids)
    (warning,) = told
    assert "'in' of cell 3 and 1 other holds one of 2 synapses at soma(0.5)" in str(warning.message)


def test_times_of_a_local_variable_step_are_each_traces_own():
    data = _data({"v": {"sec": "soma", "loc": 0.5, "var": "v"}})
    data.traces["v"].update({"cell_time_3": [0.0, 0.1, 0.4, 0.5, 0.9]})
    (signal,) = segments_of(data, [3])[0].irregularlysampledsignals
    np.testing.assert_allclose(signal.times.rescale("ms").magnitude, [0.0, 0.1, 0.4, 0.5, 0.9])
    assert data.gids == [3]


def test_areas_are_those_of_neuron():
    h = pytest.importorskip("neuron").h
    section = h.Section(name="cone")
    points = [[0, 0, 0, 6.0], [30, 0, 0, 3.0], [60, 40, 0, 2.0], [60, 90, 10, 5.0]]
    for point in points:
        section.pt3dadd(*point)
    section.nseg = 5
    described = {"geom": {"pt3d": points, "nseg": 5, "cm": 0.9}}
    for x in (0.05, 0.3, 0.55, 0.95):
        place, area, cm = compartment(described, x)
        built = compartment({"hObj": section, **described}, x)
        assert area == pytest.approx(built[1], rel=1e-3)
        assert place == built[0] and cm == 0.9
    assert compartment({"geom": {"L": "2*x", "diam": 3.0}}, 0.5) == (0.5, None, 1.0)
    assert compartment({}, 0.5) == (0.5, None, None)
    assert compartment(described, 1) == (1, None, None)
