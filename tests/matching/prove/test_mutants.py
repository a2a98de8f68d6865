"""Whether the tests of what assigns and refuses notice a slip: the code, changed in one place at a time."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.matching.prove.copy import ROOT, copy_engine, run

LEAST = 0.85
# A mutant counts as found where a test fails, never ends, or dies with its process.
SURVIVED = {"survived", "no tests"}


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_most_mutants_of_what_assigns_and_refuses_are_found(tmp_path: Path) -> None:
    """survivors.md says which are not, and why; var/mutants.txt lists those of this run."""
    copy_engine(tmp_path)
    run(tmp_path, "mutmut", "run", "--max-children", "2")
    told = re.findall(
        r"^\s*(\S+)__mutmut_(\d+): (.+)$", run(tmp_path, "mutmut", "results", "--all", "true"), re.M
    )
    fates: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for name, _, fate in told:
        assert fate not in {"not checked", "check was interrupted by user"}, name
        fates[re.sub(r"\.x[_ǁ].*", "", name)][fate not in SURVIVED] += 1
    lines = [f"{module} {count[True]}/{count.total()}" for module, count in sorted(fates.items())]
    left = [f"{name} {number}: {fate}" for name, number, fate in told if fate != "killed"]
    report = ROOT / "var" / "mutants.txt"
    report.parent.mkdir(exist_ok=True)
    report.write_text("\n".join([*lines, "", *left, ""]), encoding="utf-8")
    total = sum(fates.values(), Counter[bool]())
    assert len(fates) == len(set(fates)) >= 10
    assert total[True] / total.total() >= LEAST, "\n".join(lines)
