"""`suggest`: the best pairs of mentors and newcomers, others for each newcomer, and who is left and why."""

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np

from matching.cli.options import add_as_of, add_files, add_out, add_people, count
from matching.cli.reading import People, Sheet, read_people
from matching.cli.scoring import fitted
from matching.cli.stages import Stages, peak_mb
from matching.cli.writing import Staged, folder, gap_words, number, pair_columns
from matching.errors import FixedPairError
from matching.result import Result
from matching.scoring.score import Scores
from matching.solution import FORBIDDEN, Solution, Wanted
from matching.solving.assign import FINEST

FILES = ("pairs.csv", "alternatives.csv", "unmatched.csv", "summary.json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `suggest` accepts."""
    add_people(parser)
    add_files(parser, "forbidden", "fixed", "model", "decisions", required=False)
    parser.add_argument(
        "--objective",
        choices=("fit", "coverage"),
        default="fit",
        help="greatest total fit (default), or most newcomers first and then fit",
    )
    add_as_of(parser)
    parser.add_argument("--alternatives", type=count, default=5, metavar="N", help="for each newcomer; 5")
    add_out(parser, "DIR", ", ".join(FILES))


def run(options: argparse.Namespace) -> str:
    """Write FILES into `options.out`; the sentence says how it went. Raises MatchingError, OSError."""
    stages = Stages(shown=options.progress)
    with folder(options, *FILES) as out:
        with stages("reading"):
            people = read_people(options, options.as_of)
            wanted = _wanted(options, people)
            scorer = fitted(options, people, stages)
        with stages("scoring"):
            scores = scorer.score(people.mentors, people.newcomers, wanted.all_refusals)
            edges = scores.edges()
        with stages("assigning"):
            try:
                solution = Solution(
                    scorer, people.mentors, people.newcomers, wanted, scores=scores, edges=edges
                )
            except FixedPairError as problem:
                raise FixedPairError(f"{options.fixed}: {problem}") from problem
        with stages("explaining"):
            result = solution.result(options.alternatives)
        with stages("writing"):
            _write(out, result, _refusals(scores, options))
        out.json("summary.json", _summary(result, people, stages))
    return _sentence(result, people)


def _wanted(options: argparse.Namespace, people: People) -> Wanted:
    forbidden, locked = (
        frozenset((mentor, newcomer) for newcomer, mentor in people.pairs(Sheet(path, "newcomer", "mentor")))
        if path
        else frozenset()
        for path in (options.forbidden, options.fixed)
    )
    return Wanted(objective=options.objective, locked=locked, forbidden=forbidden)


def _refusals(scores: Scores, options: argparse.Namespace) -> list[str]:
    """The name of everything that can refuse somebody in this run."""
    nobody = np.zeros(0, dtype=np.int64)
    names = [name for name, _ in scores.refused(nobody, nobody)]
    return list(dict.fromkeys([*names, *([FORBIDDEN] if options.forbidden else [])]))


def _write(out: Staged, result: Result, refusals: Sequence[str]) -> None:
    out.csv("pairs.csv", pair_columns(result.pairs.columns))
    others = result.alternatives.pairs.columns
    assert others.regret is not None  # only group floors leave no prices to tell it by
    lost, cost = others.regret
    # Fits are compared on a grid of a billionth; what lies below it is nothing to regret.
    regret = {"regret_newcomers": lost.tolist(), "regret_fit": (np.round(cost, FINEST) + 0.0).tolist()}
    out.csv("alternatives.csv", pair_columns(others) | regret)
    out.csv("unmatched.csv", _ledger(result, refusals))


def _ledger(result: Result, refusals: Sequence[str]) -> dict[str, Sequence[Any]]:
    """Who has nobody, and by refusal how many mentors it excludes and how many it alone would unlock."""
    lines = [{line.name: line for line in alone.excluded} for alone in result.unmatched]
    counts = {"excluded": "mentors", "unlocked": "alone"}
    return {
        "newcomer": [alone.newcomer for alone in result.unmatched],
        "feasible": [alone.feasible for alone in result.unmatched],
        **{
            f"{told}_by_{name}": [getattr(line.get(name), counted, 0) for line in lines]
            for told, counted in counts.items()
            for name in refusals
        },
    }


def _summary(result: Result, people: People, stages: Stages) -> dict[str, Any]:
    return {
        "matched": len(people.newcomers) - len(result.unmatched),
        "total_fit": result.total,
        "upper_bound": result.upper_bound,
        "gap": result.gap,
        "feasible_pairs": result.feasible_pairs,
        "seconds": stages.seconds,
        "peak_mb": peak_mb(),
    }


def _sentence(result: Result, people: People) -> str:
    alone, everybody = len(result.unmatched), len(people.newcomers)
    matched = f"{everybody - alone:,} of {everybody:,} newcomers matched, {alone:,} without a mentor"
    return f"{matched}; total fit {number(result.total)}, {gap_words(result.gap)}."
