"""`place`: households to places with several resources, all at once or in batches as they arrive."""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from matching.cli.options import add_files, add_out, count, two_files, words
from matching.cli.reading import Sheet
from matching.cli.stages import Stages
from matching.cli.writing import folder, gap_words, number
from matching.errors import InputError
from matching.placement import Fits, Futures, Household, Place, Placement, place, place_online

FILES = ("placements.csv", "summary.json")
BATCH = 10

T = TypeVar("T", Household, Place)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `place` accepts."""
    add_files(parser, "households", "places", "fit")
    parser.add_argument("--resources", type=words, required=True, metavar="A,B,C", help="columns of both")
    parser.add_argument(
        "--objective",
        choices=("fit", "coverage"),
        default="fit",
        help="greatest total fit (default), or most households first and then fit",
    )
    parser.add_argument(
        "--batch", type=count, metavar="N", help=f"place so many at a time as they arrive; {BATCH}"
    )
    parser.add_argument(
        "--futures", type=two_files, metavar="OLD_H,OLD_F", help="past households and their fits, for --batch"
    )
    parser.add_argument("--seed", type=count, default=0, metavar="N", help="of the futures drawn; 0")
    add_out(parser, "DIR", ", ".join(FILES))


def run(options: argparse.Namespace) -> str:
    """Write FILES into `options.out`. Raises MatchingError, OSError."""
    if options.batch is not None and options.futures is None:
        raise InputError(
            "--batch needs --futures OLD_H.csv,OLD_F.csv: households who came before, and their fits."
        )
    stages = Stages(shown=options.progress)
    with folder(options, *FILES) as out:
        began = time.perf_counter()
        with stages("reading"):
            solve = _read(options)
        with stages("placing"):
            placement = solve()
        with stages("writing"):
            rows = zip(*placement.placements, strict=True) if placement.placements else ((), (), ())
            out.csv("placements.csv", dict(zip(("household", "place", "fit"), map(list, rows), strict=True)))
        out.json("summary.json", _summary(placement, round(time.perf_counter() - began, 6)))
    everybody = len(placement.placements)
    placed = f"{placement.placed:,} of {everybody:,} households placed"
    return f"{placed}; total fit {number(placement.total_fit)}, {_gap_words(placement.gap, options)}."


def _gap_words(gap: float, options: argparse.Namespace) -> str:
    if gap and options.futures:
        return f"gap {gap:.2g}: knowing all arrivals, it could have been up to {gap:.2%} of the bound higher"
    return gap_words(gap)


def _read(options: argparse.Namespace) -> Callable[[], Placement]:
    """Read all files, and return what is left to do."""
    resources = options.resources
    households = _amounts(options.households, resources, Household)
    places = _amounts(options.places, resources, Place)
    towns = {town.id for town in places}, options.places
    fits = _fits(options.fit, ({home.id for home in households}, options.households), towns)
    if options.futures is None:
        return lambda: place(households, places, fits, objective=options.objective)
    past = _amounts(options.futures[0], resources, Household)
    futures = Futures(
        past, _fits(options.futures[1], ({home.id for home in past}, options.futures[0]), towns)
    )
    batch = BATCH if options.batch is None else options.batch
    return lambda: place_online(
        households, places, fits, futures, seed=options.seed, objective=options.objective, batch=batch
    )


def _amounts(path: Path, resources: Sequence[str], kind: Callable[[str, dict[str, float]], T]) -> list[T]:
    """One household or place for each row."""
    sheet = Sheet(path, "id", *resources)
    ids = sheet.once("id")
    amounts = zip(*(sheet.numbers(name, least=0) for name in resources), strict=True)
    return [kind(id_, dict(zip(resources, row, strict=True))) for id_, row in zip(ids, amounts, strict=True)]


def _fits(path: Path, homes: tuple[set[str], Path], towns: tuple[set[str], Path]) -> Fits:
    sheet = Sheet(path, "household", "place", "fit")
    pairs = sheet.pairs(sheet.known("household", *homes), sheet.known("place", *towns))
    return dict(zip(pairs, sheet.numbers("fit"), strict=True))


def _summary(placement: Placement, seconds: float) -> dict[str, float]:
    return {
        "placed": placement.placed,
        "total_fit": placement.total_fit,
        "upper_bound": placement.upper_bound,
        "gap": placement.gap,
        "seconds": seconds,
    }
