"""Reversal potentials: what one conductance cannot be is refused, what is not given is said."""

import types
import warnings

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import arbor as adapter
from neo_currentscape.adapters.arbor.site import _check_slope
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning

pytestmark = pytest.mark.arbor

KINDS = {
    "v": ("membrane_voltage_cell",),
    "na": ("ion_current_cell", "na"),
    "k": ("ion_current_cell", "k"),
    "sum": ("total_ion_current_cell",),
    "stim": ("stimulus_current_cell",),
}
POTENTIALS = {"na": 50 * pq.mV, "k": -77 * pq.mV, "nonspecific": -54.3 * pq.mV}


@pytest.fixture(scope="module")
def soma():
    """A function that runs a Hodgkin-Huxley soma, with a synapse or driven by a neighbour, or without."""
    A = pytest.importorskip("arbor")
    U = A.units

    def run(synapse, neighbour=False):
        tree = A.segment_tree()
        tree.append(A.mnpos, A.mpoint(-8, 0, 0, 8), A.mpoint(8, 0, 0, 8), tag=1)
        labels = A.label_dict({"all": "(all)", "here": "(location 0 0.5)"})
        decor = A.decor()
        decor.set_property(Vm=-65 * U.mV)
        decor.paint('"all"', A.density("hh"))
        if neighbour:
            decor.place('"here"', A.junction("gj", {"g": 0.013}), "gj")
        driven = A.decor(decor)
        driven.place('"here"', A.i_clamp(4 * U.ms, 22 * U.ms, (0.35 if neighbour else 0.21) * U.nA))
        if not neighbour:
            decor = driven
        if synapse:
            decor.place('"here"', A.synapse("expsyn", {"e": -82.0, "tau": 5.0}), "syn")
        cells = [A.cable_cell(tree, each, labels, A.cv_policy_single()) for each in (decor, driven)]

        class Recipe(A.recipe):
            def num_cells(self):
                return 1 + neighbour

            def cell_kind(self, gid):
                return A.cell_kind.cable

            def cell_description(self, gid):
                return cells[gid]

            def gap_junctions_on(self, gid):
                return [A.gap_junction_connection((1 - gid, "gj"), "gj", 1)] if neighbour else []

            def global_properties(self, kind):
                return A.neuron_cable_properties()

            def event_generators(self, gid):
                if not synapse:
                    return []
                times = [t * U.ms for t in (6.0, 13.0, 21.0)]
                return [A.event_generator("syn", 0.01, A.explicit_schedule(times))]

            def probes(self, gid):
                return [getattr(A, f"cable_probe_{k[0]}")(*k[1:], name) for name, k in KINDS.items()]

        simulation = A.simulation(Recipe())
        schedule = A.regular_schedule(0.025 * U.ms)
        probes = {n: (k[0], simulation.sample((0, n), schedule)) for n, k in KINDS.items()}
        simulation.run(30 * U.ms, 0.025 * U.ms)
        return types.SimpleNamespace(simulation=simulation, probes=probes, tree=tree)

    return run


def convert(run, reversal=None):
    return adapter.to_segment(
        run.simulation,
        run.probes,
        morphology=run.tree,
        capacitance=1 * pq.uF / pq.cm**2,
        reversal=reversal,
    )


def balance(segment):
    return ncs.balance(ncs.Recording.from_segment(segment))


def test_without_potentials_the_balance_says_what_is_first_order(soma):
    found = balance(convert(soma(synapse=False)))
    assert found.diagnosis.kind == "first order" and found.unexplained > 0.01
    assert "reversal={'na': ..., 'k': ..., 'nonspecific': ...}" in found.verdict
    assert "missing" not in found.verdict


def test_the_upstroke_of_a_cell_driven_by_its_neighbour_misses_no_current(soma):
    found = balance(convert(soma(synapse=False, neighbour=True)))
    assert found.diagnosis.kind == "first order" and "missing" not in found.verdict


def test_a_potential_that_is_not_given_is_said_and_the_others_are_used(soma):
    run = soma(synapse=False)
    raw = balance(convert(run)).unexplained
    some = {name: POTENTIALS[name] for name in ("na", "k")}
    with pytest.warns(CurrentscapeWarning, match="reversal= is not given for 'nonspecific'"):
        segment = convert(run, some)
    found = balance(segment)
    assert found.diagnosis.kind == "first order" and "{'nonspecific': ...}" in found.verdict
    assert found.unexplained < raw / 10
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert balance(convert(run, POTENTIALS)).unexplained < 1e-9


def test_a_sum_of_conductances_has_no_reversal_potential(soma):
    run = soma(synapse=True)
    with pytest.raises(ArgumentError, match=r"reversal\['nonspecific'\] = -54.3 mV gives a negative cond"):
        convert(run, POTENTIALS)
    with pytest.warns(CurrentscapeWarning):
        found = balance(convert(run, {name: POTENTIALS[name] for name in ("na", "k")}))
    assert found.diagnosis.kind == "first order"


@pytest.mark.parametrize("name, wrong", [("na", 20.0), ("k", -60.0), ("nonspecific", -50.0)])
def test_a_wrong_potential_is_refused(soma, name, wrong):
    with pytest.raises(ArgumentError, match=f"{name}.*correct the potential, or leave it out"):
        convert(soma(synapse=False), {**POTENTIALS, name: wrong * pq.mV})


def test_what_is_beyond_reason():
    force = np.linspace(-60.0, 0.4, 400)
    _check_slope(np.full(400, 0.2), force, "E", "nA/mV")
    _check_slope(np.linspace(0.01, 2.0, 400), force, "E", "nA/mV")  # grows, but not at the reversal only
    with pytest.raises(ArgumentError, match="times that of all other times"):
        close = np.append(force[force < -0.1], -0.002)
        _check_slope(0.2 + 1e-2 / np.abs(close), close, "E", "nA/mV")
    rounding = np.full(400, 0.2)
    rounding[7] = -1e-9
    _check_slope(rounding, force, "E", "nA/mV")
    rounding[7] = -1e-3
    with pytest.raises(ArgumentError, match="negative conductance .-0.001 nA/mV, sample 7"):
        _check_slope(rounding, force, "E", "nA/mV")
