"""`Shares`: totals, shares, charges and contributions of the currents of a Recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.conventions.options import options_checked
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import bundling, engine, noise_floor, split, sums, uncertain
from neo_currentscape.reduction.columns import Columns, charges, reduce_recording
from neo_currentscape.reduction.result import OfCurrents

#: Reductions that are kept.
MOST_KEPT = 4


@options_checked
class Shares(OfCurrents):
    """The numbers of a currentscape: what panels take, and make of a Recording.

    Parameters
    ----------
    recording : Recording
        The currents, outward positive.
    top : int, optional
        Keep this many currents, and bundle the rest as "other".

    Attributes
    ----------
    recording : Recording

    See Also
    --------
    neo_currentscape.Currentscape : the same with a table and a figure, and the equations.

    Examples
    --------
    >>> import neo
    >>> signal = neo.AnalogSignal([[1, -2], [2, -3]], units="nA", sampling_period=0.5 * pq.ms,
    ...                           array_annotations={"name": ["K", "Na"]})
    >>> Shares(Recording(signal)).charge("outward")
    array([1.5, 0. ]) * pC
    """

    def __init__(self, recording: Recording, *, top: int | None = None) -> None:
        if not isinstance(recording, Recording):
            raise ArgumentTypeError(
                f"{type(self).__name__} takes a Recording, not {type(recording).__name__}: write "
                "Currentscape.from_segment(segment) for a Neo Segment."
            )
        self.recording = recording
        # The panels of a figure all ask for the same columns: one pass over the data serves them. And
        # who looks closer comes back.
        self._columns: dict[tuple, Columns] = {}
        self._bundle: np.ndarray | None = None
        if top is not None:
            charges = self._scaled_charges[0]["outward"] + self._scaled_charges[0]["inward"]
            self._bundle = bundling.matrix(recording.names, charges, top)

    @property
    def names(self) -> list[str]:
        """Names of the currents in recorded order; bundled ones are last, as "other"."""
        return bundling.names(self.recording.names, self._bundle)

    @property
    def bundle(self) -> np.ndarray | None:
        """Matrix (recorded current, current) of zeros and ones that bundles; None without ``top``."""
        return self._bundle

    @property
    def times(self) -> Any:
        """Times of the samples, Quantity of shape (time,)."""
        return self.recording.times

    @property
    def _values(self) -> np.ndarray:
        return values.magnitudes(self.recording.currents)

    @cached_property
    def _counted(self) -> Recording:
        """The recording without what does not stand out of its noise, of which the shares are."""
        return self.recording if self.recording.noise is None else noise_floor.counted(self.recording)

    def _directed_blocks(self, direction: str, recording: Recording | None = None):
        """Yield slices of samples, and the magnitudes (time, current) of one direction in them."""
        split.check_direction(direction)
        for _, rows, part in sums.directed_blocks(recording or self.recording, (direction,)):
            yield rows, part

    def total(self, direction: str) -> Any:
        """Sum of all currents that flow in one direction.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal
            Shape (time, 1), >= 0, in the unit of the currents; NaN in gaps.
        """
        out = np.empty((len(self._values), 1))
        for rows, part in self._directed_blocks(direction):
            out[rows, 0] = split.totals_of(part)
        currents = self.recording.currents
        if np.isinf(out).any():
            raise units.too_large(f"The {direction} total", currents.units)
        return values.like(currents, out, currents.units, f"total {direction} current")

    def shares(self, direction: str) -> Any:
        """Part of the total that each current carries, at each time.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal
            Shape (time, current), dimensionless; each row sums to 1, or to 0 where the total is 0, or
            does not stand out of the noise of measured currents; NaN in gaps.
        """
        out = np.empty((len(self._values), len(self.names)))
        for rows, part in self._directed_blocks(direction, self._counted):
            split.fractions(part, split.totals_of(part))
            out[rows] = self._bundled(part)
        name = f"{direction} shares"
        arrays = {"name": np.array(self.names)}
        return values.like(self.recording.currents, out, "dimensionless", name, array_annotations=arrays)

    def _bundled(self, parts: np.ndarray) -> np.ndarray:
        return parts if self._bundle is None else parts @ self._bundle

    @property
    def _charges(self) -> dict[str, np.ndarray]:
        """Integrals of both directions, by which currents are compared, each (current,)."""
        return {direction: self._bundled(found) for direction, found in self._scaled_charges[0].items()}

    @cached_property
    def _recorded_charges(self) -> dict[str, np.ndarray]:
        """The same of each recorded current, without bundling."""
        if self.recording.noise is not None:
            return noise_floor.charges(self.recording)
        # What was reduced for a figure tells them as well, without another pass over the data.
        for (_, *window), kept in self._columns.items():
            if window == [None, None] and kept.charges is not None:
                return dict(kept.charges)
        n_samples, n_currents = self.recording.currents.shape
        if engine.use_compiled(n_samples * n_currents):
            return charges(self.recording)
        return sums.charges(self.recording)

    @cached_property
    def _scaled_charges(self) -> tuple[Mapping[str, np.ndarray], int]:
        """The charges of recorded currents in numbers that can be compared; see `sums.scaled`."""
        return sums.scaled(self.recording, self._recorded_charges)

    def charge(self, direction: str) -> pq.Quantity:
        """Charge that each current carries in one direction: its time integral.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        Quantity, shape (current,)
            >= 0 in both directions; pC for absolute currents, uC/cm**2 for densities. Each sample
            counts with the time that it stands for, see
            `neo_currentscape.recording.timebase.sample_durations`.
        """
        split.check_direction(direction)
        unit = self.recording.currents.units
        with np.errstate(over="ignore"):
            found = np.ldexp(self._charges[direction], self._scaled_charges[1])
        charge = pq.Quantity(found, units.parse_units(unit).units * pq.ms)
        wanted = {
            "current": units.PICOCOULOMB,
            "current density": units.MICROCOULOMB / pq.cm**2,
        }.get(units.kind(unit))
        charge = charge if wanted is None else charge.rescale(wanted)
        if np.isinf(charge.magnitude).any():
            name = self.names[int(np.argmax(found))]
            raise units.too_large(f"The {direction} charge of {name!r}", charge)
        return charge

    @cached_property
    def silent(self) -> list[str]:
        """Names of the currents that are 0 at every sample; with noise, none is."""
        if self.recording.noise is not None:
            return []
        carried = self._charges["outward"] + self._charges["inward"]
        return [name for name, charge in zip(self.names, carried, strict=True) if charge == 0]

    def charge_error(self) -> pq.Quantity:
        """Standard error of each current's net charge: of measured ones, or of samples several steps apart.

        Returns
        -------
        Quantity, shape (current,)
            0 where every step of the simulation was sampled, or nothing tells; see
            `neo_currentscape.reduction.uncertain.charge_errors`.
        """
        recorded = dict(zip(self.recording.names, uncertain.charge_errors(self.recording), strict=True))
        rest = [error for name, error in recorded.items() if name not in self.names]
        other = float(np.sqrt(np.sum(np.square(rest))))
        found = np.array([recorded.get(name, other) for name in self.names])
        unit = units.parse_units(self.recording.currents.units).units
        return pq.Quantity(found, unit * pq.ms).rescale(self.charge("outward").units)

    def contributions(self, direction: str) -> np.ndarray:
        """Part of the charge of one direction that each current carries over the whole recording.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray, shape (current,)
            Sums to 1, or to 0 where nothing flows in that direction.
        """
        split.check_direction(direction)
        charge = self._charges[direction]
        total = charge.sum()
        return charge / total if total > 0 else np.zeros_like(charge)

    def peaks(self, direction: str) -> np.ndarray:
        """Largest value of each current in one direction.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        ndarray, shape (current,)
            >= 0 in both directions, in the unit of the currents.
        """
        split.check_direction(direction)
        return self._peaks[direction].copy()

    @cached_property
    def _peaks(self) -> dict[str, np.ndarray]:
        out = {direction: np.zeros(len(self.names)) for direction in DIRECTIONS}
        for direction, _, part in sums.directed_blocks(self.recording):
            np.fmax(out[direction], np.fmax.reduce(self._bundled(part), axis=0), out=out[direction])
        return out

    def _sizes(self) -> np.ndarray:
        """Charges of both directions together."""
        return self._charges["outward"] + self._charges["inward"]

    def columns(
        self, n_columns: int, t_start: float | None = None, t_stop: float | None = None, flows: bool = False
    ) -> Columns:
        """Reduce the recording to so many columns of time, as a figure shows it.

        Parameters
        ----------
        n_columns : int
            Number of bins of equal width.
        t_start, t_stop : float, optional
            Window in ms; the whole recording where left out.
        flows : bool
            Whether the mean of each current in each column is wanted too.

        Returns
        -------
        Columns
            The bins that hold samples; see `neo_currentscape.reduction.columns`.
        """
        for what, time in (("t_start", t_start), ("t_stop", t_stop)):
            if time is not None and not isinstance(time, (int, float, np.number)):
                raise ArgumentTypeError(f"{what}= takes a time in ms, not {time!r}: write a plain number.")
        if not isinstance(n_columns, (int, np.integer)):
            raise ArgumentTypeError(f"columns() takes a number of columns, not {n_columns!r}.")
        asked = (n_columns, t_start, t_stop)
        if asked not in self._columns or (flows and self._columns[asked].flows is None):
            found = self._reduced(n_columns, t_start, t_stop, flows)
            while asked not in self._columns and len(self._columns) >= MOST_KEPT:
                # That of the whole recording comes first, and took longest.
                self._columns.pop(list(self._columns)[1])
            self._columns[asked] = found
        return self._columns[asked]

    def _reduced(self, n_columns: int, t_start: float | None, t_stop: float | None, flows: bool) -> Columns:
        asked = (n_columns, t_start, t_stop, self._bundle, flows)
        found = reduce_recording(self.recording, *asked)
        if self.recording.noise is None:
            return found
        return replace(found, shares=reduce_recording(self._counted, *asked).shares, charges=None)

    def noise_at(self, times: np.ndarray) -> dict[str, np.ndarray] | None:
        """Standard error of each recorded current at times in ms, by name; None where they are exact.

        Parameters
        ----------
        times : np.ndarray
            In ms.

        Returns
        -------
        dict of str to np.ndarray, or None
            In the unit of the currents.
        """
        noise = self.recording.noise
        if noise is None:
            return None
        own, sigma = timebase.float_times(self.recording.currents, "ms"), values.magnitudes(noise)
        return {n: np.interp(times, own, sigma[:, k]) for k, n in enumerate(self.recording.names)}

    def noise_floor(self, times: np.ndarray) -> np.ndarray | None:
        """The total that noise alone hardly reaches, at some times.

        Parameters
        ----------
        times : ndarray, shape (time,)
            In ms.

        Returns
        -------
        ndarray, shape (time,), or None
            In the unit of the currents; None where they are exact. See
            `neo_currentscape.reduction.noise_floor`.
        """
        if self.recording.noise is None:
            return None
        own = timebase.float_times(self.recording.currents, "ms")
        return np.interp(times, own, noise_floor.floor(self.recording))

    def __repr__(self) -> str:
        return f"{type(self).__name__} of {', '.join(self.names)} ({self.recording!r})"
