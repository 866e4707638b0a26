"""Cases tried: few and always the same in every run of the tests, many and new ones on request."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter):
    import fuzz_cases

    tried = sum(fuzz_cases.TRIED.values())
    if tried:
        terminalreporter.write_line(f"fuzz: {tried} cases tried")
        if os.environ.get("NEO_CURRENTSCAPE_FUZZ"):
            for name, count in sorted(fuzz_cases.TRIED.items()):
                terminalreporter.write_line(f"fuzz: {count:8d} {name}")
