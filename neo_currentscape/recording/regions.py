"""Sections and regions by the names of sites, and labels that a caller gives to them."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, unknown_name


def section_of(site: str) -> str:
    """Name of a section from that of a site.

    Examples
    --------
    >>> section_of("Cell[0].dend[3](0.5)")
    'Cell[0].dend[3]'
    """
    return site.rpartition("(")[0] or site if site.endswith(")") else site


def region_of(site: str) -> str:
    """Name of a region from that of a site: its section's, without the cell and the number.

    Examples
    --------
    >>> region_of("Cell[0].dend[3](0.5)")
    'dend'
    """
    return section_of(site).rpartition(".")[2].partition("[")[0]


def labels(morphology: Any, regions: Any) -> list[str]:
    """Label every node.

    Parameters
    ----------
    morphology : Morphology
    regions : None, mapping, callable or sequence of str
        None for the morphology's own; ``{label: sections}``, where the sections are names, glob
        patterns of names, or NEURON sections (a SectionList); a function of the name of a site; or a
        label for each node.

    Returns
    -------
    list of str
        Empty text where a node is in no region. Joints take the label of the node above them.

    Raises
    ------
    ArgumentError
        When a sequence has the wrong length.
    UnknownNameError
        When a name or pattern fits no section.

    Examples
    --------
    >>> cell.regions({"proximal": ["soma", "dend[0]"], "distal": ["dend[1]"]})  # doctest: +SKIP
    """
    if regions is None:
        return list(morphology.regions or ())
    if isinstance(regions, Mapping):
        found = _by_section(morphology, regions)
    elif callable(regions):
        found = [str(regions(site) or "") for site in morphology.sites]
    else:
        found = [str(label) for label in regions]
        if len(found) != len(morphology):
            raise ArgumentError(
                f"regions has {len(found)} labels for {len(morphology)} nodes: give one each."
            )
    for node in morphology.outwards():
        if morphology.is_joint[node] and not found[node] and morphology.parent[node] >= 0:
            found[node] = found[morphology.parent[node]]
    return found


def _by_section(morphology: Any, regions: Mapping[str, Any]) -> list[str]:
    sections = morphology.sections
    known = list(dict.fromkeys(sections))
    chosen: dict[str, str] = {}
    for label, given in regions.items():
        is_one = isinstance(given, str) or type(given).__name__ == "Section"
        for pattern in [given] if is_one else given:
            name = pattern if isinstance(pattern, str) else pattern.name()
            hits = [name] if name in known else [one for one in known if fnmatchcase(one, name)]
            if not hits:
                raise unknown_name("section", name, known[:20])
            chosen.update(dict.fromkeys(hits, str(label)))
    return [chosen.get(section, "") for section in sections]
