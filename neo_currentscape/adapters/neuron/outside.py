"""The signals of the layers outside a membrane, and what their balance leaves.

Each layer of a compartment is a site of its own, ``soma.vext[0](0.5)`` of ``soma(0.5)``, so that its
balance is taken as that of a membrane: what flows on outwards leaves it, as an outward current leaves a
cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neo_currentscape.adapters.neuron.account import TOLERATED, Account, judge, leave
from neo_currentscape.adapters.neuron.layers import Layers
from neo_currentscape.adapters.neuron.segments import SiteWriter
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.conventions.annotations import LAYER, OUTSIDE

#: Part of the currents of a layer up to which the rounding of its potential may be that of its conductance.
TIED = 1e-6


def name_of_layer(site: str, layer: int) -> str:
    """Name of the site of a layer, as NEURON writes it.

    Examples
    --------
    >>> name_of_layer("node[3](0.5)", 1)
    'node[3].vext[1](0.5)'
    """
    section, _, place = site.rpartition("(")
    return f"{section}.vext[{layer}]({place}"


def write_layers(
    writer: SiteWriter, site: Site, tolerated: float = TOLERATED, elsewhere: Sequence[str] = ()
) -> list[Account]:
    """Make the signals of the layers of a site, and add up their balances.

    Parameters
    ----------
    writer : SiteWriter
        Of the site.
    site : Site
        During the steps of a run.
    tolerated, elsewhere
        As for `neo_currentscape.adapters.neuron.account.write_site`.

    Returns
    -------
    list of Account
        One for each layer.
    """
    if not site.has_layers:
        return []
    if site.layers is None:
        _write_potential(writer, site, 0, site.inside() - site.tape[site.key("v")])
        return []
    within, accounts = site.layers.membrane(site.tape) * site.area * 1e-2, []
    for number in range(site.layers.count):
        layer = _Layer(site, site.layers, number, within)
        there = layer.write(writer)
        account = Account(name_of_layer(site.name, number), is_fixed=site.steps.is_fixed)
        account.is_exact = tolerated == TOLERATED
        judge(account, layer.missing, layer.size, layer.rounding, site.steps.times, tolerated)
        leave(there, account, [(label, False) for label in elsewhere], layer.missing)
        accounts.append(account)
        within = layer.outward
    return accounts


def _write_potential(writer: SiteWriter, site: Site, layer: int, values: np.ndarray) -> SiteWriter:
    there = writer.at(name_of_layer(site.name, layer), **{OUTSIDE: site.name, LAYER: layer})
    there.add(f"vext[{layer}]", values, "mV", "voltage")
    return there


class _Layer:
    """The currents of one layer at one compartment, nA.

    Its conductance tells what flows through it where the difference of potentials can be told from
    rounding; with 1e9 S/cm2, as by default, it cannot, and what flows is what the others leave. So is, with
    variable steps, the current of the capacitance, as NEURON does not show its derivative.

    Attributes
    ----------
    missing, size : ndarray, shape (time,)
        What the balance of the layer misses, outward positive, and its largest current.
    rounding : float
        What rounding may make of the former.
    outward : ndarray, shape (time,)
        What flows on into the next layer.
    """

    def __init__(self, site: Site, layers: Layers, number: int, within: np.ndarray) -> None:
        tape, self.site, self.number, self.within = site.tape, site, number, within
        self.e, self.next = layers.potential(tape, number), layers.potential(tape, number + 1)
        self.battery = layers.battery(tape) if number == layers.count - 1 else None
        self.axial, siemens = layers.axial(tape, number), layers.conductance(number)
        volts = max(100.0, *(float(np.abs(x).max()) for x in (self.e, *self._behind())))
        unit = 16 * np.finfo(float).eps * volts
        self.size = np.maximum(np.abs(within), np.abs(self.axial))
        self.is_tied = unit * siemens > TIED * float(self.size[1:].max())
        self.rounding = unit * (sum(layers.siemens(number)) + siemens)
        self.nanofarad = layers.capacitance(number)
        self._solve(siemens)

    def _solve(self, siemens: float) -> None:
        is_open = bool(self.nanofarad) and not self.site.steps.is_fixed
        self.capacitive = np.zeros_like(self.e) if is_open else self._capacitive()
        self.conductive = self._conductive(siemens)
        if is_open:
            self.capacitive = self.within + self.axial - self.conductive
        self.is_left = is_open and not self.is_tied
        self.outward = self.conductive + self.capacitive
        self.missing = self.outward - self.within - self.axial
        for values in (self.conductive, self.capacitive):
            self.size = np.maximum(self.size, np.abs(values))

    def _capacitive(self) -> np.ndarray:
        if not self.nanofarad:
            return np.zeros_like(self.e)
        times, across = self.site.steps.times, self.e - self.next
        steps = np.diff(times, prepend=2 * times[0] - times[1])
        return self.nanofarad * np.diff(across, prepend=across[:1]) / steps

    def _behind(self) -> list[np.ndarray]:
        """What potentials may have been behind the conductance when a step was solved.

        A fixed step plays vectors half a step before its end; what was set between two steps holds for all
        of it.
        """
        if self.battery is None:
            return [self.next]
        now, before = self.battery, np.concatenate((self.battery[:1], self.battery[:-1]))
        return [now, (now + before) / 2, before] if self.site.steps.is_fixed else [now]

    def _conductive(self, siemens: float) -> np.ndarray:
        left = self.within + self.axial - self.capacitive
        if self.is_tied:
            return left
        found = np.array([siemens * (self.e - behind) for behind in self._behind()])
        return found[np.argmin(np.abs(found - left), axis=0), np.arange(len(left))]

    def write(self, writer: SiteWriter) -> SiteWriter:
        """Add the signals; returns the writer of the layer."""
        n, marks = self.number, {"arrays": {"remainder": np.array([True])}}
        there = _write_potential(writer, self.site, n, self.e)
        there.add_current(f"i_vext[{n - 1}]" if n else "i_membrane", self.within, "current", "inward")
        there.add_current(
            f"i_xg[{n}]", self.conductive, "current", "outward", **(marks if self.is_tied else {})
        )
        there.add_current(
            f"i_xc[{n}]", self.capacitive, "capacitive", "outward", **(marks if self.is_left else {})
        )
        there.add_current("i_axial", self.axial, "axial", "inward")
        if self.battery is not None:
            there.add("e_extracellular", self.battery, "mV", "other")
        return there
