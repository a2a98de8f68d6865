"""One row per comparison, and the table they end in."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass

HEADER = ("what", "size", "ours", "theirs or limit", "ratio", "wanted", "equal", "")


class Unavailable(Exception):
    """One side of a comparison cannot run here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison seen in one run; `at_least` and `at_most` bound `ratio`, `equal` is about results."""

    what: str
    size: str
    ours: str
    theirs: str = ""
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    equal: bool | None = None

    @property
    def verdict(self) -> str:
        """What the row shows: "met", "falls short", or nothing where nothing was promised or measured."""
        if self.equal is False:
            return "not equal"
        if self.ratio is None or self.at_least is self.at_most is None:
            return "met" if self.equal else ""
        kept = self.ratio >= (self.at_least or 0) and self.ratio <= (self.at_most or math.inf)
        return "met" if kept else "falls short"

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is printed, in the order of HEADER."""
        what, size, ours, theirs, ratio, least, most, equal = astuple(self)
        wanted = f"≥ {least:g}" if least is not None else f"≤ {most:g}" if most is not None else ""
        same = "" if equal is None else "yes" if equal else "no"
        return what, size, ours, theirs, "" if ratio is None else number(ratio), wanted, same, self.verdict


Task = tuple[str, int, Callable[[], Iterable[Row]]]
"""What is compared, for how many people a side, and how to find out; Unavailable where it cannot run."""


def number(value: float) -> str:
    """Three figures that mean something, thousands apart: 0.023, 1.37, 148, 14,386."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def seconds(value: float) -> str:
    """A duration in the unit that a reader would say it in."""
    return f"{number(value)} s" if value >= 1 else f"{number(1000 * value)} ms"


def megabytes(value: float) -> str:
    """A size in memory, given in MB."""
    return f"{value / 1000:.2f} GB" if value >= 1000 else f"{value:.0f} MB"


def exponent(sizes: Sequence[float], durations: Sequence[float]) -> float:
    """The b of duration = a x size^b by least squares on the logarithms; needs two different sizes."""
    x, y = ([math.log(value) for value in values] for values in (sizes, durations))
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    covariance = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return covariance / math.fsum((a - mean_x) ** 2 for a in x)


def lines(rows: Iterable[Row]) -> list[str]:
    """The Markdown table of all rows, its columns in line."""
    cells = [HEADER, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in cells]
    padded.insert(1, ["-" * width for width in widths])
    return [f"| {' | '.join(row)} |" for row in padded]
