"""How fast and how right the search for towns is: `python -m tests.territories.bench_search`.

Reads the places that `manage.py import_places` stored; writes nothing.
"""

import random
import re
import sys
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from backend.territories.models import Territory  # noqa: E402
from backend.territories.queries import best_town, search_towns  # noqa: E402
from tests.territories import sheets  # noqa: E402

LETTERS = "aeinrstl"
SLIPS: dict[str, Callable[[str, int, str], str]] = {
    "as written": lambda name, i, letter: name,
    "two letters swapped": lambda name, i, letter: name[:i] + name[i + 1] + name[i] + name[i + 2 :],
    "a letter left out": lambda name, i, letter: name[:i] + name[i + 1 :],
    "a letter too many": lambda name, i, letter: name[:i] + letter + name[i:],
    "another letter": lambda name, i, letter: name[:i] + letter + name[i + 1 :],
}


def main() -> None:
    towns = list(
        Territory.objects.filter(kind="municipality", population__gte=3000)
        .order_by("pk")
        .values_list("name", "country_code", "geoname_id")
    )
    if len(towns) < 10_000:
        sys.exit("The benchmark needs all places. Run: python manage.py import_places")
    rng = random.Random(2)
    _times(search_towns, [name for name, _, _ in rng.sample(towns, 50)])  # warm
    typed = []
    print(f"{'slip':22}{'right':>8}{'of':>6}{'p50 ms':>9}{'p95 ms':>9}")
    for slip, make in SLIPS.items():
        sample = [town for town in rng.sample(towns, 420) if len(town[0]) > 3][:400]
        cells = [(make(n, rng.randrange(len(n) - 1), rng.choice(LETTERS)), c, g) for n, c, g in sample]
        typed += [cell for cell, _, _ in cells]
        right = sum(_means(cell, country, geoname_id) for cell, country, geoname_id in cells)
        p50, p95 = _times(search_towns, [cell for cell, _, _ in cells])
        print(f"{slip:22}{right / len(cells):8.1%}{len(cells):6}{p50:9.1f}{p95:9.1f}")
    for language, country in sheets.COUNTRY.items() if sheets.SHEETS.exists() else ():
        cells_of = sheets.typed_towns(language)
        right = sum(_means(cell, country, geoname_id) for cell, geoname_id in cells_of)
        print(f"{'sheets, ' + country:22}{right / len(cells_of):8.1%}{len(cells_of):6}")
    with_index, without = _statement_times(typed[:: len(typed) // 40])
    times = without / with_index
    print(f"slowest statement: {with_index:.1f} ms; without the index {without:.0f} ms ({times:.0f} times)")


def _means(cell: str, country: str, geoname_id: int | None) -> bool:
    hit = best_town(cell, country=country)
    return hit is not None and hit.geoname_id == geoname_id


def _times(work: Callable[[str], Any], inputs: list[str]) -> tuple[float, float]:
    """(median, 95th percentile) in ms."""
    taken = []
    for each in inputs:
        start = time.perf_counter()
        work(each)
        taken.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18]


def _statement_times(typed: list[str]) -> tuple[float, float]:
    """Mean ms of the fuzzy statements as the planner runs them, and with indexes switched off."""
    statements = []
    for text in typed:
        with CaptureQueriesContext(connection) as queries:
            search_towns(text)
        statements += [q["sql"] for q in queries.captured_queries if re.search(r"% '", q["sql"])]

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    with transaction.atomic():
        with_index = _times(run, statements)[0]
        run("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexscan = off")
        return with_index, _times(run, statements)[0]


if __name__ == "__main__":
    main()
