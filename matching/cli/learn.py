"""`learn`: a model of what becomes of pairs, from earlier decisions, starting at the criteria's own order."""

import argparse
from datetime import date

import numpy as np

from matching.cli.options import add_files, add_out, add_people
from matching.cli.reading import People, Sheet, read_people, read_tables
from matching.cli.stages import Stages
from matching.cli.writing import single_file
from matching.errors import InputError
from matching.learning.learn import Outcome, learn
from matching.learning.model import TARGETS, LearnedModel
from matching.learning.store import to_json
from matching.scoring.score import Scorer


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `learn` accepts."""
    add_people(parser)
    add_files(parser, "decisions")
    what = "what outcome 1 says: accepted by both (default), approved by a coordinator, or met after 8 weeks"
    parser.add_argument("--target", choices=TARGETS, default="accepted", help=what)
    add_out(parser, "MODEL", "the model (JSON)")


def run(options: argparse.Namespace) -> str:
    """Write the model; say aloud which decisions could not be used. Raises MatchingError, OSError."""
    stages = Stages(shown=options.progress)
    with single_file(options) as out:
        with stages("reading"):
            # Waiting is a priority and not learned from, so that any day will do.
            people = read_people(options, date.max)
            outcomes = _outcomes(options, people, stages)
            tables = read_tables(options.table, people)
        with stages("scoring"):
            mentors, newcomers = people.mentors, people.newcomers
            scores = Scorer(people.criteria, tables=tables).fit(mentors, newcomers).score(mentors, newcomers)
            i = np.array([newcomers.index(outcome.newcomer) for outcome in outcomes], dtype=np.int64)
            j = np.array([mentors.index(outcome.mentor) for outcome in outcomes], dtype=np.int64)
            parts = scores.parts(i, j)
        with stages("learning"):
            model = learn(people.criteria, mentors, newcomers, outcomes, parts=parts, target=options.target)
        with stages("writing"):
            out.text(options.out.name, to_json(model) + "\n")
    return _sentence(model)


def _outcomes(options: argparse.Namespace, people: People, stages: Stages) -> list[Outcome]:
    """The decisions about people who are still there, in the file's order."""
    sheet = Sheet(options.decisions, "newcomer", "mentor", "outcome")
    decided = zip(sheet.names("newcomer"), sheet.names("mentor"), strict=True)
    answers = zip(
        sheet.flags("outcome"),
        sheet.flags_or_nothing("mentor_answer"),
        sheet.flags_or_nothing("newcomer_answer"),
        strict=True,
    )
    found = []
    for line, (newcomer, mentor), told in zip(sheet.lines, decided, answers, strict=True):
        if newcomer in people.newcomers and mentor in people.mentors:
            try:
                found.append(Outcome(newcomer, mentor, *told, target=options.target))
            except InputError as problem:
                raise InputError(f"{sheet.path}, line {line}: {problem}") from problem
    _tell(sheet, len(found), stages)
    return found


def _tell(sheet: Sheet, used: int, stages: Stages) -> None:
    """Say what could not be used. Raises InputError where that is everything."""
    lost = len(sheet) - used
    about = f"{lost:,} of {len(sheet):,} decisions are about people who are not in the files of people"
    if lost and not used:
        raise InputError(f"{sheet.path}: {about}; expected identifiers of both files.")
    if lost:
        stages.note(f"{sheet.path}: {about}; nothing is learned from those.")


def _sentence(model: LearnedModel) -> str:
    auc = ", ".join(f"{name} {value:.3f}" for name, value in model.within_newcomer_auc.items())
    ranked = f"within-newcomer AUC: {auc}" if auc else "too few to say how well it ranks"
    return (
        f"Learned from {model.decided:,} decisions, {model.positive:,} of them 1; {model.champion}; {ranked}."
    )
