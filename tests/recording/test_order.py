"""Names stay on their data: the order is the caller's, whatever the alphabet says."""

from __future__ import annotations

from collections import deque

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError

CURRENTS = ("zNa", "K", "h2", "h10", "Ca", "Ih", "a")
IONS = ("nai", "cai", "ki")
#: The value that each variable has all the time.
VALUE = {name: float(k + 1) for k, name in enumerate((*CURRENTS, *IONS))}

some = st.lists(st.sampled_from(CURRENTS), min_size=1, unique=True)
every = st.permutations((*CURRENTS, *IONS))


def signal(names, units="nA", n=4):
    values = np.tile([VALUE[name] for name in names], (n, 1))
    return neo.AnalogSignal(
        values, units=units, sampling_period=0.1 * pq.ms, array_annotations={"name": list(names)}
    )


def single(name, own=None):
    units = "mM" if name in IONS else "nA"
    return neo.AnalogSignal(
        np.full((4, 1), VALUE[name]), units=units, sampling_period=0.1 * pq.ms, name=own or name
    )


def segment(names):
    made = neo.Segment()
    for name in names:
        made.analogsignals.append(single(name))
    return made


def shown(found):
    """The names of a part with their values."""
    return list(zip(found.array_annotations["name"], found.magnitude[0], strict=True))


def wanted(names, labels=None):
    return [(label, VALUE[name]) for label, name in zip(labels or names, names, strict=True)]


@given(some)
def test_signals_of_a_list_or_a_dict(names):
    assert shown(ncs.Recording(signal(names)).currents) == wanted(names)
    assert shown(ncs.Recording([single(name) for name in names]).currents) == wanted(names)
    labels = [f"<{name}>" for name in names]
    labelled = {label: single(name, "x") for label, name in zip(labels, names, strict=True)}
    assert shown(ncs.Recording(labelled).currents) == wanted(names, labels)
    assert shown(ncs.Recording(map(single, names)).currents) == wanted(names)


@given(some, st.permutations(IONS))
def test_ions_of_a_list_or_a_dict(names, ions):
    for given_ions in ([single(ion) for ion in ions], {ion: single(ion, "x") for ion in ions}):
        rec = ncs.Recording(signal(names), ions=given_ions)
        assert shown(rec.ions) == wanted(ions)


@given(every, some, st.lists(st.sampled_from(IONS), min_size=1, unique=True))
def test_names_choose_from_a_segment_in_the_order_of_the_caller(stored, names, ions):
    rec = ncs.Recording.from_segment(segment(stored), currents=names, ions=ions, voltage=False)
    assert shown(rec.currents) == wanted(names) and shown(rec.ions) == wanted(ions)
    labels = {f"<{name}>": name for name in names}
    options = {"currents": labels, "ions": {f"<{ion}>": ion for ion in ions}}
    rec = ncs.Recording.from_segment(segment(stored), voltage=False, **options)
    assert shown(rec.currents) == wanted(names, list(labels))
    assert shown(rec.ions) == wanted(ions, [f"<{ion}>" for ion in ions])


@given(every)
def test_what_nobody_names_is_sorted(stored):
    """The order of a Segment's signals is not fixed."""
    rec = ncs.Recording.from_segment(segment(stored), voltage=False)
    assert shown(rec.currents) == wanted(sorted(CURRENTS))
    assert shown(rec.ions) == wanted(sorted(IONS))


@given(every)
def test_patterns_have_the_order_of_the_caller_too(stored):
    rec = ncs.Recording.from_segment(segment(stored), currents=["z*", "h*", "K"], voltage=False)
    assert shown(rec.currents) == wanted(["zNa", "h10", "h2", "K"])


@given(st.permutations(CURRENTS), some)
def test_channels_of_one_signal(stored, names):
    made = neo.Segment()
    made.analogsignals.append(signal(stored))
    assert shown(ncs.Recording.from_segment(made, currents=names, voltage=False).currents) == wanted(names)
    assert shown(ncs.Recording.from_segment(made, voltage=False).currents) == wanted(stored)


@settings(max_examples=15)
@given(every, some)
def test_a_file(tmp_path_factory, stored, names):
    pytest.importorskip("nixio")
    path = str(tmp_path_factory.mktemp("order") / "all.nix")
    block = neo.Block()
    block.segments.append(segment(stored))
    with neo.io.NixIO(path, "ow") as io:
        io.write_block(block)
    assert shown(ncs.Recording.from_segment(path, currents=names, voltage=False).currents) == wanted(names)
    assert shown(ncs.Recording.from_segment(path, voltage=False).currents) == wanted(sorted(CURRENTS))


@given(st.permutations(CURRENTS))
def test_what_follows_has_the_same_order(names):
    scape = ncs.Currentscape(ncs.Recording(signal(names)))
    assert scape.names == list(names)
    charges = scape.charge("outward").magnitude
    assert np.argsort(-charges, kind="stable").tolist() == list(scape.ranking)
    np.testing.assert_allclose(charges / charges[0], [VALUE[n] / VALUE[names[0]] for n in names])
    assert list(scape.to_dataframe().index) == list(names)


@pytest.mark.parametrize("make", [tuple, np.array, iter, lambda names: dict.fromkeys(names).keys(), deque])
def test_names_may_stand_in_whatever_has_an_order(make):
    names = ["h2", "zNa", "Ca"]
    rec = ncs.Recording.from_segment(segment(CURRENTS), currents=make(names), voltage=False)
    assert shown(rec.currents) == wanted(names)


@pytest.mark.parametrize("wrong", [{"h2", "zNa"}, [1, 2], 3.0, [["h2"]]])
def test_what_has_no_order_or_is_no_name_is_refused(wrong):
    with pytest.raises(ArgumentTypeError, match="^currents= takes one name, a list of names"):
        ncs.Recording.from_segment(segment(CURRENTS), currents=wrong, voltage=False)
