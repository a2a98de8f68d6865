"""Time and memory: of a piece of work here, or of a function in a process of its own."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from tests.matching.bench.table import Unavailable

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
TIME_LIMIT = 900  # seconds for one process; nothing here should come near


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took; MB are 10^6 bytes of resident memory at the worst moment."""

    seconds: float
    added_mb: float
    """Above what the process held before."""
    peak_mb: float
    """All of the process, Python and libraries included."""


def cost_of(work: Callable[[], T]) -> tuple[T, Cost]:
    """Do `work` once and say what it took. Needs Linux, which forgets the peak so far on request."""
    gc.collect()
    CLEAR.write_text("5", encoding="ascii")  # 5: reset the peak resident set, see proc(5)
    before, start = _memory("VmRSS"), time.perf_counter()
    result = work()
    taken, peak = time.perf_counter() - start, _memory("VmHWM")
    return result, Cost(taken, peak - before, peak)


def median_seconds(work: Callable[[], Any], *, most: int = 5, within: float = 5.0) -> float:
    """The median of up to `most` runs, fewer once they took `within` seconds together."""
    taken: list[float] = []
    while not taken or (len(taken) < most and sum(taken) < within):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def apart(function: Callable[..., Any], **arguments: Any) -> Any:
    """Call `function` in a fresh process, so that nobody else's memory counts; returns what JSON can carry.

    Raises Unavailable with the last line of the error where it fails or takes too long.
    """
    name = f"{function.__module__}:{function.__qualname__}"
    return answer_of([sys.executable, "-m", __spec__.name, name, json.dumps(arguments)])


def answer_of(command: list[str], given: str = "") -> Any:
    """The JSON that `command` prints. Raises Unavailable with the last line of its error."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, input=given, capture_output=True, text=True, timeout=TIME_LIMIT, check=True
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"not done in {TIME_LIMIT} s") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"ended by {error.returncode}"]
        raise Unavailable(said[-1]) from error
    return json.loads(done.stdout)


def _memory(field: str) -> float:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    module, _, function = sys.argv[1].partition(":")
    print(json.dumps(getattr(import_module(module), function)(**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
