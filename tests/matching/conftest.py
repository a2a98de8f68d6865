"""The yardsticks beside the checkout, and small pools to build on."""

from pathlib import Path

import pytest

from matching import Criteria, Pool

YARDSTICK = Path(__file__).parents[2].parent / "shared" / "yardstick"

Loaded = tuple[Criteria, Pool, Pool]


def load(criteria: Path, mentors: Path, newcomers: Path) -> Loaded:
    """Read the three files of a yardstick: criteria, mentors, newcomers."""
    read = Criteria.from_toml(criteria.read_text(encoding="utf-8"))
    columns = read.columns
    return (
        read,
        Pool.from_csv(mentors, id=columns.mentor, capacity=columns.capacity),
        Pool.from_csv(newcomers, id=columns.newcomer, capacity=columns.newcomer_capacity),
    )


@pytest.fixture(scope="session")
def yardstick() -> Path:
    if not YARDSTICK.is_dir():
        pytest.skip("the yardsticks are not beside this checkout (../shared/yardstick)")
    return YARDSTICK


@pytest.fixture(scope="session")
def newcomers_yardstick(yardstick: Path) -> Loaded:
    folder = yardstick / "newcomers"
    return load(folder / "criteria.toml", folder / "mentors.csv", folder / "newcomers.csv")
