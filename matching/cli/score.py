"""`score`: what given pairs are worth, part by part, and what refuses them."""

import argparse

import numpy as np

from matching.arrays import Ints
from matching.cli.options import add_as_of, add_files, add_out, add_people
from matching.cli.reading import Sheet, read_people
from matching.cli.scoring import fitted
from matching.cli.stages import Stages
from matching.cli.writing import pair_columns, single_file
from matching.scoring.score import Scores
from matching.solution import pairs_of


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `score` accepts."""
    add_people(parser)
    add_files(parser, "model", "decisions", required=False)
    add_files(parser, "pairs")
    add_as_of(parser)
    add_out(parser, "FILE", "one row per given pair")


def run(options: argparse.Namespace) -> str:
    """Write one row per given pair, in the order given. Raises MatchingError, OSError."""
    stages = Stages(shown=options.progress)
    with single_file(options) as out:
        with stages("reading"):
            people = read_people(options, options.as_of)
            given = people.pairs(Sheet(options.pairs, "newcomer", "mentor"))
            scorer = fitted(options, people, stages)
        with stages("scoring"):
            scores = scorer.score(people.mentors, people.newcomers)
            i = np.array([people.newcomers.index(newcomer) for newcomer, _ in given], dtype=np.int64)
            j = np.array([people.mentors.index(mentor) for _, mentor in given], dtype=np.int64)
            pairs = pairs_of(scores, scores.fit(i, j), i, j, (people.mentors, people.newcomers))
            refused_by = _refused_by(scores, i, j)
        with stages("writing"):
            out.csv(options.out.name, pair_columns(pairs.columns) | {"refused_by": refused_by})
    return f"{len(given):,} pairs scored, {sum(map(bool, refused_by)):,} of them refused."


def _refused_by(scores: Scores, i: Ints, j: Ints) -> list[str]:
    """(p,): the refusals of each pair with ";" between them."""
    names: list[list[str]] = [[] for _ in i]
    for name, mask in scores.refused(i, j):
        for k in np.flatnonzero(mask):
            names[k].append(name)
    return [";".join(refusals) for refusals in names]
