"""Beside floors too, pairs that were left out at first join where prices ask for them."""

import numpy as np
import pytest

from matching import Criteria, Floor, Person, Pool, Result, match
from matching.solving import floors


def town(seed: int) -> Result:
    """Twenty newcomers, twelve mentors, fits all over; of who speaks Arabic nine in ten are to be matched."""
    fit = np.random.default_rng(seed).random((20, 12)).round(3)
    newcomers = [Person(f"n{k:02}", {"languages": "ti:A1" if k % 3 else "ar:A1"}) for k in range(20)]
    mentors = [Person(f"m{k:02}") for k in range(12)]
    given = {(n.id, m.id): float(fit[i, j]) for i, n in enumerate(newcomers) for j, m in enumerate(mentors)}
    criteria = Criteria.from_dict({"criterion": [{"name": "given", "kind": "table"}]})
    floor = Floor("languages", "ar", 0.9)
    return match(Pool(mentors), Pool(newcomers), criteria, tables={"given": given}, floors=[floor])


@pytest.mark.parametrize("seed", range(3))
def test_few_pairs_to_begin_with_end_where_all_pairs_do(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = town(seed)
    assert (len(whole.pairs), whole.gap) == (12, 0)
    assert sum(int(pair.newcomer[1:]) % 3 == 0 for pair in whole.pairs) >= 7
    monkeypatch.setattr(floors, "FEW", 1)
    joined = []
    begin = floors._best_few
    monkeypatch.setattr(floors, "_best_few", lambda *a: joined.append(begin(*a)) or joined[-1])
    assert town(seed) == whole
    # The first few, those that join, and at last none.
    assert joined[1].any()
    assert not joined[-1].any()
