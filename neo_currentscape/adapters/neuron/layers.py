r"""The layers outside a membrane that NEURON's mechanism `extracellular` adds.

With it ``v`` is the potential across the membrane, ``vext[0]`` the one just outside, and ``v + vext[0]``
that inside, which drives the axial current and electrodes. NEURON solves for a membrane and for each layer

.. math::
    C \dot v + \sum_j I_j &= I_\mathrm{electrode} + \sum_n (u_n - u) / R_n,\quad u = v + e_0 \\
    c_l (\dot e_l - \dot e_{l+1}) + g_l (e_l - e_{l+1}) &= I_{l-1} + \sum_n (e_{l,n} - e_l) / X_{l,n}

with :math:`e_l` = ``vext[l]``, :math:`g_l` = ``xg[l]``, :math:`c_l` = ``xc[l]``, :math:`X_l` of
``xraxial[l]``, and :math:`I_{l-1}` what leaves the layer within: ``i_membrane`` for the first. Behind the
last layer is ground, with the battery ``e_extracellular`` in series with its conductance, but not with its
capacitance.

The circuit is drawn in NEURON's documentation of `extracellular`; the equations are those of its
``treeset.cpp`` and ``extcelln.cpp``, which solve for ``v + vext[0]`` and ``vext``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.compartments import Link, identity
from neo_currentscape.adapters.neuron.tape import Tape

#: Name of the mechanism.
NAME = "extracellular"


def has_layers(h: Any, segment: Any) -> bool:
    """Whether a node has layers outside: those of its section."""
    return bool(h.ismembrane(NAME, sec=segment.sec))


def are_anywhere(h: Any) -> bool:
    """Whether some section of the model has layers."""
    return any(h.ismembrane(NAME, sec=section) for section in h.allsec())


def key_of(node: Any, layer: int) -> str:
    """Key on the tape of the potential of a layer at a node."""
    return f"{identity(node)}.vext[{layer}]"


def record_inside(h: Any, node: Any, tape: Tape) -> str:
    """Record what the potential inside a node is made of; returns the key of its ``v``."""
    key = f"{identity(node)}.v"
    tape.add(key, node._ref_v, moves=True)
    if has_layers(h, node):
        tape.add(key_of(node, 0), node._ref_vext[0])
    return key


def inside(tape: Tape, key: str) -> np.ndarray:
    """The potential inside a node, mV, shape (time,): ``v``, and ``vext[0]`` where there are layers.

    Parameters
    ----------
    tape : Tape
    key : str
        As `record_inside` gives it.
    """
    outside = f"{key.removesuffix('v')}vext[0]"
    return tape[key] + tape[outside] if outside in tape else tape[key]


class Layers:
    """What is recorded of the layers at a compartment.

    Parameters
    ----------
    h : HocObject
        NEURON.
    segment : nrn.Segment
    links : sequence of Link
        To its neighbours.
    tape : Tape
        What is recorded is added to it.

    Attributes
    ----------
    count : int
    """

    def __init__(self, h: Any, segment: Any, links: Sequence[Link], tape: Tape) -> None:
        self.segment, self.count = segment, int(h.nlayer_extracellular())
        self._links = [link for link in links if has_layers(h, link.neighbour)]
        self._key = identity(segment)
        for layer in range(self.count):
            for node in (segment, *(link.neighbour for link in self._links)):
                tape.add_layer(key_of(node, layer), node, layer)
        for name in ("i_membrane", "e_extracellular"):
            tape.add(f"{self._key}.{name}", getattr(segment, f"_ref_{name}"))

    def potential(self, tape: Tape, layer: int) -> np.ndarray:
        """``vext[layer]`` in mV, shape (time,); behind the last layer 0."""
        key = key_of(self.segment, layer)
        return tape[key] if layer < self.count else np.zeros_like(tape[key_of(self.segment, 0)])

    def battery(self, tape: Tape) -> np.ndarray:
        """``e_extracellular`` in mV, shape (time,)."""
        return tape[f"{self._key}.e_extracellular"]

    def membrane(self, tape: Tape) -> np.ndarray:
        """``i_membrane`` in mA/cm**2, outward positive, shape (time,)."""
        return tape[f"{self._key}.i_membrane"]

    def conductance(self, layer: int) -> float:
        """Of the whole compartment towards the next layer, in uS, as it is now."""
        return float(self.segment.xg[layer] * self.segment.area() * 1e-2)

    def capacitance(self, layer: int) -> float:
        """Of the whole compartment towards the next layer, in nF, as it is now."""
        return float(self.segment.xc[layer] * self.segment.area() * 1e-5)

    def siemens(self, layer: int) -> list[float]:
        """Axial conductances to the neighbours that have layers, in uS, as they are now."""
        return [1 / self._resistance(link, layer) for link in self._links]

    def axial(self, tape: Tape, layer: int) -> np.ndarray:
        """What flows in along a layer from the neighbours, nA, shape (time,)."""
        here, out = self.potential(tape, layer), np.zeros_like(self.potential(tape, 0))
        for link, siemens in zip(self._links, self.siemens(layer), strict=True):
            out += siemens * (tape[key_of(link.neighbour, layer)] - here)
        return out

    def _resistance(self, link: Link, layer: int) -> float:
        outer = link.outer
        inner = self.segment if outer is link.neighbour else link.neighbour
        # The first node of a section joins its parent's node itself, not the half of a compartment there.
        halves = [outer, inner] if inner.sec == outer.sec else [outer]
        return sum(_half(node, layer) for node in halves)


def _half(node: Any, layer: int) -> float:
    """Resistance of a layer from the middle of a compartment to its end, megohm; 0 for an end."""
    if node.x in (0, 1):
        return 0.0
    return float(1e-4 * node.xraxial[layer] * node.sec.L / node.sec.nseg / 2)
