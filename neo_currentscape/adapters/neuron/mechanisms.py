"""What sits at a compartment: its mechanisms, its point processes, and the currents they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.adapters.neuron.slopes import Ohmic, ohmic
from neo_currentscape.conventions.errors import ArgumentError, SelectionError

#: Mechanisms of NEURON that are written in C and write no current of their own.
_WITHOUT_CURRENT = ("capacitance", "morphology")


@dataclass(frozen=True)
class Kind:
    """A kind of mechanism ("hh", "ExpSyn"): its MOD source and the variables NEURON shows.

    Attributes
    ----------
    name : str
    source : Source
    visible : dict of str to int
        Plain names of the RANGE variables (without ``_hh``), and how many elements each has.
    is_point : bool
    """

    name: str
    source: Source
    visible: dict[str, int]
    is_point: bool
    slopes: dict[str, Ohmic | None] = field(default_factory=dict)

    def slope_of(self, current: str) -> Ohmic | None:
        """How a current depends on the voltage; read once a kind."""
        if current not in self.slopes:
            self.slopes[current] = ohmic(self.source, current)
        return self.slopes[current]


@dataclass(frozen=True)
class Current:
    """One current at one compartment.

    Attributes
    ----------
    label : str
        Its name for the user, e.g. "ina_hh" or "ExpSyn[0]".
    kind : Kind
    variable : str
        Its name in the MOD file.
    ion : str or None
    electrode : bool
    owner : object
        The point process, or the mechanism in the compartment.
    """

    label: str
    kind: Kind
    variable: str
    ion: str | None
    electrode: bool
    owner: Any

    @property
    def is_visible(self) -> bool:
        """Whether NEURON shows this current; else only the total of its ion is known."""
        return self.variable in self.kind.visible

    def ref(self, variable: str, element: int | None = None) -> Any:
        """Pointer to a RANGE variable of the mechanism."""
        pointer = getattr(self.owner, f"_ref_{variable}")
        return pointer if element is None else pointer[element]


class Kinds:
    """The kinds of mechanisms, looked up once each.

    Parameters
    ----------
    h : HocObject
        NEURON.
    sources : mapping of str to str
        MOD sources (text or path) for mechanisms whose source NEURON does not hold.
    """

    def __init__(self, h: Any, sources: Mapping[str, str]) -> None:
        self.h = h
        self.sources = {name: _text(name, given) for name, given in sources.items()}
        self._known: dict[tuple[str, bool], Kind] = {}

    def get(self, name: str, is_point: bool, site: str) -> Kind:
        """The kind of a mechanism.

        Raises
        ------
        SelectionError
            When its MOD source is not known.
        """
        key = name, is_point
        if key not in self._known:
            text = self.sources.get(name) or self._code(name, is_point)
            if not text:
                raise SelectionError(
                    f"Mechanism {name!r} at {site} has no MOD source in NEURON, so its currents cannot be "
                    f"found: give it with sources={{{name!r}: 'path/to/{name}.mod'}}."
                )
            self._known[key] = Kind(name, Source(text), self._visible(name, is_point), is_point)
        return self._known[key]

    def _code(self, name: str, is_point: bool) -> str:
        listed = self.h.MechanismType(int(is_point))
        listed.select(name)
        return listed.code()

    def _visible(self, name: str, is_point: bool) -> dict[str, int]:
        standard, found, text = self.h.MechanismStandard(name, 0), {}, self.h.ref("")
        for index in range(int(standard.count())):
            size = int(standard.name(text, index))
            plain = text[0].split("[")[0]
            found[plain if is_point else plain.removesuffix(f"_{name}")] = size
        return found


def _text(name: str, given: str) -> str:
    if "{" in given:
        return given
    if not os.path.exists(given):
        raise ArgumentError(
            f"sources= gives {name!r} the file {given!r}, which does not exist: write the path or the text "
            "of its MOD file."
        )
    with open(given, encoding="utf-8", errors="replace") as file:
        return file.read()


def mechanisms_at(segment: Any) -> dict[str, bool]:
    """Names of what sits at a compartment.

    Returns
    -------
    dict of str to bool
        Name of the mechanism or point process, and whether it is a point process.
    """
    found = {mechanism.name(): False for mechanism in segment}
    return found | {point.hname(): True for point in segment.point_processes()}


def ions_at(segment: Any) -> list[str]:
    """The ions of a compartment, e.g. ["k", "na"]."""
    return sorted(name[: -len("_ion")] for name in mechanisms_at(segment) if name.endswith("_ion"))


def currents_at(segment: Any, kinds: Kinds) -> list[Current]:
    """Find every current that is written at a compartment.

    Parameters
    ----------
    segment : nrn.Segment
        The compartment.
    kinds : Kinds

    Returns
    -------
    list of Current
        Density mechanisms first, both by name.

    Raises
    ------
    SelectionError
        When a current cannot be known; the sentence names the mechanism.
    """
    found: list[Current] = []
    for owner in sorted(segment, key=lambda mechanism: mechanism.name()):
        name = owner.name()
        if name.endswith("_ion") or name in _WITHOUT_CURRENT:
            continue
        if name == "extracellular":
            raise SelectionError(
                f"Mechanism 'extracellular' at {segment} is not covered (its currents do not flow "
                "through the membrane alone): leave it out, or compute extracellular potentials "
                "from the currents."
            )
        found += _currents_of(kinds.get(name, False, str(segment)), owner, name)
    for point in sorted(segment.point_processes(), key=_natural):
        kind = point.hname().rpartition("[")[0].rpartition(".")[2]
        found += _currents_of(kinds.get(kind, True, str(segment)), point, point.hname())
    for current in found:
        _check_visible(current, segment)
    return found


def concentrations_at(segment: Any, kinds: Kinds) -> list[str]:
    """The ion concentrations that something at a compartment reads or writes, e.g. ["cai"]."""
    used: set[str] = set()
    for name, is_point in mechanisms_at(segment).items():
        plain = name.rpartition("[")[0].rpartition(".")[2] if is_point else name
        if not plain.endswith("_ion") and plain not in _WITHOUT_CURRENT:
            used |= kinds.get(plain, is_point, str(segment)).source.concentrations
    reacting = {f"{ion}i" for ion in ions_at(segment) if ion in _reacting_species()}
    return sorted(used | reacting)


def _reacting_species() -> set[str]:
    """Names of what reaction-diffusion changes, which is no mechanism of the compartment."""
    rxd = sys.modules.get("neuron.rxd.species")
    living = [species() for species in getattr(rxd, "_all_species", [])]
    return {species.name for species in living if species is not None}


def _natural(point: Any) -> tuple[str, int]:
    name, _, index = point.hname().rpartition("[")
    return name, int(index.rstrip("]"))


def _currents_of(kind: Kind, owner: Any, name: str) -> list[Current]:
    written = kind.source.currents
    found = []
    for variable, ion, electrode in written:
        label = f"{variable}_{name}" if not kind.is_point else name
        if kind.is_point and len(written) > 1:
            label = f"{name}.{variable}"
        found.append(Current(label, kind, variable, ion, electrode, owner))
    return found


def _check_visible(current: Current, segment: Any) -> None:
    if not current.is_visible and current.ion is None:
        raise SelectionError(
            f"Current {current.variable!r} of mechanism {current.kind.name!r} at {segment} cannot be "
            "read from NEURON and belongs to no ion whose total is known: add "
            f"RANGE {current.variable} to its MOD file."
        )
