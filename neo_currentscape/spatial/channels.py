"""What the channels of signals are, and whether they are read at once or where they are used."""

from __future__ import annotations

from typing import Any

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.recording.inventory import stored_signals
from neo_currentscape.recording.lazy.proxies import as_lazy
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.spatial.unread import SMALL, Source


def labels_of(signal: Any) -> list[str]:
    """The name of each channel of a signal: its own, or that of the signal."""
    return notes.channel_names(signal) or [signal.name or ""] * signal.shape[1]


def here_or_unread(segment: Any) -> list[Any]:
    """The signals of a Segment, those of a large file still in it."""
    found = [as_lazy(signal) for signal in stored_signals(segment)]
    if sum(s.lazy_values.nbytes for s in found if is_lazy(s)) <= SMALL:
        return [signal.load() if is_lazy(signal) else signal for signal in found]
    return found


class About:
    """What the channels of a signal are.

    Parameters
    ----------
    signal : neo signal or LazySignal

    Attributes
    ----------
    roles, sites, names, areas, directions, remainders : list
        One value a channel.
    around : list of str or None
        The site of the membrane that a channel is the potential just outside of.
    source : Source
        To read them from.
    """

    def __init__(self, signal: Any) -> None:
        self.roles, self.sites = notes.roles_of(signal), notes.sites_of(signal)
        self.names, self.areas = labels_of(signal), notes.areas_of(signal)
        self.directions, self.remainders = notes.directions_of(signal), notes.remainders_of(signal)
        layers = notes.per_channel(signal, notes.LAYER)
        self.around = [
            site if layer == 0 else None
            for site, layer in zip(notes.membranes_of(signal), layers, strict=True)
        ]
        names = [f"{name!r} of {site}" for name, site in zip(self.names, self.sites, strict=True)]
        self.source = Source(signal, names)


class Known:
    """What the channels of a signal are; read once a signal."""

    def __init__(self) -> None:
        self._id, self._found = 0, About.__new__(About)

    def of(self, signal: Any) -> About:
        """What is known of a signal; the last one is remembered."""
        if id(signal) != self._id:
            self._id, self._found = id(signal), About(signal)
        return self._found
