"""Lists that nobody ordered come back shuffled: no test leans on the order a table happens to have."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.models.query import QuerySet


@contextmanager
def shuffled() -> Iterator[None]:
    """Shuffle the rows of every query set without an order, as PostgreSQL may do any day."""
    fetch = QuerySet._fetch_all

    def fetch_shuffled(rows: QuerySet) -> None:
        is_fresh = rows._result_cache is None
        fetch(rows)
        if is_fresh and not rows.ordered and len(rows._result_cache) > 1:
            random.shuffle(rows._result_cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", fetch_shuffled)
        yield
