"""Whether the tests of what assigns and refuses notice a slip: the code, changed in one place at a time."""

import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.matching.prove.copy import ROOT, copy_engine, run

LEAST = 0.85
# Three in ten, by the last digit of their number: five minutes on two cores. MUTANTS='*' tries all.
SAMPLE = os.environ.get("MUTANTS", "*[147]")
# A mutant counts as found where a test fails, never ends, or dies with its process.
SURVIVED = {"survived", "no tests"}
INTERRUPTED = {"check was interrupted by user", "skipped"}


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_most_mutants_of_what_assigns_and_refuses_are_found(tmp_path: Path) -> None:
    """survivors.md says which are not, and why; var/mutants.txt lists those of this run."""
    copy_engine(tmp_path)
    run(tmp_path, "mutmut", "run", "--max-children", "2", SAMPLE)
    told = re.findall(
        r"^\s*(\S+)__mutmut_(\d+): (.+)$", run(tmp_path, "mutmut", "results", "--all", "true"), re.M
    )
    tried = [(name, number, fate) for name, number, fate in told if fate != "not checked"]
    assert tried
    assert not [name for name, _, fate in tried if fate in INTERRUPTED]
    found: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for name, _, fate in tried:
        found[re.split(r"\.x[_ǁ]", name)[0]][fate not in SURVIVED] += 1
    lines = [f"{module} {count[True]}/{count.total()}" for module, count in sorted(found.items())]
    left = [f"{name} {number}: {fate}" for name, number, fate in tried if fate != "killed"]
    report = ROOT / "var" / "mutants.txt"
    report.parent.mkdir(exist_ok=True)
    report.write_text("\n".join([*lines, "", *left, ""]), encoding="utf-8")
    total = sum(found.values(), Counter[bool]())
    assert total[True] / total.total() >= LEAST, "\n".join(lines)
