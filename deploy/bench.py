"""`make bench`: the engine; a start to a page that answers; on the example how fast and right things are."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from deploy import keys
from deploy.stack import ENVIRONMENT, ROOT
from deploy.valkey import free_port

ENGINE = "tests.matching.bench"
STARTS = 4  # the first makes everything
ON_THE_EXAMPLE = ["tests.territories.bench_search", "tests.insight.bench_today"]


def main() -> None:
    print(ENGINE, flush=True)
    # First, while nothing else runs on this machine.
    subprocess.run([sys.executable, "-m", ENGINE], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory(prefix="softlanding-bench-") as folder:
        for number in range(STARTS):
            is_first = number == 0
            up, down = one_start(Path(folder), then=ON_THE_EXAMPLE if is_first else [])
            if is_first:
                print("\n| start | seconds to a page that answers | seconds to stop |\n|---|---|---|")
            print(
                f"| {'first, with the example' if is_first else 'warm'} | {up:.1f} | {down:.1f} |",
                flush=True,
            )


def one_start(folder: Path, *, then: Sequence[str]) -> tuple[float, float]:
    """Start the example on data in `folder`, run the modules `then` on it, stop it; return both durations."""
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
        for module in then:
            print(f"\n{module}", flush=True)
            subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment_of(folder), check=True)
        stopping = time.monotonic()
        stack.send_signal(signal.SIGTERM)
        stack.wait()
    return ready - started, time.monotonic() - stopping


def environment_of(folder: Path) -> dict[str, str]:
    """What a process needs to work on the data of the example that runs there."""
    known = keys.load(folder / "secrets.env") | keys.read(folder / "demo" / ENVIRONMENT)
    named = {name: value for name, value in known.items() if value}
    return named | os.environ | {"DJANGO_SETTINGS_MODULE": "backend.config.settings"}


if __name__ == "__main__":
    main()
