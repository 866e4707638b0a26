"""The definitions, written out sample by sample: slow, and independent of the package."""

import numpy as np

DIRECTIONS = ("outward", "inward")


def parts(values, direction):
    """Magnitudes in one direction."""
    sign = 1.0 if direction == "outward" else -1.0
    return np.array([[max(sign * x, 0.0) for x in row] for row in values])


def totals(values, direction):
    return np.array([sum(row) for row in parts(values, direction)])


def shares(values, direction):
    found = []
    for row in parts(values, direction):
        whole = sum(row)
        found.append([x / whole if whole > 0 else 0.0 for x in row])
    return np.array(found)


def durations(times, regular, gaps):
    """The time that each sample stands for: a step, or half the way to its neighbours."""
    n = len(times)
    if regular:
        step = (times[-1] - times[0]) / (n - 1)
        return np.array([0.0 if gaps[k] else step for k in range(n)])
    found = np.zeros(n)
    for k in range(n - 1):
        if not gaps[k] and not gaps[k + 1]:
            half = (times[k + 1] - times[k]) / 2
            found[k] += half
            found[k + 1] += half
    return found


def charges(values, weights, direction):
    """Integral of each current."""
    found = parts(values, direction)
    return np.array(
        [sum(w * x for w, x in zip(weights, found[:, k], strict=True)) for k in range(found.shape[1])]
    )


def contributions(charge):
    whole = charge.sum()
    return charge / whole if whole > 0 else np.zeros_like(charge)


def mean_shares(values, weights, direction):
    found, whole = shares(values, direction), weights.sum()
    return (weights[:, None] * found).sum(axis=0) / whole if whole > 0 else np.zeros(values.shape[1])


def columns(values, times, weights, gaps, n, direction):
    """For each bin with samples its mean shares, mean total and extremes of the total; NaN in gaps."""
    edges, share, total = (
        np.linspace(times[0], times[-1], n + 1),
        shares(values, direction),
        totals(values, direction),
    )
    found = []
    for k in range(n):
        last = k == n - 1
        here = [
            i
            for i, t in enumerate(times)
            if edges[k] <= t and (t < edges[k + 1] or (last and t <= edges[-1]))
        ]
        if not here:
            continue
        time = sum(weights[i] for i in here)
        held = [i for i in here if not gaps[i]]
        found.append(
            {
                "shares": sum(weights[i] * share[i] for i in here) / time
                if time > 0
                else share[0] * np.nan,
                "mean": sum(weights[i] * total[i] for i in here) / time if time > 0 else np.nan,
                "low": min((total[i] for i in held), default=np.nan),
                "high": max((total[i] for i in held), default=np.nan),
            }
        )
    return found
