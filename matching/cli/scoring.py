"""What `suggest`, `learn` and `score` share: a scorer that knows decisions, tables and a learned model."""

import argparse
from pathlib import Path

from matching.cli.reading import People, read_decisions, read_tables
from matching.cli.stages import Stages
from matching.errors import InputError
from matching.learning.store import from_json
from matching.scoring.score import Model, Scorer


def fitted(options: argparse.Namespace, people: People, stages: Stages) -> Scorer:
    """The scorer of `options`, fitted on both pools. Raises CriteriaError, InputError."""
    decisions = read_decisions(options.decisions)
    if gone := sum(mentor not in people.mentors for _, mentor, _ in decisions):
        about = f"{gone:,} of {len(decisions):,} decisions are about mentors who are not in {options.mentors}"
        stages.note(f"{options.decisions}: {about}; they count in everybody's share alone.")
    model = _model(options.model)
    tables = read_tables(options.table, people)
    scorer = Scorer(people.criteria, decisions=decisions, tables=tables, model=model)
    return scorer.fit(people.mentors, people.newcomers)


def _model(path: Path | None) -> Model | None:
    if path is None:
        return None
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8; expected a file that `learn` wrote.") from None
    except InputError as problem:
        raise InputError(f"{path}: {problem}") from problem
