"""Parts of one current, on request and as MOD files show them: they add up, and the balance stays exact."""

import numpy as np
import pytest

from neo_currentscape import CellRecording, Currentscape
from neo_currentscape.adapters import neuron
from neo_currentscape.adapters.neuron.addends import Addends, addends
from neo_currentscape.adapters.neuron.mechanisms import Current, Kind
from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.adapters.neuron.parts import checked, shown_parts
from neo_currentscape.conventions.errors import ArgumentError, SelectionError


@pytest.fixture
def column(signals):
    def of(segment, name):
        return np.asarray(signals(segment)[name].magnitude)[:, 0]

    return of


@pytest.fixture
def two(h, soma, drive):
    """Two synapses of two receptors each."""
    return drive(h.NcsParts(soma(0.5)), h.NcsParts(soma(0.5)), weight=0.02)


@pytest.mark.parametrize("method", ["fixed", "global"])
@pytest.mark.parametrize("parts", [True, {"NcsParts": True}, {"NcsParts": ["i_slow"]}])
def test_parts_are_those_that_were_named(soma, two, run, missed, column, signals, method, parts):
    """All that the MOD file adds, or one of them and what it leaves: the same as all by name."""
    named = neuron.Recorder(soma(0.5), parts={"NcsParts": ["i_fast", "i_slow"]})
    recorder, whole = neuron.Recorder(soma(0.5), parts=parts), neuron.Recorder(soma(0.5))
    run(method)
    segment, wholes, name = recorder.to_segment(), whole.to_segment(), two[0].hname()
    known = named.to_segment()
    assert missed(segment) < 1e-9 and name not in signals(segment)
    other = f"{name}.i_other" if parts == {"NcsParts": ["i_slow"]} else f"{name}.i_fast"
    np.testing.assert_allclose(column(segment, other), column(known, f"{name}.i_fast"), atol=1e-12)
    slow = column(segment, f"{name}.i_slow")
    np.testing.assert_array_equal(slow, column(known, f"{name}.i_slow"))
    np.testing.assert_allclose(slow + column(segment, other), column(wholes, name), atol=1e-12)
    # hh adds nothing, and stays as it is.
    assert {"ina_hh", "ik_hh", "il_hh"} < set(signals(segment))


def test_one_of_two_synapses_is_given_in_parts(soma, two, run, signals, missed):
    one, other = (synapse.hname() for synapse in two)
    recorder = neuron.Recorder(soma(0.5), parts={other: True})
    run()
    segment = recorder.to_segment()
    assert {one, f"{other}.i_fast", f"{other}.i_slow"} < set(signals(segment)) and missed(segment) < 1e-9
    assert other not in signals(segment)


@pytest.mark.parametrize("method", ["fixed", "global"])
@pytest.mark.parametrize(
    "parts",
    [{"ncs_kahh": ["ika", "ikhh"]}, {"ik_ncs_kahh": True}, {"ncs_kahh": ["ina", "ika", "ikhh"]}],
)
def test_one_of_several_currents_is_given_in_parts(
    h, soma, run, inject, missed, column, signals, method, parts
):
    """Beside hh, whose potassium current is another one of the same ion."""
    soma.insert("ncs_kahh")
    stimulus = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5), parts=parts)
    states = [h.Vector().record(getattr(soma(0.5).ncs_kahh, f"_ref_{name}")) for name in ("n", "b")]
    v, ek = h.Vector().record(soma(0.5)._ref_v), soma(0.5).ek
    run(method)
    segment, found = recorder.to_segment(), signals(recorder.to_segment())
    assert missed(segment) < 1e-9 and stimulus.amp > 0
    expected = {"ina_hh", "ik_hh", "ina_ncs_kahh", "il_ncs_kahh", "ika_ncs_kahh", "ikhh_ncs_kahh"}
    assert expected < set(found) and "ik_ncs_kahh" not in found
    if method == "global":
        n, b = (state.as_numpy() for state in states)
        own = 0.01 * n * b * (v.as_numpy() - ek) * soma(0.5).area() * 1e-2
        np.testing.assert_allclose(column(segment, "ika_ncs_kahh"), own[-len(found["v"]) :], atol=1e-6)
    assert np.abs(column(segment, "ika_ncs_kahh")).max() > 0.05


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_factors_count_and_the_rest_is_given(h, soma, run, inject, missed, column, signals, method):
    """Of a leak less twice a part that is no line: what flowed in a step is that of the step's tangent."""
    soma.insert("ncs_kahh")
    stimulus = inject(soma(0.5))
    recorder, whole = neuron.Recorder(soma(0.5), parts={"il_ncs_kahh": True}), neuron.Recorder(soma(0.5))
    vector = h.Vector().record(soma(0.5)._ref_v)
    run(method)
    segment, wholes = recorder.to_segment(), whole.to_segment()
    assert missed(segment) < 1e-9 and stimulus.amp > 0 and "il_ncs_kahh" not in signals(segment)
    part, rest = column(segment, "ilast_ncs_kahh"), column(segment, "il_other_ncs_kahh")
    np.testing.assert_allclose(part + rest, column(wholes, "il_ncs_kahh"), atol=1e-12)
    v, area = vector.as_numpy(), soma(0.5).area() * 1e-2
    before, after = (v[:-1] + 60, v[1:] + 60) if method == "fixed" else (v + 60, v + 60)
    np.testing.assert_allclose(rest, 2e-4 * after * area, atol=1e-6 * np.abs(rest).max())
    own = before * (1 + 0.02 * before) + (1 + 0.04 * before) * (after - before)
    np.testing.assert_allclose(part, -2e-4 * own * area, atol=1e-5 * np.abs(part).max())


def test_parts_have_their_shares_and_types(h, soma, two, run):
    dend = h.Section(name="dend")
    dend.connect(soma)
    dend.insert("pas")
    far = h.NcsParts(dend(0.5))
    recorder = neuron.CellRecorder(soma, parts=True)
    run()
    cell = CellRecording.from_segment(recorder.to_segment())
    assert {"NcsParts.i_fast", "NcsParts.i_slow"} < set(cell.names) and "NcsParts" not in cell.names
    assert cell.balance.worst < 1e-9 and far.hname() != two[0].hname()
    name = two[0].hname()
    currents = {"AMPA": f"{name}.i_fast", "NMDA": f"{name}.i_slow", "all": ["i*_hh", "il_hh"]}
    scape = Currentscape.from_segment(recorder.to_segment(), site="soma(0.5)", currents=currents)
    assert scape.names == ["AMPA", "NMDA", "all"]


@pytest.mark.parametrize(
    ("parts", "error", "sentence"),
    [
        ({"hh": True}, SelectionError, "MOD file of 'hh', in parts=, shows no current as a sum of RANGE"),
        (
            {"NcsParts": ["g_fast"]},
            SelectionError,
            "'g_fast' of mechanism 'NcsParts'.* is no part",
        ),
        ({"NcsParts": []}, ArgumentError, "which are no two parts of a current"),
        ({"NcsParts": ["i_fast", "i_fast"]}, ArgumentError, "which are no two parts of a current"),
        ({"NcsParts[77]": True}, SelectionError, r"'NcsParts\[77\]', which carries no current"),
        (["i_fast", "i_slow"], ArgumentError, "is not an option: write True for all"),
    ],
)
def test_parts_that_are_none(soma, two, parts, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        neuron.Recorder(soma(0.5), parts=parts)
    assert "\n" not in str(caught.value) and len(two) == 2


def test_what_may_stand_for_parts():
    assert checked(None) == checked(False) == {} and checked(True) == {"*": True}
    assert checked({"A": ["x", "y"], "B": True}) == {"A": ("x", "y"), "B": True}


@pytest.mark.parametrize(
    ("code", "factors", "is_whole"),
    [
        ("i = a + b", {"a": 1, "b": 1}, True),
        ("i = (a + b)", {"a": 1, "b": 1}, True),
        ("i = -(a - 2*b)/4 + c*1e-3", {"a": -0.25, "b": 0.5, "c": 1e-3}, True),
        ("total = a + b   i = total", {"a": 1, "b": 1}, True),
        ("i = a + a", {"a": 2}, True),
        ("i = a + g*(v - e)", {"a": 1}, False),
        ("i = a + b*scale", {"a": 1}, False),
        ("i = a + b[1]", {"a": 1}, False),
        ("i = x   x = a + i", {"a": 1}, False),
        ("i = g*(a + b)", None, None),
        ("if (v > 0) { i = a + b } else { i = a }", None, None),
        ("VERBATIM\ni = a + b;\nENDVERBATIM", None, None),
    ],
)
def test_sums_in_mod_files(code, factors, is_whole):
    source = Source(f"NEURON {{ SUFFIX x NONSPECIFIC_CURRENT i }} BREAKPOINT {{\n{code}\n}}")
    found = addends(source, "i", frozenset("abc"))
    assert found == (None if factors is None else Addends(factors, is_whole))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("total = g*(v - e)  inmda = total - ica", None),
        ("total = g*(v - e)  inmda = total + 0.5*other", ["total", "other"]),
        ("total = g*(v - e)  inmda = total - e", ["total"]),
        ("inmda = g*v", None),
        ("total = g*v  inmda = total", None),
    ],
)
def test_what_is_a_part_by_itself(code, names):
    """Neither what another current carries, nor a parameter, nor the whole under another name."""
    head = "POINT_PROCESS X USEION ca WRITE ica NONSPECIFIC_CURRENT inmda"
    blocks = "PARAMETER { e = 0 g = 1 } ASSIGNED { total other ica inmda v }"
    source = Source(f"NEURON {{ {head} RANGE inmda, total, other, e, g }} {blocks} BREAKPOINT {{ {code} }}")
    kind = Kind("X", source, dict.fromkeys(["inmda", "ica", "total", "other", "e", "g"], 1), is_point=True)
    found = shown_parts(Current("X[0].inmda", kind, "inmda", None, False, None))
    assert names == (None if found is None else list(found.factors))
