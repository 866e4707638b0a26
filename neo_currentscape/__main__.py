"""``python -m neo_currentscape`` is the command ``neo-currentscape``."""

import sys

from neo_currentscape.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
