"""The tree of a cell: potentials of joints and currents along it, against Kirchhoff's equations as such."""

import numpy as np
import pytest

from neo_currentscape.adapters.cable import Tree, axial_inflow, to_parents
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.morphology import Morphology

SEEDS = range(20)


def random_tree(seed, n=25, n_joints=12):
    """Parents and conductances of `n` compartments, and after them joints of one to many neighbours."""
    draw = np.random.default_rng(seed)
    parent = np.r_[-1, [draw.integers((at + 2) // 3) for at in range(1, n)], np.full(n_joints, -1)]
    for joint in range(n, n + n_joints):
        parent[joint] = draw.choice(parent[:n][(parent[:n] >= 0) & (parent[:n] < n)])
        # Half of what hangs on the compartment hangs on the joint from now on.
        children = np.flatnonzero(parent[:n] == parent[joint])
        parent[children[draw.random(len(children)) < 0.5]] = joint
    siemens = 10 ** draw.uniform(-3, 1, n + n_joints)
    return parent, siemens, draw.uniform(-90, 40, (n, 7)), draw.uniform(-1, 1, (n_joints, 7))


def conductances(parent, siemens):
    """The matrix G with (G v)[n] = what leaves node n for its neighbours."""
    out = np.zeros((len(parent), len(parent)))
    for node, above in enumerate(parent):
        if above >= 0:
            out[node, node] += siemens[node]
            out[above, above] += siemens[node]
            out[node, above] -= siemens[node]
            out[above, node] -= siemens[node]
    return out


@pytest.mark.parametrize("seed", SEEDS)
def test_joints_have_the_potential_at_which_they_store_no_charge(seed):
    parent, siemens, voltage, injected = random_tree(seed)
    n, matrix = len(voltage), conductances(parent, siemens)
    tree = Tree(parent, siemens, unknown=range(n, len(parent)))
    given = {n + k: current for k, current in enumerate(injected)}
    found = tree.complete(np.concatenate([voltage, np.zeros_like(injected)]), given)
    # G v = -I at the joints, solved for all of them at once.
    wanted = np.linalg.solve(matrix[n:, n:], -injected - matrix[n:, :n] @ voltage)
    np.testing.assert_allclose(found[n:], wanted, rtol=1e-9)
    np.testing.assert_array_equal(found[:n], voltage)


@pytest.mark.parametrize("seed", SEEDS)
def test_inflow_is_what_the_conductances_carry(seed):
    parent, siemens, voltage, _ = random_tree(seed)
    n, matrix = len(voltage), conductances(parent, siemens)
    tree = Tree(parent, siemens, unknown=range(n, len(parent)))
    full = tree.complete(np.concatenate([voltage, np.zeros((len(parent) - n, 7))]))
    inflow = tree.inflow(tree.flow(full))
    np.testing.assert_allclose(inflow, -matrix @ full, rtol=0, atol=1e-9)
    np.testing.assert_allclose(inflow[n:], 0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(axial_inflow(tree, voltage), inflow[:n], rtol=0, atol=1e-12)
    for node in range(len(parent)):
        np.testing.assert_allclose(tree.inflow_of(node, full), inflow[node], rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_root_changes_directions_only(seed):
    parent, siemens, voltage, _ = random_tree(seed)
    n = len(voltage)
    tree = Tree(parent, siemens, unknown=range(n, len(parent)))
    other = tree.rooted_at(17)
    assert other.parent[17] == -1 and (other.parent == -1).sum() == (tree.parent == -1).sum()
    np.testing.assert_allclose(
        conductances(other.parent, other.siemens), conductances(parent, np.where(parent < 0, 0, siemens))
    )
    np.testing.assert_allclose(axial_inflow(other, voltage), axial_inflow(tree, voltage), atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_compartment_gets_from_its_parent_what_all_beyond_it_take(seed):
    parent, siemens, voltage, _ = random_tree(seed)
    n = len(voltage)
    tree = Tree(parent, siemens, unknown=range(n, len(parent)))
    above, axial = to_parents(tree, voltage)
    assert ((above >= 0) == (np.arange(n) > 0)).all() and above.max() < n
    taken, inflow = np.zeros_like(voltage), axial_inflow(tree, voltage)
    for node in range(n):
        at = node
        while at >= 0:
            taken[at] += inflow[node]
            at = above[at]
    np.testing.assert_allclose(axial[1:], taken[1:], rtol=0, atol=1e-9)
    assert not axial[0].any()


def test_two_unknown_neighbours_are_refused_by_name():
    line = Morphology(["a(0.5)", "b(0)", "b(0.5)"], [-1, 0, 1], [0, 2, 3], [9, 0, 9], [0, 1, 2])
    assert Tree.of(line, {0, 2}).unknown == {1}
    np.testing.assert_allclose(Tree.of(line, {0, 2}).siemens, [0, 1 / 2, 1 / 3])
    with pytest.raises(SelectionError, match=r"Neither b\(0.5\) nor b\(0\) next to it has a voltage"):
        Tree.of(line, {0})
