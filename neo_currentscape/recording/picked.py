"""What a Recording is made of, picked from a Segment: what was asked for, put together, in one unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.recording import canonical, clamped, doubts
from neo_currentscape.recording import noise as noises
from neo_currentscape.recording.choices import labels_in
from neo_currentscape.recording.described import completed
from neo_currentscape.recording.direction_doubts import warn_of_reversed
from neo_currentscape.recording.inventory import inventory, segment_of, stored_signals
from neo_currentscape.recording.parts import labels_of_parts
from neo_currentscape.recording.parts_check import checked_signal, warn_of_wholes
from neo_currentscape.recording.select import choose, is_named
from neo_currentscape.recording.stored_columns import check_sign, check_times, stored_columns


def picked(
    segment: Any,
    chosen: Mapping[str, Any],
    *,
    neuron: Any,
    site: str | None,
    units: Mapping[str, Any] | None,
    sign: str | Mapping[str, str] | None,
    area: Any,
    noise: Any,
) -> dict[str, Any]:
    """Pick the signals of a Recording.

    Parameters
    ----------
    segment : neo.Segment, neo.Block, or path of a file
    chosen : dict
        What was given as ``voltage``, ``currents``, ``ions``, ``electrode`` and ``parts``.
    neuron, site, units, sign, area, noise
        As for `neo_currentscape.Recording.from_segment`.

    Returns
    -------
    dict
        What `neo_currentscape.Recording` takes: the signal of each part, the area, the clamped samples and
        the noise.
    """
    segment = completed(segment, chosen["currents"])
    variables = inventory(segment, units)
    _check_sign(variables, chosen, sign)
    if area is not None:
        unit_tools.positive(area, "um**2", "area")
    choices, neuron, site = choose(variables, neuron=neuron, site=site, **chosen)
    here = variables if site is None else [v for v in variables if v.site in (None, site)]
    doubts.warn_of(choices, here, is_named(chosen["currents"]), sign)
    found = {part: stored_columns(some, neuron, sign, area) for part, some in choices.items()}
    check_times([piece for pieces in found.values() for piece in pieces])
    out: dict[str, Any] = {
        part: canonical.stack_part(part, found[part], area is not None, neuron, site)
        for part in canonical.ROLE_OF_PART
    }
    out["currents"] = checked_signal(out["currents"], found["parts"])
    warn_of_wholes(found["currents"], out["currents"])
    warn_of_reversed(out["currents"], choices["currents"], sign)
    if area is None:
        area = next((p.area for p in found["currents"] if p.area is not None), None)
    if noise is None and out["currents"] is not None:
        noise = noises.of_segment(stored_signals(segment_of(segment)), found["currents"])
    times = clamped.epochs_of(segment_of(segment), neuron, site)
    return {**out, "area": area, "clamped": times, "noise": noise}


def _check_sign(variables: Any, chosen: Mapping[str, Any], sign: Any) -> None:
    known = [name for variable in variables for name in (variable.name, variable.short_name)]
    labels = [*labels_in(chosen["currents"]), *labels_in(chosen["electrode"])]
    check_sign(sign, [*known, *labels, *labels_of_parts(chosen["parts"])])
