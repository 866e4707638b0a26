"""What cannot be recorded is refused in a sentence that says what to do."""

import builtins
import sys

import pytest

from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    MissingDependencyError,
    SelectionError,
    SignalError,
)

pytestmark = pytest.mark.neuron


def test_without_neuron(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.partition(".")[0] == "neuron" and (not args or not args[0].get("__package__")):
            raise ImportError("no neuron")
        return real(name, *args, **kwargs)

    monkeypatch.setitem(sys.modules, "neuron", None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingDependencyError, match=r'pip install "neo-currentscape\[neuron\]"'):
        neuron.Recorder(None)


def test_nothing_was_run(h, soma):
    with pytest.raises(SignalError, match=r"Nothing was recorded at soma\(0.5\).*run first"):
        neuron.Recorder(soma(0.5)).to_segment()


def test_made_after_initialisation(h, soma):
    h.finitialize(-65)
    recorder = neuron.Recorder(soma(0.5))
    h.continuerun(5)
    with pytest.raises(SignalError, match="make the Recorder before"):
        recorder.to_segment()


@pytest.mark.parametrize("given", ["soma(0.5)", 3, None])
def test_no_compartment(h, given):
    with pytest.raises(ArgumentTypeError, match="takes a compartment such as soma"):
        neuron.Recorder(given)


def test_no_compartments_and_ends(h, soma):
    with pytest.raises(ArgumentError, match="no compartment"):
        neuron.Recorder([])
    with pytest.raises(ArgumentError, match=r"soma\(1\) is the end of a section"):
        neuron.Recorder(soma(1))


def test_a_compartment_has_one_name(h, soma):
    assert neuron.Recorder([soma(0.3), soma(0.5), soma]).sites == ["soma(0.5)"]


def test_two_sections_of_one_name(h, soma):
    twin = h.Section(name="soma")
    with pytest.raises(ArgumentError, match=r"2 compartments are called soma\(0.5\)"):
        neuron.Recorder([soma(0.5), twin(0.5)])


def test_mechanism_inserted_afterwards(h, soma, run):
    recorder = neuron.Recorder(soma(0.5))
    soma.insert("pas")
    run("fixed")
    with pytest.raises(
        SelectionError, match=r"At soma\(0.5\), 'pas' was inserted after the Recorder was made"
    ):
        recorder.to_segment()


def test_point_process_inserted_or_removed_afterwards(h, soma, run):
    synapse = h.ExpSyn(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    counter = h.APCount(soma(0.5))  # which carries no current
    run("fixed")
    assert recorder.to_segment() and counter.n == 0
    later = h.IClamp(soma(0.5))
    with pytest.raises(SelectionError, match=r"'IClamp\[\d+\]' was inserted"):
        recorder.to_segment()
    del later
    other = h.Section(name="other")
    synapse.loc(other(0.5))
    with pytest.raises(SelectionError, match=r"'ExpSyn\[\d+\]' was removed"):
        recorder.to_segment()


def test_compartments_that_changed(h, soma, run):
    recorder = neuron.Recorder(soma(0.5))
    soma.nseg = 3
    run("fixed")
    with pytest.raises(SelectionError, match="nseg is 3 and was 1"):
        recorder.to_segment()
    h.delete_section(sec=soma)
    with pytest.raises(SelectionError, match="was deleted"):
        recorder.to_segment()


def test_mechanism_without_source(h, soma, tmp_path):
    soma.insert("fastpas")
    with pytest.raises(SelectionError, match=r"'fastpas' at soma\(0.5\) has no MOD source"):
        neuron.Recorder(soma(0.5))
    with pytest.raises(ArgumentError, match="nowhere.mod', which does not exist"):
        neuron.Recorder(soma(0.5), sources={"fastpas": "nowhere.mod"})
    text = "NEURON { SUFFIX fastpas NONSPECIFIC_CURRENT i RANGE g, e } BREAKPOINT { i = g*(v - e) }"
    with pytest.raises(SelectionError, match="'i' of mechanism 'fastpas'.*cannot be read.*add RANGE i"):
        neuron.Recorder(soma(0.5), sources={"fastpas": text})


def test_source_that_neuron_does_not_hold(h, soma, run, inject, missed, monkeypatch, tmp_path):
    """With its source given as a file, a mechanism is recorded like any other."""
    from neo_currentscape.adapters.neuron.mechanisms import Kinds

    code = Kinds._code
    monkeypatch.setattr(
        Kinds, "_code", lambda self, name, point: "" if name == "hh" else code(self, name, point)
    )
    with pytest.raises(SelectionError, match=r"give it with sources=\{'hh': 'path/to/hh.mod'\}"):
        neuron.Recorder(soma(0.5))
    file = tmp_path / "hh.mod"
    listed = h.MechanismType(0)
    listed.select("hh")
    file.write_text(listed.code())
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5), sources={"hh": str(file)})
    run("fixed")
    assert missed(recorder.to_segment()) < 1e-9
    assert clamp.amp == 0.3


def test_second_order(h, soma, run):
    recorder = neuron.Recorder(soma(0.5))
    h.secondorder = 2
    run("fixed")
    with pytest.raises(SignalError, match="set h.secondorder = 0"):
        recorder.to_segment()


def test_capacitance_that_changes_during_a_run(h, soma, inject, missed, signals):
    """The currents are exact; of the voltage nobody can say what its capacitance is."""
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-65)
    h.continuerun(3)
    soma.cm = 2
    h.continuerun(6)
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9
    assert "capacitance" not in signals(segment)["v"].annotations
    assert clamp.amp == 0.3
