"""How options are read; argparse ends the program with status 2 and the sentence that is raised here."""

import argparse
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path


def add_files(parser: ArgumentParser, *names: str, required: bool = True) -> None:
    """Options that each name a file to read."""
    for name in names:
        parser.add_argument(f"--{name}", type=Path, required=required, metavar="FILE", help=HELP[name])


def add_people(parser: ArgumentParser) -> None:
    """What scoring needs: criteria, both sides, and what some criteria look up."""
    add_files(parser, "criteria", "mentors", "newcomers")
    parser.add_argument(
        "--table",
        type=named_file,
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="values (newcomer, mentor, value) for the criterion NAME of kind table; may be repeated",
    )


def add_as_of(parser: ArgumentParser) -> None:
    """The day of the run; the package itself has no clock."""
    parser.add_argument("--as-of", type=day, metavar="DATE", help="count waiting up to this day")


def add_out(parser: ArgumentParser, kind: str, what: str) -> None:
    """Where the results go: a folder or a file."""
    parser.add_argument("--out", type=Path, required=True, metavar=kind, help=f"where to write {what}")


def day(text: str) -> date:
    """A day as 2026-11-01."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; expected one as 2026-11-01") from None


def named_file(text: str) -> tuple[str, Path]:
    """NAME=FILE."""
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise ArgumentTypeError(f"{text!r} names no table; expected NAME=FILE, as trust=trust.csv")
    return name, Path(file)


def two_files(text: str) -> tuple[Path, Path]:
    """FILE,FILE."""
    files = text.split(",")
    if len(files) != 2 or not all(files):
        raise ArgumentTypeError(f"{text!r} is not two files; expected as old_households.csv,old_fits.csv")
    return Path(files[0]), Path(files[1])


def words(text: str) -> list[str]:
    """Names with commas between them, each once."""
    found = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not found:
        raise ArgumentTypeError("no name is given; expected names with commas between them")
    return found


def count(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number, 0 or more")
    return int(text)


def input_files(options: argparse.Namespace) -> set[Path]:
    """Every file that the options name to read."""
    found: set[Path] = set()
    waiting = [value for name, value in vars(options).items() if name != "out"]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Path):
            found.add(value.resolve())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return found


HELP = {
    "criteria": "what is asked of a pair (TOML)",
    "mentors": "one row per mentor",
    "newcomers": "one row per newcomer",
    "forbidden": "pairs that must not be: newcomer, mentor",
    "fixed": "pairs that are kept: newcomer, mentor",
    "model": "what `learn` wrote",
    "decisions": "what became of earlier pairs: newcomer, mentor, outcome (0 or 1)",
    "pairs": "pairs: newcomer, mentor",
    "households": "id and what each household needs of each resource",
    "places": "id and what each place has of each resource",
    "fit": "who may go where: household, place, fit",
    "unmatched": "unmatched.csv of the same run, for who had nobody suitable",
}
