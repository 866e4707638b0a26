"""The annotations that this package writes on Neo signals, and believes when it reads them.

``role``      what the signal is (see `neo_currentscape.conventions.roles.ROLES`)
``positive``  the direction in which positive values flow, "outward" or "inward"
``area``      membrane area (Quantity) that turns a density into an absolute current
``site``      the recorded place, e.g. "soma" or "dend[3](0.5)"
``remainder`` True for a current that was not recorded, but is what the balance leaves for it (also as
              an array annotation): such a site balances by construction, and cannot be checked

and of a voltage, for the balance,

``capacitance``  of the site, or of an area of its membrane (Quantity)
``derivative``   the difference quotient that its currents belong to, a key of
                 `neo_currentscape.conservation.differences.RULES`
``resolution``   the step of the simulation (Quantity), where it may be smaller than the sampling
                 interval: alignment with the step then holds no more, and the balance says so
``means``        True where the currents are means over the step that begins at each sample, so that the
                 forward difference balances them to the second order
``unaligned``    a text: what to write so that the currents are brought to the step's difference; without
                 it such a balance holds to the first order in the step only
"""

from __future__ import annotations

from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS, ROLES

#: Sampling intervals in steps of the simulation (``resolution``) from which samples leave steps out.
SKIPPED = 1.5

#: Keys of the annotations of what lies outside a membrane: the site of that membrane, and in which layer.
OUTSIDE, LAYER = "outside", "layer"

#: What Neo leaves of an annotation in which two merged signals differed.
MERGED = "MERGE CONFLICT"

#: Keys under which names of channels are found in array annotations, the best first.
NAME_KEYS = ("name", "names", "channel_names", "channel_name")


def signal_annotations(
    role: str, positive: str | None = None, area: Any = None, site: str | None = None
) -> dict[str, Any]:
    """Make the annotations of a signal, leaving out what is not known.

    Parameters
    ----------
    role : str
        One of `neo_currentscape.conventions.roles.ROLES`.
    positive : {"outward", "inward"}, optional
        Direction in which positive values flow, for currents of every kind.
    area : Quantity, optional
        Area of the membrane that a density belongs to.
    site : str, optional
        The recorded place.

    Returns
    -------
    dict
        To be passed on as ``neo.AnalogSignal(..., **signal_annotations(...))``.

    Raises
    ------
    ArgumentError
        When the role or the direction is not a known one.

    Examples
    --------
    >>> signal_annotations("current", positive="inward", site="soma")
    {'role': 'current', 'positive': 'inward', 'site': 'soma'}
    """
    if role not in ROLES:
        raise ArgumentError(f"Role {role!r} is not known: write one of {', '.join(ROLES)}.")
    if positive is not None and positive not in DIRECTIONS:
        raise ArgumentError(f"Direction {positive!r} is not known: write 'outward' or 'inward'.")
    given = {"role": role, "positive": positive, "area": joinable(area), "site": site}
    return {key: value for key, value in given.items() if value is not None}


class Scalar(pq.Quantity):
    """A Quantity of one number that Neo can compare with another, in signals that it joins.

    ``AnalogSignal.concatenate`` (Neo 0.14) wants the comparison of two Quantities to have elements, which
    that of two numbers has not. It is an ordinary Quantity in all else, and pickled as one.

    Examples
    --------
    >>> area = joinable(400 * pq.um**2)
    >>> float(area), all(area == area)
    (400.0, True)
    """

    def __eq__(self, other: object) -> Any:
        return np.atleast_1d(super().__eq__(other))

    def __ne__(self, other: object) -> Any:
        return np.atleast_1d(super().__ne__(other))

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: Any = None) -> Scalar:
        return Scalar(self.magnitude, units=self.units)

    def __reduce__(self) -> Any:
        return self.view(pq.Quantity).__reduce__()


def joinable(value: Any) -> Any:
    """A value as an annotation that does not hinder Neo from joining signals.

    Parameters
    ----------
    value : object
        A Quantity of one number becomes a `Scalar`; everything else stays what it is.

    Returns
    -------
    object
    """
    if isinstance(value, Scalar) or not isinstance(value, pq.Quantity) or value.ndim:
        return value
    return Scalar(value.magnitude, units=value.units)


def annotation(signal: Any, key: str) -> Any:
    """Read an annotation of a whole signal, also of one that Neo joined; None where there is none.

    ``AnalogSignal.concatenate`` (Neo 0.14) puts what its signals have in common into an annotation
    called "annotations".
    """
    found = signal.annotations.get(key)
    common = signal.annotations.get("annotations")
    return common.get(key) if found is None and isinstance(common, dict) else found


def per_channel(signal: Any, key: str) -> list[Any]:
    """Read an annotation for every channel of a signal.

    An array annotation (one value a channel) goes before an annotation of the whole signal.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    key : str
        Name of the annotation.

    Returns
    -------
    list
        One value a channel, None where there is none.
    """
    n_channels = signal.shape[1]
    values = signal.array_annotations.get(key)
    if values is not None and len(values) == n_channels:
        return [_plain(value) for value in values]
    value = annotation(signal, key)
    parts = value.split(";") if isinstance(value, str) else ()
    if len(parts) == n_channels > 1:
        return [_plain(part) for part in parts]  # as Neo merges signals of one channel each
    return [_plain(value)] * n_channels


def roles_of(signal: Any) -> list[str | None]:
    """Read the annotated role of every channel.

    Returns
    -------
    list of str or None
        None where nothing is annotated, or a word that other programs may have written there and
        that is not one of `neo_currentscape.conventions.roles.ROLES`.
    """
    return [role if role in ROLES else None for role in per_channel(signal, "role")]


def directions_of(signal: Any) -> list[str | None]:
    """Read the annotated direction of positive values of every channel.

    Returns
    -------
    list of str or None
        "outward", "inward", or None where nothing is annotated.

    Raises
    ------
    ArgumentError
        When another word is annotated: guessing would turn the currents upside down.
    """
    found = per_channel(signal, "positive")
    for direction in found:
        if direction is not None and direction not in DIRECTIONS:
            raise ArgumentError(
                f"Signal {signal.name!r} has the annotation positive={direction!r}: write 'outward' or "
                "'inward', the direction in which its positive values flow."
            )
    return found


def membranes_of(signal: Any) -> list[str | None]:
    """Read for every channel outside which site's membrane it is; None for what is at a membrane."""
    return [None if site is None or site == MERGED else str(site) for site in per_channel(signal, OUTSIDE)]


def sites_of(signal: Any) -> list[str | None]:
    """Read the annotated site of every channel; None where there is none."""
    return [None if site is None or site == MERGED else str(site) for site in per_channel(signal, "site")]


def areas_of(signal: Any) -> list[Any]:
    """Read the annotated membrane area of every channel, a Quantity; None where there is none."""
    areas = per_channel(signal, "area")
    return [None if _is_merged(area) else area for area in areas]


def _is_merged(area: Any) -> bool:
    # Neo puts the areas of merged signals into one array, and loses their unit.
    several = isinstance(area, pq.Quantity) and area.ndim > 0 and not area.dimensionality
    return several or (isinstance(area, str) and area == MERGED)


def remainders_of(signal: Any) -> list[bool]:
    """Read for every channel whether it is what the balance leaves, and was not recorded.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> signal = neo.AnalogSignal([[1, 2]], units="nA", sampling_rate=10 * pq.kHz, remainder=True)
    >>> remainders_of(signal)
    [True, True]
    """
    # A merged signal may say "MERGE CONFLICT" there, which tells nothing.
    return [mark is True for mark in per_channel(signal, "remainder")]


def channel_names(signal: Any) -> list[str] | None:
    """Read the names of a signal's channels from its array annotations.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).

    Returns
    -------
    list of str or None
        One name a channel; None where the channels carry no names of their own.
    """
    for key in NAME_KEYS:
        values = signal.array_annotations.get(key)
        if values is not None and len(values) == signal.shape[1]:
            return [str(value) for value in values]
    return _merged_names(signal)


def _merged_names(signal: Any) -> list[str] | None:
    """The names of the signals that Neo merged into one, whose name is then "merge(ina, ik)"."""
    name = signal.name or ""
    if signal.shape[1] < 2 or not name.startswith("merge("):
        return None
    names = [_unmatched(part.replace("merge(", "")) for part in name.split(", ")]
    return names if len(names) == signal.shape[1] else None


def _unmatched(name: str) -> str:
    """A name without the closing brackets that it does not open."""
    while name.endswith(")") and name.count(")") > name.count("("):
        name = name[:-1]
    return name


def _plain(value: Any) -> Any:
    # numpy's str_ and integer scalars print and compare oddly in messages and files.
    value = value.item() if isinstance(value, np.generic) else value
    # An array annotation cannot leave a channel out: an empty text says nothing.
    return None if isinstance(value, str) and not value else value
