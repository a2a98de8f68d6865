"""`python -m deploy demo|run|services`: see `stack.py`."""

import sys

from deploy.stack import main

sys.exit(main())
