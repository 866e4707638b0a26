"""Options that choose signals: names, labels, and both."""

from __future__ import annotations

import argparse

import pytest

from neo_currentscape.cli import selection
from neo_currentscape.conventions.errors import ArgumentError


def keywords(*words):
    parser = argparse.ArgumentParser()
    selection.add_to(parser)
    return selection.keywords(parser.parse_args(words))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["zNa", "K"], ["zNa", "K"]),
        (["Z=zNa", "A=K"], {"Z": "zNa", "A": "K"}),
        (["Z=zNa", "K", "a[0].i"], {"Z": "zNa", "K": "K", "a[0].i": "a[0].i"}),
    ],
)
@pytest.mark.parametrize("part", ["currents", "ions", "electrode"])
def test_names_and_labels_keep_their_order(part, words, names):
    found = keywords(f"--{part}", *words)[part]
    assert found == names and list(found) == list(names)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("pump=ina_pump,ik_pump", ["ina_pump", "ik_pump"]),
        ("pump=i*_pump", ["i*_pump"]),
        ("pump=i?_pump, ina", ["i?_pump", "ina"]),
        ('pump="a,b"', "a,b"),
        ('pump="a,b",c', ["a,b", "c"]),
        ("pump=", ""),
    ],
)
@pytest.mark.parametrize("part", ["currents", "electrode"])
def test_several_names_under_a_label_are_summed(part, word, names):
    assert keywords(f"--{part}", word, "K=ik")[part] == {"pump": names, "K": "ik"}


def test_parts_are_lists():
    assert keywords("--parts", "s.i=s.a,s.b", "t=u,w")["parts"] == {"s.i": ["s.a", "s.b"], "t": ["u", "w"]}
    assert keywords()["parts"] is None


def test_concentrations_are_not_summed():
    assert keywords("--ions", "Ca=cai,cao")["ions"] == {"Ca": "cai,cao"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--currents", "Z=zNa", "Z=K"], "--currents has 'Z' twice, for 'zNa' and 'K'"),
        (["--currents", "Z=zNa", "K", "K=h"], "--currents has 'K' twice, for 'K' and 'h'"),
        (["--currents", "Z=zNa", "h*"], r"--currents 'h\*' has no '='"),
        (["--parts", "s.i"], "--parts 's.i' has no '='"),
        (["--units", "Z=mV", "Z=V"], "--units has 'Z' twice, for 'mV' and 'V'"),
        (["--sign", "Z=inward", "Z=outward"], "--sign has 'Z' twice"),
    ],
)
def test_what_is_said_twice_is_refused(words, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        keywords(*words)
