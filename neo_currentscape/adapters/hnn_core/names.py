"""hnn-core's own names for what NEURON numbers: sections, synapses and tonic biases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import neo

from neo_currentscape.recording.morphology import Morphology


@dataclass(frozen=True)
class Synapse:
    """A synapse of a cell that hnn-core built: its site, its receptor ("ampa"), and the Exp2Syn."""

    site: str
    receptor: str
    process: Any


def synapses_of(cell: Any) -> dict[str, Synapse]:
    """The synapses of a cell that hnn-core built, by the names that NEURON gives them ("Exp2Syn[12]").

    Parameters
    ----------
    cell : hnn_core.cell.Cell

    Returns
    -------
    dict of str to Synapse
    """
    found = {}
    for name, section in cell.sections.items():
        for receptor in section.syns:
            process = cell._nrn_synapses[f"{name}_{receptor}"]
            site = f"{name}({process.get_segment().x:g})"
            found[process.hname()] = Synapse(site, receptor, process)
    return found


def biases_of(net: Any, cell_type: str, cell: Any) -> dict[str, str]:
    """Names of the tonic biases of a cell, by the name of their IClamp."""
    given = [name for name, types in net.external_biases.items() if cell_type in types]
    return {clamp.hname(): name for clamp, name in zip(cell.tonic_biases, given, strict=True)}


def rename(segment: neo.Segment, cell: Any, names: dict[str, str]) -> None:
    """Give signals, their sites and the morphology of a Segment the names that hnn-core knows.

    Parameters
    ----------
    segment : neo.Segment
        Of a CellRecorder. It is changed.
    cell : hnn_core.cell.Cell
    names : dict of str to str
        Of point processes, by NEURON's names.
    """
    sections = {section.name(): name for name, section in cell._nrn_sections.items()}
    for signal in segment.analogsignals:
        signal.annotations["site"] = _own(signal.annotations["site"], sections)
        signal.name = names.get(signal.name, signal.name)
    shape = Morphology.of(segment)
    sites = [_own(site, sections) for site in shape.sites]
    shape.renamed(sites).with_regions(lambda site: site.partition("(")[0]).annotate(segment)


def _own(site: str, sections: dict[str, str]) -> str:
    section, bracket, at = site.rpartition("(")
    return f"{sections[section]}{bracket}{at}"
