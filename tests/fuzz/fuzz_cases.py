"""`cases`: a test of many drawn cases, which are counted."""

import functools
import os
from collections import Counter

from hypothesis import HealthCheck, given, settings

#: How many cases each test tried.
TRIED: Counter = Counter()

#: How many it is to try; without it few, and the same in each run.
TOLD = os.environ.get("NEO_CURRENTSCAPE_FUZZ")

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def cases(*strategies, few=40, part=1.0):
    """Decorate a test that takes one drawn value for each strategy.

    Parameters
    ----------
    *strategies
    few : int
        Cases in a run of all tests.
    part : float
        Of what `TOLD` says, where a case takes long.
    """

    def decorate(test):
        @functools.wraps(test)
        def counted(*drawn, **named):
            TRIED[test.__qualname__] += 1
            return test(*drawn, **named)

        n_cases = few if TOLD is None else max(1, int(int(TOLD) * part))
        quiet = settings(
            max_examples=n_cases,
            deadline=None,
            derandomize=TOLD is None,
            database=None,
            suppress_health_check=SLOW,
        )
        return quiet(given(*strategies)(counted))

    return decorate
