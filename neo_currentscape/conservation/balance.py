"""The current balance: is everything there, with the right sign and unit?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conservation import hypotheses, verdict
from neo_currentscape.conservation.gathering import collect
from neo_currentscape.conservation.measured import beside_noise
from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conservation.verdict import Diagnosis
from neo_currentscape.conventions import plain_text, units
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.recording import values
from neo_currentscape.recording.recording import Recording


@dataclass(frozen=True, repr=False)
class Balance(Result):
    """What is left when everything known of a membrane's currents is summed, and what that means.

    Made by `neo_currentscape.balance`. ``to_dataframe()`` has a row for each term of the sum, by which it
    is indexed: its ``mean`` and ``peak`` outward values, and the ``factor`` that fits best.

    Attributes
    ----------
    recording : Recording
    terms : Terms
        The terms of the sum as plain numbers.
    residual : neo.AnalogSignal or neo.IrregularlySampledSignal
        C dV/dt + membrane currents - electrode currents - axial inflow, shape (time, 1), in the unit
        of the currents; NaN in gaps and where the voltage is clamped. A membrane current that is
        missing leaves a residual of the opposite sign.
    total : neo.AnalogSignal or neo.IrregularlySampledSignal
        The larger one of the outward and the inward sum of all terms, at the same times.
    unexplained : float
        Integral of the absolute residual over the integral of `total`: 0 where all is explained, 1
        where nothing flows against the known currents.
    worst : float
        Largest absolute residual over the peak of `total`.
    sampling_error : float
        What `unexplained` may be because of the sampling alone (an estimate).
    diagnosis : Diagnosis
        What the verdict is made of.
    verdict : str
    """

    recording: Recording
    terms: Terms
    residual: Any
    total: Any
    unexplained: float
    worst: float
    sampling_error: float
    diagnosis: Diagnosis

    @property
    def verdict(self) -> str:
        """What is wrong, in words; begins with "complete" where nothing is, and it can be known."""
        return self.diagnosis.text

    @property
    def lines(self) -> Recording:
        """The residual, its absolute value and the total, as the currents of a Recording."""
        residual, total = (values.magnitudes(signal) for signal in (self.residual, self.total))
        numbers = np.hstack([residual, np.abs(residual), total])
        names = {"name": np.array(["residual", "absolute residual", "total"])}
        unit = self.residual.units
        return Recording(
            values.like(self.residual, numbers, unit, "residual", array_annotations=names), nan="gap"
        )

    @property
    def coefficients(self) -> dict[str, float]:
        """The factor on each term that alone would close the balance best, by name.

        1 for a term that is right, -1 for one whose sign is inverted.
        """
        found = hypotheses.coefficients(hypotheses.gram(self.terms))
        return dict(zip(self.terms.names, found.tolist(), strict=True))

    def _table(self) -> Table:
        used, weights = self.terms.numbers[self.terms.used], self.terms.durations[self.terms.used]
        columns = {
            "mean": np.average(used, axis=0, weights=weights),
            "peak": used[np.abs(used).argmax(axis=0), np.arange(used.shape[1])],
            "factor": list(self.coefficients.values()),
        }
        unit = units.label(self.terms.unit)
        return Table(columns, {"term": self.terms.names}, {"mean": unit, "peak": unit})

    def table(self) -> str:
        """The terms of the sum as text: their mean and peak outward values, and `coefficients`.

        Returns
        -------
        str
        """
        found = self._table()
        unit = found.units["mean"]
        header = ("term", f"mean ({unit})", f"peak ({unit})", "factor that fits best")
        numbers = [[f"{number:.4g}" for number in column] for column in found.columns.values()]
        return plain_text.table(list(zip(self.terms.names, *numbers, strict=True)), header, "lrrr")

    def __str__(self) -> str:
        unit = units.label(self.terms.unit)
        n_left_out = int((~self.terms.used).sum())
        how = "as recorded" if self.terms.rule == "recorded" else f"{self.terms.rule} difference"
        size = "" if self.terms.capacitance is None else f", C = {units.readable(self.terms.capacitance)}"
        lines = [
            f"Balance: {self.verdict}",
            f"  unexplained    {self.unexplained:.3g} of the current (estimated sampling error "
            f"{self.sampling_error:.2g})",
            f"  worst          {self.worst:.3g} of the peak current, "
            f"{float(np.nanmax(self.terms.total)):.4g} {unit}",
            f"  C dV/dt        {how}{size}",
        ]
        if n_left_out:
            lines.append(
                f"  left out       {n_left_out} of {len(self.terms.used)} samples (gaps or clamped)"
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"Balance({self.verdict!r}, unexplained={self.unexplained:.3g}, worst={self.worst:.3g})"


def balance(recording: Recording, capacitance: Any = None, *, derivative: str | None = None) -> Balance:
    r"""Sum everything that is known of a membrane's currents, and judge what is left.

    .. math:: r = C \frac{dV}{dt} + \sum_k I_k - I_\mathrm{electrode} - I_\mathrm{axial}

    with membrane currents outward positive, and electrode and axial currents inward positive, is zero
    where all currents were recorded with the right sign and unit (conservation of charge).

    Parameters
    ----------
    recording : Recording
        With a voltage, or with the capacitive current.
    capacitance : Quantity, optional
        Of the whole site (e.g. pF) or of an area (e.g. uF/cm**2); the area of the Recording converts
        where the currents are the other kind. A time (tau) for currents in mV. Without it the
        recorded capacitive current is used where there is one, else the annotation ``capacitance``
        of the voltage signal.
    derivative : {"central", "forward", "backward", "midpoint"}, optional
        The difference quotient for dV/dt that belongs to the currents of a sample, see
        `neo_currentscape.conservation.differences`; otherwise the annotation ``derivative`` of the
        voltage signal, or "central". One sample fewer has a residual with the last three;
        "midpoint" uses the mean of two samples of the currents, between them.

    Returns
    -------
    Balance

    Raises
    ------
    SelectionError
        When the Recording holds neither a voltage nor a capacitive current.
    ArgumentError
        When the capacitance is not known or not positive.
    UnitsError
        When the units do not fit, or an area is needed.

    Notes
    -----
    Each sample is weighed by an estimate of what the sampling leaves unexplained there, because at
    0.1 ms the difference quotient alone may be off by a tenth of the peak current during a spike.
    Then the simplest explanation of the residual is looked for: inverted signs (any combination), a
    constant factor on a term, on all membrane currents or on the capacitance, and, where none of
    these leaves less than 2 % of the weighted square, a missing current. Of measured currents whose
    `noise` may leave as much, nothing is said to be wrong.

    Examples
    --------
    >>> import neo, numpy as np, quantities as pq, neo_currentscape as ncs
    >>> t = np.arange(0, 50, 0.1)
    >>> v = -60 - 10 * np.exp(-t / 20)  # relaxes with tau = C / g = 20 ms
    >>> def signal(values, units, name):
    ...     return neo.AnalogSignal(
    ...         values[:, None], units=units, sampling_period=0.1 * pq.ms, name=name
    ...     )
    >>> leak = 0.01 * (v + 60)  # g = 0.01 uS
    >>> rec = ncs.Recording(signal(leak, "nA", "leak"), signal(v, "mV", "v"))
    >>> ncs.balance(rec, 0.2 * pq.nF).verdict[:9]
    'complete:'
    >>> rec = ncs.Recording(signal(-leak, "nA", "leak"), signal(v, "mV", "v"))
    >>> ncs.balance(rec, 0.2 * pq.nF).verdict[:27]
    "sign looks inverted: 'leak'"
    """
    if not isinstance(recording, Recording):
        raise ArgumentTypeError(
            f"balance takes a Recording, not {type(recording).__name__}: write "
            "balance(Recording.from_segment(segment))."
        )
    terms = collect(recording, capacitance, derivative)
    total = terms.mean(terms.total)
    parts = (terms.mean(np.abs(terms.residual)), terms.mean(np.minimum(terms.error, terms.total)))
    unexplained, expected = (part / total if total > 0 else 0.0 for part in parts)
    peak = float(np.nanmax(terms.total))
    found = verdict.judge(terms, unexplained, expected, _place(recording))
    return Balance(
        recording=recording,
        terms=terms,
        residual=terms.signal(recording, terms.residual, "residual"),
        total=terms.signal(recording, terms.total, "total"),
        unexplained=unexplained,
        worst=float(np.nanmax(np.abs(terms.residual))) / peak if peak > 0 else 0.0,
        sampling_error=expected,
        diagnosis=beside_noise(found, recording, terms, unexplained),
    )


def _place(recording: Recording) -> str | None:
    """What was recorded, in words, where it may be a part of a larger cell."""
    if recording.site is not None:
        return repr(recording.site)
    # Populations of neurons without sites are point neurons.
    return "this" if recording.neuron is None else None


def report(recording: Recording, capacitance: Any = None, *, derivative: str | None = None) -> str:
    """The balance of a Recording as text to be printed: the verdict, the numbers and the terms.

    Parameters
    ----------
    recording, capacitance, derivative
        As for `balance`.

    Returns
    -------
    str
        Several lines.
    """
    found = balance(recording, capacitance, derivative=derivative)
    return f"{found}\n\n{found.table()}"
