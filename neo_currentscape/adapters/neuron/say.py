"""What a Recorder warns of: before a run what it will not know, after it what is missed."""

from __future__ import annotations

from collections.abc import Sequence

from neo_currentscape.adapters.neuron.account import Account
from neo_currentscape.adapters.neuron.site import Site
from neo_currentscape.conventions.errors import warn

#: So many currents or sites are named in a sentence.
MOST_LISTED = 3


def say_late(sites: Sequence[Site]) -> None:
    """Warn, before a run, of currents that a fixed step will leave unaligned.

    Parameters
    ----------
    sites : sequence of Site
    """
    single = {site.name: site.late[0] for site in sites if len(site.late) == 1}
    several = {site.name: site.late for site in sites if len(site.late) > 1}
    if single:
        name, (current, reason) = next(iter(single.items()))
        warn(
            f"After a fixed step, current {current.variable!r} of {current.label!r} at "
            f"{name}{_more(single)} is known one step late only ({reason}), and will be what the balance "
            "leaves, which then cannot be checked there: write unknown='each' to have it so, or run with "
            "CVODE.",
        )
    if several:
        name, late = next(iter(several.items()))
        labels = _listed([current.label for current, _ in late])
        warn(
            f"After a fixed step, {len(late)} currents at {name}{_more(several)} are known one step late "
            f"only ({labels}; the first: {late[0][1]}), and will be given so: write unknown='each' to have "
            "them so, unknown='sum' for their sum, which is what the balance leaves, or run with CVODE.",
        )


def say_what_is_missed(accounts: Sequence[Account], remainders: bool) -> None:
    """Warn, after a run, of what its signals do not hold; each kind once, with the worst site.

    Parameters
    ----------
    accounts : sequence of Account
    remainders : bool
        Whether to say also where a LinearMechanism is what the balance leaves.
    """
    back = {a.site: a for a in accounts if a.n_left_out > 1}
    if back:
        name, account = next(iter(back.items()))
        warn(
            f"The time was set back to {account.begins:g} ms during the run, and the {account.n_left_out} "
            f"samples before that are left out at {name}{_more(back)}: call to_segment() before h.t is "
            "set, and h.frecord_init() after it.",
        )
    for account in accounts:
        for label, reason in account.apart.items():
            warn(f"The currents {label} at {account.site} are given as one: {reason}.")
    for kind, why in {kind: why for a in accounts for kind, why in a.unfit.items()}.items():
        do = ": name in parts= all that add up to it" if "miss" in why else ""
        warn(f"The parts of {kind!r} {why}, so that the whole is given{do}.")
    _say_unaligned([a for a in accounts if a.late])
    _say_elsewhere([a for a in accounts if a.is_elsewhere and remainders])
    _say_unbalanced([a for a in accounts if a.is_missed and not a.late])


def _say_unaligned(accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    worst = max(accounts, key=lambda account: account.missed)
    label, reason = next(iter(worst.late.items()))
    sites = {account.site: account for account in [worst, *accounts]}
    missed = f", which misses the balance by up to {worst.missed:.3g} nA of {worst.of:.3g} nA"
    warn(
        f"{_listed(list(worst.late))} at {worst.site}{_more(sites)} are as recorded, one step late "
        f"({label}: {reason}){missed * worst.is_missed}: run with "
        f"{'CVODE' if worst.is_fixed else 'a fixed step'}, or write unknown='sum' for their sum, which is "
        "what the balance leaves.",
    )


def _worst(accounts: Sequence[Account]) -> tuple[Account, str]:
    """The one that misses most of what flows there, and at how many sites others do."""
    worst = max(accounts, key=lambda account: account.missed / account.of)
    return worst, _more({account.site: account for account in [worst, *accounts]})


def _say_unbalanced(accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    worst, more = _worst(accounts)
    why = "something flows there that was not found, or parameters or the method changed during the run"
    if not worst.is_exact:
        why = (
            "with extracellular or a LinearMechanism NEURON solves variable steps to a tolerance only: "
            "write e.g. h.CVode().atol(1e-5), or run with a fixed step"
        )
    warn(
        f"The currents at {worst.site}{more} miss the balance by up to {worst.missed:.3g} nA of "
        f"{worst.of:.3g} nA, at {worst.at:g} ms: {why}.",
    )


def _say_elsewhere(accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    worst, more = _worst(accounts)
    warn(
        "The model has a LinearMechanism, whose currents NEURON does not show: what the balance leaves at "
        f"{worst.site}{more}, up to {worst.missed:.3g} nA of {worst.of:.3g} nA, is given as "
        f"{worst.remainder!r}, and nothing can be checked there (unknown='each' says that you know).",
    )


def _more(sites: dict) -> str:
    more = len(sites) - 1
    return f" and {more} other compartment{'s' * (more > 1)}" if more else ""


def _listed(labels: Sequence[str]) -> str:
    more = len(labels) - MOST_LISTED
    return ", ".join(labels[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
