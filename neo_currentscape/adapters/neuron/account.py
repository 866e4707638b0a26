"""The signals of one site after a run: what is known, and what the balance leaves for what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.ledger import Ledger
from neo_currentscape.adapters.neuron.replay import Benches
from neo_currentscape.adapters.neuron.segments import SiteWriter
from neo_currentscape.adapters.neuron.site import Site

#: A balance that is missed by more than this part of the largest current at that time is reported.
TOLERATED = 1e-5

#: As much for variable steps with `extracellular` or a LinearMechanism: IDA solves to a tolerance.
TOLERATED_BY_IDA = 1e-3

#: Part of the largest current of the whole run that is never reported.
NEGLIGIBLE = 1e-9

#: Of so many unknown currents the labels make the name of their sum.
MOST_NAMED = 3


@dataclass
class Account:
    """What the signals of a site say, and what they do not.

    Attributes
    ----------
    site : str
    missed, of, at : float
        The most that the balance misses in nA, the largest current then, and that time in ms.
    is_missed : bool
    remainder : str
        Name of the current that is what the balance leaves; empty where there is none.
    is_elsewhere : bool
        Whether that is the current of what NEURON does not show where it is.
    late : dict of str to str
        Currents that were left as recorded, one step late, and why.
    apart : dict of str to str
        Sums of currents that could not be told apart, and why.
    n_left_out : int
        Samples that were recorded before the time was set back.
    begins : float
        Time of the first sample that was kept, in ms.
    is_fixed : bool
        Whether the run had a fixed step.
    is_exact : bool
        Whether the equations were solved to rounding.
    unfit : dict of str to str
        Mechanisms whose parts are not given, and why.
    """

    site: str
    missed: float = 0.0
    of: float = 0.0
    at: float = 0.0
    is_missed: bool = False
    remainder: str = ""
    is_elsewhere: bool = False
    late: dict[str, str] = field(default_factory=dict)
    apart: dict[str, str] = field(default_factory=dict)
    n_left_out: int = 0
    begins: float = 0.0
    is_fixed: bool = True
    is_exact: bool = True
    unfit: dict[str, str] = field(default_factory=dict)

    def worse(self, earlier: Account | None) -> Account:
        """The same site's over this chunk of a run and the earlier ones.

        Parameters
        ----------
        earlier : Account or None
            None where there was none.

        Returns
        -------
        Account
        """
        if earlier is None:
            return self
        worst = max(earlier, self, key=lambda account: (account.is_missed, account.missed))
        both: dict[str, Any] = {
            key: {**getattr(earlier, key), **getattr(self, key)} for key in ("late", "apart", "unfit")
        }
        remainder = earlier.remainder or self.remainder
        return replace(worst, begins=earlier.begins, remainder=remainder, **both)


def write_site(
    writer: SiteWriter,
    site: Site,
    benches: Benches,
    as_sum: bool,
    tolerated: float = TOLERATED,
    elsewhere: Sequence[str] = (),
) -> Account:
    """Make the signals of a site, and add up its balance.

    Parameters
    ----------
    writer : SiteWriter
        Of the site.
    site : Site
        During the steps of a run.
    benches : Benches
    as_sum : bool
        Whether several unknown currents are one, which is what the balance leaves.
    tolerated : float
        Part of the largest current that the balance may miss.
    elsewhere : sequence of str
        What may carry current at any site, so that it is what the balance leaves where it leaves something.

    Returns
    -------
    Account
    """
    ledger, is_joint = Ledger(site, benches), site.area == 0
    if is_joint:
        writer.add("v", ledger.v, "mV", "voltage")
    else:
        writer.add_voltage(ledger.v, None if site.steps.cm_changed else site.segment.cm)
    balance = _Balance(ledger, is_joint)
    currents = ledger.currents()
    late = [label for label in ledger.late if label in currents]
    unknown = [(label, currents[label][0].electrode) for label in late]  # type: ignore[union-attr]
    rest = [*(unknown if as_sum or (len(late) == 1 and not site.unseen) else ()), *site.unseen]
    covered = {label for label, _ in rest}
    for label, (current, values) in currents.items():
        if label not in covered and not (is_joint and (current is None or not current.kind.is_point)):
            electrode = current is not None and current.electrode
            balance.add(values, electrode)
            _write_current(writer, label, values, electrode, label in late)
    account = Account(site.name, apart=ledger.apart, n_left_out=site.steps.n_left_out)
    account.unfit = ledger.unfit
    account.begins, account.is_fixed = float(site.steps.times[0]), ledger.fixed
    account.is_exact = tolerated == TOLERATED
    if rest:
        account.remainder = name_of_sum(rest)
        _write_remainder(writer, rest, balance.missing)
    elif not is_joint:
        judge(account, balance.missing, balance.size, ledger.rounding, site.steps.times, tolerated)
        leave(writer, account, [(label, False) for label in elsewhere], balance.missing)
    if not is_joint:
        writer.add_current("i_cap", balance.capacitive, "capacitive", "outward")
        if balance.axial is not None:
            writer.add_current("i_axial", balance.axial, "axial", "inward")
        for name in site.concentrations:
            writer.add(name, site.tape[site.key(name)], "mM", "ion")
    account.late = {label: ledger.late[label] for label in late if label not in covered}
    return account


class _Balance:
    """C dV/dt + membrane currents - electrodes - axial inflow, as the currents come."""

    def __init__(self, ledger: Ledger, is_joint: bool) -> None:
        self.axial = ledger.axial()
        self.capacitive = np.zeros_like(ledger.v) if is_joint else ledger.capacitive()
        self.missing, self.size = self.capacitive.copy(), np.abs(self.capacitive)
        if self.axial is not None:
            self.missing -= self.axial
            np.maximum(self.size, np.abs(self.axial), out=self.size)

    def add(self, values: np.ndarray, electrode: bool) -> None:
        (np.subtract if electrode else np.add)(self.missing, values, out=self.missing)
        np.maximum(self.size, np.abs(values), out=self.size)


def judge(
    account: Account,
    missing: np.ndarray,
    size: np.ndarray,
    rounding: float,
    times: np.ndarray,
    tolerated: float = TOLERATED,
) -> None:
    """Say in an account whether a balance is missed, and where by most.

    Parameters
    ----------
    account : Account
    missing, size : ndarray, shape (time,)
        What the balance misses and the largest current, nA.
    rounding : float
        What rounding may make of the former, nA.
    times : ndarray, shape (time,)
        In ms.
    tolerated : float
        Part of the largest current that may be missed.
    """
    # The first sample of a fixed step is left out; a clamp may inject any amount there.
    size, missing = size[1:], np.abs(missing[1:])
    if missing.max() <= NEGLIGIBLE * size.max() + rounding:
        return
    # Next to a section without length the axial resistance is so small that rounding is a current.
    # A solver's tolerance does not shrink with what flows.
    relative = size if tolerated == TOLERATED else np.full_like(size, size.max())
    allowed = tolerated * relative + NEGLIGIBLE * size.max() + rounding
    worst = int(np.argmax(missing - allowed))
    account.missed, account.of, account.at = (float(x[worst]) for x in (missing, size, times[1:]))
    account.is_missed = bool(missing[worst] > allowed[worst])


def leave(writer: SiteWriter, account: Account, rest: list[tuple[str, bool]], missing: np.ndarray) -> None:
    """Where a balance is missed, and something may carry current anywhere, give that what is missed."""
    if account.is_missed and rest:
        account.is_missed, account.remainder = False, name_of_sum(rest)
        account.is_elsewhere = True
        _write_remainder(writer, rest, missing)


def _write_current(
    writer: SiteWriter, label: str, values: np.ndarray, electrode: bool, is_late: bool
) -> None:
    role, positive = ("electrode", "inward") if electrode else ("current", "outward")
    # As LFPy's adapter has it: what is not aligned says so.
    writer.add_current(label, values, role, positive, **({"aligned": False} if is_late else {}))


def _write_remainder(writer: SiteWriter, rest: list[tuple[str, bool]], missing: np.ndarray) -> None:
    name, marks = name_of_sum(rest), {"remainder": np.array([True])}
    if all(electrode for _, electrode in rest):
        writer.add_current(name, missing, "electrode", "inward", arrays=marks)
    else:
        writer.add_current(name, -missing, "current", "outward", arrays=marks)


def name_of_sum(rest: list[tuple[str, bool]]) -> str:
    """Name of what the balance leaves for some unknown currents.

    Examples
    --------
    >>> name_of_sum([("Nmda[0]", False)]), name_of_sum([(f"A[{k}]", False) for k in range(5)])
    ('Nmda[0] (rest)', 'A[0] + A[1] + A[2] + 2 others (rest)')
    """
    labels = [label for label, _ in rest]
    more = len(labels) - MOST_NAMED
    if more > 0:
        labels = [*labels[:MOST_NAMED], f"{more} other{'s' * (more > 1)}"]
    return " + ".join(labels) + " (rest)"
