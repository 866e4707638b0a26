"""The file that is looked at: what there is to choose from, and the currentscape of what was chosen."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import neo

from neo_currentscape.cli.files import choose_segment_of, open_blocks
from neo_currentscape.cli.view.seen import Seen
from neo_currentscape.conventions.errors import CurrentscapeWarning, FileError, warn
from neo_currentscape.recording.described import completed
from neo_currentscape.recording.inventory import Variable, inventory, stored_signals
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.blocks import Blocks
from neo_currentscape.reduction.fingerprint import fingerprint, other_files, stamp
from neo_currentscape.reduction.kept_blocks import blocks_of

#: Values (samples x currents) that are reduced anew for every window.
SHORT = 1 << 20

#: Endings of files that hold all that belongs to them, unless they link to others.
WHOLE_FILES = (".nix", ".h5", ".hdf5", ".nwb")

#: Choices of which the blocks are held.
MOST_HELD = 4


@dataclass(frozen=True)
class Choice:
    """What is looked at.

    Attributes
    ----------
    segment : int
        Its number in the file.
    neuron, site : optional
    currents : tuple of str, optional
        Names; all where left out.
    top : int, optional
        How many currents are told apart.
    sign : {"outward", "inward"}, optional
        How values are stored; as the file says where left out.
    """

    segment: int = 0
    neuron: int | None = None
    site: str | None = None
    currents: tuple[str, ...] | None = None
    top: int | None = None
    sign: str | None = None


@dataclass(frozen=True)
class State:
    """In which state a file was.

    Attributes
    ----------
    stamp : tuple of int or None
    fingerprint : str or None
        None of what may have parts elsewhere, of which nothing is kept.
    why : str
        The reason for that.
    """

    stamp: tuple[int, ...] | None
    fingerprint: str | None
    why: str = ""

    @classmethod
    def of(cls, path: str) -> State:
        """The state of a file as it is now."""
        if not os.path.isdir(path):
            if Path(path).suffix.lower() not in WHOLE_FILES or not os.path.isfile(path):
                return cls(stamp(path), None, "more files may belong to it")
            others = other_files(path)
            if others:
                return cls(stamp(path), None, f"it takes values from {others[0]!r}")
        return cls(stamp(path), fingerprint(path))


class Source:
    """A file, and what was made of it.

    Parameters
    ----------
    path : str
        As it was given.
    blocks : list of neo.Block
        What was read from it.
    selection : mapping
        Keywords of `Recording.from_segment`, from which choices differ.
    state : State, optional
        Of the file before it was read; that of now where left out.
    """

    @classmethod
    def opened(cls, path: str, trust_pickle: bool, selection: Mapping[str, Any]) -> Source:
        """Open a file, and remember in which state it was before."""
        state = State.of(path)
        return cls(path, open_blocks(path, trust_pickle), selection, state)

    def __init__(
        self,
        path: str,
        blocks: Sequence[neo.Block],
        selection: Mapping[str, Any],
        state: State | None = None,
    ) -> None:
        self.path, self.selection = path, dict(selection)
        self.state = State.of(path) if state is None else state
        self.segments = [segment for block in blocks for segment in block.segments]
        self._held: dict[Choice, tuple[Recording, Blocks | None]] = {}
        self._notes: dict[Choice, list[str]] = {}

    def first(self, segment: int | None, top: int | None) -> Choice:
        """What is looked at first: the first of what there is, where nothing was told."""
        number = 0 if segment is None and self.segments else segment
        choose_segment_of(self.segments, number, self.path)
        return self.completed(Choice(segment=int(number or 0), top=top))

    def completed(self, choice: Choice) -> Choice:
        """A choice with a neuron and a site that its segment has, where there are several."""
        neurons, sites = self.neurons(choice.segment), self.sites(choice.segment)
        neuron = self.selection["neuron"] if choice.neuron is None else choice.neuron
        site = self.selection["site"] if choice.site is None else choice.site
        if neuron is None and len(neurons) > 1:
            neuron = neurons[0]
        if site is None and len(sites) > 1:
            site = sites[0]
        return replace(choice, neuron=neuron, site=site)

    def neurons(self, segment: int) -> list[int]:
        """Indices of the neurons of which currents were recorded."""
        known = [variable.neurons for variable in self._currents(segment)]
        return sorted({int(neuron) for some in known if some is not None for neuron in some})

    def sites(self, segment: int) -> list[str]:
        """The places at which currents were recorded, as they stand in the file."""
        return list(dict.fromkeys(v.site for v in self._currents(segment) if v.site is not None))

    def _currents(self, segment: int) -> list[Variable]:
        whole = completed(self.segments[segment], self.selection["currents"])
        return [one for one in inventory(whole, self.selection["units"]) if one.role == "current"]

    def names(self, choice: Choice) -> list[str]:
        """Names of all currents of which some may be chosen."""
        return self._recording(replace(choice, currents=None)).names

    def seen(self, choice: Choice) -> Seen:
        """The currentscape of a choice; that of a long recording from blocks, which are kept.

        Raises
        ------
        CurrentscapeError
            When it cannot be made, as `Recording.from_segment` says.
        """
        all_currents = replace(choice, top=None)
        if all_currents not in self._held:
            if self._stays_in_file:
                self.check_unchanged()
            recording, self._notes[all_currents] = self._noted(all_currents)
            while len(self._held) >= MOST_HELD:
                self._held.pop(next(iter(self._held)))
            self._held[all_currents] = recording, self._blocks(recording, all_currents)
        return Seen(*self._held[all_currents], top=choice.top)

    def notes(self, choice: Choice) -> list[str]:
        """What the command would warn of where it makes the currentscape of a choice that was seen."""
        return self._notes[replace(choice, top=None)]

    def _noted(self, choice: Choice) -> tuple[Recording, list[str]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            recording = self._recording(choice)
        for one in caught:  # the terminal is told as well
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
        told = [str(one.message) for one in caught if issubclass(one.category, CurrentscapeWarning)]
        return recording, list(dict.fromkeys(told))

    def _keywords(self, choice: Choice) -> dict[str, Any]:
        given = {**self.selection, "neuron": choice.neuron, "site": choice.site}
        if choice.sign is not None:
            given["sign"] = choice.sign
        if choice.currents is not None:
            told = given["currents"]
            names = list(choice.currents)
            given["currents"] = {n: told[n] for n in names} if isinstance(told, dict) else names
        return given

    def _recording(self, choice: Choice) -> Recording:
        return Recording.from_segment(self.segments[choice.segment], **self._keywords(choice))

    def _blocks(self, recording: Recording, choice: Choice) -> Blocks | None:
        # What stands out of noise is known of all samples only; such recordings are in memory.
        if recording.noise is not None or len(recording) * len(recording.names) <= SHORT:
            return None
        if self.state.fingerprint is None:
            warn(f"What was made of {self.path!r} is not kept, as {self.state.why}.")
            return Blocks.of(recording)
        chosen = {**self._keywords(choice), "segment": choice.segment}
        return blocks_of(recording, self.path, chosen, state=self.state.fingerprint)

    @cached_property
    def _stays_in_file(self) -> bool:
        """Whether any signal is read only when it is asked for."""
        return any(hasattr(signal, "load") for one in self.segments for signal in stored_signals(one))

    def check_unchanged(self, recording: Recording | None = None) -> None:
        """Refuse to read on in a file that is another by now; a recording that is in memory stays right.

        Raises
        ------
        FileError
            When it was written to, replaced or removed since it was opened.
        """
        reads = recording is None or is_lazy(recording.currents)
        if reads and self.state.stamp != stamp(self.path):
            raise FileError(f"{self.path!r} was changed since it was opened: start the command anew.")
