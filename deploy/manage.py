"""Run a command of `manage.py` on the data of the stack that runs here: `python -m deploy.manage init`.

`--demo` in front works on the example instead of your own data.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import keys
from deploy.stack import ENVIRONMENT, ROOT


def main(arguments: Sequence[str], *, var: Path = ROOT / "var") -> int:
    """Run `manage.py` with the environment of the running stack; return its exit status."""
    mode = "demo" if arguments[:1] == ["--demo"] else "run"
    known = var / mode / ENVIRONMENT
    if not known.exists():
        print(f"Nothing runs here: start `make {mode}` first, in another terminal.", file=sys.stderr)
        return 1
    secrets = keys.load(var / "secrets.env") if (var / "secrets.env").exists() else {}
    environment = secrets | {name: value for name, value in keys.read(known).items() if value} | os.environ
    command = [sys.executable, str(ROOT / "manage.py"), *arguments[mode == "demo" :]]
    return subprocess.call(command, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
