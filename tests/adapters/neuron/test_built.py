"""Channels that are built at run time (KSChan) have no MOD source, and are recorded like any other."""

import gc

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

pytestmark = pytest.mark.neuron

OHMIC, GHK = 0, 2

#: Ion, equation, conductance or permeability, power of the gate, whether it is a point process. A type
#: lives as long as NEURON does.
TYPES = {
    "ncs_bk": ("k", OHMIC, 0.01, 4, False),
    "ncs_bl": ("NonSpecific", OHMIC, 1e-4, 1, False),
    "ncs_bt": ("ca", GHK, 1e-6, 1, False),
    "ncs_bu": ("ca", GHK, 3e-6, 2, False),
    "NcsBk": ("k", OHMIC, 1e-3, 1, True),
    "NcsBl": ("NonSpecific", OHMIC, 1e-4, 2, True),
    "NcsBt": ("ca", GHK, 1e-12, 1, True),
}
_BUILT = {}


@pytest.fixture
def built(h):
    h.ion_register("ca", 2)
    for name in TYPES:
        if name not in _BUILT:
            _BUILT[name] = _build(h, name, *TYPES[name])
    return _BUILT


def _build(h, name, ion, equation, most, power, is_point):
    made = h.KSChan(int(is_point))
    made.name(name)
    made.ion(ion)
    made.iv_type(equation)
    made.gmax(most)
    if ion == "NonSpecific":
        made.erev(-40)
    made.add_hhstate("n")
    made.trans(0).set_f(0, 3, h.Vector([1, 0.1, -40]))
    made.trans(0).set_f(1, 2, h.Vector([0.125, -1 / 80, -65]))
    made.gate(0).power(power)
    return made


def put(h, section, names):
    """The mechanisms and point processes in the middle of a section, by name."""
    for name in names:
        if not TYPES[name][-1]:
            section.insert(name)
    points = {name: getattr(h, name)(section(0.5)) for name in names if TYPES[name][-1]}
    if hasattr(section(0.5), "cai"):
        section(0.5).cai = 5e-5
    return {name: points.get(name) or getattr(section(0.5), name) for name in names}


def name_of(name):
    ion = TYPES[name][0]
    return f"i{'' if ion == 'NonSpecific' else ion}_{name}"


@pytest.mark.parametrize("method", ["fixed", "global"])
@pytest.mark.parametrize(
    "names",
    [
        ["ncs_bk"],
        ["ncs_bl"],
        ["ncs_bt"],
        ["ncs_bt", "ncs_bu", "NcsBt"],
        ["NcsBk", "NcsBl"],
        list(TYPES),
    ],
)
def test_the_balance_holds(h, soma, run, inject, built, names, method):
    owners, clamp = put(h, soma, names), inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    shown = {name: h.Vector().record(owner._ref_i) for name, owner in owners.items()}
    run(method)
    found = ncs.Recording.from_segment(recorder.to_segment())
    assert ncs.balance(found).unexplained < 1e-9 and clamp.amp
    for name, owner in owners.items():
        label = owner.hname() if TYPES[name][-1] else name_of(name)
        factor = 1.0 if TYPES[name][-1] else soma(0.5).area() * 1e-2
        own = found.currents[:, found.index(label)].rescale("nA").magnitude[:, 0]
        raw = np.array(shown[name])[-len(own) :] * factor
        # A fixed step shows a current one step late.
        assert np.abs(own - raw).max() <= (1e-12 if method == "global" else 0.2) * np.abs(raw).max()
        assert np.abs(raw).max() > 0


def test_nothing_has_to_be_kept_of_what_it_was_built_with(h, soma, run):
    _build(h, "ncs_let_go", "k", OHMIC, 0.01, 1, False)
    gc.collect()
    soma.insert("ncs_let_go")
    recorder = neuron.Recorder(soma(0.5))
    run("fixed", 1.0)
    assert "ik_ncs_let_go" in [signal.name for signal in recorder.to_segment().analogsignals]


@pytest.mark.parametrize("ligand", ["cai", "cao"])
def test_a_scheme_that_an_ion_opens(h, soma, run, inject, ligand):
    h.ion_register("ca", 2)
    made, name = h.KSChan(0), f"ncs_by_{ligand}"
    made.name(name)
    made.ion("k")
    made.iv_type(OHMIC)
    made.gmax(1e-3)
    closed = made.add_ksstate(None, "C")
    opened = made.add_ksstate(made.gate(0), "O")
    closed.frac(0)
    opened.frac(1)
    step = made.add_transition(closed, opened)
    step.type(2, ligand)
    step.set_f(0, 1, h.Vector([100.0]))
    step.set_f(1, 1, h.Vector([0.1]))
    soma.insert(name)
    clamp, recorder = inject(soma(0.5)), neuron.Recorder(soma(0.5))
    run("fixed")
    found = ncs.Recording.from_segment(recorder.to_segment())
    assert f"ik_{name}" in found.names and ncs.balance(found).unexplained < 1e-9 and clamp.amp
    assert "cai" in found.ions.array_annotations["name"]
