"""`report`: who found a mentor, who waits and how the work is shared, by group, as data and as a page."""

import argparse
from collections.abc import Container, Sequence
from pathlib import Path

from matching import cells
from matching.cli.options import add_as_of, add_files, add_out, count, words
from matching.cli.reading import Sheet, people_pairs, read_people
from matching.cli.stages import Stages
from matching.cli.writing import folder
from matching.criteria import Criterion
from matching.errors import InputError
from matching.fairness import FairnessReport, report
from matching.fairness.charts import page
from matching.people import Pool, read_csv

FILES = ("report.html", "report.json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `report` accepts."""
    add_files(parser, "pairs", "mentors", "newcomers")
    parser.add_argument(
        "--groups", type=words, required=True, metavar="COLUMN,...", help="columns of newcomers or mentors"
    )
    add_files(parser, "criteria", "unmatched", required=False)
    add_as_of(parser)
    parser.add_argument("--hide-under", type=count, default=0, metavar="N", help="hide smaller numbers; 0")
    add_out(parser, "DIR", ", ".join(FILES))


def run(options: argparse.Namespace) -> str:
    """Write FILES into `options.out`. Raises MatchingError, OSError."""
    stages = Stages(shown=options.progress)
    with folder(options, *FILES) as out:
        with stages("reading"):
            counted = _count(options)
        with stages("writing"):
            out.text("report.html", page(counted))
            out.json("report.json", counted.as_dict())
    return f"The report by {', '.join(options.groups)} is in {options.out / 'report.html'}."


def _count(options: argparse.Namespace) -> FairnessReport:
    """Read all files and count. Raises CriteriaError, InputError."""
    criteria, mentors, newcomers = _read(options)
    sheet = Sheet(options.pairs, "newcomer", "mentor", "fit")
    pairs = people_pairs(sheet, mentors, newcomers)
    waiting = [c for c in criteria if c.kind == "waiting"]
    for c in waiting:
        newcomers.check(c.newcomer, "newcomer")
        newcomers.read(c.newcomer[0], cells.day)  # an error here names file and line
    return report(
        [(*pair, fit) for pair, fit in zip(pairs, sheet.numbers("fit"), strict=True)],
        mentors,
        newcomers,
        groups=options.groups,
        feasible=_feasible(options.unmatched, newcomers, {newcomer for newcomer, _ in pairs}),
        waiting=waiting[0].newcomer[0] if waiting else "",
        as_of=waiting[0].as_of if waiting else None,
        hide_under=options.hide_under,
        separators=_separators(criteria),
    )


def _read(options: argparse.Namespace) -> tuple[Sequence[Criterion], Pool, Pool]:
    """The criteria, if given, and both sides; without criteria `id` and `capacity` are the columns."""
    if options.criteria is not None:
        people = read_people(options, options.as_of)
        return people.criteria.criteria, people.mentors, people.newcomers
    if options.as_of is not None:
        raise InputError("--as-of: which column says since when? Expected --criteria with a kind waiting.")
    has_places = "capacity" in read_csv(options.mentors)[0]
    mentors = Pool.from_csv(options.mentors, capacity="capacity" if has_places else "")
    return (), mentors, Pool.from_csv(options.newcomers)


def _feasible(path: Path | None, newcomers: Pool, matched: Container[str]) -> dict[str, int] | None:
    """How many mentors are suitable for each unmatched newcomer, where that is told."""
    if path is None:
        return None
    sheet = Sheet(path, "newcomer", "feasible")
    told = sheet.known("newcomer", newcomers, newcomers.source)
    feasible = dict(zip(told, map(int, sheet.numbers("feasible", least=0)), strict=True))
    for newcomer in newcomers.ids:
        if newcomer not in feasible and newcomer not in matched:
            raise InputError(f"{path}: no row for {newcomer!r}, who has no pair; expected one for each such.")
    return feasible


def _separators(criteria: Sequence[Criterion]) -> dict[str, str]:
    """By column, what stands between several values."""
    found: dict[str, str] = {}
    for c in criteria:
        if c.kind in ("coverage", "slots"):
            found |= dict.fromkeys((*c.mentor, *c.newcomer), c.separator or " ")
        elif c.kind == "contains":
            found[c.mentor[0]] = c.separator
    return found
