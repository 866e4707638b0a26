"""What holds for all tests."""

import contextlib

with contextlib.suppress(ImportError):
    from hypothesis import settings

    # Times per example say little on machines that do something else besides.
    settings.register_profile("neo-currentscape", deadline=None)
    settings.load_profile("neo-currentscape")
