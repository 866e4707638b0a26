"""What sits at a compartment: its mechanisms, its point processes, and the currents they write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neo_currentscape.adapters.neuron import built, diffusing
from neo_currentscape.adapters.neuron.mod_files import check_name, text_of
from neo_currentscape.adapters.neuron.nmodl import Source
from neo_currentscape.adapters.neuron.slopes import Ohmic, ohmic
from neo_currentscape.adapters.neuron.variables import Needs, needs_of
from neo_currentscape.conventions.errors import SelectionError

#: Mechanisms of NEURON that are written in C and write no current through the membrane.
_WITHOUT_CURRENT = ("capacitance", "extracellular", "morphology")
_AGAIN = "make a new Recorder, then run again"

#: What to write where a current cannot be known.
GO_ON = "write unknown='each' to have it as what the balance leaves"


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
    shown_as : dict of str to str
        Currents that NEURON shows under another name than that of the source.
    """

    name: str
    source: Source
    visible: dict[str, int]
    is_point: bool
    shown_as: dict[str, str] = field(default_factory=dict)
    slopes: dict[str, Ohmic | None] = field(default_factory=dict)
    _needs: list[Needs] = field(default_factory=list)

    def slope_of(self, current: str) -> Ohmic | None:
        """How a current depends on the voltage; read once a kind."""
        if current not in self.slopes:
            self.slopes[current] = ohmic(self.source, current)
        return self.slopes[current]

    def needs(self, h: Any) -> Needs:
        """What a copy has to be given; found once a kind."""
        if not self._needs:
            self._needs.append(needs_of(self.source, self.visible, self.name, h))
        return self._needs[0]

    def shows(self, current: str) -> bool:
        """Whether NEURON shows a current of the mechanism, and not something else under its name."""
        return self.shown_as.get(current, current) in self.visible and current not in self.source.hides


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
    members : tuple of str
        Labels of the currents that it is the sum of; empty for one that is a single one.
    """

    label: str
    kind: Kind
    variable: str
    ion: str | None
    electrode: bool
    owner: Any
    members: tuple[str, ...] = ()

    @property
    def is_visible(self) -> bool:
        """Whether NEURON shows this current; else only the total of its ion is known."""
        return self.kind.shows(self.variable) and not self.members

    def ref(self, variable: str, element: int | None = None) -> Any:
        """Pointer to a RANGE variable of the mechanism."""
        pointer = getattr(self.owner, f"_ref_{self.kind.shown_as.get(variable, variable)}")
        return pointer if element is None else pointer[element]


def sum_of(currents: Sequence[Current]) -> Current:
    """Several currents of one ion that NEURON shows only together, as one."""
    labels = tuple(current.label for current in currents)
    return replace(currents[0], label=" + ".join(labels), members=labels)


class Kinds:
    """The kinds of mechanisms, looked up once each.

    Parameters
    ----------
    h : HocObject
        NEURON.
    sources : mapping of str to str
        MOD sources (text or path) for mechanisms whose source NEURON does not hold.
    parts : mapping of str to sequence of str or True, optional
        Variables of mechanisms that add up to their current.
    """

    def __init__(
        self, h: Any, sources: Mapping[str, str], parts: Mapping[str, Sequence[str] | bool] | None = None
    ) -> None:
        self.h = h
        self.sources = {name: text_of(name, given) for name, given in sources.items()}
        self.parts = parts or {}
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
            self._known[key] = self._built(name, is_point) or self._read(name, is_point, site)
        return self._known[key]

    def _read(self, name: str, is_point: bool, site: str) -> Kind:
        text = self.sources.get(name) or self._code(name, is_point)
        if not text:
            raise SelectionError(
                f"Mechanism {name!r} at {site} has no MOD source in NEURON, so its currents cannot be "
                f"found: give it with sources={{{name!r}: 'path/to/{name}.mod'}}, or {GO_ON}."
            )
        source = Source(text)
        check_name(source, name, name in self.sources)
        return Kind(name, source, self._visible(name, is_point), is_point)

    def _built(self, name: str, is_point: bool) -> Kind | None:
        """One that was built in NEURON, with no source."""
        if name in self.sources or self._code(name, is_point):
            return None
        found = built.find(self.h, name)
        if found is None:
            return None
        visible = self._visible(name, is_point)
        source = Source(built.text_of(found, list(visible), is_point))
        return Kind(name, source, visible, is_point, {built.current_of(found): "i"})

    def has(self, name: str, is_point: bool) -> bool:
        """Whether the MOD source of a mechanism is known, or how it was built."""
        if (name, is_point) in self._known or self.sources.get(name) or self._code(name, is_point):
            return True
        return built.find(self.h, name) is not None

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


def mechanisms_at(segment: Any) -> dict[str, bool]:
    """Names of what sits at a compartment.

    Returns
    -------
    dict of str to bool
        Name of the mechanism or point process, and whether it is a point process.
    """
    found = {mechanism.name(): False for mechanism in segment}
    return found | {point.hname(): True for point in segment.point_processes()}


def check_unchanged(
    segment: Any, site: str, kinds: Kinds, mechanisms: Mapping[str, bool], nseg: int
) -> None:
    """Refuse a compartment whose mechanisms are not those that it had, or that was deleted.

    Point processes that carry no current, such as an APCount, may come and go.

    Raises
    ------
    SelectionError
        Which says what was inserted or removed.
    """
    try:
        now, parts = mechanisms_at(segment), segment.sec.nseg
    except Exception as cause:  # NEURON raises several kinds for a section that was deleted.
        raise SelectionError(f"{site} was deleted after the Recorder was made: {_AGAIN}.") from cause
    changed = {name for name in now.keys() ^ mechanisms.keys() if not _only_watches(name, kinds)}
    if not changed and parts == nseg:
        return
    added, gone = sorted(changed & now.keys()), sorted(changed - now.keys())
    what = [f"{name!r} was inserted" for name in added] + [f"{name!r} was removed" for name in gone]
    change = ", ".join(what) or f"nseg is {parts} and was {nseg}"
    raise SelectionError(f"At {site}, {change} after the Recorder was made: {_AGAIN}.")


def _only_watches(name: str, kinds: Kinds) -> bool:
    """Whether something is a point process that carries no current."""
    plain = name.rpartition("[")[0].rpartition(".")[2]
    return bool(plain) and kinds.has(plain, True) and not kinds.get(plain, True, "").source.currents


def ions_at(segment: Any) -> list[str]:
    """The ions of a compartment, e.g. ["k", "na"]."""
    return sorted(name[: -len("_ion")] for name in mechanisms_at(segment) if _is_ion(segment, name))


def _is_ion(segment: Any, name: str) -> bool:
    # A mechanism may be called so as well; only an ion has a total.
    return name.endswith("_ion") and hasattr(segment, f"di{name[: -len('_ion')]}_dv_")


def currents_at(segment: Any, kinds: Kinds, unseen: list[tuple[str, bool]] | None = None) -> list[Current]:
    """Find every current that is written at a compartment.

    Parameters
    ----------
    segment : nrn.Segment
        The compartment.
    kinds : Kinds
    unseen : list of (str, bool), optional
        What NEURON shows nothing of is added to it, with whether an electrode injects it.

    Returns
    -------
    list of Current
        Density mechanisms first, both by name.

    Raises
    ------
    SelectionError
        When a current cannot be known and `unseen` is not given; the sentence names the mechanism.
    """
    found: list[Current] = []
    for owner, name, is_point in _owners(segment):
        plain = name.rpartition("[")[0].rpartition(".")[2] if is_point else name
        try:
            kind = kinds.get(plain, is_point, str(segment))
        except SelectionError:
            if unseen is None:
                raise
            unseen.append((name, False))
            continue
        for current in _currents_of(kind, owner, name):
            if current.is_visible or current.ion is not None:
                found.append(current)
            elif unseen is None:
                raise _not_visible(current, segment)
            else:
                unseen.append((current.label, current.electrode))
    return found


def _owners(segment: Any) -> Iterator[tuple[Any, str, bool]]:
    """The mechanisms and point processes of a compartment that may write currents, with their names."""
    for owner in sorted(segment, key=lambda mechanism: mechanism.name()):
        name = owner.name()
        if not _is_ion(segment, name) and name not in _WITHOUT_CURRENT:
            yield owner, name, False
    for point in sorted(segment.point_processes(), key=_natural):
        yield point, point.hname(), True


def concentrations_at(segment: Any, kinds: Kinds) -> list[str]:
    """The ion concentrations that something at a compartment reads or writes, e.g. ["cai"]."""
    used: set[str] = set()
    for name, is_point in mechanisms_at(segment).items():
        plain = name.rpartition("[")[0].rpartition(".")[2] if is_point else name
        if not _is_ion(segment, plain) and plain not in _WITHOUT_CURRENT and kinds.has(plain, is_point):
            used |= kinds.get(plain, is_point, str(segment)).source.concentrations
    reacting = {f"{ion}i" for ion in ions_at(segment) if ion in diffusing.changed()}
    return sorted(used | reacting)


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


def _not_visible(current: Current, segment: Any) -> SelectionError:
    return SelectionError(
        f"Current {current.variable!r} of mechanism {current.kind.name!r} at {segment} cannot be "
        "read from NEURON and belongs to no ion whose total is known: add "
        f"RANGE {current.variable} to its MOD file, or {GO_ON}."
    )
