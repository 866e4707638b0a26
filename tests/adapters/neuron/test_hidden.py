"""Currents that NEURON shows only as the total of their ion, against twins that show theirs."""

import re
import subprocess
import sys

import numpy as np
import pytest

from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import SelectionError

pytestmark = pytest.mark.neuron

METHODS = ("fixed", "global", "local")


def _model(h, name, twin, synapses=2, tau=5.0):
    """Two calcium channels and calcium-permeable synapses; the twins show every current."""
    section = h.Section(name=name)
    section.L = section.diam = 20
    tail = "_shown" if twin else ""
    for mechanism in ("hh", f"ncs_cal{tail}", f"ncs_ghk{tail}", "ncs_krange", "ncs_cadyn"):
        section.insert(mechanism)
    kind = h.NcsCaSynShown if twin else h.NcsCaSyn
    made = [kind(section(0.5)) for _ in range(synapses)]
    if made:
        made[-1].tau = tau
    return section, made


def _values(signals, segment, site):
    """By name without the marks of the twins and with the point processes counted at the site."""
    out, seen = {}, {}
    for name, signal in signals(segment, site).items():
        plain = re.sub(r"_?[Ss]hown", "", name)
        kind, _, rest = plain.partition("[")
        if rest:
            number = int(rest.partition("]")[0])
            order = seen.setdefault(kind, [])
            order += [] if number in order else [number]
            plain = f"{kind}[{order.index(number)}]{rest.partition(']')[2]}"
        out[plain] = np.asarray(signal.magnitude)[:, 0]
    return out


def _compare(signals, segment, names, tolerance=1e-9):
    hidden, shown = (_values(signals, segment, name) for name in names)
    assert hidden.keys() == shown.keys()
    for name, values in shown.items():
        scale = np.abs(values).max()
        np.testing.assert_allclose(hidden[name], values, rtol=0, atol=tolerance * scale, err_msg=name)
    return hidden


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("synapses", [0, 1, 2])
@pytest.mark.parametrize("between", [0.0, 1.1])
def test_each_hidden_current_is_that_of_its_twin(h, run, drive, inject, signals, method, synapses, between):
    models = [_model(h, name, name == "shown", synapses, tau=1.7) for name in ("hidden", "shown")]
    for _, made in models:
        drive(*made, between=between)
    clamps = [inject(section(0.5)) for section, _ in models]
    recorder = neuron.Recorder([section(0.5) for section, _ in models])
    run(method)
    found = _compare(signals, recorder.to_segment(), recorder.sites)
    assert {"ica_ncs_cal", "ica_ncs_ghk"} < found.keys()
    if synapses:
        assert np.abs(found["NcsCaSyn[0].ica"]).max() > 1e-3
    assert np.abs(found["ica_ncs_ghk"]).max() > 1e-2
    assert len(clamps) == 2


@pytest.mark.parametrize("method", METHODS)
def test_one_hidden_current_is_the_rest(h, soma, run, inject, signals, method):
    """hh and another potassium channel: one shows its current, the other is what is left."""
    soma.insert("ncs_krange")
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    states = {name: h.Vector().record(getattr(soma(0.5), f"_ref_{name}_hh")) for name in ("gk",)}
    run(method)
    found = signals(recorder.to_segment())
    ik = np.asarray(found["ik_hh"].magnitude)[:, 0]
    if method == "fixed":  # gk is that of the step, v the one at its end
        v = np.asarray(found["v"].magnitude)[:, 0]
        expected = states["gk"].as_numpy()[1:] * (v - soma.ek) * soma(0.5).area() * 1e-2
        np.testing.assert_allclose(ik, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    assert {"ik_hh", "ik_ncs_krange"} < found.keys()
    assert clamp.amp == 0.3


@pytest.mark.parametrize("method", METHODS)
def test_calcium_through_a_synapse_is_counted_once(h, soma, run, drive, signals, missed, method):
    """The total of calcium holds the synapse's part: the parts add up to it, not to more."""
    soma.insert("ncs_cal_shown")
    drive(h.NcsCaSynShown(soma(0.5)), h.NcsCaSyn(soma(0.5)))
    recorder = neuron.Recorder(soma(0.5))
    raw = h.Vector().record(soma(0.5)._ref_ica)
    run(method)
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9
    calcium = [n for n in signals(segment) if "ica" in n]
    assert len(calcium) == 3
    assert not any(name.startswith("ica_other") for name in calcium)
    if method != "fixed":
        parts = sum(np.asarray(signals(segment)[name].magnitude)[:, 0] for name in calcium)
        total = raw.as_numpy() * soma(0.5).area() * 1e-2
        near = np.diff(total) != 0
        assert np.abs(parts).max() == pytest.approx(np.abs(total).max(), rel=1e-9)
        assert near.any()


def test_an_ion_that_nothing_carries(h, soma, run, signals):
    """Calcium that is read and pumped, without a calcium current."""
    soma.insert("ncs_cadyn")
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    found = signals(recorder.to_segment())
    assert set(found) == {"v", "ina_hh", "ik_hh", "il_hh", "i_cap", "cai"}


RXD = """
from neuron import h, rxd
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.insert("hh")
inside, outside = rxd.Region([soma], nrn_region="i"), rxd.Region([soma], nrn_region="o")
membrane = rxd.Region([soma], geometry=rxd.membrane())
calcium = rxd.Species([inside], name="ca", charge=2, initial=1e-4)
left = rxd.Species([outside], name="left", charge=2, initial=2)
rate = 1e3 * calcium[inside]
pump = rxd.MultiCompartmentReaction(
    calcium[inside], left[outside], rate, membrane=membrane, membrane_flux=True, custom_dynamics=True
)
recorder = neuron.Recorder(soma(0.5))
total = h.Vector().record(soma(0.5)._ref_ica)
h.finitialize(-65)
h.continuerun(5)
found = {signal.name: signal for signal in recorder.to_segment().analogsignals}
error = found["ica_rxd"].magnitude[:, 0] - total.as_numpy()[1:] * soma(0.5).area() * 1e-2
print(sorted(found), abs(error).max() < 1e-12, abs(found["ica_rxd"].magnitude).max() > 0)
"""


def test_reaction_and_diffusion_beside_the_mechanisms():
    """A pump of NEURON's rxd is no mechanism: its part of the ion's total has its own name.

    In a process of its own: what rxd sets up for a model outlives the model.
    """
    pytest.importorskip("neuron.rxd")
    done = subprocess.run([sys.executable, "-c", RXD], capture_output=True, text=True, timeout=120)
    names = ["i_cap", "ica_rxd", "ik_hh", "il_hh", "ileft_rxd", "ina_hh"]
    assert done.stdout.strip().endswith("True True"), done.stdout + done.stderr
    assert all(repr(name) in done.stdout for name in [*names, "cai"])
    assert "'nai'" not in done.stdout


RXD_BESIDE_HH = """
from neuron import h, rxd
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.L = soma.diam = 20
soma.insert("hh")
inside, outside = rxd.Region([soma], nrn_region="i"), rxd.Region([soma], nrn_region="o")
membrane = rxd.Region([soma], geometry=rxd.membrane())
start = lambda node: 10 + 130 * (node.region is outside)
sodium = rxd.Species([inside, outside], name="na", charge=1, initial=start)
pump = rxd.MultiCompartmentReaction(
    sodium[inside], sodium[outside], 50 * sodium[inside], membrane=membrane, membrane_flux=True,
    custom_dynamics=True,
)
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 1, 5, 0.5
place = soma(0.5)
pointers = place._ref_v, place._ref_ena, place._ref_gna_hh, place._ref_ina
for variable in (True, False):
    recorder, kept = neuron.Recorder(place), [h.Vector().record(pointer) for pointer in pointers]
    h.CVode().active(variable)
    h.finitialize(-65)
    while h.t < 8:
        h.fadvance()
    segment = recorder.to_segment()
    found = {s.name: s for s in [*segment.analogsignals, *segment.irregularlysampledsignals]}
    v, e, g, total = (vector.as_numpy() for vector in kept)
    ohmic, pumped = found["ina_hh"].magnitude[:, 0], found["ina_rxd"].magnitude[:, 0]
    if variable and len(v) == len(ohmic):
        print(abs(ohmic - g * (v - e) * place.area() * 1e-2).max() < 1e-12 * abs(ohmic).max())
    print(0.05 < pumped.max() < 0.2 * abs(ohmic).max(), pumped.min() > 0)
"""


def test_reaction_and_diffusion_of_an_ion_of_one_hidden_mechanism():
    """The total of the ion is not the mechanism's current then."""
    pytest.importorskip("neuron.rxd")
    done = subprocess.run(
        [sys.executable, "-c", RXD_BESIDE_HH], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["True"] * 5, done.stdout + done.stderr


def test_currents_of_an_ion_are_told_apart_or_refused(h, soma, run, inject, missed):
    """One mechanism that cannot be replayed is what the others leave; two are refused."""
    for name in ("ncs_kept", "ncs_cal", "ncs_ghk"):
        soma.insert(name)
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    assert missed(recorder.to_segment()) < 1e-9
    synapse = h.NcsCaSyn(soma(0.5))
    with pytest.raises(
        SelectionError,
        match=r"'ica_ncs_kept' and 'NcsCaSyn\[\d+\].ica'.*it uses factor, which is not RANGE",
    ):
        neuron.Recorder(soma(0.5))
    assert (clamp.amp, synapse.e) == (0.3, 0)


@pytest.mark.parametrize("method", METHODS)
def test_the_model_is_left_as_it_was(h, run, inject, signals, method):
    """A replay in the middle of a run changes neither the model nor what follows."""
    section, _ = _model(h, "model", False, synapses=0)
    clamp = inject(section(0.5))
    seen = []
    for stops in ((20,), (8, 20)):
        recorder = neuron.Recorder(section(0.5))
        h.CVode().active(method != "fixed")
        h.CVode().use_local_dt(method == "local")
        h.finitialize(-65)
        for stop in stops:
            h.continuerun(stop)
            before = [str(s) for s in h.allsec()], section(0.5).v, h.t
            segment = recorder.to_segment()
            assert ([str(s) for s in h.allsec()], section(0.5).v, h.t) == before
        seen.append(signals(segment)["v"])
    first, second = seen
    if method == "fixed":
        np.testing.assert_array_equal(first.magnitude, second.magnitude)
    else:  # CVODE chooses its steps anew, so the same to its tolerance
        crossings = [_crossings(signal) for signal in seen]
        np.testing.assert_allclose(*crossings, atol=0.05)
        assert len(crossings[0]) >= 1
    assert clamp.amp == 0.3


def _crossings(signal):
    v = np.asarray(signal.magnitude)[:, 0]
    return np.asarray(signal.times)[1:][(v[1:] > 0) & (v[:-1] <= 0)]
