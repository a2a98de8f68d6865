"""What takes how long; the engine itself has no clock."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Linux counts in kilobytes of 1,024, macOS in bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1_024


class Stages:
    """Times stages, and says each on standard error where somebody watches or `shown` asks for it."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown or sys.stderr.isatty()
        self.seconds: dict[str, float] = {}
        self.is_open = False

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done within."""
        began = time.perf_counter()
        if self.shown:
            print(f"{name} ...", end="", file=sys.stderr, flush=True)
            self.is_open = True
        try:
            yield
            self.seconds[name] = round(time.perf_counter() - began, 6)
            if self.shown:
                print(f" {self.seconds[name]:.1f} s", file=sys.stderr)
                self.is_open = False
        finally:
            self._end_line()

    def note(self, words: str) -> None:
        """Say what the user should know, whoever watches."""
        self._end_line()
        print(words, file=sys.stderr)

    def _end_line(self) -> None:
        if self.is_open:
            print(file=sys.stderr)
        self.is_open = False


def peak_mb() -> float:
    """The most memory this process has held, in millions of bytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / 1e6, 1)
