"""``python -m neo_currentscape`` is the command ``neo-currentscape``."""

import sys

from neo_currentscape.cli.start import main

if __name__ == "__main__":
    sys.exit(main())
