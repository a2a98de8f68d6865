"""`python -m matching`: two CSV files and a criteria file in, the best pairs out as CSV."""

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from matching.criteria import Criteria
from matching.engine import Result, match
from matching.errors import MatchingError
from matching.people import Pool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the pairs on standard output and a summary on standard error; 2 when the input is wrong."""
    options = _parser().parse_args(arguments)
    try:
        criteria = Criteria.from_toml(options.criteria.read_text(encoding="utf-8"))
        if options.as_of:
            criteria = criteria.as_of(options.as_of)
        columns = criteria.columns
        mentors = Pool.from_csv(options.mentors, id=columns.mentor, capacity=columns.capacity)
        newcomers = Pool.from_csv(options.newcomers, id=columns.newcomer, capacity=columns.newcomer_capacity)
        result = match(mentors, newcomers, criteria, objective=options.objective, alternatives=0)
    except (MatchingError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    _print(result, [c.name for c in criteria.criteria])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching", description=__doc__)
    for name in ("criteria", "mentors", "newcomers"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")
    parser.add_argument("--objective", choices=("coverage", "fit"), default="coverage")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="count waiting up to this day"
    )
    return parser


def _print(result: Result, names: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["newcomer", "mentor", "fit", *names])
    for pair in result.pairs:
        numbers = [pair.fit, *(part.contribution for part in pair.parts)]
        writer.writerow([pair.newcomer, pair.mentor, *(f"{number:.6g}" for number in numbers)])
    print(
        f"{len(result.pairs)} pairs of {result.feasible_pairs} possible, total {result.total:.6g}, "
        f"upper bound {result.upper_bound:.6g}, gap {result.gap:.2g}, "
        f"{len(result.unmatched)} without a mentor",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
