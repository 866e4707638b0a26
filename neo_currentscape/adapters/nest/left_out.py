"""What a Segment lacks of the currents of a model, and what to record or give to have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, warn


@dataclass(frozen=True)
class LeftOut:
    """One current that is missing.

    Attributes
    ----------
    model : str
    name : str
        Of the current.
    record : tuple of str
        Variables that have to be recorded for it.
    parameters : tuple of str
        Parameters that have to be known for it.
    sentence : str
        Says why, where it is neither.
    recordable : bool
        Whether it is a variable that NEST records, and is not derived.
    """

    model: str
    name: str
    record: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    sentence: str = ""
    recordable: bool = False

    def error(self) -> SelectionError | ArgumentError:
        """What is raised where the current was asked for; its text is a sentence of its own."""
        if self.record:
            listed = _quoted(self.record)
            needs = "was not recorded" if self.recordable else f"needs {listed}, which was not recorded"
            return SelectionError(
                f"{self.name} of {self.model} {needs}: create the multimeter with "
                f"record_from=[..., {listed}]."
            )
        if self.parameters:
            listed = _quoted(self.parameters)
            return ArgumentError(
                f"{self.name} of {self.model} needs the parameters {listed}: pass the live multimeter, or "
                f"write parameters=neurons.get([{listed}])."
            )
        return ArgumentError(self.sentence)


def of_derived(group: Group, current: Derived) -> LeftOut | None:
    """Why a current cannot be derived; None where it can."""
    absent = tuple(name for name in current.needs if name not in group.recorded)
    unknown = tuple(name for name in current.parameters if name not in group.parameters)
    if not absent and not unknown:
        return None
    return LeftOut(str(group.name), current.name, absent, () if absent else unknown)


def of_recordables(group: Group) -> list[LeftOut]:
    """The currents that NEST would have recorded, and the multimeter did not ask for."""
    if group.model is None:
        return []
    recorded, possible = group.recorded, possible_variables(group)
    found = []
    for name in possible:
        variable = group.model.variable(name)
        if name in recorded or variable is None or variable.role != "current":
            continue
        parts = [
            other for other in possible if variable.total_of and re.fullmatch(variable.total_of, other)
        ]
        if not parts and not _is_in_a_total(group, name):
            found.append(LeftOut(str(group.name), name, (name,), recordable=True))
    return found


def of_untold(group: Group) -> list[LeftOut]:
    """The currents of which a model says that nothing recorded tells them."""
    if group.model is None:
        return []
    return [LeftOut(str(group.name), name, sentence=sentence) for name, sentence in group.model.untold]


def _is_in_a_total(group: Group, name: str) -> bool:
    assert group.model is not None
    variables = {total: group.model.variable(total) for total in group.recorded}
    return any(v is not None and v.total_of and re.fullmatch(v.total_of, name) for v in variables.values())


def possible_variables(group: Group) -> list[str]:
    """All that a model records, of as many receptors as its neurons have."""
    assert group.model is not None
    found = list(group.recorded)
    for name in group.model.variables:
        if name.endswith(r"_\d+"):
            found += [name.replace(r"\d+", str(k + 1)) for k in range(_number_of_ports(group))]
        elif name.isidentifier() or "." in name and name.replace(".", "").isidentifier():
            found.append(name)
    return list(dict.fromkeys(found))


def _number_of_ports(group: Group) -> int:
    lists = [p for p in group.parameters.values() if p.ndim == 2]
    return max((p.shape[1] for p in lists), default=0)


def warn_of(found: Iterable[LeftOut]) -> None:
    """Say in one sentence what is missing, and what to record for it."""
    missing = list(dict.fromkeys(found))
    if not missing:
        return
    models = list(dict.fromkeys(left.model for left in missing))
    said = "; ".join(_clause(model, [left for left in missing if left.model == model]) for model in models)
    warn(
        f"The picture is not whole: {said}. Write derived=False, or name those wanted with derived=[...], "
        "if that is what you want."
    )


def _clause(model: str, missing: Sequence[LeftOut]) -> str:
    parts = []
    unrecorded = [left for left in missing if left.record]
    if unrecorded:
        record = dict.fromkeys(name for left in unrecorded for name in left.record)
        parts.append(
            f"{_names(unrecorded)} of {model} left out (create the multimeter with "
            f"record_from=[..., {_quoted(record)}])"
        )
    unknown = [left for left in missing if left.parameters]
    if unknown:
        keys = dict.fromkeys(name.partition(".")[0] for left in unknown for name in left.parameters)
        parts.append(
            f"{_names(unknown)} of {model} left out (pass the live multimeter, or write "
            f"parameters=neurons.get([{_quoted(keys)}]))"
        )
    parts += [left.sentence.rstrip(".") for left in missing if left.sentence]
    return "; ".join(parts)


def _names(missing: Sequence[LeftOut]) -> str:
    return ", ".join(dict.fromkeys(left.name for left in missing))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
