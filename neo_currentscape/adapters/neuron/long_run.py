"""A run that is too long for the memory: gathered on the disk, and worked out chunk by chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.account import TOLERATED, Account, write_site
from neo_currentscape.adapters.neuron.gather import Gather, GatherTape
from neo_currentscape.adapters.neuron.parts import Parts
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.run import Run, too_sparse
from neo_currentscape.adapters.neuron.say import say_what_is_missed
from neo_currentscape.adapters.neuron.segments import ChunkWriter, on_grid
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.adapters.neuron.steps import Steps, between, recorded_steps
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.columns_store import StoreWriter
from neo_currentscape.recording.sampling import regular_step

#: Bytes of what was gathered that are worked on together.
CHUNK_BYTES = 1 << 28


class LongRun(Run):
    """As `Run`, with a fixed step, of which one in so many samples is kept.

    Parameters
    ----------
    compartments, joints, sources, unknown, parts
        As for `Run`.
    every : int
        The kept samples are exactly those of all steps of which the others were left out.
    folder : pathlib.Path
        Where a file without a name grows during the run.
    """

    _tape: GatherTape

    def __init__(
        self,
        compartments: Sequence[Any],
        joints: Sequence[Any] = (),
        *,
        every: int,
        folder: Path,
        sources: Mapping[str, str] | None = None,
        unknown: str | None = None,
        parts: Parts = None,
    ) -> None:
        super().__init__(compartments, joints, sources=sources, unknown=unknown, parts=parts)
        self._every = every
        self._gather = Gather(self._h, self._tape, every, folder)
        self._described: dict = {}

    def _new_tape(self) -> GatherTape:
        return GatherTape(self._h)

    def write(self, folder: Path, morphology: Any) -> None:
        """Write the run into a folder of Zarr.

        Parameters
        ----------
        folder : pathlib.Path
            Empty.
        morphology : Morphology

        Raises
        ------
        SignalError
            When nothing was run, or not with a fixed step.
        """
        elsewhere = self._check()
        self._check_recorded()
        rows = max(16, min(len(self._gather), CHUNK_BYTES // (8 * self._gather.rows.width)))
        store, times = StoreWriter(folder, rows), []
        accounts: dict[str, Account] = {}
        self._known: dict[str, Site] = {}
        with Benches(self._h) as benches:
            for chunk in self._gather.chunks(rows):
                self._tape.load(chunk)
                times.append(self._tape.times[1:].copy())  # a view would keep the whole chunk
                columns: dict = {}
                for site in (*self.sites, *self.joints):
                    found = self._write_site(site, columns, benches, elsewhere)
                    accounts[site.name] = found.worse(accounts.get(site.name))
                store.add(self._on_grid(times[-1], first=len(times) == 1), columns)
                # The next chunk is read before these names are given anew.
                del chunk, columns
                self._tape.load(np.empty((0, 0)))
        say_what_is_missed(list(accounts.values()), self._unknown is None)
        segment = self._new_segment()
        morphology.annotate(segment)
        store.finish(segment, regular_step(np.concatenate(times)))

    def _write_site(self, site: Site, columns: Any, benches: Benches, elsewhere: list[str]) -> Account:
        during = site.during(self._steps_of(site), self._known.get(site.name))
        writer = ChunkWriter(columns, site.name, site.area, self._every == 1, self._described)
        account = write_site(writer, during, benches, self._unknown == "sum", TOLERATED, elsewhere)
        # What is kept for the next chunk must not keep this one.
        during.tape = site.tape
        del during.steps
        self._known[site.name] = during
        return account

    def _steps_of(self, site: Site) -> Steps:
        tape, v, i_cap = self._tape, site.key("v"), site.key("i_cap")
        if site.area == 0:
            plain = Steps(slice(None), tape.times, True, tape[v], tape[v], dt=tape.dt)
            return between(plain, tape[v], tape.before(v))
        return recorded_steps(
            tape.times, tape.dt, tape[v], tape.before(v), tape[i_cap], site.segment.cm,
            self._gather.n_left_out,
        )  # fmt: skip

    def _on_grid(self, times: np.ndarray, first: bool) -> np.ndarray:
        if not first or regular_step(times) is None:
            return times
        return np.append(on_grid(times[0], float(self._tape.dt[0])), times[1:])

    def _check_recorded(self) -> None:
        if self._gather.is_variable or self._h.CVode().active():
            raise SignalError(
                "path= was given to the CellRecorder, which is for runs with a fixed step, and CVODE was "
                "active: leave path= out there, and give it to to_segment(path=...)."
            )
        if len(self._gather) == 1 and self._every > 1:
            raise too_sparse(self._every)
        if len(self._gather) < 2:
            raise SignalError(
                f"Nothing was recorded at {self.sites[0].name} ({len(self._gather)} samples): make the "
                "CellRecorder before h.finitialize() or h.run(), and run first, not in CoreNEURON."
            )


def checked_every(every: Any) -> int:
    """A number of steps, of which one is kept.

    Raises
    ------
    ArgumentError
    """
    if isinstance(every, bool) or not isinstance(every, (int, np.integer)) or every < 1:
        raise ArgumentError(f"every={brief(every)} is no number of samples: write e.g. every=4.")
    return int(every)
