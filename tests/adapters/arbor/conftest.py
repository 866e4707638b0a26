"""Fixtures: an Arbor cell with a spiking soma and a passive dendrite."""

import types

import pytest

#: Name of the signal: probe and its arguments.
PROBES = {
    "v": ("membrane_voltage_cell",),
    "ina": ("ion_current_cell", "na"),
    "ik": ("ion_current_cell", "k"),
    "total": ("total_ion_current_cell",),
    "all": ("total_current_cell",),
    "stim": ("stimulus_current_cell",),
    "m": ("density_state", '"mid"', "hh", "m"),
    "ena": ("ion_reversal_potential_cell", "na"),
    "v_mid": ("membrane_voltage", '"mid"'),
    "ina_mid": ("ion_current_density", '"mid"', "na"),
    "ik_mid": ("ion_current_density", '"mid"', "k"),
    "total_mid": ("total_ion_current_density", '"mid"'),
}


def _cell(A, U):
    # Eleven stretches of 20 um; the first is the soma. A point's voltage is interpolated between the
    # middles of the stretches, its currents are those of its stretch: so it is in the middle.
    tree = A.segment_tree()
    soma = tree.append(A.mnpos, A.mpoint(-10, 0, 0, 10), A.mpoint(10, 0, 0, 10), tag=1)
    tree.append(soma, A.mpoint(10, 0, 0, 2), A.mpoint(210, 0, 0, 1), tag=3)
    labels = A.label_dict(
        {"soma": "(tag 1)", "dend": "(tag 3)", "mid": "(location 0 0.045454545454545456)"}
    )
    decor = A.decor()
    decor.set_property(Vm=-65 * U.mV)
    decor.paint('"soma"', A.density("hh"))
    decor.paint('"dend"', A.density("pas/e=-65", {"g": 0.001}))
    decor.place('"mid"', A.i_clamp(2 * U.ms, 10 * U.ms, 0.8 * U.nA))
    return tree, A.cable_cell(tree, decor, labels, A.cv_policy("(max-extent 20)"))


@pytest.fixture(scope="session")
def simulate():
    """A function that runs the cell and returns the simulation, the probes and the morphology."""
    A = pytest.importorskip("arbor")
    U = A.units

    def run(names, dt=0.025, duration=20.0, schedules=None):
        tree, cell = _cell(A, U)

        class Recipe(A.recipe):
            def num_cells(self):
                return 1

            def cell_kind(self, gid):
                return A.cell_kind.cable

            def cell_description(self, gid):
                return cell

            def global_properties(self, kind):
                return A.neuron_cable_properties()

            def probes(self, gid):
                return [getattr(A, f"cable_probe_{PROBES[n][0]}")(*PROBES[n][1:], n) for n in names]

        simulation = A.simulation(Recipe())
        every = {name: (schedules or {}).get(name, dt) for name in names}
        probes = {
            name: (PROBES[name][0], simulation.sample((0, name), A.regular_schedule(every[name] * U.ms)))
            for name in names
        }
        if duration:
            simulation.run(duration * U.ms, dt * U.ms)
        return types.SimpleNamespace(simulation=simulation, probes=probes, tree=tree, cell=cell)

    return run
