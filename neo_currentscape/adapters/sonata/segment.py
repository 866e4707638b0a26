"""From SONATA reports to a Neo Segment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.adapters.sonata.report import Report, read
from neo_currentscape.conventions import roles
from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import SelectionError, SignalError, UnitsError, unknown_name
from neo_currentscape.conventions.given import path_of

Path_ = str | os.PathLike[str]


def to_segment(
    reports: Path_ | Mapping[str, Path_],
    *,
    node: int | Sequence[int] | None = None,
    section: int | Sequence[int] | None = None,
    population: str | None = None,
    units: str | Mapping[str, str] | None = None,
    positive: str | Mapping[str, str] | None = None,
    role: Mapping[str, str] | None = None,
    area: Any = None,
    simulation_dt: Any = None,
) -> neo.Segment:
    """Put compartment reports of the same simulation into a Neo Segment.

    Parameters
    ----------
    reports : path or mapping of str to path
        Reports under the names that their signals get; the name of the file for a single path.
    node : int or sequence of int, optional
        Nodes, by their index in the population. Reports with several elements of a node take one node
        at a time; may be left out where there is no choice.
    section : int or sequence of int, optional
        Sections (``element_ids``); all of them unless told.
    population : str, optional
        May be left out where the reports hold one.
    units : str or mapping of str to str, optional
        Units of reports that store none (BMTK's), for all reports or by name; may be left out where a
        report says which of NEURON's variables it holds.
    positive : {"outward", "inward"} or mapping, optional
        Direction of positive values, for all currents or by name; outward for membrane currents and
        inward for electrodes unless told, as NEURON has it.
    role : mapping of str to str, optional
        Roles by name; go before those that units and names tell.
    area : Quantity or mapping of str to Quantity, optional
        Membrane area, of every place or by site, which no report stores; needed to combine densities
        (mA/cm**2) with absolute currents (nA).
    simulation_dt : Quantity, optional
        Step of the simulation, where BMTK wrote a report with a longer one: its values were sampled
        at the end of the step that begins at the stored time.

    Returns
    -------
    neo.Segment
        For reports of one element a node, one signal for each report with a channel for each node;
        for others one signal for each report and element, annotated with its site,
        ``"sec[<element_id>](<element_pos>)"``. Synapses of one report (BMTK's netcon_report) are numbered,
        ``"<name>[0]"``, as several may be at one place.

        Currents of a NEURON simulation with a fixed step (BMTK's) are those of the step before their
        voltage; a report does not hold what would align them.

    Raises
    ------
    SelectionError
        When a population, node or section was not recorded, or more than one is possible.
    UnitsError
        When a report stores no units, and none are given.
    ArgumentError
        When a file is no report.

    Examples
    --------
    >>> to_segment({"v": "v.h5", "ina": "ina.h5"}, node=3)        # doctest: +SKIP
    """
    one = reports if isinstance(reports, Mapping) else path_of(reports, "to_segment()")
    named = dict(one) if isinstance(one, Mapping) else {one.stem: one}
    for given, what in ((units, "units"), (positive, "positive"), (role, "role")):
        for name in given if isinstance(given, Mapping) else ():
            if name not in named:
                raise unknown_name(f"report in {what}=", name, named)
    nodes = None if node is None else [int(n) for n in np.atleast_1d(node)]
    dt = None if simulation_dt is None else unit_tools.scalar(simulation_dt, "ms", "simulation_dt")
    segment = neo.Segment(name="SONATA reports")
    for name, path in named.items():
        report = read(path_of(path, "to_segment()"), population, nodes, dt)
        unit = _unit(name, report, units)
        marks = _marks(name, unit, positive, dict(role or {}))
        writer = Writer(_clock(report))
        _add(writer, name, report, unit, marks, section, area)
        writer.into(segment)
    return segment


def _clock(report: Report) -> Clock:
    to_ms = float(unit_tools.parse_units(report.time_units).rescale("ms"))
    step = report.step * to_ms
    return Clock(report.start * to_ms + step * np.arange(len(report.values)), step)


#: Units of NEURON's variables, by name.
_VARIABLES = (
    (re.compile(r"v|vext(_\d)?|e(na|k|ca|cl)"), "mV"),
    (re.compile(r"i_membrane_|se|ic|f_ic"), "nA"),
    (re.compile(r"i_membrane|i_cap|i(na|k|ca|cl|mg|h)|i[a-zA-Z]*_[A-Za-z]\w*"), "mA/cm**2"),
    (re.compile(r"(na|k|ca|cl|mg)[io]"), "mM"),
)


def units_of_variable(variable: str | None, is_of_synapses: bool = False) -> str | None:
    """The unit of one of NEURON's variables.

    Parameters
    ----------
    variable : str or None
        As BMTK stores it.
    is_of_synapses : bool
        Whether it is a variable of point processes.

    Returns
    -------
    str or None
        None where the name does not tell it.

    Examples
    --------
    >>> [units_of_variable(name) for name in ("v", "ina", "i_pas", "cai", "m_hh")]
    ['mV', 'mA/cm**2', 'mA/cm**2', 'mM', None]
    >>> units_of_variable("i", is_of_synapses=True)
    'nA'
    """
    name = variable or ""
    if is_of_synapses:
        return "nA" if re.fullmatch(r"i(_\w+)?", name) else None
    return next((unit for pattern, unit in _VARIABLES if pattern.fullmatch(name)), None)


def _unit(name: str, report: Report, given: str | Mapping[str, str] | None) -> Any:
    told = given.get(name) if isinstance(given, Mapping) else given
    if report.units is None and told is None:
        told = units_of_variable(report.variable, report.is_of_synapses)
    if report.units is None and told is None:
        raise UnitsError(
            f"Report {report.path!r} says nothing of its units: write units={{{name!r}: 'mV'}}, or what "
            "they are."
        )
    if report.units is None:
        return unit_tools.parse_units(told)
    stored = unit_tools.parse_units(report.units)
    if isinstance(given, Mapping) and told is not None:
        wanted = unit_tools.parse_units(told)
        if wanted.dimensionality != stored.dimensionality:
            raise UnitsError(
                f"units= gives report {report.path!r} the unit {told}, but it is stored in {report.units}: "
                "leave it out."
            )
    return stored


def _marks(
    name: str, unit: Any, positive: str | Mapping[str, str] | None, role: dict[str, str]
) -> dict[str, Any]:
    found = role.get(name) or roles.read_role(name, unit_tools.kind(unit)).role
    if found not in roles.CANONICAL:
        return {"role": found}
    told = positive.get(name) if isinstance(positive, Mapping) else None
    if isinstance(positive, str) and found == "current":
        told = positive
    return {"role": found, "positive": told or roles.CANONICAL[found]}


def _add(
    writer: Writer, name: str, report: Report, unit: Any, marks: dict[str, Any], section: Any, area: Any
) -> None:
    columns = _columns(report, section)
    nodes = report.nodes[columns]
    if len(set(nodes.tolist())) == len(nodes):
        places = {report.sites[column] for column in columns}
        site = places.pop() if len(places) == 1 else None
        values, own_area = report.values[:, columns], _area(area, site)
        writer.add(name, values, unit, **marks, neurons=nodes, site=site, area=own_area)
        return
    if len(set(nodes.tolist())) > 1:
        raise SelectionError(
            f"Report {report.path!r} holds several elements of {len(set(nodes.tolist()))} nodes: write "
            f"node={nodes[0]}, or section={report.sections[columns[0]]} for one section with one element."
        )
    sites = report.sites
    repeated = sorted({sites[c] for c in columns if sum(sites[d] == sites[c] for d in columns) > 1})
    if repeated and not report.is_of_synapses:
        raise SignalError(
            f"Report {report.path!r} has the element {repeated[0]} of node {nodes[0]} twice: "
            "mend the report."
        )
    for number, column in enumerate(columns):
        own, site = f"{name}[{number}]" if report.is_of_synapses else name, sites[column]
        neuron, own_area = report.nodes[[column]], _area(area, site)
        values = report.values[:, [column]]
        writer.add(own, values, unit, **marks, neurons=neuron, site=site, area=own_area)


def _columns(report: Report, section: Any) -> np.ndarray:
    if section is None:
        return np.arange(len(report.nodes))
    wanted = np.atleast_1d(section)
    for each in wanted:
        if each not in report.sections:
            listed = ", ".join(map(str, sorted(set(report.sections.tolist()))[:20]))
            raise SelectionError(
                f"Section {each} was not recorded in {report.path!r}: the sections are {listed}."
            )
    return np.flatnonzero(np.isin(report.sections, wanted))


def _area(area: Any, site: str | None) -> Any:
    found = area.get(site) if isinstance(area, Mapping) else area
    return None if found is None else unit_tools.scalar(found, "um**2", "area") * pq.um**2
