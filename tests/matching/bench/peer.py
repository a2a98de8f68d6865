"""Against `mentor-match`, a program for the same task, on its own rules and people."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from matching import Criteria
from tests.matching.bench.measure import ROOT, answer_of, median_seconds
from tests.matching.bench.ours import dense, ours_solve, pools_of
from tests.matching.bench.pools import Columns
from tests.matching.bench.table import Row, Task, Unavailable, number, seconds
from tests.matching.conftest import YARDSTICK

# Its own requirement, munkres, has no version there; 3.0.0 is what it gets today, and much the fastest.
PACKAGES = ("mentor-match==7.0.1", "munkres==3.0.0")
HOME = ROOT / "var" / "bench" / "mentor-match"
FILES = YARDSTICK / "mentor-match"
SEED = 7
KNOWN = {50: (35, 960), 500: (483, 14_386)}
KNOWN_COVERAGE = {50: (35, 960), 500: (484, 14_384)}
WANTED = {1000: 100.0}

Rows = list[dict[str, str]]


def tasks(most: int) -> Iterator[Task]:
    """One round at growing sizes; 50 and 500 are the two sample sets whole."""
    for people in (50, 100, 300, 500, 1000):
        if people <= most:
            yield "one round of mentor-match's rules", people, partial(against, people)
    for people in KNOWN_COVERAGE:
        if people <= most:
            yield "its sample set, most people first", people, partial(coverage, people)


def against(people: int) -> Iterator[Row]:
    """Both from people in memory to pairs, reading and starting left out; totals by our rules."""
    mentors, mentees = sample(people)
    pools = pools_of((_columns(mentors), _columns(mentees)), criteria=FILES / "criteria.toml")
    solved, taken = ours_solve(pools), median_seconds(lambda: ours_solve(pools))
    theirs = [_their_round(mentors, mentees, pools[2]) for _ in range(3 if people < 500 else 1)]
    their_seconds = median(each["seconds"] for each in theirs)
    fit, allowed = dense(pools)
    cells = [(pools[1].index(mentee), pools[0].index(mentor)) for mentor, mentee in theirs[0]["pairs"]]
    total = sum(fit[cell] if allowed[cell] else -1000 for cell in cells)
    known = KNOWN.get(people, (len(cells), total))
    yield Row(
        what=f"one round of mentor-match's rules: {solved.pairs} pairs, total {number(solved.total)}",
        size=f"{people} x {people}",
        ours=seconds(taken),
        theirs=f"{seconds(their_seconds)}, total {number(total)}",
        ratio=their_seconds / taken,
        at_least=WANTED.get(people),
        equal=solved.total == total and known == (solved.pairs, solved.total),
    )


def coverage(people: int) -> Iterator[Row]:
    """Most people first, which the other program cannot do, against the numbers known for its samples."""
    mentors, mentees = sample(people)
    pools = pools_of((_columns(mentors), _columns(mentees)), criteria=FILES / "criteria.toml")
    solved, known = ours_solve(pools, "coverage"), KNOWN_COVERAGE[people]
    yield Row(
        what="its sample set, most people first",
        size=f"{people} x {people}",
        ours=f"{solved.pairs} pairs, total {number(solved.total)}",
        theirs=f"known: {known[0]} pairs, total {number(known[1])}",
        equal=known == (solved.pairs, solved.total),
    )


def sample(people: int) -> tuple[Rows, Rows]:
    """(mentors, mentees): a sample set whole, some of the large one, or its rows drawn as new people."""
    folder = FILES / ("small" if people == 50 else "large")
    if not folder.is_dir():
        raise Unavailable("the yardsticks are not beside this checkout (../shared/yardstick)")
    rng = Random(SEED)
    mentors, mentees = (_read(folder / f"{side}.csv") for side in ("mentors", "mentees"))
    return _drawn(mentors, people, rng), _drawn(mentees, people, rng)


def _drawn(rows: Rows, people: int, rng: Random) -> Rows:
    if people <= len(rows):
        return rng.sample(rows, people)
    drawn = enumerate(rng.choices(rows, k=people))
    return [row | {"email address": f"{number}.{row['email address']}"} for number, row in drawn]


def _their_round(mentors: Rows, mentees: Rows, criteria: Criteria) -> dict[str, Any]:
    grades = next(criterion.order for criterion in criteria.criteria if criterion.order)
    given = {"mentors": mentors, "mentees": mentees, "grades": grades}
    script = Path(__file__).with_name("mentor_match.py")
    # -I: isolated, so that its package `matching` is not ours.
    return answer_of([str(installed()), "-I", str(script)], json.dumps(given))


@cache
def installed() -> Path:
    """The Python that has PACKAGES, in an environment of their own, made on first need."""
    python = HOME / "bin" / "python"
    stamp = HOME / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != "\n".join(PACKAGES):
        _run(sys.executable, "-m", "venv", "--clear", str(HOME))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
        stamp.write_text("\n".join(PACKAGES), encoding="utf-8")
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"{PACKAGES[0]} cannot be installed: {said[-1] if said else done.returncode}")


def _read(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


def _columns(rows: Rows) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}
