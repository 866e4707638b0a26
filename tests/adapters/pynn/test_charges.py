"""Charges do not depend on the step, the adapter or the sampling, where the spikes are the same."""

import numpy as np
import pytest

import neo_currentscape as ncs

pytestmark = pytest.mark.pynn

CELLS = {
    "fast synapses": ["leak", "excitatory"],
    "alpha": ["leak", "excitatory"],
    "AdExp": ["leak", "spike", "adaptation"],
    "HH": ["Na", "K"],
}

#: What NEST's adapter calls them.
OF_NEST = {
    "leak": "I_L",
    "excitatory": "I_syn_ex",
    "spike": "I_spike",
    "adaptation": "w",
    "Na": "I_Na",
    "K": "I_K",
}


def _charges(segment, **selection):
    """Of each current both charges, in pC."""
    frame = ncs.Currentscape.from_segment(segment, **selection).to_dataframe()
    return {name: (row.charge_outward, row.charge_inward) for name, row in frame.iterrows()}


@pytest.mark.parametrize("cell", CELLS)
def test_charges_on_nest_do_not_depend_on_the_step(simulate, cell):
    found, _ = simulate("nest", "uses.charged")
    coarse, fine = (found[cell, dt][0] for dt in (0.1, 0.01))
    assert len(coarse.spiketrains[0]) == len(fine.spiketrains[0])
    one, other = _charges(coarse), _charges(fine)
    for name in CELLS[cell]:
        np.testing.assert_allclose(one[name], other[name], rtol=0.02, atol=0.02 * sum(other[name]))


@pytest.mark.parametrize("cell", CELLS)
def test_both_adapters_of_nest_tell_the_same_charges(simulate, cell):
    found, _ = simulate("nest", "uses.charged")
    of_pynn, of_nest = found[cell, 0.1]
    one, other = _charges(of_pynn), _charges(of_nest)
    for name in CELLS[cell]:
        # NEST's multimeter misses the last delay of the run, and its time 0.
        np.testing.assert_allclose(one[name], other[OF_NEST[name]], rtol=0.005, atol=0.01)


@pytest.mark.parametrize("cell", ["fast synapses", "alpha"])
def test_the_charge_of_fast_synapses_is_that_of_their_spikes(simulate, channel, cell):
    """weight tau (V - E) for each spike, of an alpha function e times that."""
    found, _ = simulate("nest", "uses.charged")
    segment = found[cell, 0.1][0]
    t = 2.5 + 3.0 * np.arange(30)
    tau = {"fast synapses": 0.2, "alpha": 0.3 * np.e}[cell]
    v = np.interp(t, np.arange(1001) * 0.1, channel(segment, "v", 0))
    expected = 5 * 0.001 * tau * np.abs(v).sum()
    assert _charges(segment)["excitatory"][1] == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("backend", ["nest", "brian2"])
def test_a_spike_has_the_charge_of_its_rise(simulate, backend):
    found, _ = simulate(backend, "uses.charged")
    for dt in (0.1, 0.01):
        segment = found["AdExp", dt][0]
        charge = _charges(segment)["spike"]
        assert charge[0] == 0
        # From where the exponential outweighs the leak, some -45 mV, to the peak at -40 mV, at least.
        assert charge[1] > 0.281 * 5.0 * len(segment.spiketrains[0])
    coarse, fine = (_charges(found["AdExp", dt][0])["spike"][1] for dt in (0.1, 0.01))
    assert coarse == pytest.approx(fine, rel=0.03)


@pytest.mark.parametrize("backend", ["nest", "brian2"])
def test_samples_apart_stand_for_all_steps_between(simulate, backend):
    found, _ = simulate(backend, "uses.sampled")
    every, fifth = found[0.1], found[0.5]
    one, other = _charges(every), _charges(fifth)
    assert len(every.spiketrains[0]) >= 3
    # In which of five steps a spike came, a part of its decay with 3 ms, no sample tells.
    np.testing.assert_allclose(other["excitatory"], one["excitatory"], rtol=0.25 / 3)
    # Of an interval with a spike, the leak at rest or at threshold (0.05 uS times 15 mV) for 0.5 ms.
    atol = len(every.spiketrains[0]) * 0.05 * 15 * 0.5
    np.testing.assert_allclose(other["leak"], one["leak"], atol=atol, rtol=0)
    balance = ncs.balance(ncs.Recording.from_segment(fifth))
    assert "missing" not in balance.verdict and balance.unexplained < 0.05


@pytest.mark.parametrize("backend", ["nest", "brian2"])
def test_jumps_of_delta_synapses_have_their_charge(simulate, backend):
    found, _ = simulate(backend, "uses.jumping")
    segment = found["jumping"]
    outward, inward = _charges(segment)["synaptic"]
    assert inward == pytest.approx(0.5 * 6.0, rel=1e-3) and outward == pytest.approx(0.5 * 1.0, rel=1e-3)
    assert "cannot be checked" in ncs.balance(ncs.Recording.from_segment(segment)).verdict


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_synapses_of_izhikevich_cells_jump_too(simulate, backend):
    found, _ = simulate(backend, "uses.jumping")
    assert _charges(found["struck"])["synaptic"] == pytest.approx((0.0, 2 * 0.003), rel=0.02)
    assert "synaptic" not in _charges(found["quiet"])
    assert ncs.balance(ncs.Recording.from_segment(found["quiet"])).verdict.startswith("complete")


@pytest.mark.parametrize("cell", ["AdExp", "Izhikevich"])
def test_a_step_that_is_too_long_for_a_spike_is_said(simulate, cell):
    found, _ = simulate("neuron", "uses.overshooting")
    _, (said,) = found[cell, 0.1]
    assert repr(cell) in said and "0.1 ms is too long" in said and "timestep=0.01" in said
    _, said = found[cell, 0.01]
    assert not said
