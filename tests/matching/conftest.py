"""The yardsticks beside the checkout, and small pools to build on."""

from pathlib import Path

import pytest
from hypothesis import Phase, settings

from matching import Criteria, Pool

# One mutant after the other meets the same cases, and no time is spent on making a failing one small.
settings.register_profile(
    "mutants",
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)

YARDSTICK = Path(__file__).parents[2].parent / "shared" / "yardstick"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A mutant meets the quick tests first, those with drawn cases after them."""
    if settings.get_current_profile_name() == "mutants":
        items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))


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
