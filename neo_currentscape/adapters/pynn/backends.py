"""How each PyNN backend names, scales, signs and times the variables of a cell type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from neo_currentscape.adapters.pynn.models import VARIABLES
from neo_currentscape.conventions.errors import ArgumentError


@dataclass(frozen=True)
class Stored:
    """Under which name and unit a backend records a variable.

    Attributes
    ----------
    name : str
        Name for ``population.record`` and of the recorded signal.
    units : str
        True unit of the recorded values, whatever PyNN labels them with.
    sign : int
        -1 where the backend records the opposite direction.
    """

    name: str
    units: str
    sign: int = 1


#: Variables that PyNN's standard cell types do not offer, or offer under another name or unit.
STORED = {
    ("NEURON", "HH_cond_exp"): {
        gate: Stored(f"seg.{gate}_hh_traub", "dimensionless") for gate in ("m", "h", "n")
    },
    ("NEST", "HH_cond_exp"): {gate: Stored(gate, "dimensionless") for gate in ("m", "h", "n")},
    ("NEURON", "IF_cond_exp_gsfa_grr"): {
        "g_s": Stored("gsfa_grr.g_s", "nS"),
        "g_r": Stored("gsfa_grr.g_r", "nS"),
    },
}
for _name in ("IF_curr_exp", "IF_curr_alpha"):
    # NEURON's point processes count outward currents as positive, PyNN's isyn inward ones.
    STORED["NEURON", _name] = {
        "isyn_exc": Stored("esyn.i", "nA", -1),
        "isyn_inh": Stored("isyn.i", "nA", -1),
    }

#: Recorded where the simulator holds the voltage without PyNN hearing of the spike: NEURON's GIF
#: mechanism sends no event.
HOLDING = {("NEURON", "GIF_cond_exp"): Stored("gif_fun.isrefrac", "dimensionless")}

#: Which finite difference of the voltage balances the currents. NEURON solves implicitly, with what
#: holds at the end of the step; NEST and Brian2 go forward from the state at its beginning.
_DERIVATIVE = {"NEURON": "backward", "NEST": "forward", "Brian2": "forward"}


def stored(simulator: str, celltype: str, variable: str) -> Stored:
    """Tell how a backend records a variable of a cell type.

    Parameters
    ----------
    simulator : str
        "NEURON", "NEST" or "Brian2", as PyNN writes it into a Block.
    celltype : str
        Name of the standard cell type.
    variable : str
        A key of `neo_currentscape.adapters.pynn.models.VARIABLES`.

    Returns
    -------
    Stored

    Examples
    --------
    >>> stored("NEURON", "IF_curr_exp", "isyn_exc")
    Stored(name='esyn.i', units='nA', sign=-1)
    """
    special = STORED.get((simulator, celltype), {}).get(variable)
    if special is not None:
        return special
    receptor, _, kind = variable.rpartition(".")
    # The receptors of PointNeuron: NEURON's current is positive outward, the others' inward.
    sign = -1 if receptor and kind == "isyn" and simulator == "NEURON" else 1
    return Stored(variable, VARIABLES[kind], sign)


def check_simulator(simulator: str) -> None:
    """Refuse a backend whose time alignment is not known.

    Raises
    ------
    ArgumentError
        With the backends that are known.
    """
    if simulator not in _DERIVATIVE:
        raise ArgumentError(
            f"PyNN backend {simulator!r} is not one whose time alignment is known "
            f"({', '.join(_DERIVATIVE)}): record its currents and give them to ncs.Recording."
        )


def derivative(simulator: str, number: int) -> str:
    """The finite difference of the voltage that balances the currents.

    Parameters
    ----------
    simulator : str
        The PyNN backend.
    number : int
        Steps of a fixed length from one sample to the next; 0 where there are none. A mean over several
        steps goes with the difference over them; the rule of one implicit step does not.

    Returns
    -------
    {"backward", "forward", "central"}
    """
    if number > 1 and simulator == "NEURON":
        return "central"
    return _DERIVATIVE[simulator] if number else "central"


def state_of(population: Any) -> Any:
    """The state of the simulator that a population belongs to (time, step, ranks ...)."""
    return population._simulator.state
