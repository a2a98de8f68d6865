"""`python -m matching`, the package's command line."""

import sys

from matching.cli import main

if __name__ == "__main__":
    sys.exit(main())
