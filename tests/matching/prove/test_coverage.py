"""Whether the engine's tests take every branch of it."""

from pathlib import Path

import pytest

from tests.matching.prove.copy import copy_engine, run


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_every_branch_of_the_engine_is_taken_by_its_own_tests(tmp_path: Path) -> None:
    copy_engine(tmp_path)
    run(
        tmp_path,
        "coverage",
        "run",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:django",
        "-m",
        "not prove",
        "tests/matching",
    )
    run(tmp_path, "coverage", "report", "--show-missing", "--skip-covered", "--fail-under=100")
