"""`python -m tests.matching.bench`: what the engine is held to, each row a ratio measured in this run.

A row that misses what is wanted says "falls short"; one that cannot run says why. Both end with status 0.
"""

import argparse
from collections.abc import Iterable, Iterator

from tests.matching.bench import changes, growth, oracle, peer, programme
from tests.matching.bench.table import Row, Task, Unavailable, lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.matching.bench")
    parser.add_argument(
        "--most", type=int, default=100_000, help="people a side; larger sizes are cut or left out"
    )
    parser.add_argument("--only", choices=GROUPS, help="one group of rows")
    given = parser.parse_args()
    groups = [given.only] if given.only else list(GROUPS)
    rows = []
    for row in _rows(task for name in groups for task in GROUPS[name](given.most)):
        rows.append(row)
        print(f"  {' · '.join(filter(None, row.cells))}", flush=True)
    print("", *lines(rows), sep="\n", flush=True)


def _rows(tasks: Iterable[Task]) -> Iterator[Row]:
    for what, people, work in tasks:
        try:
            yield from work()
        except Unavailable as reason:
            yield Row(what, f"{people:,} x {people:,}", "", str(reason))


GROUPS = {
    "peer": peer.tasks,
    "oracle": oracle.tasks,
    "changes": changes.tasks,
    "programme": programme.tasks,
    "growth": growth.tasks,
}

if __name__ == "__main__":
    main()
