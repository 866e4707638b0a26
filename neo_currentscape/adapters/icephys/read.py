"""`read`: any file of a patch-clamp rig as a Neo Block."""

from __future__ import annotations

import os

import neo

from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.conventions.given import path_of


def read(path: str | os.PathLike[str]) -> neo.Block:
    """Read a recording from the bench.

    Parameters
    ----------
    path : str or path
        ABF 1 or 2 (read by pyABF), intracellular NWB (pynwb), a table with a column of times (CSV, TSV,
        ATF or other text, by pandas), or what Neo reads (WinWCP, AxoGraph, Igor, Spike2 ...).

    Returns
    -------
    neo.Block
        A Segment for each sweep. Its signals begin at their own zero of time; of its annotations
        ``sweep_start`` (Quantity) says when the sweep began, ``sweep`` its number from 0, and ``clamp``
        "current" or "voltage", where the file tells it. Signals have the roles "voltage", "electrode" (a
        current measured in current clamp, inward positive), "membrane" (one measured in voltage clamp,
        outward positive), "command" (what was sent: pA, inward positive, or mV) or "other"; a ``site``
        where several cells were clamped.

    Raises
    ------
    FileError
        When there is no such file, or it is damaged.
    MissingDependencyError
        When the package that reads it is not installed.

    Warns
    -----
    CurrentscapeWarning
        When something had to be assumed (a unit that a table does not write), or a command is left out.

    Examples
    --------
    >>> import neo_currentscape as ncs
    >>> block = icephys.read("cell.abf")                                         # doctest: +SKIP
    >>> ncs.protocols.fi(block.segments).rheobase                                # doctest: +SKIP
    array(0.05) * nA
    """
    from neo_currentscape.adapters.icephys import through_neo
    from neo_currentscape.adapters.icephys.own import read_own

    path = inputs.existing_file(path_of(path, "read()"))
    if inputs.is_pickle(path):
        raise FileError(f"{str(path)!r} is a pickle, and no recording from the bench: read it with Neo.")
    found = read_own(path)
    return through_neo.read(path) if found is None else found
