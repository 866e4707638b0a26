"""Every compartment of an LFPy cell in balance, against NEURON's own membrane currents."""

import warnings

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import lfpy
from neo_currentscape.conventions.errors import CurrentscapeWarning

pytest.importorskip("LFPy")
pytestmark = pytest.mark.lfpy

#: Residual of every compartment, as part of its peak total.
EXACT = 1e-9


def _worst(segment, cell, unbalanced, axial=None):
    worst = 0.0
    for at, site in enumerate(lfpy.site_names(cell)):
        recording = ncs.Recording.from_segment(segment, site=site)
        residual, peak = unbalanced(recording, None if axial is None else axial[at])
        worst = max(worst, residual / peak)
    return worst


@pytest.mark.parametrize("electrode", ["IClamp", "SEClamp", None])
def test_fixed_step_balances_in_every_compartment(branched_cell, unbalanced, electrode):
    with branched_cell(electrode) as cell:
        cell.simulate(**lfpy.recorders(cell))
        assert np.ptp(cell.vmem[0]) > 50
        assert _worst(lfpy.to_segment(cell), cell, unbalanced) < EXACT


@pytest.mark.parametrize("electrode", ["IClamp", "SEClamp", None])
def test_variable_step_balances_in_every_compartment(branched_cell, unbalanced, electrode):
    with branched_cell(electrode) as cell:
        recorder = lfpy.Recorder(cell, variable_dt=True)
        cell.simulate(variable_dt=True, **recorder.keywords)
        segment = recorder.to_segment()
        assert not segment.analogsignals
        assert _worst(segment, cell, unbalanced) < EXACT


def test_variable_step_from_the_arrays_of_lfpy_alone(branched_cell, unbalanced):
    with branched_cell(extra=("hh", "pas")) as cell:
        cell.simulate(variable_dt=True, **lfpy.recorders(cell))
        assert _worst(lfpy.to_segment(cell), cell, unbalanced) < EXACT


def test_recorder_with_a_fixed_step_equals_the_arrays_of_lfpy(branched_cell):
    with branched_cell() as cell:
        recorder = lfpy.Recorder(cell)
        cell.simulate(**lfpy.recorders(cell))
        found, wanted = recorder.to_segment(), lfpy.to_segment(cell)
        assert len(found.analogsignals) == len(wanted.analogsignals) > 100
        for a, b in zip(found.analogsignals, wanted.analogsignals, strict=True):
            assert (a.name, a.annotations) == (b.name, b.annotations)
            np.testing.assert_array_equal(a.magnitude, b.magnitude)


def test_it_is_neurons_own_membrane_current_that_is_split(branched_cell, unbalanced):
    """`imem` - electrode takes the place of the axial current: an equation that is not ours."""
    with branched_cell() as cell:
        cell.simulate(**lfpy.recorders(cell))
        axial = cell.imem[:, 1:].copy()
        axial[0] -= cell.pointprocesses[0].i[1:]
        segment = lfpy.to_segment(cell)
        assert _worst(segment, cell, unbalanced, axial) < EXACT
        for at, site in enumerate(lfpy.site_names(cell)):
            own = ncs.Recording.from_segment(segment, site=site).axial.magnitude[:, 0]
            np.testing.assert_allclose(own, axial[at], rtol=0, atol=1e-11)


def test_as_recorded_it_would_not_balance(branched_cell, unbalanced):
    """The correction is no ornament: recorded currents as they are miss by half of the peak."""
    with branched_cell() as cell:
        cell.simulate(**lfpy.recorders(cell))
        at = 3
        raw = sum(cell.rec_variables[name][at] for name in ("ina", "ik", "il_hh", "i_pas"))
        raw = raw * cell.area[at] * 1e-2 + cell.synapses[0].i + cell.synapses[1].i
        missed = (cell.icap[at] + raw - cell.imem[at])[1:]
        assert np.abs(missed).max() > 0.1 * np.abs(cell.imem[at]).max()


@pytest.mark.parametrize(
    "names", [["ina", "ik", "il_hh", "i_pas"], ["ina", "ik", "il_hh", "i_pas", "gna_hh", "gk_hh"]]
)
def test_slopes_follow_from_reversal_potentials_or_conductances(branched_cell, unbalanced, names):
    with branched_cell() as cell:
        cell.simulate(rec_imem=True, rec_vmem=True, rec_icap=True, rec_variables=names)
        assert _worst(lfpy.to_segment(cell), cell, unbalanced) < EXACT


def test_ipas_is_aligned_like_the_others(branched_cell, unbalanced):
    with branched_cell(extra=("pas",)) as cell:
        cell.simulate(
            rec_imem=True, rec_vmem=True, rec_icap=True, rec_ipas=True, rec_variables=["ina", "ik", "il_hh"]
        )
        segment = lfpy.to_segment(cell)
        assert _worst(segment, cell, unbalanced) < EXACT
        passive = ncs.Recording.from_segment(segment, site="left(0.5)", currents="i_pas")
        place = next(s for s in cell.allseclist if s.name() == "left")(0.5)
        at = lfpy.site_names(cell).index("left(0.5)")
        wanted = place.pas.g * (cell.vmem[at, 1:] - place.pas.e) * cell.area[at] * 1e-2
        np.testing.assert_allclose(passive.currents.magnitude[:, 0], wanted, rtol=0, atol=1e-12)


def test_the_tree_carries_what_the_compartments_take(branched_cell):
    """What a compartment gets from its parent is what it and everything beyond it takes."""
    with branched_cell(None) as cell:
        cell.simulate(**lfpy.recorders(cell))
        parent, axial = lfpy.parents(cell)
        assert parent[0] == -1
        assert (parent[1:] >= 0).all()
        below = np.array(cell.imem)
        for at in reversed(range(1, len(parent))):
            below[parent[at]] += below[at]
        np.testing.assert_allclose(axial[1:, 1:], below[1:, 1:], rtol=0, atol=1e-11)
        names = lfpy.site_names(cell)
        found = {name: names[p] for name, p in zip(names[1:], parent[1:], strict=True)}
        assert found["trunk(0.1)"] == "soma(0.5)"
        assert found["left(0.166667)"] == found["right(0.166667)"] == "trunk(0.9)"
        assert found["middle(0.25)"] == "trunk(0.5)"
        assert found["basal(0.25)"] == found["deep(0.25)"] == "soma(0.5)"


def test_capacitance_and_rule_that_the_balance_uses(branched_cell):
    with branched_cell() as cell:
        cell.simulate(**lfpy.recorders(cell))
        segment = lfpy.to_segment(cell, "trunk(0.5)")
        signals = {signal.name: signal for signal in segment.analogsignals}
        voltage = signals["v"]
        assert voltage.annotations["derivative"] == "backward"
        capacitance = float(voltage.annotations["capacitance"].rescale(pq.nF))
        charging = capacitance * np.diff(voltage.magnitude, axis=0) / 0.025
        np.testing.assert_allclose(charging, signals["icap"].magnitude[1:], rtol=0, atol=1e-12)


def test_nothing_recorded_is_changed(branched_cell):
    with branched_cell() as cell, warnings.catch_warnings():
        warnings.simplefilter("error", CurrentscapeWarning)
        cell.simulate(**lfpy.recorders(cell))
        before = [cell.vmem.copy(), cell.imem.copy(), *(v.copy() for v in cell.rec_variables.values())]
        lfpy.to_segment(cell)
        for old, new in zip(before, [cell.vmem, cell.imem, *cell.rec_variables.values()], strict=True):
            np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("variable_dt", [False, True])
def test_the_adapter_of_neuron_finds_the_same_currents(branched_cell, variable_dt):
    """A peer: it records each mechanism by itself, and knows nothing of LFPy."""
    from neo_currentscape.adapters import neuron

    with branched_cell() as cell:
        place = next(s for s in cell.allseclist if s.name() == "trunk")(0.5)
        peer = neuron.Recorder(place)
        recorder = lfpy.Recorder(cell, variable_dt=variable_dt)
        cell.simulate(variable_dt=variable_dt, **recorder.keywords)
        ours = ncs.Recording.from_segment(recorder.to_segment("trunk(0.5)"))
        theirs = ncs.Recording.from_segment(peer.to_segment())
        # At an event the variable step has two samples of one time; each adapter keeps its own choice.
        events = cell.tvec[np.flatnonzero(np.diff(cell.tvec) <= 0)]
        mine, peers = (r.times.rescale("ms").magnitude.round(9) for r in (ours, theirs))
        shared, at, peer_at = np.intersect1d(mine, peers, return_indices=True)
        calm = ~np.isin(shared, events.round(9))
        assert calm.sum() > 250
        for name, same in (("ina", "ina_hh"), ("ik", "ik_hh"), ("il_hh", "il_hh"), ("i_pas", "i_pas")):
            found = ours.currents.rescale("nA").magnitude[at, ours.index(name)]
            wanted = theirs.currents.rescale("nA").magnitude[peer_at, theirs.index(same)]
            np.testing.assert_allclose(found[calm], wanted[calm], rtol=0, atol=1e-10)
