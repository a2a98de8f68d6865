"""`make bench`: how long the stack takes from nothing, and warm, to a page that answers."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.stack import ROOT
from deploy.valkey import free_port

STARTS = 4  # the first makes everything


def main() -> None:
    print("| start | seconds to a page that answers | seconds to stop |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="softlanding-bench-") as folder:
        for number in range(STARTS):
            up, down = one_start(Path(folder))
            print(
                f"| {'first, with the example' if not number else 'warm'} | {up:.1f} | {down:.1f} |",
                flush=True,
            )


def one_start(folder: Path) -> tuple[float, float]:
    """Start the example on data in `folder`, wait until it is ready, stop it; return both durations."""
    command = [sys.executable, "-m", "deploy", "demo", "--var", str(folder), "--port", str(free_port())]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as stack:
        assert stack.stdout
        said = []
        for line in stack.stdout:
            said.append(line)
            if line.startswith("Ready on"):
                break
        else:
            sys.exit("The stack did not start:\n" + "".join(said))
        ready = time.monotonic()
        stack.send_signal(signal.SIGTERM)
        stack.wait()
    return ready - started, time.monotonic() - ready


if __name__ == "__main__":
    main()
