"""`make check`: style, types, import contracts and guards, each with what it took."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STEPS: dict[str, list[str | Path]] = {
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "layout": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "import contracts": [BIN / "lint-imports"],
    "guards, migrations, templates": [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/architecture"],
}
# The types of the settings are read by running them; these values are used for nothing else.
UNUSED = {"SECRET_KEY": "unused", "FIELD_KEYS": 43 * "A" + "=", "ALLOWED_HOSTS": "unused"}


def main() -> int:
    """Run every step, also after one failed, and show what failed in full."""
    failed = []
    for name, command in STEPS.items():
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=UNUSED | os.environ, capture_output=True, text=True, check=False
        )
        print(
            f"  {name}: {'failed' if done.returncode else 'clean'}, {time.monotonic() - started:.1f} s",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"To mend: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
