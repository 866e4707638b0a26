"""The order in which currents are shown: by charge, as recorded, by name, or as listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, unknown_name

#: Words that name an order.
ORDERS = ("charge", "recorded", "name")


def order(
    names: Sequence[str], ranking: np.ndarray, by: str | Sequence[str], last: str | None = None
) -> list[int]:
    """Order currents.

    Parameters
    ----------
    names : sequence of str
        Names of the currents, in recorded order.
    ranking : ndarray of int
        Their indices by decreasing charge.
    by : {"charge", "recorded", "name"} or sequence of str
        The order wanted; currents that a list leaves out follow by charge.
    last : str, optional
        A name that is always last.

    Returns
    -------
    list of int
        Indices into `names`.

    Raises
    ------
    UnknownNameError, ArgumentError
        When a word or name is not known, or listed twice.

    Examples
    --------
    >>> order(["Na", "K", "leak"], np.array([1, 0, 2]), ["leak"])
    [2, 1, 0]
    """
    if isinstance(by, str):
        if by not in ORDERS:
            raise unknown_name("order", by, ORDERS)
        found = {
            "charge": lambda: [int(k) for k in ranking],
            "recorded": lambda: list(range(len(names))),
            "name": lambda: sorted(range(len(names)), key=lambda k: names[k]),
        }[by]()
    else:
        found = _as_listed(list(names), ranking, by)
    if last in names:
        k = list(names).index(str(last))
        found = [*(i for i in found if i != k), k]
    return found


def _as_listed(names: list[str], ranking: np.ndarray, wanted: Sequence[str]) -> list[int]:
    if not isinstance(wanted, Sequence):
        raise ArgumentTypeError(
            f"order= takes one of {', '.join(ORDERS)} or a list of names, not {wanted!r}."
        )
    known = {name: k for k, name in enumerate(names)}
    for name in wanted:
        if not isinstance(name, str) or name not in known:
            raise unknown_name("current in order=", name, names)
    repeated = [name for name, count in Counter(wanted).items() if count > 1]
    if repeated:
        raise ArgumentError(f"order= lists {repeated[0]!r} twice: list each current once.")
    found = [known[name] for name in wanted]
    return list(dict.fromkeys([*found, *map(int, ranking)]))
